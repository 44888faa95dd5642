"""Gaussian blur kernels (paper, section 4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dasr.config.checks import require

KERNEL_SIZE = 21
"""Side of every blur kernel in HR pixels (paper, section 4.1)."""
MAX_WIDTH = KERNEL_SIZE // 2 / 2
"""The largest width, 5: there the kernel still reaches two standard deviations, and the
cut-off Gaussian acts as one of 4.5. One of 8 would act as 5.4, one of 40 as 6.0."""


def require_widths(field: str, *widths: float) -> None:
    """Raise ValueError unless kernel widths are 0 (no blur) or such that the kernel holds."""
    for width in widths:
        require(
            0 <= width <= MAX_WIDTH,
            f"{field}: {width:g} must be at least 0 and at most {MAX_WIDTH:g} HR pixels: a "
            f"kernel of {KERNEL_SIZE} pixels holds no wider Gaussian",
        )


@dataclass(frozen=True, kw_only=True, order=True)
class Kernel:
    """A Gaussian blur kernel: standard deviations in HR pixels and an angle in degrees."""

    lambda_1: float
    lambda_2: float
    theta_deg: float = 0.0

    def __post_init__(self) -> None:
        """Refuse widths that the kernel cannot hold; 0 in both means no blur at all."""
        require_widths("kernel widths", self.lambda_1, self.lambda_2)
        require(
            abs(self.theta_deg) <= 360,  # so that nan is refused too
            f"theta {self.theta_deg:g} must be an angle of at most 360 degrees",
        )
        require(
            (self.lambda_1 == 0) == (self.lambda_2 == 0),
            "a kernel with one zero width has no density: make both 0 or neither",
        )

    @classmethod
    def of_width(cls, width: float) -> "Kernel":
        """Return the isotropic kernel of a width in HR pixels; 0 is no blur."""
        return cls(lambda_1=width, lambda_2=width)

    @classmethod
    def of_row(cls, row: Mapping[Any, Any]) -> "Kernel":
        """Return the kernel of a row of results, by its columns of widths and angle."""
        first, second, theta = (
            float(row[key]) for key in ("lambda_1", "lambda_2", "theta_deg")
        )
        return cls(lambda_1=first, lambda_2=second, theta_deg=theta)

    @property
    def isotropic(self) -> bool:
        """Whether it is as wide in every direction."""
        return self.lambda_1 == self.lambda_2

    @property
    def label(self) -> str:
        """Short name of rows and seeds: "1.2" if isotropic, else "2,0.2,30deg"."""
        if self.isotropic:
            return f"{self.lambda_1:g}"
        return f"{self.lambda_1:g},{self.lambda_2:g},{self.theta_deg:g}deg"

    @property
    def text(self) -> str:
        """What people read: "1.2" if isotropic, else "2, 0.2, 30°"."""
        return label_text(self.label)


def label_text(label: str) -> str:
    """Return what people read in place of a kernel's label."""
    return label.replace(",", ", ").replace("deg", "°")
