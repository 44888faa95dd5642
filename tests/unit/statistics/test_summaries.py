"""Summaries and paired differences of a table small enough to compute by hand."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dasr.statistics.comparisons import paired, scores_of
from dasr.statistics.margins import margins, with_grid_mean
from dasr.statistics.summaries import summarise, unbeaten
from dasr.terms.metrics import METRICS

PSNR = {
    # method, seed: PSNR of images a and b at widths 1.0 and 2.0
    ("bicubic", 0): {("a", 1.0): 20.0, ("b", 1.0): 22.0, ("a", 2.0): 18.0, ("b", 2.0): 20.0},
    ("dasr", 1): {("a", 1.0): 24.0, ("b", 1.0): 26.0, ("a", 2.0): 20.0, ("b", 2.0): 22.0},
    ("dasr", 2): {("a", 1.0): 25.0, ("b", 1.0): 27.0, ("a", 2.0): 21.0, ("b", 2.0): 23.0},
    ("no_ca", 1): {("a", 1.0): 23.0, ("b", 1.0): 26.0, ("a", 2.0): 20.0, ("b", 2.0): 21.0},
    ("no_ca", 2): {("a", 1.0): 23.0, ("b", 1.0): 27.0, ("a", 2.0): 20.0, ("b", 2.0): 21.0},
}


TRAINED = ["dasr", "no_ca"]
REFERENCES = {"no_ca": "dasr", "released": "dasr"}


def _metrics() -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for (method, seed), values in PSNR.items():
        for (image, width), psnr in values.items():
            rows.append(
                {
                    "study": "demo", "method": method, "regime": "blur", "scale": 2,
                    "seed": seed, "testset": "Set2", "image": image, "kernel": f"{width:g}",
                    "kernel_width": width, "lambda_1": width, "lambda_2": width,
                    "theta_deg": 0.0, "noise_level": 0.0,
                    **dict.fromkeys((metric.column for metric in METRICS), 0.5),
                    "psnr_y_db": psnr, "ssim_y": psnr / 100,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _summary(metrics: pd.DataFrame) -> pd.DataFrame:
    return summarise(with_grid_mean(metrics), TRAINED, [TRAINED])


def _paired(metrics: pd.DataFrame) -> pd.DataFrame:
    return paired(with_grid_mean(metrics), REFERENCES, TRAINED, tests=1)


def _row(
    table: pd.DataFrame, method: str, kernel: str, reference: str | None = None
) -> pd.Series:
    found = table[(table["method"] == method) & (table["kernel"] == kernel)]
    if reference is not None:
        found = found[found["reference"] == reference]
    assert len(found) == 1
    return found.iloc[0]


def test_summary_has_every_cell_and_the_grid_mean() -> None:
    summary = _summary(_metrics())
    cells = set(summary[["method", "kernel"]].itertuples(index=False, name=None))
    assert cells == {(m, k) for m in ("bicubic", "dasr", "no_ca") for k in ("1", "2", "mean")}
    assert len(summary) == 9


def test_summary_by_hand() -> None:
    row = _row(_summary(_metrics()), "dasr", "1")
    # seeds score 25 and 26: sd sqrt(1 / 2), half width 12.7062 * sd / sqrt(2)
    assert row["psnr_y_db"] == 25.5
    assert row["psnr_y_db_sd"] == pytest.approx(math.sqrt(0.5))
    assert row["psnr_y_db_low"] == pytest.approx(25.5 - 12.7062 / 2, abs=1e-4)
    assert row["psnr_y_db_high"] == pytest.approx(25.5 + 12.7062 / 2, abs=1e-4)
    assert row["ssim_y"] == pytest.approx(0.255)
    assert row["gain_db"] == pytest.approx(25.5 - 21.0)
    assert (row["seeds"], row["images"]) == (2, 2)


def test_grid_mean_by_hand() -> None:
    summary = _summary(_metrics())
    row = _row(summary, "dasr", "mean")
    assert row["psnr_y_db"] == pytest.approx((25.5 + 21.5) / 2)
    assert row["gain_db"] == pytest.approx((4.5 + 2.5) / 2)
    assert row["images"] == 2
    assert math.isnan(row["kernel_width"])


def test_bicubic_gains_nothing_over_itself() -> None:
    row = _row(_summary(_metrics()), "bicubic", "2")
    assert (row["psnr_y_db"], row["gain_db"], row["seeds"]) == (19.0, 0.0, 1)
    assert math.isnan(row["psnr_y_db_low"])


def test_cell_without_bicubic_is_refused() -> None:
    metrics = _metrics()
    lacking = metrics[(metrics["method"] != "bicubic") | (metrics["kernel"] != "2")]
    with pytest.raises(ValueError, match="bicubic"):
        _summary(lacking)


@pytest.mark.parametrize("key", ["image", "seed", "kernel"])
@pytest.mark.parametrize("method", ["dasr", "no_ca"])
def test_unpaired_rows_are_refused(method: str, key: str) -> None:
    metrics = _metrics()
    value = metrics[metrics["method"] == method][key].iloc[-1]
    lacking = metrics[(metrics["method"] != method) | (metrics[key] != value)]
    with pytest.raises(ValueError, match=r"dasr|no_ca"):
        _paired(lacking)


def test_paired_differences_by_hand() -> None:
    table = _paired(_metrics())
    pairs = set(table[["method", "reference"]].itertuples(index=False, name=None))
    assert pairs == {("no_ca", "dasr"), ("no_ca", "bicubic"), ("dasr", "bicubic")}
    assert set(table["kernel"]) == {"1", "2", "mean"}
    row = _row(table, "no_ca", "1", "dasr")
    # no_ca - dasr: image a -1 and -2, image b 0 and 0; seeds -0.5 and -1, images -1.5 and 0
    assert row["difference_db"] == -0.75
    seeds, images = 12.7062 * 0.25, 12.7062 * 0.75
    assert row["seeds_low_db"] == pytest.approx(-0.75 - seeds, abs=1e-4)
    assert row["seeds_high_db"] == pytest.approx(-0.75 + seeds, abs=1e-4)
    assert row["images_low_db"] == pytest.approx(-0.75 - images, abs=1e-4)
    assert row["images_high_db"] == pytest.approx(-0.75 + images, abs=1e-4)
    assert row["both_low_db"] <= min(row["images_low_db"], row["seeds_low_db"])
    assert (row["reference"], row["images"], row["seeds"]) == ("dasr", 2, 2)


def test_paired_grid_mean_by_hand() -> None:
    row = _row(_paired(_metrics()), "no_ca", "mean", "dasr")
    # width 2: a 0 and -1, b -1 and -2; over both widths a -0.5 and -1.5, b -0.5 and -1
    assert row["difference_db"] == pytest.approx(-0.875)


def test_gain_over_bicubic_is_over_images_too() -> None:
    # dasr - bicubic at width 1: images a 4 and 5, b 4 and 5: nothing but seeds differs
    row = _row(_summary(_metrics()), "dasr", "1")
    assert row["gain_db_low"] == pytest.approx(4.5 - 12.7062 * 0.5, abs=1e-4)
    wider = _metrics()
    wider.loc[(wider["method"] == "dasr") & (wider["image"] == "b"), "psnr_y_db"] += 3
    row = _row(_summary(wider), "dasr", "1")
    assert row["gain_db"] == 6.0
    assert row["gain_db_low"] == pytest.approx(6 - 12.7062 * 1.5, abs=1e-4)


def test_imported_networks_are_paired_with_every_training_and_with_bicubic() -> None:
    metrics = _metrics()
    released = metrics[(metrics["method"] == "no_ca") & (metrics["seed"] == 1)]
    metrics = pd.concat([metrics, released.assign(method="released", seed=0)])
    table = _paired(metrics)
    row = _row(table, "released", "1", "dasr")
    # a 23 - 24, 23 - 25; b 26 - 26, 26 - 27
    assert (row["difference_db"], row["images"], row["seeds"]) == (-1.0, 2, 2)
    row = _row(table, "released", "1", "bicubic")  # a 3, b 4
    assert (row["difference_db"], row["images"], row["seeds"]) == (3.5, 2, 1)
    assert row["both_low_db"] == row["images_low_db"] == pytest.approx(3.5 - 12.7062 / 2)
    assert math.isnan(row["seeds_low_db"])


def test_reference_alone_is_compared_with_bicubic() -> None:
    metrics = _metrics()
    table = _paired(metrics[metrics["method"] != "no_ca"])
    assert set(table["reference"]) == {"bicubic"}
    assert {"method", "difference_db", "both_high_db"} <= set(table.columns)


def test_margins_by_hand() -> None:
    metrics = pd.concat(
        [_metrics(), _metrics().assign(noise_level=10.0, psnr_y_db=_metrics()["psnr_y_db"] - 4)]
    )
    found = summarise(margins(metrics), TRAINED, [TRAINED])
    own = found[found["method"] == "bicubic"]
    by_kernel = own[own["kernel"] != "mean"].set_index("kernel")["psnr_y_db"]
    assert by_kernel.to_dict() == {"1": 19.0, "2": 17.0}
    by_noise = own[own["kernel"] == "mean"].set_index("noise_level")["psnr_y_db"]
    assert by_noise.to_dict() == {0.0: 20.0, 10.0: 16.0}


def test_what_is_not_told_from_the_best() -> None:
    rng = np.random.default_rng(0)
    level = {"bicubic": 20.0, "dasr": 25.0, "near": 24.999, "far": 22.0, "oracle": 30.0}
    rows = []
    for method, psnr in level.items():
        for seed in [0] if method == "bicubic" else [1, 2, 3]:
            for image in range(8):
                value = psnr + image + 0.01 * rng.standard_normal()
                rows.append({"method": method, "seed": seed, "image": f"{image}", "v": value})
    scores = scores_of(pd.DataFrame(rows), ["dasr", "near", "far", "oracle"], "v")
    metric, ranked = METRICS[0], ["dasr", "near", "far"]
    assert unbeaten(scores, metric, ranked) == {"dasr", "near"}
    assert unbeaten(scores, replace(metric, larger_is_better=False), ranked) == {"far"}
    assert unbeaten(scores, metric, ["dasr"]) == set()
    first = pd.DataFrame(rows).query("seed < 2")
    assert unbeaten(scores_of(first, list(level)[1:], "v"), metric, ranked) == set()


def test_the_best_is_looked_for_within_each_group() -> None:
    rng = np.random.default_rng(1)
    level = {"bicubic": 20.0, "dasr-s": 25.0, "no_ca-s": 22.0, "dasr-l": 30.0, "no_ca-l": 28.0}
    base = _metrics().iloc[:1].drop(columns=["method", "seed", "image", "psnr_y_db"])
    rows = []
    for method, psnr in level.items():
        for seed in [0] if method == "bicubic" else [1, 2, 3]:
            for image in range(8):
                value = psnr + image + 0.01 * rng.standard_normal()
                own = {"method": method, "seed": seed, "image": f"{image}", "psnr_y_db": value}
                rows.append(base.assign(**own))
    trained, groups = list(level)[1:], [list(level)[1:3], list(level)[3:]]
    frame = with_grid_mean(pd.concat(rows))
    for ranked, best in ((groups, {"dasr-s", "dasr-l"}), ([trained], {"dasr-l"})):
        found = summarise(frame, trained, ranked)
        assert set(found[found["psnr_y_db_best"]]["method"]) == best
