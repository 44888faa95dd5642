"""Verdicts by hand, by simulation, and from rows."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dasr.config import Degradation, Kernel, digest
from dasr.config.claims import Claim
from dasr.statistics.claims import COLUMNS, verdict, verdicts
from dasr.statistics.intervals import Estimate
from dasr.statistics.power import Components, smallest_difference
from tests.unit.statistics.simulation import DEVIATIONS, LAYOUTS, Layout, false_rates

WIDTHS = (1.0, 2.0)


def cells(*widths: float) -> tuple[Degradation, ...]:
    return tuple(Degradation(kernel=Kernel.of_width(width)) for width in widths)


def claim(method: str, **changes: Any) -> Claim:
    fields: dict[str, Any] = {
        "relation": "worse", "reference": "dasr", "regime": "blur", "scale": 4,
        "testset": "Set", "margin_db": 0.1, "cells": cells(*WIDTHS), "whole_grid": True,
    }  # fmt: skip
    return Claim(method=method, **{**fields, **changes})


def rows(level: dict[str, dict[float, float]], sd: float = 0.01) -> pd.DataFrame:
    """Return PSNR of methods by width, with noise, 8 images and 4 seeds."""
    rng, found = np.random.default_rng(1), []
    for method, by_width in level.items():
        for seed in [0] if method == "bicubic" else [1, 2, 3, 4]:
            for image in range(8):
                for width, psnr in by_width.items():
                    value = psnr + image + sd * rng.standard_normal()
                    found.append(
                        {
                            "study": "s", "method": method, "regime": "blur", "scale": 4,
                            "testset": "Set", "seed": seed, "image": str(image),
                            "kernel": f"{width:g}", "noise_level": 0.0, "psnr_y_db": value,
                        }
                    )  # fmt: skip
    return pd.DataFrame(found)


def judged(metrics: pd.DataFrame, *claims: Claim) -> pd.DataFrame:
    return verdicts(metrics, claims, ["dasr", "a", "b"], {digest(one): 0 for one in claims})


LEVELS = {
    "bicubic": {1.0: 20.0, 2.0: 20.0},
    "dasr": {1.0: 25.0, 2.0: 25.0},
    "a": {1.0: 25.0, 2.0: 24.0},
    "b": {1.0: 25.02, 2.0: 25.0},
}


def test_every_verdict_from_rows() -> None:
    found = judged(
        rows(LEVELS),
        claim("a"),
        claim("b", relation="equivalent"),
        claim("dasr", reference="bicubic", relation="better"),
        claim("a", cells=cells(1.0), whole_grid=False),
    )
    assert found.columns.tolist() == COLUMNS
    assert found["verdict"].tolist() == ["worse", "equivalent", "better", "equivalent"]
    assert found["holds"].tolist() == ["yes", "yes", "yes", "no"]
    assert found["difference_db"].tolist() == pytest.approx([-0.5, 0.01, 5.0, 0.0], abs=0.01)
    assert found["cells"].tolist()[2:] == ["grid mean", "width 1, noise 0"]
    assert (found["images"] == 8).all()
    assert (found["seeds"] == 4).all()


def test_tests_are_those_of_scipy_where_images_bind() -> None:
    """With no spread over seeds the widest interval is that over images."""
    rng = np.random.default_rng(2)
    own = rng.normal(-0.05, 0.2, 8)
    metrics = rows({"dasr": {1.0: 25.0}, "a": {1.0: 25.0}}, sd=0.0)
    worse = metrics["method"] == "a"
    metrics.loc[worse, "psnr_y_db"] += own[metrics.loc[worse, "image"].astype(int)]
    one = judged(metrics, claim("a", cells=cells(1.0))).iloc[0]
    assert one["p"] == pytest.approx(stats.ttest_1samp(own, 0.0).pvalue)
    above = stats.ttest_1samp(own, -0.1, alternative="greater").pvalue
    below = stats.ttest_1samp(own, 0.1, alternative="less").pvalue
    assert (one["p_above_low"], one["p_below_high"]) == pytest.approx((above, below))
    assert one["p_equivalent_holm"] == pytest.approx(max(above, below))


def test_holm_is_over_all_claims() -> None:
    metrics = rows(LEVELS, sd=1.5)
    alone = judged(metrics, claim("b")).iloc[0]
    among = judged(metrics, claim("b"), claim("a"), claim("a", cells=cells(1.0))).iloc[0]
    assert alone["p_holm"] == alone["p"] == among["p"]
    assert among["p_holm"] > among["p"]
    assert among["detectable_db"] > alone["detectable_db"]


def test_one_seed_decides_nothing() -> None:
    metrics = rows(LEVELS).query("seed <= 1")
    one = judged(metrics, claim("a")).iloc[0]
    assert (one["verdict"], one["holds"]) == ("undecided", "undecided")
    assert math.isnan(one["p_holm"])
    assert math.isnan(one["low_db"])


def test_cell_without_rows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a: no rows at width 3, noise 0 on Set"):
        judged(rows(LEVELS), claim("a", cells=cells(3.0)))


@pytest.mark.parametrize(
    ("difference", "p", "equivalent", "expected"),
    [
        (-0.3, 0.01, 0.9, "worse"),
        (0.3, 0.01, 0.9, "better"),
        (0.02, 0.01, 0.01, "equivalent"),
        (0.02, 0.9, 0.01, "equivalent"),
        (0.3, 0.06, 0.9, "undecided"),
        (0.3, math.nan, math.nan, "undecided"),
    ],
)
def test_verdict(difference: float, p: float, equivalent: float, expected: str) -> None:
    assert verdict(difference, p, equivalent) == expected


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_study_in_which_nothing_differs_gets_no_verdict(layout: Layout) -> None:
    trials = 250 if layout.cells > 1 else 2000
    for seed, deviations in enumerate(DEVIATIONS.values()):
        rate = false_rates(layout, deviations, trials, seed).verdict
        # at most 0.06 is asked for; four standard errors of the simulation on top
        assert rate <= 0.06 + 4 * math.sqrt(0.06 * 0.94 / trials)


@pytest.mark.parametrize(("images", "seeds"), [(7, 3), (14, 5), (100, 3)])
def test_a_detectable_difference_is_seen_as_often_as_it_says(images: int, seeds: int) -> None:
    rng, tests, seen = np.random.default_rng(6), 3, []
    components = Components(images=0.02, seeds=0.005, rest=0.01)
    true = smallest_difference(components, images, seeds, tests)
    for _ in range(400):
        values = true + np.sqrt(0.02) * rng.standard_normal((images, 1))
        values = values + np.sqrt(0.005) * rng.standard_normal((1, seeds))
        values = values + np.sqrt(0.01) * rng.standard_normal((images, seeds))
        # the strictest step of Holm: by SciPy's t, part by part
        limit = 0.05 / tests
        over_seeds = stats.ttest_1samp(values.mean(axis=0), 0).pvalue
        over_images = stats.ttest_1samp(values.mean(axis=1), 0).pvalue
        seen.append(max(over_seeds, over_images, Estimate.of(values).p_two_sided()) < limit)
    assert 0.72 < np.mean(seen) < 0.88


def test_components_by_hand() -> None:
    # mean squares 8 (images), 6 (seeds), 0 (rest): 8 / 2 seeds, 6 / 3 images
    found = Components.of(np.array([[0.0, 2.0], [4.0, 6.0], [2.0, 4.0]]))
    assert (found.images, found.seeds, found.rest) == pytest.approx((4.0, 2.0, 0.0))
    with pytest.raises(ValueError, match="1 images"):
        Components.of(np.zeros((1, 3)))


def test_more_images_and_seeds_see_more() -> None:
    components = Components(images=0.02, seeds=0.005, rest=0.01)
    by_images = [smallest_difference(components, n, 3) for n in (5, 14, 100)]
    by_seeds = [smallest_difference(components, 14, n) for n in (3, 5, 20)]
    assert by_images == sorted(by_images, reverse=True)
    assert by_seeds == sorted(by_seeds, reverse=True)
    assert smallest_difference(components, 14, 3, tests=6) > smallest_difference(
        components, 14, 3
    )
