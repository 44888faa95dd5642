"""One degradation as a value: blur kernel, reduction and noise (paper, section 4.1).

Test grids, classes of representations, examples and the command line hold it; what is
computed from it takes batches of it (`dasr.degradation`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dasr.config.checks import require

KERNEL_SIZE = 21
"""Side of every blur kernel in HR pixels (paper, section 4.1)."""
MAX_WIDTH = KERNEL_SIZE // 2 / 2
"""The largest width, 5: there the kernel still reaches two standard deviations, and the
cut-off Gaussian acts as one of 4.5. One of 8 would act as 5.4, one of 40 as 6.0."""
MAX_NOISE_LEVEL = 127.5
"""No values within 0..255 have a larger standard deviation than half of their range."""

Reduction = Literal["bicubic", "s-fold"]
"""How an image becomes smaller; "s-fold" keeps every scale-th pixel."""


def require_widths(field: str, *widths: float) -> None:
    """Raise ValueError unless kernel widths are 0 (no blur) or such that the kernel holds."""
    for width in widths:
        require(
            0 <= width <= MAX_WIDTH,
            f"{field}: {width:g} must be at least 0 and at most {MAX_WIDTH:g} HR pixels: a "
            f"kernel of {KERNEL_SIZE} pixels holds no wider Gaussian",
        )


def require_noise_levels(field: str, *levels: float) -> None:
    """Raise ValueError unless noise levels are such that an 8-bit image can have."""
    for level in levels:
        require(
            0 <= level <= MAX_NOISE_LEVEL,
            f"{field}: {level:g} must be at least 0 and at most {MAX_NOISE_LEVEL:g}, the "
            "largest standard deviation of grey levels in 0..255",
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
        return self.label.replace(",", ", ").replace("deg", "°")


@dataclass(frozen=True, kw_only=True)
class Degradation:
    """What an HR image goes through: blur, reduction, noise."""

    kernel: Kernel
    noise_level: float = 0.0
    """Standard deviation of the noise in grey levels of 0..255."""
    downsample: Reduction = "bicubic"

    def __post_init__(self) -> None:
        """Refuse noise that no 8-bit image can have."""
        require_noise_levels("noise_level", self.noise_level)

    @classmethod
    def of_row(cls, row: Mapping[str, Any], downsample: Reduction) -> "Degradation":
        """Return the degradation that a row of results is about.

        Args:
            row: the columns of `dasr.terms.columns.DEGRADATION`.
            downsample: of the row's regime; rows do not repeat it.
        """
        first, second, theta = (
            float(row[key]) for key in ("lambda_1", "lambda_2", "theta_deg")
        )
        return cls(
            kernel=Kernel(lambda_1=first, lambda_2=second, theta_deg=theta),
            noise_level=float(row["noise_level"]),
            downsample=downsample,
        )

    def keys(self) -> dict[str, str | float]:
        """Return the columns of its rows: those of `dasr.terms.columns.DEGRADATION`."""
        kernel = self.kernel
        return {
            "kernel": kernel.label,
            "kernel_width": kernel.lambda_1 if kernel.isotropic else float("nan"),
            "lambda_1": kernel.lambda_1,
            "lambda_2": kernel.lambda_2,
            "theta_deg": kernel.theta_deg,
            "noise_level": self.noise_level,
        }

    @property
    def label(self) -> str:
        """What people read: "width 2.4, noise 10" or "kernel 2, 0.2, 30°, noise 0"."""
        shape = "width" if self.kernel.isotropic else "kernel"
        return f"{shape} {self.kernel.text}, noise {self.noise_level:g}"

    @property
    def noise_seed(self) -> str:
        """What the seed of the noise depends on: all that tells cells of a grid apart."""
        return f"{self.kernel.label}/{self.noise_level:g}"
