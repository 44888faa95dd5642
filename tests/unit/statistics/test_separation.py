"""Distances of classes by hand, and clustering scores joined with PSNR."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dasr.statistics.separation import (
    Points,
    class_distances,
    correlation_interval,
    mean_rank_correlation,
    network_gains,
    pair_distances,
    rank_correlation,
    scored_networks,
)


def cross(*centres: tuple[float, float, float]) -> Points:
    """Return two points 1 to each side of every centre; a centre is (class, x, y)."""
    points = [(x + step, y) for _, x, y in centres for step in (-1.0, 1.0)]
    label = [value for value, _, _ in centres for _ in range(2)]
    return np.array(points, dtype=np.float32), np.array(label)


def test_distances_by_hand() -> None:
    # every class has spread 1; centroids (0, 0), (3, 4), (0, 10)
    table = class_distances(cross((0.2, 0, 0), (1.2, 3, 4), (2.4, 0, 10)))
    assert table["first"].tolist() == [0.2, 0.2, 1.2]
    assert table["second"].tolist() == [1.2, 2.4, 2.4]
    assert table["apart"].tolist() == [1.0, 2.2, 1.2]
    assert table["distance"].tolist() == pytest.approx([5.0, 10.0, math.sqrt(9 + 36)])


def test_the_unit_is_the_mean_spread_of_the_classes() -> None:
    # spreads 1 and 3: points 1 and 3 from centroids that are 8 apart
    points = np.array([[-1, 0], [1, 0], [8, -3], [8, 3]], dtype=np.float32)
    table = class_distances((points, np.array([0.0, 0.0, 5.0, 5.0])))
    assert table["distance"].tolist() == [8.0 / 2.0]
    assert table["apart"].tolist() == [5.0]


def test_distances_do_not_depend_on_scale_place_or_order() -> None:
    rng = np.random.default_rng(0)
    label = np.repeat([0.0, 5.0, 10.0], 8)
    points = rng.normal(size=(24, 6)).astype(np.float32) + label[:, None]
    order = rng.permutation(24)
    moved = (7.0 * points[order] - 3.0).astype(np.float32)
    np.testing.assert_allclose(
        class_distances((moved, label[order]))["distance"],
        class_distances((points, label))["distance"],
        rtol=1e-5,
    )


def test_equal_differences_are_equal_numbers() -> None:
    table = class_distances(cross((1.2, 0, 0), (2.4, 5, 0), (3.6, 9, 0)))
    assert table["apart"].tolist() == [1.2, 2.4, 1.2]  # 3.6 - 2.4 is 1.2000000000000002


def test_single_points_have_no_unit() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0]], dtype=np.float32)
    table = class_distances((points, np.array([0.0, 1.0])))
    assert table["distance"].isna().all()


def test_intervals_over_seeds() -> None:
    networks = [cross((0.0, 0, 0), (5.0, far, 0)) for far in (4.0, 6.0, 8.0)]
    one = pair_distances(networks).iloc[0]
    assert one["distance"] == pytest.approx(6.0)
    assert (one["low"], one["high"]) == pytest.approx((4.0, 8.0))  # no end below 0
    alone = pair_distances(networks[:1]).iloc[0]
    assert alone["distance"] == pytest.approx(4.0)
    assert math.isnan(alone["low"])


def test_correlations_are_averaged_over_networks() -> None:
    ordered = cross((0.0, 0, 0), (1.0, 1, 0), (3.0, 3, 0))
    # differences 1, 3, 2 at distances 3, 1, 2: exactly the other way round
    reversed_ = cross((0.0, 0, 0), (1.0, 3, 0), (3.0, 1, 0))
    assert mean_rank_correlation([ordered]) == pytest.approx(1.0)
    assert mean_rank_correlation([reversed_]) == pytest.approx(-1.0)
    assert mean_rank_correlation([ordered, reversed_]) == pytest.approx(0.0)
    assert math.isnan(mean_rank_correlation([cross((0.0, 0, 0), (1.0, 1, 0))]))


def test_refused_points() -> None:
    with pytest.raises(ValueError, match=r"two classes, got \[5.0\]"):
        class_distances(cross((5.0, 0, 0)))
    with pytest.raises(ValueError, match="at least one network"):
        pair_distances([])
    with pytest.raises(ValueError, match="different classes"):
        pair_distances([cross((0.0, 0, 0), (1.0, 1, 0)), cross((0.0, 0, 0), (2.0, 1, 0))])


def test_rank_correlation_is_the_one_of_scipy() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 5, 20), rng.integers(0, 5, 20)  # with ties
    expected = stats.spearmanr(first, second).statistic
    assert rank_correlation(pd.Series(first), pd.Series(second)) == pytest.approx(expected)


def test_an_interval_of_a_rank_correlation_is_a_bootstrap_of_pairs() -> None:
    rng = np.random.default_rng(2)
    first = rng.standard_normal(30)
    second = pd.Series(first + rng.standard_normal(30))
    low, high = correlation_interval(first, second)
    found = stats.bootstrap(
        (first, second), lambda a, b: stats.spearmanr(a, b).statistic, paired=True,
        method="percentile", n_resamples=1000, vectorized=False, rng=0,
    )  # fmt: skip
    assert (low, high) == pytest.approx(tuple(found.confidence_interval), abs=0.06)
    assert correlation_interval(first, second) == (low, high)
    assert correlation_interval(first, pd.Series(first)) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize(
    ("first", "second"),
    [([1, 2], [1, 2]), ([1, 2, 3], [4, 4, 4]), ([1, 2, float("nan")], [1, 2, 3])],
)
def test_no_rank_correlation(first: list[float], second: list[float]) -> None:
    assert math.isnan(rank_correlation(pd.Series(first), pd.Series(second)))


KEYS = {"study": "s", "regime": "noise", "scale": 4, "testset": "Set2"}


def metrics() -> pd.DataFrame:
    """Return two images x two noise levels; the second image counts as much as the first."""
    psnr = {
        ("bicubic", 0): (20.0, 22.0, 30.0, 32.0),
        ("dasr", 1): (21.0, 23.0, 32.0, 34.0),
        ("dasr", 2): (22.0, 24.0, 33.0, 35.0),
    }
    rows = []
    for (method, seed), values in psnr.items():
        for number, value in enumerate(values):
            cell = {"image": "ab"[number // 2], "noise_level": 5.0 * (number % 2)}
            rows.append({**KEYS, "method": method, "seed": seed, **cell, "psnr_y_db": value})
    return pd.DataFrame(rows)


def clusters() -> pd.DataFrame:
    rows = [
        {**KEYS, "method": "dasr", "seed": seed, "task": task, "ari": 0.1 * seed}
        for seed in (1, 2)
        for task in ("kernel_width", "noise_level")
    ]
    return pd.DataFrame(rows)


def test_every_clustered_network_gets_its_psnr() -> None:
    frame = scored_networks(metrics(), clusters())
    assert frame["ari"].tolist() == [0.1, 0.1, 0.2, 0.2]
    assert frame["task"].tolist() == ["kernel_width", "noise_level"] * 2
    # bicubic: 26; seed 1: (22 + 33) / 2; seed 2: (23 + 34) / 2
    assert frame["psnr_y_db"].tolist() == [27.5, 27.5, 28.5, 28.5]
    assert frame["gain_db"].tolist() == [1.5, 1.5, 2.5, 2.5]


def test_networks_without_representation_have_gains_too() -> None:
    gains = network_gains(metrics())
    assert gains[["method", "seed", "psnr_y_db", "gain_db"]].to_numpy().tolist() == [
        ["dasr", 1, 27.5, 1.5], ["dasr", 2, 28.5, 2.5]
    ]  # fmt: skip


def test_networks_and_bicubic_need_metrics() -> None:
    rows = metrics()
    with pytest.raises(ValueError, match=r"no metrics of the network: .*'seed': 2"):
        scored_networks(rows[rows["seed"] != 2], clusters())
    with pytest.raises(ValueError, match="no metrics of bicubic"):
        scored_networks(rows[rows["method"] != "bicubic"], clusters())
