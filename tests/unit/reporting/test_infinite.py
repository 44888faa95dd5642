"""An image reproduced exactly: infinite PSNR from evaluation's rows to tables and figures."""

from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from dasr.embedding.scores import COLUMNS
from dasr.reporting.tabulating.model import Table
from dasr.reporting.tabulating.writing import html_page, write_table
from dasr.statistics import comparisons, summaries
from dasr.statistics.margins import with_grid_mean
from dasr.statistics.separation import scored_networks
from dasr.terms.metrics import METRICS
from tests.unit.reporting import frames
from tests.unit.reporting.drawn import (
    plot_crops,
    plot_gain_heatmap,
    plot_paired,
    plot_psnr_vs_width,
    plot_score_vs_psnr,
    plot_sweep,
)
from tests.unit.reporting.frames import COSTS
from tests.unit.reporting.items import CELL
from tests.unit.reporting.pictures import example
from tests.unit.reporting.tabled import (
    cluster_table,
    grid_table,
    paired_table,
    psnr_table,
    tables,
)

INF, NAN = float("inf"), float("nan")
TITLES = {"bicubic": "Bicubic", "dasr": "DASR", "no_ca": "Without CA"}
KEYS = {"study": "demo", "regime": "noise", "scale": 4, "testset": "Set2"}
BASE = {"bicubic": 20.0, "dasr": 24.0, "no_ca": 23.0}


def metrics(exact: str) -> pd.DataFrame:
    """Return two seeds, images and widths; one method is exact at image a, width 1."""
    rows: list[dict[str, Any]] = []
    for method, base in BASE.items():
        for seed in [0] if method == "bicubic" else [1, 2]:
            for image in "ab":
                for width in (1.0, 2.0):
                    whole = method == exact and image == "a" and width == 1.0
                    psnr = INF if whole else base + seed - width + (image == "b")
                    rows.append(
                        {
                            **KEYS, "method": method, "seed": seed, "image": image,
                            "kernel": f"{width:g}", "kernel_width": width, "lambda_1": width,
                            "lambda_2": width, "theta_deg": 0.0, "noise_level": 0.0,
                            **dict.fromkeys((metric.column for metric in METRICS), 0.5),
                            "psnr_y_db": psnr, "ssim_y": 1.0 if whole else 0.5,
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    networks = ["dasr", "no_ca"]
    return summaries.summarise(with_grid_mean(rows), networks, [networks])


def paired(rows: pd.DataFrame) -> pd.DataFrame:
    references = {"no_ca": "dasr"}
    return comparisons.paired(with_grid_mean(rows), references, ["dasr", "no_ca"], tests=1)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def bold(table: Table) -> set[str]:
    return {cell.text for row in table.rows for cell in row if cell.bold}


def test_a_mean_with_an_infinite_part_is_infinite_and_has_no_interval_and_no_gain() -> None:
    summary = summarise(metrics("bicubic")).set_index(["method", "kernel"])
    assert summary.loc[("bicubic", "1"), "psnr_y_db"] == INF
    assert summary.loc[("bicubic", "mean"), "psnr_y_db"] == INF
    assert summary.loc[("bicubic", "2"), "psnr_y_db"] == 18.5
    gains = summary.loc[[("dasr", "1"), ("dasr", "mean")], ["gain_db", "gain_db_low"]]
    assert gains.isna().all(axis=None)
    assert summary.loc[("dasr", "2"), "gain_db"] == 5.5
    # seeds score 24.5 and 25.5: half width 12.7062 * sqrt(1 / 2) / sqrt(2)
    assert summary.loc[("dasr", "1"), "psnr_y_db_high"] == pytest.approx(25 + 6.3531, abs=1e-4)
    own = summarise(metrics("dasr")).set_index(["method", "kernel"]).loc[("dasr", "1")]
    assert own["psnr_y_db"] == INF
    assert own[["psnr_y_db_sd", "psnr_y_db_low", "psnr_y_db_high"]].isna().all()


def test_differences_with_an_infinite_part_have_no_value() -> None:
    networks = metrics("dasr").query("method != 'bicubic'")
    found = paired(networks).set_index("kernel")
    assert found.loc[["1", "mean"], ["difference_db", "both_low_db"]].isna().all(axis=None)
    assert found.loc["2", "difference_db"] == -1.0
    table = paired_table(paired(networks), TITLES, CELL)
    assert [row[-1] for row in texts(table)] == ["–", "-1.00 [-1.00, -1.00]", "–"]
    assert "–: a PSNR is infinite" in table.note
    assert "one seed" not in table.note


def test_tables_show_it_and_never_rank_it(tmp_path: Path) -> None:
    summary = summarise(metrics("dasr"))
    table = psnr_table(summary, TITLES, COSTS, CELL)
    assert [row[3:] for row in texts(table)] == [
        ["19.50", "18.50", "19.00"],
        ["∞", "24.00 ± 6.35", "∞"],
        ["24.00 ± 6.35", "23.00 ± 6.35", "23.50 ± 6.35"],
    ]
    assert [[cell.bold for cell in row[3:]] for row in table.rows] == [
        [False, False, False],
        [False, True, False],  # an infinite value is not ranked, nor is what is left alone
        [False, False, False],
    ]
    assert "∞: an image is reproduced exactly" in table.note
    assert "one seed" not in table.note
    write_table(table, tmp_path / "psnr")
    assert r" & $\infty$ & \textbf{24.00 $\pm$ 6.35}" in (tmp_path / "psnr.tex").read_text()
    assert "| ∞ | **24.00 ± 6.35** |" in (tmp_path / "psnr.md").read_text()
    read = pd.read_csv(StringIO((tmp_path / "psnr.csv").read_text()))
    assert read["mean"].tolist() == [19.0, INF, 23.5]
    assert "<td>∞</td>" in html_page(table)


def test_other_layouts_show_it_too() -> None:
    summary = summarise(metrics("no_ca"))
    assert "∞" not in bold(grid_table(summary, TITLES, CELL))
    summary["testset"] = "Set14"  # the published numbers are of width 1.2
    summary = summary.replace({"kernel_width": {1: 1.2}, "lambda_1": {1: 1.2}})
    summary = summary.replace({"lambda_2": {1: 1.2}})
    found = tables("table1", summary, TITLES)
    own, twin = found["table1-x4-Set14"], found["table1_published-x4-Set14"]
    assert "∞" in texts(own)[2]
    assert "∞" not in bold(own)
    assert [texts(twin)[line][2] for line in (6, 8)] == ["∞", "–"]  # ours, difference
    assert "∞: an image" in own.note
    assert "∞: an image" in twin.note


def test_no_zero_has_a_minus() -> None:
    networks = metrics("").query("method != 'bicubic'")
    table = paired_table(
        paired(networks).assign(difference_db=-0.001, both_low_db=-0.002), TITLES, CELL
    )
    assert texts(table)[0][-1].startswith("+0.00 [+0.00, ")


def clusters(accuracy: float) -> list[dict[str, Any]]:
    scored = dict.fromkeys(("probe_accuracy", "probe_accuracy_centred"), accuracy)
    return [
        {**KEYS, "method": method, "seed": seed, **scored}
        for method in ("dasr", "no_ca")
        for seed in (1, 2)
    ]


def test_a_probe_that_cannot_be_fitted_is_a_dash() -> None:
    table = cluster_table(frames.cluster_summary(*clusters(NAN)), TITLES, CELL)
    assert [row[2 + COLUMNS.index("probe_accuracy")] for row in texts(table)[:2]] == ["–", "–"]


@pytest.mark.parametrize("exact", ["bicubic", "dasr"])
@pytest.mark.usefixtures("unsaved")
def test_figures_leave_it_out(exact: str, tmp_path: Path) -> None:
    rows = metrics(exact)
    summary = summarise(rows)
    drawn: list[Figure] = [plot_psnr_vs_width(summary, TITLES, tmp_path / "a", CELL)]
    marks = [text for text in drawn[0].axes[0].texts if text.get_text() == "∞"]
    assert [mark.get_color() for mark in marks] == [
        {"bicubic": "black", "dasr": "#0072B2"}[exact]
    ]
    drawn.append(plot_gain_heatmap(summary, TITLES, tmp_path / "b", CELL, method="dasr"))
    assert [text.get_text() for text in drawn[-1].axes[0].texts] == ["–", "+5.50"]
    scored = scored_networks(rows, frames.clusters(*clusters(NAN)))
    drawn.append(plot_score_vs_psnr(scored, TITLES, tmp_path / "d", CELL))
    left = "0 networks (4" if exact == "bicubic" else "2 networks (2"
    assert left in drawn[-1].axes[0].get_title()
    values = scored.assign(value=scored["method"].map({"dasr": 0.07, "no_ca": 0.2}))
    drawn.append(plot_sweep(values, tmp_path / "e"))
    for figure in drawn:  # warnings are errors
        figure.draw_without_rendering()
        assert np.isfinite([axes.get_ylim() for axes in figure.axes]).all()


@pytest.mark.usefixtures("unsaved")
def test_figures_of_differences_and_of_crops(tmp_path: Path) -> None:
    networks = metrics("dasr").query("method != 'bicubic'")
    figure = plot_paired(paired(networks), TITLES, tmp_path / "a", CELL)
    figure.draw_without_rendering()
    shown = np.asarray(figure.axes[0].get_lines()[0].get_ydata(), dtype=float)
    np.testing.assert_array_equal(shown, [NAN, -1.0])
    crop = example("a")
    crop.psnr_y_db["dasr"] = INF  # type: ignore[index]
    axes = plot_crops([crop], {"dasr": "DASR", "no_ca": "CA"}, tmp_path / "b").axes
    assert [axes[number].get_xlabel() for number in (1, 2)] == ["∞ dB", "25.00 dB"]
