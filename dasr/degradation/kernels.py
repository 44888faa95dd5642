"""Gaussian blur kernels (paper, section 4.1).

Shapes: B kernels, S side of a kernel in HR pixels.
"""

import torch
from torch import Tensor

from dasr.config import KERNEL_SIZE

DOT = 1e-3
"""Width in HR pixels of a Gaussian so narrow that only its centre is left: no blur, where a
formula divides by the width."""


def gaussian_1d(width: Tensor, size: int = KERNEL_SIZE) -> Tensor:
    """Return normalised 1-D Gaussians, shape (B, S); width 0 gives a delta.

    An isotropic kernel is the outer product of two of these, exactly.

    Args:
        width: standard deviations in HR pixels, shape (B,), at least 0.
        size: number of taps, odd.
    """
    offsets = torch.arange(size, device=width.device, dtype=width.dtype) - size // 2
    safe = torch.where(width > 0, width, torch.ones_like(width))[:, None]
    density = torch.exp(-0.5 * (offsets / safe) ** 2)  # (B, S)
    delta = (offsets == 0).to(width.dtype).expand_as(density)
    density = torch.where(width[:, None] > 0, density, delta)
    return density / density.sum(dim=1, keepdim=True)


def gaussian_2d(
    lambda_1: Tensor, lambda_2: Tensor, theta: Tensor, size: int = KERNEL_SIZE
) -> Tensor:
    """Return normalised 2-D Gaussian kernels, shape (B, S, S); rows are y, columns x.

    The covariance is R(theta) diag(lambda_1**2, lambda_2**2) R(theta)^T in (x, y).

    Args:
        lambda_1: standard deviations along the rotated first axis, shape (B,), positive.
        lambda_2: standard deviations along the second axis, shape (B,), positive.
        theta: angles in radians, shape (B,).
        size: side of a kernel, odd.
    """
    offsets = torch.arange(size, device=theta.device, dtype=theta.dtype) - size // 2
    y, x = torch.meshgrid(offsets, offsets, indexing="ij")  # (S, S)
    cos, sin = torch.cos(theta)[:, None, None], torch.sin(theta)[:, None, None]
    along = (cos * x + sin * y) / lambda_1[:, None, None]  # (B, S, S)
    across = (-sin * x + cos * y) / lambda_2[:, None, None]
    density = torch.exp(-0.5 * (along**2 + across**2))
    return density / density.sum(dim=(1, 2), keepdim=True)
