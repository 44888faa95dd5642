"""Degradations: what networks train on and the grid they are tested on."""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require, require_name

Range = tuple[float, float]
SCALES = (2, 3, 4)
KERNEL_SIZE = 21
"""Side of every blur kernel in HR pixels (paper, section 4.1)."""
MAX_WIDTH = KERNEL_SIZE // 2 / 2
"""The largest width, 5: there the kernel still reaches two standard deviations, and the
cut-off Gaussian acts as one of 4.5. One of 8 would act as 5.4, one of 40 as 6.0."""
MAX_NOISE_LEVEL = 127.5
"""No values within 0..255 have a larger standard deviation than half of their range."""


def require_widths(where: str, *widths: float) -> None:
    """Raise ValueError unless kernel widths are 0 (no blur) or such that the kernel holds."""
    for width in widths:
        require(
            0 <= width <= MAX_WIDTH,
            f"{where}: {width:g} must be at least 0 and at most {MAX_WIDTH:g} HR pixels: a "
            f"kernel of {KERNEL_SIZE} pixels holds no wider Gaussian",
        )


def require_noise_levels(where: str, *levels: float) -> None:
    """Raise ValueError unless noise levels are such that an 8-bit image can have."""
    for level in levels:
        require(
            0 <= level <= MAX_NOISE_LEVEL,
            f"{where}: {level:g} must be at least 0 and at most {MAX_NOISE_LEVEL:g}, the "
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

    @property
    def label(self) -> str:
        """Short name: "1.2" if isotropic, else "2.0,0.2,0deg"."""
        if self.lambda_1 == self.lambda_2:
            return f"{self.lambda_1:g}"
        return f"{self.lambda_1:g},{self.lambda_2:g},{self.theta_deg:g}deg"


@dataclass(frozen=True, kw_only=True)
class DegradationConfig:
    """The degradations that networks train on (paper, section 4.1)."""

    blur: Literal["isotropic", "anisotropic"] = "isotropic"
    kernel_width: dict[int, Range]
    """Range of the Gaussian's standard deviation in HR pixels, by scale."""
    noise_level: Range = (0.0, 0.0)
    """Range of the noise's standard deviation, in grey levels of 0..255."""
    downsample: Literal["bicubic", "s-fold"] = "bicubic"

    def __post_init__(self) -> None:
        """Refuse empty and negative ranges, and those beyond kernel and grey levels."""
        require(len(self.kernel_width) > 0, "kernel_width is empty")
        for scale, (low, high) in self.kernel_width.items():
            require(scale in SCALES, f"kernel_width: scale {scale} not in {list(SCALES)}")
            require(
                0 < low <= high,
                f"kernel_width: needs 0 < low <= high, got {low}, {high}",
            )
            require_widths("kernel_width", high)
        low, high = self.noise_level
        require(0 <= low <= high, f"noise_level: needs 0 <= low <= high, got {low}, {high}")
        require_noise_levels("noise_level", high)


@dataclass(frozen=True, kw_only=True)
class GridConfig:
    """The degradations that networks are tested on: every kernel x every noise level."""

    kernel_widths: dict[int, tuple[float, ...]] = field(default_factory=dict)
    """Isotropic widths, by scale; 0 is no blur."""
    kernels: tuple[tuple[float, float, float], ...] = ()
    """Anisotropic kernels: lambda_1, lambda_2, theta in degrees."""
    noise_levels: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        """Refuse an empty list of noise levels, and levels and widths out of range."""
        require(len(self.noise_levels) > 0, "noise_levels is empty")
        require_noise_levels("noise_levels", *self.noise_levels)
        for scale in self.kernel_widths:
            self.at_scale(scale)

    def at_scale(self, scale: int) -> tuple[Kernel, ...]:
        """Return the kernels to test at a scale, isotropic ones first."""
        widths = self.kernel_widths.get(scale, ())
        isotropic = [Kernel(lambda_1=w, lambda_2=w) for w in widths]
        general = [Kernel(lambda_1=a, lambda_2=b, theta_deg=t) for a, b, t in self.kernels]
        return (*isotropic, *general)


@dataclass(frozen=True, kw_only=True)
class RegimeConfig:
    """A family of degradations: what is trained on and the grid that is tested."""

    name: str
    train: DegradationConfig
    test: GridConfig

    def __post_init__(self) -> None:
        """Refuse a name that cannot be a folder."""
        require_name(self.name)
