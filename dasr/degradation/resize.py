"""Bicubic resizing as MATLAB's imresize computes it in floating point, and s-fold.

Resizing is linear and separable, so each axis is one matrix; indices outside the image
are clamped to its border, as in the authors' released code (MATLAB mirrors them).
"""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def _cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' cubic convolution kernel with a = -0.5."""
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))


def bicubic_matrix(size_in: int, size_out: int) -> NDArray[np.float64]:
    """Return the matrix (size_out, size_in) that resizes one axis.

    Reduction widens the kernel by the factor (antialiasing); enlargement does not.
    """
    factor = size_out / size_in
    stretch = min(factor, 1.0)
    centres = (np.arange(size_out) + 0.5) / factor - 0.5
    reach = int(np.ceil(2.0 / stretch)) + 1
    taps = np.floor(centres)[:, None] + np.arange(-reach, reach + 2)  # (out, taps)
    weights = _cubic((centres[:, None] - taps) * stretch)
    weights /= weights.sum(axis=1, keepdims=True)
    columns = np.clip(taps, 0, size_in - 1).astype(int)
    matrix = np.zeros((size_out, size_in))
    np.add.at(matrix, (np.arange(size_out)[:, None], columns), weights)
    return matrix


@lru_cache(maxsize=64)
def _cached_bicubic(
    size_in: int, size_out: int, dtype: torch.dtype, device: torch.device
) -> Tensor:
    matrix = torch.from_numpy(bicubic_matrix(size_in, size_out))
    return matrix.to(dtype=dtype, device=device)


def resize(images: Tensor, height: int, width: int) -> Tensor:
    """Return images resized by antialiased bicubic interpolation, (..., height, width)."""
    rows = _cached_bicubic(images.shape[-2], height, images.dtype, images.device)
    columns = _cached_bicubic(images.shape[-1], width, images.dtype, images.device)
    return rows @ images @ columns.T


def enlarge(images: Tensor, scale: int) -> Tensor:
    """Return the bicubic enlargement of (..., h, w): (..., h * scale, w * scale)."""
    return resize(images, images.shape[-2] * scale, images.shape[-1] * scale)


def downsampling_matrix(size: int, scale: int, mode: str) -> NDArray[np.float64]:
    """Return the matrix (size / scale, size) that reduces one axis.

    "s-fold" keeps every scale-th pixel, beginning with the first.

    Raises:
        ValueError: the size is no multiple of the scale, or the mode is unknown.
    """
    if size % scale:
        raise ValueError(f"size {size} is not a multiple of scale {scale}")
    if mode == "bicubic":
        return bicubic_matrix(size, size // scale)
    if mode == "s-fold":
        return np.eye(size)[::scale].copy()
    raise ValueError(f"downsample {mode!r} is not one of 'bicubic', 's-fold'")
