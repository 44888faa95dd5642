"""Blur, downsample, noise, round, clamp: HR images to LR images (paper, section 4.1).

Blur, its reflect padding and the reduction are linear. For isotropic kernels the whole
chain is separable, so it folds into one small matrix an axis and an image; anisotropic
kernels are convolved and then reduced by the same matrices.

Shapes: B degradations, N images that share one, C channels, H x W HR, h x w LR.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dasr.config import KERNEL_SIZE, DegradationConfig, Kernel
from dasr.degradation.kernels import gaussian_1d, gaussian_2d
from dasr.degradation.resize import downsampling_matrix


@dataclass(frozen=True)
class Degradation:
    """One degradation for each of B images: tensors of shape (B,)."""

    lambda_1: Tensor
    """Standard deviation along the first axis in HR pixels; 0 is no blur."""
    lambda_2: Tensor
    theta: Tensor
    """Angle in radians."""
    noise_level: Tensor
    """Standard deviation of the noise in grey levels of 0..255."""

    @staticmethod
    def of(kernel: Kernel, noise_level: float, count: int = 1) -> "Degradation":
        """Return `count` copies of one degradation."""
        values = (
            kernel.lambda_1,
            kernel.lambda_2,
            np.deg2rad(kernel.theta_deg),
            noise_level,
        )
        return Degradation(*(torch.full((count,), float(value)) for value in values))

    def to(self, device: torch.device) -> "Degradation":
        """Return the same degradations on a device."""
        fields = (self.lambda_1, self.lambda_2, self.theta, self.noise_level)
        return Degradation(*(value.to(device) for value in fields))


def sample_degradations(
    config: DegradationConfig, scale: int, count: int, rng: torch.Generator
) -> Degradation:
    """Return `count` degradations drawn uniformly from the training ranges."""

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=rng)

    low, high = config.kernel_width[scale]
    lambda_1 = uniform(low, high)
    anisotropic = config.blur == "anisotropic"
    lambda_2 = uniform(low, high) if anisotropic else lambda_1
    theta = uniform(0.0, float(np.pi)) if anisotropic else torch.zeros(count)
    return Degradation(lambda_1, lambda_2, theta, uniform(*config.noise_level))


def degrade(
    hr: Tensor,
    degradation: Degradation,
    scale: int,
    downsample: str,
    rng: torch.Generator,
) -> Tensor:
    """Return LR images, (B, N, C, h, w), whole numbers in [0, 255].

    Args:
        hr: HR images, (B, N, C, H, W), [0, 255], H and W multiples of the scale.
        degradation: what to do to each of the B groups of N images.
        scale: reduction factor.
        downsample: "bicubic" or "s-fold".
        rng: CPU generator of the noise; not touched where every noise level is 0.

    Raises:
        ValueError: an image too small for the kernel's reflect padding, or sizes that
            are no multiples of the scale.
    """
    lr_images = blur_and_downsample(hr, degradation, scale, downsample)
    if bool((degradation.noise_level > 0).any()):
        noise = torch.randn(lr_images.shape, generator=rng, dtype=lr_images.dtype)
        level = degradation.noise_level.to(lr_images)[:, None, None, None, None]
        lr_images = lr_images + level * noise.to(lr_images.device)
    return lr_images.round().clamp(0, 255)


def blur_and_downsample(
    hr: Tensor, degradation: Degradation, scale: int, downsample: str
) -> Tensor:
    """Return what `degrade` returns before noise and rounding."""
    height, width = hr.shape[-2:]
    if min(height, width) <= KERNEL_SIZE // 2:
        raise ValueError(
            f"image of {width}x{height} pixels is too small for the {KERNEL_SIZE}-pixel "
            f"blur kernel: both sides must exceed {KERNEL_SIZE // 2}"
        )
    if bool((degradation.lambda_1 == degradation.lambda_2).all()):
        taps = gaussian_1d(degradation.lambda_1.to(hr))
        rows = _folded(taps, height, scale, downsample)  # (B, h, H)
        columns = _folded(taps, width, scale, downsample)  # (B, w, W)
    else:
        hr = _blur(hr, degradation)
        rows = _reduction(height, scale, downsample, hr.dtype, hr.device)[None]
        columns = _reduction(width, scale, downsample, hr.dtype, hr.device)[None]
    return rows[:, None, None] @ hr @ columns[:, None, None].transpose(-1, -2)


def _blur(hr: Tensor, degradation: Degradation) -> Tensor:
    """Return HR images convolved with one kernel for each of the B groups."""
    b, n, c, height, width = hr.shape
    # no blur beside anisotropic kernels: a Gaussian so narrow that only its centre is left
    widths = [
        value.to(hr).clamp(min=1e-3) for value in (degradation.lambda_1, degradation.lambda_2)
    ]
    kernels = gaussian_2d(widths[0], widths[1], degradation.theta.to(hr))
    pad = KERNEL_SIZE // 2
    flat = F.pad(hr.reshape(b * n, c, height, width), (pad,) * 4, mode="reflect")
    flat = flat.reshape(b, n * c, height + 2 * pad, width + 2 * pad).transpose(0, 1)
    out = F.conv2d(flat, kernels[:, None], groups=b)  # (N * C, B, H, W)
    return out.transpose(0, 1).reshape(b, n, c, height, width)


def _folded(taps: Tensor, size: int, scale: int, downsample: str) -> Tensor:
    """Return one matrix a degradation that blurs and reduces an axis, (B, out, size)."""
    basis = _shift_basis(size, scale, downsample, taps.dtype, taps.device)
    return (taps @ basis).reshape(len(taps), size // scale, size)


@lru_cache(maxsize=16)
def _shift_basis(
    size: int, scale: int, downsample: str, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """Return the reduction after a shift by each kernel tap, (S, out * size).

    Row k holds the matrix of "reflect-pad, shift by k - S // 2, reduce", so that a
    kernel's folded matrix is the combination of the rows by its taps.
    """
    pad = KERNEL_SIZE // 2
    reduction = downsampling_matrix(size, scale, downsample)
    reflected = np.pad(np.arange(size), pad, mode="reflect")
    basis = np.zeros((KERNEL_SIZE, size, size // scale))
    for tap in range(KERNEL_SIZE):
        np.add.at(basis[tap], reflected[tap : tap + size], reduction.T)
    matrices = basis.transpose(0, 2, 1).reshape(KERNEL_SIZE, -1).copy()
    return torch.from_numpy(matrices).to(dtype=dtype, device=device)


@lru_cache(maxsize=16)
def _reduction(
    size: int, scale: int, downsample: str, dtype: torch.dtype, device: torch.device
) -> Tensor:
    matrix = torch.from_numpy(downsampling_matrix(size, scale, downsample))
    return matrix.to(dtype=dtype, device=device)
