"""Intervals by hand, and how often they cover the truth."""

import math

import numpy as np
import pytest
from scipy import stats

from dasr.statistics.intervals import t_interval, two_way_interval


def test_t_interval_by_hand() -> None:
    # mean 2.5, sum of squares 5, sd sqrt(5 / 3); the 97.5 % point of t with 3 df is 3.182446
    interval = t_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert interval.mean == 2.5
    assert interval.sd == pytest.approx(1.290994, abs=1e-6)
    assert (interval.low, interval.high) == pytest.approx((2.5 - half, 2.5 + half), abs=1e-5)
    assert interval.n == 4


def test_t_interval_is_the_one_of_scipy() -> None:
    values = np.random.default_rng(0).normal(3.0, 2.0, 7)
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    interval = t_interval(values)
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-12)


def test_one_value_says_nothing_of_spread() -> None:
    interval = t_interval(np.array([1.5]))
    assert (interval.mean, interval.n) == (1.5, 1)
    assert math.isnan(interval.sd)
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)


def test_two_way_interval_by_hand() -> None:
    # images 1, 5, 3 on average (variance 4) and seeds 2, 4 (variance 2), nothing left over:
    # mean squares 2 * 4 = 8 on 2 degrees of freedom, 3 * 2 = 6 on 1, and 0
    interval = two_way_interval(np.array([[0.0, 2.0], [4.0, 6.0], [2.0, 4.0]]))
    df = (8 + 6) ** 2 / (8**2 / 2 + 6**2 / 1)
    half = stats.t.ppf(0.975, df) * math.sqrt((8 + 6) / 6)
    assert interval.mean == 3.0
    assert (interval.low, interval.high) == pytest.approx((3 - half, 3 + half))


def test_two_way_interval_without_spread_is_a_point() -> None:
    interval = two_way_interval(np.full((3, 2), 0.5))
    assert (interval.low, interval.mean, interval.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("shape", [(1, 4), (4, 1)])
def test_two_way_interval_needs_two_of_each(shape: tuple[int, int]) -> None:
    interval = two_way_interval(np.arange(4.0).reshape(shape))
    assert interval.mean == 1.5
    assert math.isnan(interval.low)


@pytest.mark.parametrize(
    ("image_sd", "seed_sd", "rest_sd"), [(1.0, 0.5, 0.3), (0.3, 1.0, 0.3), (0.0, 0.0, 1.0)]
)
def test_two_way_interval_covers_the_truth(
    image_sd: float, seed_sd: float, rest_sd: float
) -> None:
    rng = np.random.default_rng(0)
    images, seeds, trials, covered = 7, 4, 800, 0
    for _ in range(trials):
        values = image_sd * rng.standard_normal((images, 1))
        values = values + seed_sd * rng.standard_normal((1, seeds))
        values = values + rest_sd * rng.standard_normal((images, seeds))
        interval = two_way_interval(values)
        covered += interval.low <= 0 <= interval.high
    # never below 95 % by more than four standard errors of the simulation
    assert covered / trials > 0.95 - 4 * math.sqrt(0.95 * 0.05 / trials)


def test_interval_over_images_alone_would_be_too_narrow() -> None:
    rng = np.random.default_rng(1)
    values = 0.1 * rng.standard_normal((7, 4)) + np.array([-1.0, 0.0, 0.4, 1.2])
    both, over_images = two_way_interval(values), t_interval(values.mean(axis=1))
    assert both.high - both.low > 5 * (over_images.high - over_images.low)
