"""Intervals and tests for means: arrays in, numbers out.

Values are (..., images, seeds): image by image and training by training. Both are samples
of something larger, so three questions have three standard errors, and the answer that
counts is the most careful one. docs/statistics.md says how each number is computed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
"""Of all intervals."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean with its spread.

    Spread and bounds are NaN where one value says nothing of spread, and where a value is
    not finite: a mean with an infinite part is infinite, and has no spread.
    """

    mean: float
    sd: float
    low: float
    high: float
    n: int


def t_interval(values: Floats) -> Interval:
    """Return mean, sample standard deviation and 95 % Student interval of 1-D values."""
    n = len(values)
    mean = _mean(values)
    if n < 2 or not np.isfinite(values).all():
        return Interval(mean, float("nan"), float("nan"), float("nan"), n)
    sd = float(np.std(values, ddof=1))
    half = float(quantile(n - 1, 0.5 + LEVEL / 2)) * sd / np.sqrt(n)
    return Interval(mean, sd, mean - half, mean + half, n)


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a two-way table without repetition, each of shape (...)."""

    images: Floats
    seeds: Floats
    rest: Floats
    """Of what neither image nor seed explains."""
    shape: tuple[int, int]
    """Number of images and seeds, at least two each."""

    @classmethod
    def of(cls, values: Floats) -> "MeanSquares":
        """Return those of values (..., images, seeds)."""
        images, seeds = values.shape[-2:]
        by_image, by_seed = values.mean(axis=-1), values.mean(axis=-2)
        mean = by_image.mean(axis=-1)[..., None, None]
        rest = values - by_image[..., :, None] - by_seed[..., None, :] + mean
        return cls(
            images=seeds * by_image.var(axis=-1, ddof=1),
            seeds=images * by_seed.var(axis=-1, ddof=1),
            rest=(rest**2).sum(axis=(-2, -1)) / ((images - 1) * (seeds - 1)),
            shape=(images, seeds),
        )

    def errors(self) -> tuple[Floats, Floats]:
        """Return standard errors of the grand mean and their degrees of freedom.

        Returns:
            Two arrays (3, ...): over seeds (these images, other trainings), over images
            (these trainings, other images), crossed (other images and trainings). Crossed,
            the variance of the mean is (MS_images + MS_seeds - MS_rest) / (images * seeds)
            with Satterthwaite's degrees of freedom (Searle, Casella and McCulloch,
            "Variance Components", ch. 4). It can be smaller than either part, and
            Satterthwaite's formula can fall below the degrees of either: it is not let,
            which makes the widest of the three continuous in the values.
        """
        images, seeds = self.shape
        degrees = np.array([images - 1, seeds - 1, (images - 1) * (seeds - 1)], dtype=float)
        total = np.maximum(self.images + self.seeds - self.rest, 0.0)
        spread = (
            self.images**2 / degrees[0] + self.seeds**2 / degrees[1] + self.rest**2 / degrees[2]
        )
        crossed = np.divide(total**2, spread, out=np.ones_like(total), where=spread > 0)
        crossed = np.maximum(crossed, degrees[:2].min())
        variances = np.stack([self.seeds, self.images, total]) / (images * seeds)
        rows = (np.full_like(crossed, degrees[1]), np.full_like(crossed, degrees[0]), crossed)
        return np.sqrt(variances), np.stack(rows)


@dataclass(frozen=True)
class Estimate:
    """A mean over images and seeds with its standard errors, and what is tested with it."""

    mean: float
    errors: Floats
    """(3,): over seeds, over images, crossed; (1,) where only images were sampled; (0,)
    where nothing can be said, since a factor has one value or a value is not finite."""
    degrees: Floats
    """Degrees of freedom of each."""
    shape: tuple[int, int]
    """Number of images and seeds."""

    @classmethod
    def of(cls, values: Floats, *, trained: bool = True) -> "Estimate":
        """Return the estimate of values (images, seeds).

        Args:
            values: e.g. differences of two methods.
            trained: whether seeds are trainings of the study. Bicubic enlargement and
                networks from elsewhere are what they are: with one column of such, images
                are all that is sampled.
        """
        images, seeds = values.shape
        nothing = np.zeros(0)
        mean = _mean(values)
        if images < 2 or (trained and seeds < 2) or not np.isfinite(values).all():
            return cls(mean, nothing, nothing, (images, seeds))
        if seeds < 2:
            error = values.std(ddof=1) / np.sqrt(images)
            return cls(mean, np.array([error]), np.array([images - 1.0]), (images, seeds))
        return cls(mean, *MeanSquares.of(values).errors(), (images, seeds))

    @property
    def known(self) -> bool:
        """Whether there is anything to test with."""
        return len(self.errors) > 0

    def half_widths(self, level: float = LEVEL) -> Floats:
        """Return half of the interval for each standard error."""
        return quantile(self.degrees, 0.5 + level / 2) * self.errors

    def bounds(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the widest interval: that over seeds, over images, or crossed."""
        if not self.known:
            return float("nan"), float("nan")
        half = float(self.half_widths(level).max())
        return self.mean - half, self.mean + half

    def p_above(self, value: float) -> float:
        """Return the one-sided p of "the true mean is at most `value`".

        The largest over the standard errors: at any level it rejects where the widest
        interval lies above. NaN where nothing is known.
        """
        return self._tail(self.mean - value)

    def p_below(self, value: float) -> float:
        """Return the one-sided p of "the true mean is at least `value`"; as `p_above`."""
        return self._tail(value - self.mean)

    def p_two_sided(self) -> float:
        """Return the p of "the true mean is 0"."""
        return float(np.minimum(1.0, 2 * self._tail(abs(self.mean))))

    def _tail(self, distance: float) -> float:
        if not self.known:
            return float("nan")
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.nan_to_num(distance / self.errors, nan=0.0)  # 0 / 0 says nothing
        return float(upper_tail(self.degrees, statistic).max())


def quantile(degrees: float | Floats, probability: float | Floats) -> Floats:
    """Return quantiles of Student's distribution.

    As `scipy.stats.t.ppf` gives them, whose import takes half a second.
    """
    from scipy.special import stdtrit  # not while a workflow is planned

    return np.asarray(stdtrit(degrees, probability))


def upper_tail(degrees: float | Floats, statistic: float | Floats) -> Floats:
    """Return the probability that Student's variable is larger than a statistic."""
    from scipy.special import stdtr

    return np.asarray(stdtr(degrees, -np.asarray(statistic)))


def holm(p: Floats) -> Floats:
    """Return p values adjusted by Holm's method; NaN stays and counts as a test.

    Each is the smallest level of the whole family at which its hypothesis falls (Holm 1979).
    """
    p = np.asarray(p, dtype=float)
    order = np.argsort(np.where(np.isnan(p), np.inf, p), kind="stable")
    factors = np.arange(len(p), 0, -1)
    stepped = np.maximum.accumulate(factors * np.nan_to_num(p[order], nan=1.0))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return np.where(np.isnan(p), np.nan, adjusted)


def _mean(values: Floats) -> float:
    with np.errstate(invalid="ignore"):  # infinities of both signs have no mean: NaN
        return float(np.mean(values))
