"""A first pass over HR images, and what the second makes of the sizes that it leaves.

Classical second-order degradation (Wang et al., Real-ESRGAN, 2021): blur, resize, noise,
round, clamp, compress; then the degradation of the paper on the result. Every image gets a
size of its own, so images are taken one by one, and no matrix of one is worth keeping for
another: `dasr.degradation.folding` keeps those of images that are all of one size.

Shapes: B degradations, N images that share one, C channels, H x W before a blur, h x w after
a resize or reduction, S side of a kernel, R terms.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.config import KERNEL_SIZE
from dasr.config.first_pass import resized
from dasr.degradation.batch import DegradationBatch, FirstPassBatch, PassBatch
from dasr.degradation.corruption import corrupt
from dasr.degradation.kernels import gaussian_1d
from dasr.degradation.resize import bicubic_matrix, downsampling_matrix

Matrix = Callable[[int, int], NDArray[np.float64]]
"""Sides before and after -> the matrix (after, before) that resizes one axis."""
Terms = list[tuple[Tensor, Tensor]]
"""For each of B kernels taps along rows and columns, (R, S) each: the kernel is the sum over
R of their outer products."""


def after_first_pass(hr: Tensor, first: FirstPassBatch, rng: torch.Generator) -> list[Tensor]:
    """Return what a first pass leaves of B groups of images, (N, C, h, w) each, [0, 255].

    Args:
        hr: (B, N, C, H, W), whole numbers in [0, 255].
        first: one pass for each group.
        rng: generator of the noise; not touched for groups whose noise level is 0.

    Raises:
        ValueError: an image too small for the kernel's reflect padding.
    """
    passed = []
    for number, (images, terms) in enumerate(zip(hr, _terms(first), strict=True)):
        one = first.one(number)
        height, width = (resized(side, float(one.resize)) for side in images.shape[-2:])
        blurred = _blur_and_resize(images, *terms, (height, width), bicubic_matrix)
        passed.append(corrupt(blurred[None], one, rng)[0])
    return passed


def blur_and_reduce(
    passed: Sequence[Tensor], degradation: DegradationBatch, size: tuple[int, int]
) -> Tensor:
    """Return what a second pass makes of a first one's images before noise and rounding.

    Args:
        passed: B groups of images, (N, C, H, W), [0, 255]; every group has sizes of its own.
        degradation: the second pass for each group.
        size: height and width of the LR images, whatever the first pass left.

    Returns:
        (B, N, C, h, w).

    Raises:
        ValueError: an image too small for the kernel's reflect padding, or one whose size is
            no multiple of an LR image's where every scale-th pixel is kept.
    """
    sampled = degradation.downsample == "s-fold"
    reduction = _every_nth_pixel if sampled else bicubic_matrix
    return torch.stack(
        [
            _blur_and_resize(images, *terms, size, reduction)
            for images, terms in zip(passed, _terms(degradation), strict=True)
        ]
    )


def require_blurrable(height: int, width: int) -> None:
    """Raise ValueError unless reflect padding has pixels enough for a kernel."""
    if min(height, width) <= KERNEL_SIZE // 2:
        raise ValueError(
            f"image of {width}x{height} pixels is too small for the {KERNEL_SIZE}-pixel "
            f"blur kernel: both sides must exceed {KERNEL_SIZE // 2}"
        )


def _every_nth_pixel(before: int, after: int) -> NDArray[np.float64]:
    return downsampling_matrix(before, before // after, "s-fold")


def _terms(batch: PassBatch) -> Terms:
    """Return kernels as few outer products: one of an isotropic kernel.

    Others are left as many as float32 can tell: what is left out has a 2-norm below its
    rounding, of a kernel whose weights sum to 1.
    """
    if batch.isotropic:
        taps = gaussian_1d(batch.lambda_1.cpu().double())
        return [(one[None], one[None]) for one in taps]
    left, values, right = torch.linalg.svd(batch.kernels())
    tail = values.square().flip(1).cumsum(1).flip(1).sqrt()  # of this term and all later
    counts = (tail > torch.finfo(torch.float32).eps).sum(dim=1).clamp(min=1).tolist()
    weighted = left.transpose(1, 2) * values[:, :, None]
    return [
        (rows[:count], columns[:count])
        for rows, columns, count in zip(weighted, right, counts, strict=True)
    ]


def _blur_and_resize(
    images: Tensor,
    along_rows: Tensor,
    along_columns: Tensor,
    size: tuple[int, int],
    matrix: Matrix,
) -> Tensor:
    """Return images (N, C, H, W) blurred by outer products of taps and resized to (h, w)."""
    height, width = images.shape[-2:]
    require_blurrable(height, width)
    rows = _blurring(along_rows, matrix(height, size[0])).to(images)  # (R, h, H)
    columns = _blurring(along_columns, matrix(width, size[1])).to(images)  # (R, w, W)
    out = images.new_zeros(*images.shape[:2], *size)
    for row, column in zip(rows, columns, strict=True):
        out += row @ images @ column.T
    return out


def _blurring(taps: Tensor, matrix: NDArray[np.float64]) -> Tensor:
    """Return matrices "reflect-pad, correlate with taps, resize" of one axis, (R, h, H)."""
    size = matrix.shape[1]
    reflected = np.pad(np.arange(size), KERNEL_SIZE // 2, mode="reflect")
    under = np.lib.stride_tricks.sliding_window_view(reflected, KERNEL_SIZE)  # (H, S)
    index = torch.from_numpy(under.copy()).expand(len(taps), -1, -1)
    blur = taps.new_zeros(len(taps), size, size)
    blur.scatter_add_(2, index, taps[:, None].expand_as(index))
    return torch.from_numpy(matrix) @ blur
