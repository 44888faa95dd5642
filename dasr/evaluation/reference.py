"""What every metric needs of an HR image and the SR images that are compared with it.

By the protocol of the paper's released code, SR and HR are rounded to whole grey levels,
`scale` pixels are cropped from every border, and Y is the luma of BT.601.

Shapes: N SR images of one HR image, H x W before and Y x X after cropping.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dasr.pixels import Pixels

BT601 = np.array([65.738, 129.057, 25.064])
LUMA_UNIT = 1000
"""These weights are whole thousandths, so that luma is exact in integers."""
LUMA_DIVISOR = 256.0
"""What weighted sums of grey levels are divided by to give Y, in [16, 235]."""


def luma(rgb: Pixels, divisor: float = LUMA_DIVISOR) -> NDArray[np.float64]:
    """Return BT.601 luma, (H, W), in [16, 235], of (H, W, 3) in [0, 255]."""
    return np.asarray(rgb.astype(np.float64) @ BT601 / divisor + 16.0)


class Reference:
    """An HR image that SR images are compared with; what they all need of it is kept."""

    def __init__(self, hr: Pixels, scale: int) -> None:
        """Take an image, (H, W, 3) in [0, 255]; `scale` pixels a border do not count."""
        self.scale = scale
        self.hr = planes(hr)  # (1, 3, H, W)
        self.kept: dict[str, Any] = {}
        """What a metric has computed of the HR image alone, by the metric's name."""

    @cached_property
    def luma(self) -> Tensor:
        """Luma inside the border without its offset of 16, (1, Y, X), int32, LUMA_UNITs."""
        return _cropped_luma(self.hr, self.scale)

    def compare(self, sr: Tensor) -> "Comparison":
        """Return SR images, (N, 3, H, W), uint8, beside this image.

        Raises:
            ValueError: shapes differ, or nothing is left inside the border.
        """
        shape = tuple(self.hr.shape[1:])
        if sr.shape[1:] != shape:
            raise ValueError(
                f"SR is {tuple(sr.shape[1:])} and HR is {shape}: shapes must be equal"
            )
        compared = Comparison(self, sr)
        compared.require_inside(1)
        return compared


@dataclass(frozen=True)
class Comparison:
    """N SR images and their HR image: what metrics are computed from."""

    reference: Reference
    sr: Tensor
    """(N, 3, H, W), uint8."""

    @cached_property
    def difference(self) -> Tensor:
        """SR minus HR luma inside the border, (N, Y, X), int32, in LUMA_UNITs."""
        return _cropped_luma(self.sr, self.reference.scale) - self.reference.luma

    def require_inside(self, window: int) -> None:
        """Raise ValueError unless a window of so many pixels a side fits in the border."""
        shape = tuple(self.sr.shape[1:])
        if min(shape[1:]) - 2 * self.reference.scale < window:
            raise ValueError(
                f"image {shape} is too small for a border of {self.reference.scale} pixels "
                f"and a window of {window}"
            )


def planes(image: Pixels) -> Tensor:
    """Return (1, 3, H, W), uint8, of (H, W, 3)."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None]


def _cropped_luma(images: Tensor, border: int) -> Tensor:
    inside = images[..., border:-border, border:-border]
    red, green, blue = (round(weight * LUMA_UNIT) for weight in BT601)
    luma_units = inside[:, 0].int() * red
    luma_units.add_(inside[:, 1], alpha=green)
    return luma_units.add_(inside[:, 2], alpha=blue)
