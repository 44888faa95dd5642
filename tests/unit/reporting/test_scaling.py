"""The figure and the table of gains by size and steps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dasr.config import load_study
from dasr.reporting.drawing.style import styled
from dasr.reporting.figures.scaling import FIGURE
from dasr.reporting.specs import Item
from dasr.reporting.tables.scaling import TABLE
from dasr.study import Plan
from dasr.study.scaling import parts_of
from tests.sized import MODEL, SIZES, VARIANTS, sized_ablations
from tests.unit.reporting.items import CONFIG

WIDTHS = [0.2, 1.0, 1.8, 2.6, 3.4]
STEPS = (750, 1500, 6000)
TITLES = [
    "DASR minus bicubic",
    "DASR minus No contrastive loss",
    "DASR minus No DA conv, equal FLOPs",
    "Oracle degradation minus DASR",
]


@pytest.fixture(autouse=True)
def _ablations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sized_ablations(tmp_path / "variants")
    monkeypatch.chdir(tmp_path)


def _plan(**changes: Any) -> Plan:
    regime = {
        "name": "noise",  # the name of the cells of all tests
        "train": {"kernel_width": {4: [0.2, 4.0]}},
        "test": {"kernel_widths": {4: WIDTHS}, "noise_levels": [0.0]},
    }
    own = {
        "variants": VARIANTS,
        "seeds": [1, 2],
        "regimes": [regime],
        "test_sets": [{"name": name, "source": "photos"} for name in ("Set14", "Photos")],
        "model": MODEL,
        "sizes": SIZES,
        "checkpoints": [750, 1500],
    }
    return Plan(load_study({**CONFIG, **own, **changes}, Path("variants"), "test"))


def _frame(plan: Plan) -> pd.DataFrame:
    """Return gains of 0.01 dB a block and 1,500 steps."""
    rows = [
        {
            "regime": cell.regime, "scale": 4, "testset": cell.testset,
            "variant": part.variant, "size": part.size or np.nan, "blocks": part.blocks,
            "parameters": 1000, "flops": 940_000_000, "joint_steps": step, "kernels": kernels,
            "having": part.having, "lacking": part.lacking,
            "gain_db": (gain := 0.01 * (part.blocks or 0) * step / 1500),
            "gain_db_low": gain - 0.01, "gain_db_high": gain + 0.01, "images": 7, "seeds": 2,
        }
        for part in parts_of(plan)
        for cell in plan.cells()
        for step in STEPS
        for kernels in ("all", "widest")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _items(spec: Any, plan: Plan) -> dict[str, Item[Any]]:
    frame = _frame(plan)
    return {item.name: replace(item, read=lambda path: frame) for item in spec.items(plan)}


def _draw(name: str, **changes: Any) -> tuple[Figure, str]:
    item = _items(FIGURE, _plan(**changes))[name]
    with styled():
        return FIGURE.make(item), item.caption


def _shown(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if axes.axison]


def _stars(figure: Figure) -> dict[str, float]:
    """Return the published marks by their panel's title."""
    return {
        " ".join(axes.get_title().split()): float(line.get_ydata()[0])
        for axes in _shown(figure)
        for line in axes.get_lines()
        if line.get_marker() == "*"
    }


def test_there_is_one_for_each_set_and_choice_of_kernels() -> None:
    names = [
        f"{kind}-noise-x4-{testset}"
        for testset in ("Set14", "Photos")
        for kind in ("scaling", "scaling_widest")
    ]
    assert list(_items(FIGURE, _plan())) == list(_items(TABLE, _plan())) == names
    assert not _items(FIGURE, _plan(sizes=[], checkpoints=[], variants=["dasr", "oracle"]))


def test_a_panel_per_part_and_a_line_per_size() -> None:
    figure, _ = _draw("scaling-noise-x4-Photos")
    assert [" ".join(axes.get_title().split()) for axes in _shown(figure)] == TITLES
    for axes in _shown(figure):
        lines = [line for line in axes.get_lines() if len(line.get_xdata()) == len(STEPS)]
        drawn = [[float(y) for y in line.get_ydata()] for line in lines]
        expected = [[0.01 * blocks * step / 1500 for step in STEPS] for blocks in (2, 4)]
        np.testing.assert_allclose(drawn, expected)
        x = [float(value) for value in lines[0].get_xdata()]
        np.testing.assert_allclose((x[2] - x[1]) / (x[1] - x[0]), 2.0)  # 4 times and 2 times
        assert len(axes.collections) == 2  # bands
        assert [text.get_text() for text in axes.get_xticklabels()] == ["750", "1,500", "6,000"]
    assert not _stars(figure)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["2 blocks", "4 blocks"]


def test_published_gains_stand_behind_a_broken_axis() -> None:
    figure, caption = _draw("scaling-noise-x4-Set14")
    # Wang et al., Table 1: means over the five widths of Models 4, 1, 2 and 5
    model4, model1, model2, model5 = (
        sum(values) / 5
        for values in (
            (28.50, 28.45, 28.40, 28.16, 27.58),
            (28.46, 28.40, 28.30, 27.77, 26.79),
            (28.49, 28.38, 27.99, 27.54, 26.72),
            (28.60, 28.67, 28.69, 28.48, 27.90),
        )
    )
    assert _stars(figure) == pytest.approx(
        {TITLES[1]: model4 - model1, TITLES[2]: model4 - model2, TITLES[3]: model5 - model4}
    )
    ticks = {
        " ".join(axes.get_title().split()): axes.get_xticklabels()[-1].get_text()
        for axes in _shown(figure)
    }
    assert ticks == {TITLES[0]: "6,000", **dict.fromkeys(TITLES[1:], "485,000")}
    assert "of 25 blocks after 485,000 steps" in caption
    assert "Where a star is hollow" in caption  # Model 2 is not at equal FLOPs
    assert "(widths in HR pixels: 0.2, 1, 1.8, 2.6, 3.4), 7 images, 2 seeds" in caption


def test_published_gains_of_the_widest_kernels_are_over_them() -> None:
    figure, caption = _draw("scaling_widest-noise-x4-Set14")
    contrast = (28.16 + 27.58 - 27.77 - 26.79) / 2
    assert _stars(figure)[TITLES[1]] == pytest.approx(contrast)
    assert "mean over the 2 widest kernels (widths in HR pixels: 2.6, 3.4)" in caption


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ({"noise_level": [0.0, 25.0]}, {"kernel_widths": {4: WIDTHS}, "noise_levels": [5.0]}),
        ({}, {"kernel_widths": {4: [0.2, 1.2, 3.4]}, "noise_levels": [0.0]}),
        ({}, {"kernels": [[2.0, 1.0, 0.0], [3.4, 3.4, 0.0], [1.0, 1.0, 0.0]]}),
        ({"downsample": "s-fold"}, {"kernel_widths": {4: WIDTHS}, "noise_levels": [0.0]}),
    ],
)
def test_what_is_published_of_other_degradations_is_not_shown(
    train: dict[str, Any], test: dict[str, Any]
) -> None:
    regime = {
        "name": "noise",
        "train": {"kernel_width": {4: [0.2, 4.0]}, **train},
        "test": test,
    }
    figure, caption = _draw("scaling-noise-x4-Set14", regimes=[regime])
    assert not _stars(figure)
    assert "published" not in caption


def test_bands_do_not_flatten_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = _plan()
    frame = _frame(plan).assign(gain_db_low=-9.0, gain_db_high=9.0)
    item = replace(_items(FIGURE, plan)["scaling-noise-x4-Photos"], read=lambda path: frame)
    with styled():
        figure = FIGURE.make(item)
    low, high = _shown(figure)[1].get_ylim()
    assert -0.2 < low < 0 < high < 0.4


def test_a_row_per_size_a_column_per_number_of_steps() -> None:
    table = TABLE.make(_items(TABLE, _plan())["scaling-noise-x4-Photos"])
    assert table.header[2:] == ["FLOPs (G)", "750 steps", "1,500 steps", "6,000 steps"]
    texts = [[cell.text for cell in row] for row in table.rows]
    assert [row[:3] for row in texts] == [
        [title, size, "0.94"] for title in TITLES for size in ("2 blocks", "4 blocks")
    ]
    assert texts[3][3:] == [
        "+0.02 [+0.01, +0.03]", "+0.04 [+0.03, +0.05]", "+0.16 [+0.15, +0.17]"
    ]  # fmt: skip
    assert len(table.rules) == len(TITLES) - 1
    assert "all kernels of the test grid and 7 images, 2 seeds" in table.note


def test_checkpoints_alone_have_one_line() -> None:
    plan = _plan(sizes=[], variants=["dasr", "no_contrastive"])
    item = _items(FIGURE, plan)["scaling-noise-x4-Photos"]
    with styled():
        figure = FIGURE.make(item)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["the study's model"]
    assert len(_shown(figure)) == 2
