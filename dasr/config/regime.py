"""Regimes: the degradations that networks train on and the grid they are tested on."""

from dataclasses import dataclass

from dasr.config.checks import require_name
from dasr.config.degradation import (
    Degradation,
    DegradationConfig,
    GridConfig,
    require_whole_factor,
)
from dasr.config.first_pass import Range


@dataclass(frozen=True, kw_only=True)
class RegimeConfig:
    """A family of degradations: what is trained on and the grid that is tested."""

    name: str
    train: DegradationConfig
    test: GridConfig

    def __post_init__(self) -> None:
        """Refuse a name that cannot be a folder, and first passes before s-fold that resize."""
        require_name(self.name)
        for one in self.test.first_passes:
            require_whole_factor(self.train.downsample, one.resize != 1)

    def test_degradations(self, scale: int) -> tuple[Degradation, ...]:
        """Return the test grid at a scale, with all noise levels of a kernel in a row.

        Test images are reduced as training images are.
        """
        reduced = self.train.downsample
        return tuple(
            Degradation(kernel=kernel, downsample=reduced, **condition)
            for kernel in self.test.at_scale(scale)
            for condition in self.test.conditions()
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
