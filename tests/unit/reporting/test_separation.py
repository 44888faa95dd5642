"""Distances of classes, and scores of representations against PSNR, as figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from dasr.statistics.separation import Points
from dasr.study import Plan
from tests.unit.reporting.drawn import plot_distances, plot_score_vs_psnr
from tests.unit.reporting.items import CELL, FIGURE_SPECS, TITLES, study

pytestmark = pytest.mark.usefixtures("unsaved")


def classes(*centres: tuple[float, float]) -> Points:
    """Return two points 1 to each side of every centre; a centre is (class, place)."""
    points = [(place + step, 0.0) for _, place in centres for step in (-1.0, 1.0)]
    label = [value for value, _ in centres for _ in range(2)]
    return np.array(points, dtype=np.float32), np.array(label)


# Every class has spread 1, so that distances are those of the places.
WIDTHS = [
    classes((1.2, 0.0), (2.4, 2.0), (3.6, 6.0)),
    classes((1.2, 0.0), (2.4, 4.0), (3.6, 10.0)),
]
NOISE = [classes((0.0, 0.0), (15.0, 3.0))]


def legend_texts(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_distances_are_drawn_where_they_are(tmp_path: Path) -> None:
    figure = plot_distances({"dasr": {"kernel_width": WIDTHS}}, TITLES, tmp_path / "d")
    (axes,) = figure.axes
    line, points = axes.get_lines()
    assert line.get_color() == points.get_color() == "#0072B2"
    # pairs 1.2 apart: means over seeds (2 + 4) / 2 and (4 + 6) / 2; 2.4 apart: (6 + 10) / 2
    np.testing.assert_allclose(line.get_xdata(), [1.2, 2.4])
    np.testing.assert_allclose(line.get_ydata(), [4.0, 8.0])
    np.testing.assert_allclose(np.asarray(points.get_xdata(), float), [1.2, 2.4, 1.2])
    np.testing.assert_allclose(np.asarray(points.get_ydata(), float), [3.0, 8.0, 5.0])
    first = np.asarray(axes.collections[0].get_segments()[0])
    assert first[:, 1] == pytest.approx([2.0, 4.0])  # from seed to seed, and not below 0
    assert axes.get_ylim()[0] == 0.0
    assert "Difference of kernel widths (HR pixels)" in axes.get_xlabel()


def test_a_panel_a_task_with_rank_correlations(tmp_path: Path) -> None:
    backwards = [classes((1.2, 0.0), (2.4, 9.0), (4.0, 2.0))]  # apart 1.2 1.6 2.8: 9 7 2
    found = {
        "no_ca": {"kernel_width": backwards},
        "dasr": {"kernel_width": WIDTHS, "noise_level": NOISE},
    }
    left, right = plot_distances(found, TITLES, tmp_path / "d").axes
    # differences 1.2 2.4 1.2 at 2 6 4 and at 4 10 6: ranks 1.5 3 1.5 and 1 3 2
    assert legend_texts(left) == ["DASR, ρ 0.87", "Without CA, ρ −1.00"]
    assert legend_texts(right) == ["DASR"]  # one pair of classes has no order
    assert right.get_xlabel().startswith("Difference of noise levels")
    np.testing.assert_allclose(right.get_lines()[0].get_ydata(), [3.0])


def test_methods_stand_beside_each_other_and_lines_do_not_move(tmp_path: Path) -> None:
    found = {method: {"kernel_width": WIDTHS} for method in ("dasr", "no_ca", "oracle")}
    (axes,) = plot_distances(found, TITLES, tmp_path / "d").axes
    lines, points = axes.get_lines()[::2], axes.get_lines()[1::2]
    assert all(np.allclose(line.get_xdata(), [1.2, 2.4]) for line in lines)
    places = [np.asarray(one.get_xdata())[0] for one in points]
    assert places == sorted(places)
    assert places[1] == pytest.approx(1.2)
    assert len({line.get_color() for line in lines}) == 3


def test_one_seed_has_no_intervals(tmp_path: Path) -> None:
    figure = plot_distances({"dasr": {"kernel_width": WIDTHS[:1]}}, TITLES, tmp_path / "d")
    bars = figure.axes[0].collections[0].get_segments()
    assert [len(bar) for bar in bars] == [0, 0, 0]


def networks(task: str, *rows: tuple[str, int, float, float]) -> pd.DataFrame:
    """Return rows of (method, seed, score, gain): the score of ordered tasks, not ARI."""
    keys = {"regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset}
    other = task == "kernel"
    return pd.DataFrame(
        {**keys, "task": task, "method": method, "seed": seed, "gain_db": gain,
         "ari": score if other else 0.0, "neighbour_rank_centred": np.nan if other else score}
        for method, seed, score, gain in rows
    )  # fmt: skip


WIDTH_ROWS = networks(
    "kernel_width",
    ("no_ca", 1, 0.1, 0.9),
    ("no_ca", 2, 0.2, 0.8),
    ("dasr", 1, 0.3, 0.7),
    ("dasr", 2, 0.4, 0.6),
)
NETWORKS = pd.concat(
    [WIDTH_ROWS, networks("kernel", ("no_ca", 1, 0.5, 0.9), ("dasr", 1, 0.8, 0.7))]
)


def test_a_point_a_network(tmp_path: Path) -> None:
    figure = plot_score_vs_psnr(NETWORKS, TITLES, tmp_path / "s", CELL)
    widths, kernels = figure.axes
    drawn = {line.get_color(): line for line in widths.get_lines()}
    np.testing.assert_allclose(drawn["#0072B2"].get_xdata(), [0.3, 0.4])  # DASR
    np.testing.assert_allclose(drawn["#0072B2"].get_ydata(), [0.7, 0.6])
    np.testing.assert_allclose(drawn["#D55E00"].get_ydata(), [0.9, 0.8])
    assert {line.get_linestyle() for line in widths.get_lines()} == {"None"}
    assert widths.get_title().startswith("Kernel widths\nρ −1.00 [−1.00, ")
    assert widths.get_title().endswith("], 4 networks")
    assert kernels.get_title() == "Kernels\n2 networks"  # two always rank
    assert "crops centred" in widths.get_xlabel()
    assert "Rand" in kernels.get_xlabel()  # names have no order to correlate with
    assert "bootstrap" in figure.get_supxlabel()
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["DASR", "Without CA"]  # neither bicubic nor the oracle has scores


@pytest.mark.parametrize(("seeds", "drawn"), [(9, False), (10, True)])
def test_few_networks_tell_nothing_of_a_correlation(seeds: int, drawn: bool) -> None:
    titles = {"dasr": "DASR", "no_ca": "Without CA", "bicubic": "Bicubic"}
    plan = Plan(study(titles, seeds=list(range(seeds))))
    assert bool(list(FIGURE_SPECS["score_vs_psnr"].items(plan))) == drawn
