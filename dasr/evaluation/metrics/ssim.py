"""Structural similarity of Y: 11x11 Gaussian window of sigma 1.5, valid region.

Shapes: N SR images of one HR image, Y x X inside the border.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dasr.evaluation.reference import LUMA_UNIT, Comparison
from dasr.terms.metrics import SSIM_Y

METRIC = SSIM_Y
LUMA_DIVISOR = 255.0
"""The exact divisor is 256. The released code divides by 255 in SSIM (and only there),
which stretches Y by 0.4 %; SSIM here follows it, so that the numbers compare."""
RADIUS, SIGMA = SSIM_Y.window // 2, 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
"""What keeps SSIM's quotients stable in flat windows (Wang et al., 2004, section III.B)."""
BLOCK = 32
"""Rows of a stripe: SSIM is computed in stripes, which stay in the cache."""


def measure(compared: Comparison) -> list[float]:
    """Return the SSIM of Y of each SR image, by the difference D = X - Y of the images.

    With means m and variances v in a window, 1 - (mX - mY)^2 / (mX^2 + mY^2 + C1) is
    SSIM's luminance term, and 1 - vD / (vX + vY + C2) its other one. In this form
    float32 is enough beside HR moments of float64.

    Raises:
        ValueError: the window does not fit inside the border.
    """
    compared.require_inside(SSIM_Y.window)
    difference = compared.difference
    height, width = (side - 2 * RADIUS for side in difference.shape[1:])
    total = torch.zeros(len(difference), dtype=torch.float64)
    for start in range(0, height, BLOCK):
        rows = slice(start, min(start + BLOCK, height) + 2 * RADIUS)
        hr = _stripe(compared, start, rows)
        d = difference[:, rows].float().mul_(1 / (LUMA_UNIT * LUMA_DIVISOR))
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
        y = luma_units.double() / (LUMA_UNIT * LUMA_DIVISOR)
        centre = y.mean()
        centred = y - centre
        mean, square = _windowed(torch.cat([centred, centred**2])).chunk(2)
        moments = (mean, mean + centre + 16, square - mean**2)
        return _Stripe(centred.float(), *(moment.float() for moment in moments))


def _stripe(compared: Comparison, start: int, rows: slice) -> _Stripe:
    """Return the HR image's stripe of some rows, computed once for all SR images."""
    stripes = compared.reference.kept.setdefault(METRIC.name, {})
    if start not in stripes:
        stripes[start] = _Stripe.of(compared.reference.luma[:, rows])
    stripe: _Stripe = stripes[start]
    return stripe


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
