"""PSNR and SSIM on Y, by the protocol of the paper's released code.

SR and HR are rounded to whole grey levels, `scale` pixels are cropped from every border,
and the metrics compare the luma of BT.601. Tests hold both to scikit-image.

Shapes: N SR images of one HR image, H x W before and Y x X after cropping.
"""

from dataclasses import dataclass
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
    return Reference(hr, scale).scores(_planes(sr))[1][0]


class Reference:
    """An HR image that SR images are compared with; what they all need of it is kept."""

    def __init__(self, hr: NDArray[np.uint8], scale: int) -> None:
        """Take an image, (H, W, 3) in [0, 255]; `scale` pixels a border do not count."""
        self._scale = scale
        self._shape = (hr.shape[2], *hr.shape[:2])
        self._luma = self._cropped_luma(_planes(hr))
        self._stripes: dict[int, _Stripe] = {}

    def scores(self, sr: Tensor) -> tuple[list[float], list[float]]:
        """Return PSNR in dB (infinite for equal images) and SSIM of Y of each SR image.

        Args:
            sr: (N, 3, H, W), uint8.

        Raises:
            ValueError: shapes differ, or the window does not fit inside the border.
        """
        difference = self._difference(sr, self._scale + RADIUS)
        return self._psnr(difference), self._ssim(difference)

    def psnr(self, sr: Tensor) -> list[float]:
        """Return the first of `scores`; an image needs to be larger than its borders."""
        return self._psnr(self._difference(sr, self._scale))

    def _difference(self, sr: Tensor, border: int) -> Tensor:
        """Return SR minus HR luma, (N, Y, X), int32, in LUMA_UNITs."""
        if sr.shape[1:] != self._shape:
            raise ValueError(
                f"SR is {tuple(sr.shape[1:])} and HR is {self._shape}: shapes must be equal"
            )
        if min(self._shape[1:]) <= 2 * border:
            raise ValueError(
                f"image {self._shape} is too small for a border of {border} pixels"
            )
        return self._cropped_luma(sr) - self._luma

    def _cropped_luma(self, images: Tensor) -> Tensor:
        """Return exact luma without its offset of 16, (N, Y, X), int32, in LUMA_UNITs."""
        border = self._scale
        inside = images[..., border:-border, border:-border]
        red, green, blue = (round(weight * LUMA_UNIT) for weight in BT601)
        luma_units = inside[:, 0].int() * red
        luma_units.add_(inside[:, 1], alpha=green)
        return luma_units.add_(inside[:, 2], alpha=blue)

    def _psnr(self, difference: Tensor) -> list[float]:
        squares = difference.double().square_().mean(dim=(1, 2)) / (LUMA_UNIT * 256) ** 2
        decibels: list[float] = (10 * torch.log10(255**2 / squares)).tolist()
        return decibels

    def _ssim(self, difference: Tensor) -> list[float]:
        """Return SSIM by the difference D = X - Y of the images.

        With means m and variances v in a window, 1 - (mX - mY)^2 / (mX^2 + mY^2 + C1) is
        SSIM's luminance term, and 1 - vD / (vX + vY + C2) its other one. In this form
        float32 is enough beside HR moments of float64.
        """
        height, width = (side - 2 * RADIUS for side in difference.shape[1:])
        total = torch.zeros(len(difference), dtype=torch.float64)
        for start in range(0, height, BLOCK):
            rows = slice(start, min(start + BLOCK, height) + 2 * RADIUS)
            if start not in self._stripes:
                self._stripes[start] = _Stripe.of(self._luma[:, rows])
            hr = self._stripes[start]
            d = difference[:, rows].float().mul_(1 / (LUMA_UNIT * SSIM_DIVISOR))
            mean, square, product = _windowed(torch.cat([d, d * d, d * hr.centred])).chunk(3)
            variance = square.sub_(mean**2)
            both = product.sub_(mean * hr.centred_mean).mul_(2).add_(variance)
            both.add_(hr.variance, alpha=2)  # vX + vY: vX is vY + vD + twice their covariance
            means = (hr.mean + mean).square_().add_(hr.mean**2)
            luminance = mean.square_().div_(means.add_(C1)).neg_().add_(1)
            structure = variance.div_(both.add_(C2)).neg_().add_(1)
            total += luminance.mul_(structure).sum(dim=(1, 2), dtype=torch.float64)
        values: list[float] = (total / (height * width)).tolist()
        return values


@dataclass(frozen=True)
class _Stripe:
    """Rows of the HR image's Y, and its moments in windows: (1, rows, columns), float32.

    Moments are computed in float64, since a variance is a small difference of squares.
    """

    centred: Tensor
    """Y minus its mean over the stripe."""
    centred_mean: Tensor
    mean: Tensor
    variance: Tensor

    @staticmethod
    def of(luma_units: Tensor) -> "_Stripe":
        """Return the stripe of luma, (1, rows, X), in LUMA_UNITs."""
        y = luma_units.double() / (LUMA_UNIT * SSIM_DIVISOR)
        centre = y.mean()
        centred = y - centre
        mean, square = _windowed(torch.cat([centred, centred**2])).chunk(2)
        moments = (mean, mean + centre + 16, square - mean**2)
        return _Stripe(centred.float(), *(moment.float() for moment in moments))


def _planes(image: NDArray[np.uint8]) -> Tensor:
    """Return (1, 3, H, W), uint8, of (H, W, 3)."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None]


def _windowed(images: Tensor) -> Tensor:
    """Return Gaussian-weighted means of all whole windows, (M, Y - 10, X - 10).

    Each axis is a product with a banded matrix, by blocks: matrix products are far
    faster than shifted sums, and a block of a band is mostly not zero.
    """
    count, height, width = images.shape
    height, width = height - 2 * RADIUS, width - 2 * RADIUS
    band = _band(images.dtype)
    by_rows = (band[:height, : images.shape[1]] @ images).flatten(0, 1)
    blocks = [
        by_rows[:, start : start + BLOCK + 2 * RADIUS] for start in range(0, width, BLOCK)
    ]
    means = [
        block @ band[: block.shape[1] - 2 * RADIUS, : block.shape[1]].T for block in blocks
    ]
    return torch.cat(means, dim=1).view(count, height, width)


@lru_cache(maxsize=2)
def _band(dtype: torch.dtype) -> Tensor:
    """Return the window as a banded matrix, (BLOCK, BLOCK + 10)."""
    offsets = np.arange(-RADIUS, RADIUS + 1)
    taps = np.exp(-(offsets**2) / (2 * SIGMA**2))
    matrix = np.zeros((BLOCK, BLOCK + 2 * RADIUS))
    for row in range(BLOCK):
        matrix[row, row : row + len(taps)] = taps / taps.sum()
    return torch.from_numpy(matrix).to(dtype)
