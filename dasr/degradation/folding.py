"""Blur and reduction folded into small matrices: HR images to LR images in two products.

Reflect padding, blur and reduction are linear. With A_s for "reflect-pad, shift by kernel
row s, reduce" along the rows of an image, and B_t along its columns, an LR image is the
sum of K[s, t] A_s hr B_t^T over the kernel, borders included.

- An isotropic kernel is an outer product: one folded matrix an axis.
- Any other kernel: over orthonormal bases Q of the A and P of the B the sum has the small
  matrix W = F K G^T as coefficients, and its singular value decomposition gives the fewest
  terms (u Q) hr (v P)^T for a mean-square error. Terms are summed until what is left out
  is below the rounding of the number type: six on average over the training ranges.

Shapes: B kernels, S side of a kernel, R terms, M images that share a kernel, H x W HR,
h x w LR.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.config import KERNEL_SIZE
from dasr.degradation.resize import downsampling_matrix

ROW_BLOCK, COLUMN_BLOCK = 12, 48
"""LR rows and columns computed at once on a CPU: a block reads only the HR pixels under
its kernels, and its intermediate result stays in the cache (docs/performance.md)."""


def fold_isotropic(hr: Tensor, taps: Tensor, scale: int, downsample: str) -> Tensor:
    """Return images blurred by an outer product of taps and reduced, (B, M, h, w).

    Args:
        hr: (B, M, H, W), H and W multiples of the scale.
        taps: the kernels along one axis, (B, S), type and device of `hr`.
        scale: reduction factor.
        downsample: "bicubic" or "s-fold".
    """
    rows, columns = (
        _folded(taps, size, scale, downsample)[:, None] for size in hr.shape[-2:]
    )  # (B, 1, h, H) and (B, 1, w, W)
    return rows @ hr @ columns.transpose(-1, -2)


def fold_any(hr: Tensor, kernels: Tensor, scale: int, downsample: str) -> Tensor:
    """Return images blurred by any kernels and reduced, (B, M, h, w).

    Args:
        hr: (B, M, H, W), H and W multiples of the scale.
        kernels: (B, S, S), float64, on the CPU: the decomposition is no work for a GPU.
        scale: reduction factor.
        downsample: "bicubic" or "s-fold".
    """
    height, width = hr.shape[-2:]
    blocks = (ROW_BLOCK, COLUMN_BLOCK) if hr.device.type == "cpu" else (height, width)
    kind = (scale, downsample, hr.dtype, hr.device)
    row_factor, rows = _bands(height, blocks[0], *kind)
    column_factor, columns = _bands(width, blocks[1], *kind)
    coefficients = row_factor @ kernels @ column_factor.T  # W, (B, S, S)
    left, right, terms = _terms(coefficients, torch.finfo(hr.dtype).eps)
    left, right = (factors.to(hr, non_blocking=True) for factors in (left, right))
    out = hr.new_empty(*hr.shape[:2], height // scale, width // scale)
    for group, count in enumerate(terms):
        factors = left[group, :count], right[group, :count]
        _sum_terms(hr[group], *factors, rows, columns, out[group])
    return out


@dataclass(frozen=True)
class _Band:
    """LR pixels [first, last) of an axis and the HR pixels [start, stop) they depend on."""

    first: int
    last: int
    start: int
    stop: int
    basis: Tensor
    """The orthonormal basis there, (S, (last - first) * (stop - start))."""
    transposed: Tensor
    """The same with HR before LR pixels."""


def _terms(coefficients: Tensor, tolerance: float) -> tuple[Tensor, Tensor, list[int]]:
    """Return factors, (B, S, S) with a row a term, and how many terms each kernel needs.

    The weights that the terms left out would add to an LR pixel have a 2-norm below the
    tolerance, as a root mean square over LR pixels: the bases are scaled for that.
    """
    left, values, right = torch.linalg.svd(coefficients)
    tail = values.square().flip(1).cumsum(1).flip(1).sqrt()  # of this term and all later
    terms: list[int] = (tail > tolerance).sum(dim=1).clamp(min=1).tolist()
    return left.transpose(1, 2) * values[:, :, None], right, terms


def _sum_terms(
    hr: Tensor,
    left: Tensor,
    right: Tensor,
    rows: list[_Band],
    columns: list[_Band],
    out: Tensor,
) -> None:
    """Write the sum of (left Q) hr (right P)^T over R terms into `out`, (M, h, w)."""
    m, r, width = len(hr), len(left), hr.shape[-1]
    folded = [(right @ c.transposed).view(r * (c.stop - c.start), -1) for c in columns]
    for row in rows:
        n = row.last - row.first
        weights = (left @ row.basis).view(r, n, -1).transpose(0, 1).reshape(n * r, -1)
        part = (weights @ hr[:, row.start : row.stop]).view(m, n, r, width)
        for column, matrix in zip(columns, folded, strict=True):
            window = part[..., column.start : column.stop].reshape(m * n, -1)
            block = out[:, row.first : row.last, column.first : column.last]
            block.copy_((window @ matrix).view(m, n, -1))


@lru_cache(maxsize=32)
def _bands(
    size: int,
    block: int,
    scale: int,
    downsample: str,
    dtype: torch.dtype,
    device: torch.device,
) -> tuple[Tensor, list[_Band]]:
    """Return the factor F or G of an axis, (S, S) float64 on the CPU, and its bands."""
    reduction = downsampling_matrix(size, scale, downsample)
    spans, parts = [], []
    for first in range(0, len(reduction), block):
        shifted = _shifted(reduction[first : first + block])  # (S, rows, size)
        used = np.flatnonzero(shifted.any(axis=(0, 1)))
        start, stop = int(used[0]), int(used[-1]) + 1
        spans.append((first, first + shifted.shape[1], start, stop))
        parts.append(shifted[..., start:stop])
    flat = np.concatenate([part.reshape(KERNEL_SIZE, -1) for part in parts], axis=1)
    orthonormal, factor = np.linalg.qr(flat.T)
    ends = np.cumsum([part[0].size for part in parts])[:-1]
    bands, root = [], np.sqrt(len(reduction))
    for span, part, rows in zip(spans, parts, np.split(orthonormal, ends), strict=True):
        basis = rows.T.reshape(part.shape) * root
        tensors = [
            torch.from_numpy(array.reshape(KERNEL_SIZE, -1).copy()).to(device, dtype)
            for array in (basis, basis.transpose(0, 2, 1))
        ]
        bands.append(_Band(*span, *tensors))
    return torch.from_numpy(factor / root), bands


def _folded(taps: Tensor, size: int, scale: int, downsample: str) -> Tensor:
    """Return one matrix a kernel that blurs and reduces an axis, (B, out, size)."""
    basis = _shift_basis(size, scale, downsample, taps.dtype, taps.device)
    return (taps @ basis).reshape(len(taps), size // scale, size)


@lru_cache(maxsize=32)
def _shift_basis(
    size: int, scale: int, downsample: str, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """Return the shifted reductions as rows, (S, out * size).

    A kernel's folded matrix is the combination of the rows by its taps.
    """
    shifted = _shifted(downsampling_matrix(size, scale, downsample))
    matrices = np.ascontiguousarray(shifted).reshape(KERNEL_SIZE, -1)
    return torch.from_numpy(matrices).to(dtype=dtype, device=device)


def _shifted(reduction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrices "reflect-pad, shift by k - S // 2, reduce", (S, out, size).

    Args:
        reduction: some rows of a reduction, (out, size).
    """
    pad, size = KERNEL_SIZE // 2, reduction.shape[1]
    reflected = np.pad(np.arange(size), pad, mode="reflect")
    shifted = np.zeros((KERNEL_SIZE, *reduction.T.shape))
    for tap in range(KERNEL_SIZE):
        np.add.at(shifted[tap], reflected[tap : tap + size], reduction.T)
    return shifted.transpose(0, 2, 1)
