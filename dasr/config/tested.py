"""What methods are tested on."""

from collections.abc import Sequence
from dataclasses import dataclass

from dasr.config.degradation import Degradation
from dasr.config.regime import RegimeConfig
from dasr.config.schema import StudyConfig


@dataclass(frozen=True, kw_only=True)
class EvaluationConfig:
    """What the methods of a regime and scale are tested on."""

    degradations: tuple[Degradation, ...]
    """Of each test image, in the order of rows."""
    noise_seed: int
    """The same for every network."""
    example: Degradation
    """That crops are shown of."""


def evaluation(config: StudyConfig, regime: RegimeConfig, scale: int) -> EvaluationConfig:
    """Return what the methods of a study are tested on in a regime, at a scale."""
    grid = regime.test_degradations(scale)
    return EvaluationConfig(
        degradations=grid,
        noise_seed=config.test_noise_seed,
        example=nearest(grid, config.example_kernel_width, config.example_noise_level),
    )


def nearest(
    grid: Sequence[Degradation], kernel_width: float, noise_level: float
) -> Degradation:
    """Return the degradation of a grid that is nearest to the wanted one.

    Args:
        grid: every kernel at every noise level; the first of equals wins.
        kernel_width: in HR pixels, which counts first; an anisotropic kernel is as wide as
            the isotropic one of the same area.
        noise_level: in grey levels of 0..255.
    """

    def distance(degradation: Degradation) -> tuple[float, float]:
        kernel = degradation.kernel
        width = (kernel.lambda_1 * kernel.lambda_2) ** 0.5
        return abs(width - kernel_width), abs(degradation.noise_level - noise_level)

    return min(grid, key=distance)
