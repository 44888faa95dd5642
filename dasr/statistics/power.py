"""What a study can see: the smallest difference that it would most often call one."""

from dataclasses import dataclass

import numpy as np

from dasr.statistics.intervals import LEVEL, Floats, MeanSquares, quantile

POWER = 0.8
"""How often a difference of the smallest detectable size is seen."""
DRAWS = 20_000
"""Of possible studies: their quantile has an error of about 1 %."""
NODES = 128
"""Of a table of Student's quantiles: twenty thousand of them would take 20 ms."""


@dataclass(frozen=True)
class Components:
    """Variances of paired differences, in the square of their unit (dB**2)."""

    images: float
    """Of an image's mean over all trainings."""
    seeds: float
    """Of a training's mean over all images."""
    rest: float
    """Of what is left: how an image does in one training."""

    @classmethod
    def of(cls, values: Floats) -> "Components":
        """Return the variance components of values (images, seeds), none below 0.

        Raises:
            ValueError: fewer than two images or seeds.
        """
        images, seeds = values.shape
        if images < 2 or seeds < 2:
            raise ValueError(f"variances of {images} images and {seeds} seeds")
        squares = MeanSquares.of(values)
        return cls(
            images=max(0.0, float(squares.images - squares.rest) / seeds),
            seeds=max(0.0, float(squares.seeds - squares.rest) / images),
            rest=float(squares.rest),
        )


def smallest_difference(
    components: Components, images: int, seeds: int, tests: int = 1, power: float = POWER
) -> float:
    """Return the smallest detectable difference, in the unit of the values.

    A study of so many images and seeds calls a true difference of this size different from
    zero with probability `power`, by the widest of three intervals (`Estimate`), at 5 % over
    all its claims: at the first and strictest step of Holm's method. Of normal values, mean
    squares are independent of the mean and of each other, so that possible studies are drawn
    from their distributions, with a fixed generator.

    Args:
        components: variances of the differences.
        images: of the study, at least 2.
        seeds: of the study, at least 2.
        tests: number of claims.
        power: probability in (0, 1).
    """
    rng = np.random.default_rng(0)
    degrees = (images - 1, seeds - 1, (images - 1) * (seeds - 1))
    expected = (
        components.rest + seeds * components.images,
        components.rest + images * components.seeds,
        components.rest,
    )
    by_image, by_seed, rest = (
        mean * rng.chisquare(df, DRAWS) / df for mean, df in zip(expected, degrees, strict=True)
    )
    errors, df = MeanSquares(by_image, by_seed, rest, (images, seeds)).errors()
    half = (_quantiles(df, 1 - (1 - LEVEL) / 2 / tests) * errors).max(axis=0)
    variance = (expected[0] + expected[1] - expected[2]) / (images * seeds)
    needed = half - np.sqrt(variance) * rng.standard_normal(DRAWS)
    return max(0.0, float(np.quantile(needed, power)))


def _quantiles(degrees: Floats, probability: float) -> Floats:
    """Return quantiles for many degrees of freedom, read off a table: within 1e-3 of each.

    Between its nodes the quantile is nearly a straight line over the inverse of the degrees.
    """
    inverse = 1 / degrees
    nodes = np.linspace(inverse.min(), inverse.max(), NODES)
    return np.interp(inverse, nodes, quantile(1 / nodes, probability)).reshape(degrees.shape)
