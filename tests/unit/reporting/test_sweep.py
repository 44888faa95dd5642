"""Sweeps, widths beyond training, and the start of training curves, as figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dasr.terms.columns import UNTRAINED
from tests.unit.reporting.drawn import plot_curves, plot_psnr_vs_width, plot_sweep
from tests.unit.reporting.frames import cluster_summary, isotropic, summary
from tests.unit.reporting.items import CELL, TITLES
from tests.unit.reporting.pictures import HISTORIES, SHARED, history

pytestmark = pytest.mark.usefixtures("unsaved")


def sweep(values: list[float], seeds: list[int]) -> pd.DataFrame:
    """Return gains of value + seed, twice (a row a task), and scores told apart by task."""
    return pd.DataFrame(
        {
            "value": value, "seed": seed, "task": task, "gain_db": value + seed,
            "ari": place + 0.1 * seed, "probe_accuracy": place + 0.5,
        }
        for value in values
        for seed in seeds
        for place, task in enumerate(["kernel_width", "noise_level"])
    )  # fmt: skip


def draw(frame: pd.DataFrame, stem: Path, own: float = 0.07) -> Figure:
    return plot_sweep(frame, stem, contrastive={"temperature": own})


def test_gain_and_scores_are_drawn_where_they_are(tmp_path: Path) -> None:
    figure = draw(sweep([0.1, 0.2, 0.3], [1, 2, 3]), tmp_path / "s")
    gain, widths, noise = figure.axes
    seeds, means, _ = gain.get_lines()
    np.testing.assert_allclose(seeds.get_xdata(), np.repeat([0.1, 0.2, 0.3], 3))
    np.testing.assert_allclose(np.asarray(seeds.get_ydata())[:3], [1.1, 2.1, 3.1])
    np.testing.assert_allclose(np.asarray(means.get_xdata(), float), [0.1, 0.2, 0.3])
    np.testing.assert_allclose(np.asarray(means.get_ydata(), float), [2.1, 2.2, 2.3])
    bar = np.asarray(gain.collections[0].get_segments()[0])[:, 1]
    half = 4.302653 / 3**0.5  # of 1, 2, 3: sd 1, two degrees of freedom
    assert bar == pytest.approx([2.1 - half, 2.1 + half], abs=1e-5)
    for axes, place in ((widths, 0.0), (noise, 1.0)):
        _, ari, _, probe, _ = axes.get_lines()
        np.testing.assert_allclose(np.asarray(ari.get_ydata(), float), place + 0.2)
        np.testing.assert_allclose(np.asarray(probe.get_ydata(), float), place + 0.5)
        assert ari.get_color() != probe.get_color()
    assert [axes.get_title() for axes in (widths, noise)] == [
        "Clustering: kernel widths",
        "Clustering: noise levels",
    ]
    assert "(dB)" in gain.get_ylabel()
    assert figure.get_supxlabel() == "Contrastive temperature"


def test_a_set_of_one_image_is_drawn_without_its_probe(tmp_path: Path) -> None:
    figure = draw(sweep([0.1, 0.2], [1, 2]).assign(probe_accuracy=float("nan")), tmp_path / "s")
    _, ari, _, probe, _ = figure.axes[1].get_lines()
    np.testing.assert_allclose(np.asarray(ari.get_ydata(), float), [0.15, 0.15])
    assert np.isnan(np.asarray(probe.get_ydata(), float)).all()


def test_values_far_apart_have_a_logarithmic_axis(tmp_path: Path) -> None:
    for values, scale in (([0.1, 0.2, 0.5], "linear"), ([0.03, 0.07, 0.5], "log")):
        figure = draw(sweep(values, [1]), tmp_path / "s")
        assert {axes.get_xscale() for axes in figure.axes} == {scale}
        ticks = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
        assert ticks == [f"{value:g}" for value in values]
    figure = draw(sweep([0.0, 0.07, 0.5], [1]), tmp_path / "s")
    assert figure.axes[0].get_xscale() == "linear"  # zero has no logarithm


def test_the_value_of_the_variant_itself_is_marked_in_every_panel(tmp_path: Path) -> None:
    figure = draw(sweep([0.1, 0.2], [1, 2]), tmp_path / "s", own=0.15)
    for axes in figure.axes:
        assert list(axes.get_lines()[-1].get_xdata()) == [0.15, 0.15]
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts[-1] == "the variant's own, 0.15"


def test_one_seed_is_one_point_without_interval(tmp_path: Path) -> None:
    gain = draw(sweep([0.1, 0.2], [1]), tmp_path / "s").axes[0]
    means, _ = gain.get_lines()
    np.testing.assert_allclose(np.asarray(means.get_ydata(), float), [1.1, 1.2])
    assert [len(bar) for bar in gain.collections[0].get_segments()] == [0, 0]


def test_scores_have_bars_from_five_seeds_on_and_the_untrained_encoder_a_line(
    tmp_path: Path,
) -> None:
    names = {0.1: "dasr", 0.2: "dasr-temperature-0.2"}
    for seeds in (4, 5):
        rows = sweep([0.1, 0.2], list(range(1, seeds + 1)))
        rows = rows.assign(method=rows["value"].map(names))
        untrained = rows[rows["value"] == 0.1].assign(method=UNTRAINED, ari=0.05)
        frame = cluster_summary(*[*rows.to_dict("records"), *untrained.to_dict("records")])
        widths = plot_sweep(
            rows, tmp_path / "s", summary=frame, contrastive={"temperature": 0.1}
        ).axes[1]
        bars = [np.asarray(bar) for bar in widths.collections[0].get_segments()]
        assert [len(bar) for bar in bars] == ([2, 2] if seeds == 5 else [0, 0])
        for bar, value in zip(bars, (0.3, 0.3), strict=True) if seeds == 5 else ():
            assert value - 0.2 < bar[0, 1] < value < bar[1, 1] < value + 0.2
        levels = [line.get_ydata()[0] for line in widths.get_lines() if line.get_gid()]
        assert levels == pytest.approx([0.05, 0.5])
    texts = [text.get_text() for text in widths.figure.legends[0].get_texts()]
    assert "untrained encoder" in texts


def test_refused_sweeps(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs two values"):
        draw(sweep([0.1], [1, 2]), tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


GRID = summary(isotropic(2.0, 3.0, 4.0, 5.0), [0.0, 5.0])


def test_widths_of_training_are_shaded(tmp_path: Path) -> None:
    plain = plot_psnr_vs_width(GRID, TITLES, tmp_path / "p", CELL)
    figure = plot_psnr_vs_width(GRID, TITLES, tmp_path / "p", CELL, trained_on=(0.2, 4.0))
    for axes, same in zip(figure.axes, plain.axes, strict=True):
        (shade,) = axes.patches
        assert isinstance(shade, Rectangle)
        assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((0.2, 4.0))
        assert shade.get_zorder() < min(line.get_zorder() for line in axes.get_lines())
        assert not same.patches
        # widths that were trained on but not tested must not stretch the axis
        assert axes.get_xlim() == same.get_xlim()
        assert to_rgba(shade.get_facecolor()) != (1, 1, 1, 1)
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == [*TITLES.values(), "trained on 0.2 to 4.0"]


def curves(stem: Path, queue_filled_step: int, frame: pd.DataFrame = HISTORIES) -> Figure:
    return plot_curves(
        frame, TITLES, stem,
        queue_filled_step=queue_filled_step,
    )  # fmt: skip


def test_a_queue_that_fills_early_is_shown_at_large(tmp_path: Path) -> None:
    figure = curves(tmp_path / "c", 50)  # steps are 10, 20, ... 400
    start, encoder, joint, l1 = figure.axes
    assert start.get_title() == "Encoder stage, start"
    assert encoder.get_title() == "Encoder stage"
    assert start.get_xlim() == (0.0, 100.0)
    assert encoder.get_xlim()[1] >= 400.0
    assert start.get_ylim() == encoder.get_ylim()
    assert start.get_ylim()[1] > 9.0  # chance is in view
    for axes in (start, encoder):
        thick = [line for line in axes.get_lines() if line.get_linewidth() > 1]
        np.testing.assert_allclose(thick[0].get_ydata(), 7.0)
        marks = [line for line in axes.get_lines() if list(line.get_xdata()) == [50, 50]]
        assert len(marks) == 1
    for axes in (joint, l1):
        assert all(list(line.get_xdata()) != [50, 50] for line in axes.get_lines())
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["DASR", "Without CA", SHARED, "chance, 9.00", "queue filled once"]


@pytest.mark.parametrize("queue_filled_step", [30, 180])
def test_no_panel_without_enough_to_show(tmp_path: Path, queue_filled_step: int) -> None:
    # 30 steps: three rows of the history; 180 of 400 steps: seen without it
    figure = curves(tmp_path / "c", queue_filled_step)
    assert [axes.get_title() for axes in figure.axes] == [
        "Encoder stage",
        "Joint stage",
        "Joint stage",
    ]


def test_a_queue_filled_in_the_joint_stage(tmp_path: Path) -> None:
    figure = curves(tmp_path / "c", 50, history("dasr", "joint", 0, 5.0, 3.0))
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["Joint stage, start", "Joint stage", "Joint stage"]
    assert figure.axes[2].get_ylabel() == "L1 loss (grey levels)"
