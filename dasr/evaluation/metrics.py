"""PSNR and SSIM on Y, by the protocol of the paper's released code.

SR and HR are rounded to whole grey levels, `scale` pixels are cropped from every border,
and the metrics compare the luma of BT.601. Tests hold both to scikit-image.

Shapes: N SR images of one HR image, H x W before and Y x X after cropping.
"""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]

BT601 = np.array([65.738, 129.057, 25.064])
LUMA_UNIT = 1000
"""These weights are whole thousandths, so that luma is exact in integers."""
SSIM_DIVISOR = 255.0
"""The exact divisor is 256. The released code divides by 255 in SSIM (and only there),
which stretches Y by 0.4 %; SSIM here follows it, so that the numbers compare."""
RADIUS, SIGMA = 5, 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
BLOCK = 32
"""SSIM is computed in stripes of so many rows, which stay in the cache."""


def luma(rgb: NDArray[np.uint8], divisor: float = 256.0) -> Floats:
    """Return BT.601 luma, (H, W), in [16, 235], of (H, W, 3) in [0, 255]."""
    return np.asarray(rgb.astype(np.float64) @ BT601 / divisor + 16.0)


def psnr_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], scale: int) -> float:
    """Return the PSNR of Y in dB; infinite for equal images.

    Args:
        sr: (H, W, 3), [0, 255].
        hr: the same shape.
        scale: pixels cropped from each border.

    Raises:
        ValueError: shapes differ, or nothing is left inside the border.
    """
    return Reference(hr, scale).psnr(_planes(sr))[0]


def ssim_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], scale: int) -> float:
    """Return the SSIM of Y: 11x11 Gaussian window of sigma 1.5, valid region.

    Args:
        sr: (H, W, 3), [0, 255].
        hr: the same shape.
        scale: pixels cropped from each border.

    Raises:
        ValueError: shapes differ, or the window does not fit inside the border.
    """
    return Reference(hr, scale).ssim(_planes(sr))[0]


class Reference:
    """An HR image that SR images are compared with; what they all need of it is kept."""

    def __init__(self, hr: NDArray[np.uint8], scale: int) -> None:
        """Take an image, (H, W, 3) in [0, 255]; `scale` pixels a border do not count."""
        self._scale = scale
        self._shape = (hr.shape[2], *hr.shape[:2])
        self._luma = self._cropped_luma(_planes(hr))
        self._moments: dict[int, tuple[Tensor, Tensor]] = {}

    def psnr(self, sr: Tensor) -> list[float]:
        """Return the PSNR of Y in dB of each image, (N, 3, H, W), uint8.

        Raises:
            ValueError: shapes differ, or nothing is left inside the border.
        """
        self._check(sr, self._scale)
        error = (self._cropped_luma(sr) - self._luma).double() / (LUMA_UNIT * 256)
        mean_square = error.square().mean(dim=(1, 2))
        decibels: list[float] = (10 * torch.log10(255**2 / mean_square)).tolist()
        return decibels

    def ssim(self, sr: Tensor) -> list[float]:
        """Return the SSIM of Y of each image, (N, 3, H, W), uint8.

        Raises:
            ValueError: shapes differ, or the window does not fit inside the border.
        """
        self._check(sr, self._scale + RADIUS)
        luma_sr = self._cropped_luma(sr)
        height, width = (side - 2 * RADIUS for side in luma_sr.shape[1:])
        total = torch.zeros(len(sr), dtype=torch.float64)
        for start in range(0, height, BLOCK):
            rows = slice(start, min(start + BLOCK, height) + 2 * RADIUS)
            x, y = _stretched(luma_sr[:, rows]), _stretched(self._luma[:, rows])
            if start not in self._moments:
                mean, square = _windowed(torch.cat([y, y * y]))
                self._moments[start] = mean[None], square[None] - mean**2
            mean_y, variance_y = self._moments[start]
            mean_x, square, product = _windowed(torch.cat([x, x * x, x * y])).chunk(3)
            variance_x, covariance = square - mean_x**2, product - mean_x * mean_y
            quality = (2 * mean_x * mean_y + C1) * (2 * covariance + C2)
            quality /= (mean_x**2 + mean_y**2 + C1) * (variance_x + variance_y + C2)
            total += quality.sum(dim=(1, 2))
        means: list[float] = (total / (height * width)).tolist()
        return means

    def _cropped_luma(self, images: Tensor) -> Tensor:
        """Return exact luma without its offset of 16, (N, Y, X), int32, in LUMA_UNITs."""
        border = self._scale
        inside = images[..., border:-border, border:-border].int()
        red, green, blue = (round(weight * LUMA_UNIT) for weight in BT601)
        return inside[:, 0] * red + inside[:, 1] * green + inside[:, 2] * blue

    def _check(self, sr: Tensor, border: int) -> None:
        if sr.shape[1:] != self._shape:
            raise ValueError(
                f"SR is {tuple(sr.shape[1:])} and HR is {self._shape}: shapes must be equal"
            )
        if min(self._shape[1:]) <= 2 * border:
            raise ValueError(
                f"image {self._shape} is too small for a border of {border} pixels"
            )


def _planes(image: NDArray[np.uint8]) -> Tensor:
    """Return (1, 3, H, W), uint8, of (H, W, 3)."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None]


def _stretched(raw_luma: Tensor) -> Tensor:
    """Return SSIM's Y, float64, of luma in LUMA_UNITs."""
    return raw_luma.double() / (LUMA_UNIT * SSIM_DIVISOR) + 16


def _windowed(images: Tensor) -> Tensor:
    """Return Gaussian-weighted means of all whole windows, (M, Y - 10, X - 10).

    Each axis is a product with a banded matrix, by blocks: matrix products are far
    faster than shifted sums, and a block of a band is mostly not zero.
    """
    count, height, width = images.shape
    height, width = height - 2 * RADIUS, width - 2 * RADIUS
    by_rows = (_band()[:height, : images.shape[1]] @ images).flatten(0, 1)
    blocks = [
        by_rows[:, start : start + BLOCK + 2 * RADIUS] for start in range(0, width, BLOCK)
    ]
    means = [
        block @ _band()[: block.shape[1] - 2 * RADIUS, : block.shape[1]].T for block in blocks
    ]
    return torch.cat(means, dim=1).view(count, height, width)


@lru_cache(maxsize=1)
def _band() -> Tensor:
    """Return the window as a banded matrix, (BLOCK, BLOCK + 10), float64."""
    offsets = np.arange(-RADIUS, RADIUS + 1)
    taps = np.exp(-(offsets**2) / (2 * SIGMA**2))
    matrix = np.zeros((BLOCK, BLOCK + 2 * RADIUS))
    for row in range(BLOCK):
        matrix[row, row : row + len(taps)] = taps / taps.sum()
    return torch.from_numpy(matrix)
