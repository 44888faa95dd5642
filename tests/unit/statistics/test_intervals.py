"""Intervals by hand, and how often they cover the truth."""

import math

import numpy as np
import pytest
from scipy import stats

from dasr.statistics.intervals import Estimate, MeanSquares, holm, quantile, t_interval

VARIANCES = [
    (1.0, 0.0, 0.0), (1.0, 0.0, 1.0), (1.0, 0.5, 0.3), (0.3, 1.0, 0.3), (0.0, 1.0, 0.0),
    (0.0, 0.0, 1.0), (1.0, 1.0, 1.0), (0.1, 0.2, 1.0), (1.0, 0.3, 0.3), (0.3, 0.1, 1.0),
]  # fmt: skip
"""Standard deviations of images, seeds and what is left: of committed tables and beyond."""


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


def test_estimate_by_hand() -> None:
    # images 1, 5, 3 on average (variance 4) and seeds 2, 4 (variance 2), nothing left over:
    # mean squares 2 * 4 = 8 on 2 degrees of freedom, 3 * 2 = 6 on 1, and 0 on 2
    values = np.array([[0.0, 2.0], [4.0, 6.0], [2.0, 4.0]])
    estimate = Estimate.of(values)
    df = (8 + 6) ** 2 / (8**2 / 2 + 6**2 / 1)
    halves = [
        stats.t.ppf(0.975, 1) * math.sqrt(2 / 2),  # over seeds: 38.1
        stats.t.ppf(0.975, 2) * math.sqrt(4 / 3),  # over images
        stats.t.ppf(0.975, df) * math.sqrt((8 + 6) / 6),
    ]
    assert estimate.mean == 3.0
    assert estimate.half_widths() == pytest.approx(halves)
    assert estimate.bounds() == pytest.approx((3 - max(halves), 3 + max(halves)))


def test_parts_are_those_of_scipy() -> None:
    values = np.random.default_rng(3).normal(0.2, 1.0, (9, 4))
    seeds, images = values.mean(axis=0), values.mean(axis=1)
    halves = Estimate.of(values).half_widths()
    for half, own in zip(halves, (seeds, images), strict=False):
        low, high = stats.ttest_1samp(own, 0.0).confidence_interval(0.95)
        assert half == pytest.approx((high - low) / 2)


def test_p_values_agree_with_intervals_at_every_level() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        estimate = Estimate.of(rng.normal(0.3, 1.0, (6, 3)) + rng.normal(0, 0.5, (1, 3)))
        for level in (0.5, 0.9, 0.99):
            low, high = estimate.bounds(level)
            assert (estimate.p_two_sided() < 1 - level) == (low > 0 or high < 0)
            assert (estimate.p_above(0.0) < (1 - level) / 2) == (low > 0)
            assert (estimate.p_below(0.0) < (1 - level) / 2) == (high < 0)


def test_margin_is_tested_from_both_sides() -> None:
    values = 0.02 + 0.001 * np.random.default_rng(5).standard_normal((8, 5))
    estimate = Estimate.of(values)
    assert estimate.p_above(-0.1) < 0.001
    assert estimate.p_below(0.1) < 0.001
    assert estimate.p_below(0.01) > 0.5


def test_values_without_spread_are_a_point() -> None:
    estimate = Estimate.of(np.full((3, 2), 0.5))
    assert estimate.bounds() == (0.5, 0.5)
    assert estimate.p_two_sided() == 0.0
    assert Estimate.of(np.zeros((3, 2))).p_two_sided() == 1.0


@pytest.mark.parametrize("shape", [(1, 4), (4, 1)])
def test_trainings_and_images_are_needed(shape: tuple[int, int]) -> None:
    estimate = Estimate.of(np.arange(4.0).reshape(shape))
    assert estimate.mean == 1.5
    assert not estimate.known
    assert math.isnan(estimate.bounds()[0])
    assert math.isnan(estimate.p_two_sided())


def test_what_is_not_trained_has_an_interval_over_images() -> None:
    column = np.array([[1.0], [2.0], [4.0], [5.0]])
    low, high = stats.ttest_1samp(column[:, 0], 0.0).confidence_interval(0.95)
    assert Estimate.of(column, trained=False).bounds() == pytest.approx((low, high))


def test_nothing_is_known_of_infinite_values() -> None:
    estimate = Estimate.of(np.array([[1.0, np.inf], [2.0, 3.0]]))
    assert math.isinf(estimate.mean)
    assert not estimate.known


def test_widest_is_never_narrower_than_a_part_and_does_not_jump() -> None:
    """`ms_rest` passes a factor's mean square: the old interval jumped by 2.3 there."""
    for rest in (0.999, 1.001):
        squares = MeanSquares(*(np.array(one) for one in (4.0, 1.0, rest)), shape=(14, 3))
        errors, degrees = squares.errors()
        halves = quantile(degrees, 0.975) * errors
        assert halves.max() >= halves[:2].max()
        if rest < 1:
            before = halves.max()
    assert halves.max() == pytest.approx(before, rel=0.01)


@pytest.mark.parametrize("seeds", [3, 4, 5, 7, 10])
def test_widest_interval_covers_the_truth(seeds: int) -> None:
    """Nominal 95 %; at least 93 % wherever the variance lies, from 5 to 100 images."""
    rng = np.random.default_rng(seeds)
    for images in (5, 7, 14, 30, 100):
        trials = 4000 if images < 30 else 2000
        for image_sd, seed_sd, rest_sd in VARIANCES:
            values = image_sd * rng.standard_normal((trials, images, 1))
            values = values + seed_sd * rng.standard_normal((trials, 1, seeds))
            values += rest_sd * rng.standard_normal((trials, images, seeds))
            errors, degrees = MeanSquares.of(values).errors()
            half = (quantile(degrees, 0.975) * errors).max(axis=0)
            covered = (abs(values.mean(axis=(1, 2))) <= half).mean()
            assert covered >= 0.93, (images, image_sd, seed_sd, rest_sd)


def test_interval_over_images_alone_would_be_too_narrow() -> None:
    rng = np.random.default_rng(1)
    values = 0.1 * rng.standard_normal((7, 4)) + np.array([-1.0, 0.0, 0.4, 1.2])
    (low, high), over_images = Estimate.of(values).bounds(), t_interval(values.mean(axis=1))
    assert high - low > 5 * (over_images.high - over_images.low)


def test_holm_by_hand() -> None:
    # sorted 0.01, 0.02, 0.03, 0.04 times 4, 3, 2, 1, and never smaller than the one before
    adjusted = holm(np.array([0.04, 0.01, 0.03, 0.02]))
    assert adjusted == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm(np.array([0.5, 0.9])).tolist() == [1.0, 1.0]


def test_holm_counts_what_could_not_be_tested() -> None:
    adjusted = holm(np.array([0.02, np.nan]))
    assert adjusted[0] == pytest.approx(0.04)
    assert math.isnan(adjusted[1])
