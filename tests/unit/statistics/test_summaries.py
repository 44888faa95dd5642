"""Summaries and paired differences of a table small enough to compute by hand."""

import math
from typing import Any

import pandas as pd
import pytest

from dasr.statistics.summaries import paired, summarise
from dasr.terms.metrics import METRICS

PSNR = {
    # method, seed: PSNR of images a and b at widths 1.0 and 2.0
    ("bicubic", 0): {("a", 1.0): 20.0, ("b", 1.0): 22.0, ("a", 2.0): 18.0, ("b", 2.0): 20.0},
    ("dasr", 1): {("a", 1.0): 24.0, ("b", 1.0): 26.0, ("a", 2.0): 20.0, ("b", 2.0): 22.0},
    ("dasr", 2): {("a", 1.0): 25.0, ("b", 1.0): 27.0, ("a", 2.0): 21.0, ("b", 2.0): 23.0},
    ("no_ca", 1): {("a", 1.0): 23.0, ("b", 1.0): 26.0, ("a", 2.0): 20.0, ("b", 2.0): 21.0},
    ("no_ca", 2): {("a", 1.0): 23.0, ("b", 1.0): 27.0, ("a", 2.0): 20.0, ("b", 2.0): 21.0},
}


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


def _row(table: pd.DataFrame, method: str, kernel: str) -> pd.Series:
    found = table[(table["method"] == method) & (table["kernel"] == kernel)]
    assert len(found) == 1
    return found.iloc[0]


def test_summary_has_every_cell_and_the_grid_mean() -> None:
    summary = summarise(_metrics())
    cells = set(summary[["method", "kernel"]].itertuples(index=False, name=None))
    assert cells == {(m, k) for m in ("bicubic", "dasr", "no_ca") for k in ("1", "2", "mean")}
    assert len(summary) == 9


def test_summary_by_hand() -> None:
    row = _row(summarise(_metrics()), "dasr", "1")
    # seeds score 25 and 26: sd sqrt(1 / 2), half width 12.7062 * sd / sqrt(2)
    assert row["psnr_y_db"] == 25.5
    assert row["psnr_y_db_sd"] == pytest.approx(math.sqrt(0.5))
    assert row["psnr_y_db_low"] == pytest.approx(25.5 - 12.7062 / 2, abs=1e-4)
    assert row["psnr_y_db_high"] == pytest.approx(25.5 + 12.7062 / 2, abs=1e-4)
    assert row["ssim_y"] == pytest.approx(0.255)
    assert row["gain_db"] == pytest.approx(25.5 - 21.0)
    assert (row["seeds"], row["images"]) == (2, 2)


def test_grid_mean_by_hand() -> None:
    summary = summarise(_metrics())
    row = _row(summary, "dasr", "mean")
    assert row["psnr_y_db"] == pytest.approx((25.5 + 21.5) / 2)
    assert row["gain_db"] == pytest.approx((4.5 + 2.5) / 2)
    assert row["images"] == 2
    assert math.isnan(row["kernel_width"])


def test_bicubic_gains_nothing_over_itself() -> None:
    row = _row(summarise(_metrics()), "bicubic", "2")
    assert (row["psnr_y_db"], row["gain_db"], row["seeds"]) == (19.0, 0.0, 1)
    assert math.isnan(row["psnr_y_db_low"])


def test_cell_without_bicubic_is_refused() -> None:
    metrics = _metrics()
    lacking = metrics[(metrics["method"] != "bicubic") | (metrics["kernel"] != "2")]
    with pytest.raises(ValueError, match="bicubic"):
        summarise(lacking)


@pytest.mark.parametrize("key", ["image", "seed", "kernel"])
@pytest.mark.parametrize("method", ["dasr", "no_ca"])
def test_unpaired_rows_are_refused(method: str, key: str) -> None:
    metrics = _metrics()
    value = metrics[metrics["method"] == method][key].iloc[-1]
    lacking = metrics[(metrics["method"] != method) | (metrics[key] != value)]
    with pytest.raises(ValueError, match=r"dasr|no_ca"):
        paired(lacking, "dasr")


def test_paired_differences_by_hand() -> None:
    table = paired(_metrics(), "dasr")
    assert set(table["method"]) == {"no_ca"}
    assert set(table["kernel"]) == {"1", "2", "mean"}
    row = _row(table, "no_ca", "1")
    # no_ca - dasr: image a -1 and -2, image b 0 and 0; seeds -0.5 and -1, images -1.5 and 0
    assert row["difference_db"] == -0.75
    seeds, images = 12.7062 * 0.25, 12.7062 * 0.75
    assert row["seeds_low_db"] == pytest.approx(-0.75 - seeds, abs=1e-4)
    assert row["seeds_high_db"] == pytest.approx(-0.75 + seeds, abs=1e-4)
    assert row["images_low_db"] == pytest.approx(-0.75 - images, abs=1e-4)
    assert row["images_high_db"] == pytest.approx(-0.75 + images, abs=1e-4)
    assert row["both_low_db"] <= row["images_low_db"]
    assert (row["reference"], row["images"], row["seeds"]) == ("dasr", 2, 2)


def test_paired_grid_mean_by_hand() -> None:
    row = _row(paired(_metrics(), "dasr"), "no_ca", "mean")
    # width 2: a 0 and -1, b -1 and -2; over both widths a -0.5 and -1.5, b -0.5 and -1
    assert row["difference_db"] == pytest.approx(-0.875)


def test_reference_alone_has_no_differences() -> None:
    metrics = _metrics()
    table = paired(metrics[metrics["method"] != "no_ca"], "dasr")
    assert table.empty
    assert {"method", "difference_db", "both_high_db"} <= set(table.columns)
