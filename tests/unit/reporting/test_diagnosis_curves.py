"""What encoder stages are asked, as panels of the curves figure."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dasr.reporting.figures.curves import draw_histories
from dasr.study import Plan
from tests.unit.reporting.drawn import saved
from tests.unit.reporting.items import FIGURE_SPECS, item_of, study
from tests.unit.reporting.pictures import NAN, SHARED, history

pytestmark = pytest.mark.usefixtures("unsaved")
TITLES = {"dasr": "DASR", "no_ca": "Without CA"}
QUEUE: dict[str, Any] = {
    "contrastive": {"queue_size": 1024}, "training": {"batch_size": 8, "encoder_epochs": 1}
}  # fmt: skip
BATCH: dict[str, Any] = {
    "contrastive": {"negatives": "batch", "queue_size": None, "momentum": None, "weight": 0.0},
    "training": {"batch_size": 8, "encoder_batch_size": 64, "joint_encoder_rate_share": 0.0},
}


def watched(seed: int, **columns: dict[int, float]) -> pd.DataFrame:
    """Return an encoder stage's history, whose columns are told at some steps alone."""
    own = history(SHARED, "encoder", seed, NAN, 3.0)
    first = own.iloc[:1].assign(step=0, contrastive=NAN, learning_rate=NAN)
    rows = pd.concat([first, own], ignore_index=True)
    return rows.assign(**{name: rows["step"].map(told) for name, told in columns.items()})


def drawn(stem: Path, *frames: pd.DataFrame, **config: Any) -> Figure:
    joint = [history("dasr", "joint", 1, 5.0, NAN), history("no_ca", "joint", 1, 6.0, NAN)]
    rows = pd.concat([*frames, *joint], ignore_index=True)
    item = item_of(FIGURE_SPECS["curves"], plan=Plan(study(TITLES, **config)))
    return saved(stem, lambda: draw_histories(rows, item))


def panel(figure: Figure, label: str) -> Axes:
    (found,) = (axes for axes in figure.axes if axes.get_ylabel().startswith(label))
    return found


def thick(axes: Axes) -> list[Line2D]:
    return [line for line in axes.get_lines() if line.get_linewidth() > 1]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


RANKS = [
    {
        "rank_kernel_width": {0: 0.2, 200: 0.5 + seed / 10, 400: 0.9},
        "rank_noise_level": {0: 0.4, 400: 0.95},
    }
    for seed in (0, 1)
]


def test_ranks_are_lines_from_the_untrained_encoder_on(tmp_path: Path) -> None:
    frames = [watched(seed, **RANKS[seed]) for seed in (0, 1)]
    figure = drawn(tmp_path / "c", *frames, **BATCH)
    axes = panel(figure, "Rank correlation (chance 0)")
    widths, noise = thick(axes)
    # empty cells between break no line, and seeds are averaged at their common steps
    assert list(widths.get_xdata()) == [0, 200, 400]
    np.testing.assert_allclose(widths.get_ydata(), [0.2, 0.55, 0.9])
    assert list(noise.get_xdata()) == [0, 400]
    assert widths.get_marker() != noise.get_marker()
    levels = [line.get_ydata() for line in axes.get_lines() if list(line.get_xdata()) == [0, 1]]
    assert [level[0] for level in levels] == pytest.approx([0.2, 0.4, 0.0])
    found = texts(figure)
    assert found[-3:] == ["rank of kernel width", "rank of noise level", "rank, untrained"]
    assert "chance, 4.16" in found  # ln 64
    assert not [text for text in found if "old keys" in text or "same step" in text]


def test_an_untrained_row_is_no_loss(tmp_path: Path) -> None:
    figure = drawn(tmp_path / "c", watched(0, **RANKS[0]), watched(1, **RANKS[1]), **BATCH)
    (line,) = thick(panel(figure, "Contrastive loss"))
    assert line.get_xdata()[0] == 10
    assert np.isfinite(line.get_ydata()).all()


def test_a_queue_has_its_age_and_the_loss_against_the_batch(tmp_path: Path) -> None:
    shares = {120: 0.1, 240: NAN, 400: 0.2}
    inside = {120: 2.0, 240: 1.5, 400: 1.0}
    frames = [
        watched(seed, contrastive_in_batch=inside, old_among_confused=shares, **RANKS[seed])
        for seed in (0, 1)
    ]
    figure = drawn(tmp_path / "c", *frames, **QUEUE)
    ages = panel(figure, "Old keys among those")
    (line,) = thick(ages)
    np.testing.assert_allclose(line.get_ydata(), [0.1, 0.2])
    expected = (1024 - 4 * 8) / (1024 - 8)
    assert ages.get_lines()[-1].get_ydata()[0] == pytest.approx(expected)
    losses = figure.axes[0]
    beside = [line for line in losses.get_lines() if list(line.get_ydata()) == [2.0, 1.5, 1.0]]
    assert [line.get_linewidth() for line in beside].count(0.8) == 1  # and one a seed
    levels = {round(float(line.get_ydata()[0]), 2) for line in losses.get_lines()}
    assert {6.93, 2.08} <= levels
    found = texts(figure)
    assert {"chance, 6.93", "same step's keys alone", "their chance, 2.08"} <= set(found)
    assert found[-1] == "old keys if age told nothing, 0.98"
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[-2:] == ["Encoder stage", "Encoder stage"]


def test_methods_need_not_have_the_same_chance(tmp_path: Path) -> None:
    one = study(TITLES, {"no_ca": {"contrastive": {"hard_negatives": 64}}}, **BATCH)
    item = item_of(FIGURE_SPECS["curves"], plan=Plan(one))
    rows = pd.concat([watched(0), history("dasr", "joint", 1, 5.0, NAN)], ignore_index=True)
    figure = saved(tmp_path / "c", lambda: draw_histories(rows, item))
    assert "chance, 4.16 and 4.85" in texts(figure)  # ln 64 and ln 128


def test_many_panels_have_two_rows_that_do_not_overlap(tmp_path: Path) -> None:
    ranks = RANKS[0]
    few = drawn(tmp_path / "a", watched(0, **ranks), **BATCH)
    frame = watched(0, old_among_confused={120: 0.5, 400: 0.6}, **ranks)
    joint = history("dasr", "joint", 2, 5.0, 3.0)
    many = drawn(tmp_path / "b", frame, joint, **QUEUE)
    assert len({round(axes.get_position().y1, 3) for axes in few.axes}) == 1
    assert len(few.axes) == 3
    boxes = [axes.get_position() for axes in many.axes]
    assert len(boxes) == 5
    assert min(box.y0 for box in boxes[:3]) > max(box.y1 for box in boxes[3:])
    assert boxes[3].x1 < boxes[4].x0
    assert many.get_size_inches()[1] > 1.5 * few.get_size_inches()[1]
