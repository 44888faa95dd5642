"""Intervals for means: arrays in, numbers out."""

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
    half = _half_width(n - 1) * sd / np.sqrt(n)
    return Interval(mean, sd, mean - half, mean + half, n)


def two_way_interval(values: Floats) -> Interval:
    """Return the 95 % interval of the mean over images and seeds, (images, seeds).

    Both are samples of something larger: other photographs, other trainings. In the
    crossed random-effects model the mean's variance is
    (MS_images + MS_seeds - MS_rest) / (images * seeds), and Satterthwaite's formula gives
    its degrees of freedom (Searle, Casella and McCulloch, "Variance Components", ch. 4).
    Where the rest is larger than the factors, the larger factor alone is used, which can
    only widen the interval. `sd` is that of the grand mean times sqrt(images * seeds).
    """
    images, seeds = values.shape
    mean = _mean(values)
    if images < 2 or seeds < 2 or not np.isfinite(values).all():
        return Interval(mean, float("nan"), float("nan"), float("nan"), values.size)
    by_image, by_seed = values.mean(axis=1), values.mean(axis=0)
    ms_images = seeds * float(np.var(by_image, ddof=1))
    ms_seeds = images * float(np.var(by_seed, ddof=1))
    rest = values - by_image[:, None] - by_seed[None, :] + mean
    degrees = (images - 1, seeds - 1, (images - 1) * (seeds - 1))
    ms_rest = float((rest**2).sum()) / degrees[2]
    total = ms_images + ms_seeds - ms_rest
    if total >= max(ms_images, ms_seeds):
        terms = (ms_images, ms_seeds, ms_rest)
    else:
        total = max(ms_images, ms_seeds)
        terms = (ms_images, 0.0, 0.0) if ms_images >= ms_seeds else (0.0, ms_seeds, 0.0)
    spread = sum(term**2 / df for term, df in zip(terms, degrees, strict=True))
    if spread == 0:
        return Interval(mean, 0.0, mean, mean, values.size)
    df = total**2 / spread
    half = _half_width(df) * np.sqrt(total / values.size)
    return Interval(mean, float(np.sqrt(total)), mean - half, mean + half, values.size)


def _half_width(degrees: float) -> float:
    """Return half of Student's interval, in standard errors.

    As `scipy.stats.t.ppf` gives it, whose import takes half a second.
    """
    from scipy.special import stdtrit  # not while a workflow is planned

    return float(stdtrit(degrees, 0.5 + LEVEL / 2))


def _mean(values: Floats) -> float:
    with np.errstate(invalid="ignore"):  # infinities of both signs have no mean: NaN
        return float(np.mean(values))
