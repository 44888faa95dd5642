"""Regimes: the degradations that networks train on and the grid they are tested on."""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require, require_name
from dasr.config.degradation import (
    Degradation,
    Kernel,
    Reduction,
    require_noise_levels,
    require_widths,
)

Range = tuple[float, float]
SCALES = (2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class DegradationConfig:
    """The degradations that networks train on (paper, section 4.1)."""

    blur: Literal["isotropic", "anisotropic"] = "isotropic"
    kernel_width: dict[int, Range]
    """Range of the Gaussian's standard deviation in HR pixels, by scale."""
    noise_level: Range = (0.0, 0.0)
    """Range of the noise's standard deviation, in grey levels of 0..255."""
    downsample: Reduction = "bicubic"

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
        isotropic = [Kernel.of_width(width) for width in widths]
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

    def test_degradations(self, scale: int) -> tuple[Degradation, ...]:
        """Return the test grid at a scale, with all noise levels of a kernel in a row.

        Test images are reduced as training images are.
        """
        return tuple(
            Degradation(kernel=kernel, noise_level=level, downsample=self.train.downsample)
            for kernel in self.test.at_scale(scale)
            for level in self.test.noise_levels
        )

    def widths_beyond(self, scale: int) -> Range | None:
        """Return the widths of training, in HR pixels, if the test grid goes beyond them.

        None too if a kernel of the grid is anisotropic: there is no axis of widths then.
        """
        low, high = self.train.kernel_width[scale]
        kernels = self.test.at_scale(scale)
        if not all(kernel.isotropic for kernel in kernels):
            return None
        return (low, high) if any(kernel.lambda_1 > high for kernel in kernels) else None
