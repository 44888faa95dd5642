"""PSNR against cost: which points, which steps, which words."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dasr.reporting.drawing.style import BASELINE, styled
from dasr.reporting.figures.pareto import side_by_side
from dasr.study import Plan
from dasr.terms.columns import BICUBIC
from tests.unit.reporting.frames import COSTS, inference, isotropic, summary
from tests.unit.reporting.items import CELL, FIGURE_SPECS, TITLES, item_of, study

METHODS = {**TITLES, "plain": "{Plain}, dear", "slow": "Slow"}
PSNR = {
    "dasr": 27.0,
    "no_ca": 26.5,
    "oracle": 28.0,
    "bicubic": 25.0,
    "plain": 27.5,
    "slow": 26.8,
}
FLOPS = {"dasr": 0.8e9, "no_ca": 0.7e9, "oracle": 0.6e9, "plain": 1.2e9, "slow": 1.3e9}
MILLISECONDS = {"dasr": 40.0, "no_ca": 45.0, "oracle": 30.0, "plain": 60.0, "slow": 90.0}
SECONDS = {"dasr": 900.0, "no_ca": 950.0, "oracle": 300.0, "plain": 1100.0, "slow": 1200.0}


def _item(**costs: Any) -> Any:
    means = pd.DataFrame({"method": list(PSNR), "psnr_y_db": list(PSNR.values())})
    half = np.where(means["method"] == "bicubic", np.nan, 0.1)
    means = means.assign(
        psnr_y_db_low=means["psnr_y_db"] - half, psnr_y_db_high=means["psnr_y_db"] + half
    )
    where = {"regime": CELL.regime, "scale": CELL.scale}
    means = means.assign(**where, testset=CELL.testset, kernel="mean")
    frame = pd.DataFrame({"method": list(FLOPS), "flops": FLOPS.values(), "parameters": 1.0})
    frame = frame.assign(**where, cpu_seconds=SECONDS.values()).assign(**costs)
    plan = Plan(study(METHODS, {"plain": {}, "slow": {}}))
    frames = {"summary": means, "costs": frame}
    frames["inference"] = inference({**MILLISECONDS, "bicubic": 3.0}).assign(machine="An {i9}")
    return item_of(FIGURE_SPECS["pareto"], METHODS, plan=plan, **frames)


def _draw(item: Any) -> Figure:
    with styled():
        figure = item.spec.make(item)
        figure.draw_without_rendering()
    return figure


def _steps(axes: Axes) -> list[tuple[float, float]]:
    (line,) = [one for one in axes.lines if one.get_drawstyle() == "steps-post"]
    return [(float(x), float(y)) for x, y in zip(*line.get_data(), strict=True)]


def test_the_front_joins_what_nothing_else_dominates() -> None:
    flops, time, seconds = _draw(_item()).axes
    assert [axes.get_xlabel() for axes in (flops, time, seconds)] == [
        "FLOPs of a 48x48 LR patch (G)", "One 128x128 LR image (ms)",
        "Training, all stages (CPU s)",
    ]  # fmt: skip
    # the oracle is the cheapest and the best, and told the degradation
    assert _steps(flops)[:-1] == [(0.7, 26.5), (0.8, 27.0), (1.2, 27.5)]
    # bicubic takes 3 ms, and is no network
    assert _steps(time)[:-1] == [(40.0, 27.0), (60.0, 27.5)]
    assert _steps(seconds)[:-1] == [(900.0, 27.0), (1100.0, 27.5)]
    for axes in (flops, time, seconds):
        assert _steps(axes)[-1] == (axes.get_xlim()[1], 27.5)


def test_every_network_is_a_point_with_its_interval_and_bicubic_a_line() -> None:
    for axes in _draw(_item()).axes:
        assert len(axes.containers) == 5
        bars = sorted(tuple(c.lines[2][0].get_segments()[0][:, 1]) for c in axes.containers)
        assert bars == [
            pytest.approx((one - 0.1, one + 0.1)) for one in sorted(PSNR.values())[1:]
        ]
        (line,) = [one for one in axes.lines if one.get_linestyle() == BASELINE.linestyle]
        assert list(line.get_ydata()) == [25.0, 25.0]


def test_no_bar_is_cut_off() -> None:
    for axes in _draw(_item()).axes:
        low, high = axes.get_ylim()
        assert low < 25.0
        assert high > 28.1


def test_the_caption_names_the_fronts() -> None:
    caption = _item().caption
    assert r"The front of FLOPs: Without CA, DASR, \{Plain\}\, dear." in caption
    assert r"The front of milliseconds: DASR, \{Plain\}\, dear." in caption
    assert r"128x128 pixels\, median of 15 calls" in caption
    assert r"one run on An \{i9\}\, device cpu\, 1 thread" in caption
    assert r"The front of CPU seconds: DASR, \{Plain\}\, dear." in caption
    assert "Not on a front, since told the degradation: Oracle." in caption
    assert "Without CPU seconds" not in caption


def test_networks_without_cpu_seconds_have_no_point_there() -> None:
    item = _item(cpu_seconds=[np.nan, 950.0, 300.0, 1100.0, np.nan])
    flops, _, seconds = _draw(item).axes
    assert (len(flops.containers), len(seconds.containers)) == (5, 3)
    assert _steps(seconds)[:-1] == [(950.0, 26.5), (1100.0, 27.5)]
    assert "not trained here or before they were recorded: DASR, Slow." in item.caption


def test_a_study_without_any_cpu_seconds_has_no_panel_of_them() -> None:
    item = _item(cpu_seconds=np.nan)
    assert [axes.get_xlabel()[:5] for axes in _draw(item).axes] == ["FLOPs", "One 1"]
    assert "The front of CPU seconds" not in item.caption


def test_costs_far_apart_have_a_logarithmic_axis() -> None:
    flops, _, seconds = _draw(_item(flops=[0.8e9, 0.7e9, 14e9, 1.2e9, 1.3e9])).axes
    assert (flops.get_xscale(), seconds.get_xscale()) == ("log", "linear")
    assert "1" in [text.get_text() for text in flops.get_xticklabels()]


@pytest.mark.parametrize("log", [False, True])
def test_methods_of_nearly_one_cost_stand_side_by_side(log: bool) -> None:
    cost = pd.Series({"a": 1.0, "b": 1.0, "c": 1.004, "d": 2.0, "e": 1.0001})
    quality = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0})
    found = side_by_side(cost, quality, log=log)
    # of equal cost the better first: what it beats is below its step
    assert list(found.sort_values().index) == ["b", "a", "e", "c", "d"]
    places = np.log(found) if log else found
    assert places.sort_values().diff().min() > 0.02 * (np.log(2) if log else 1.0)
    assert found["d"] == pytest.approx(2.0)
    assert found[["a", "b", "c", "e"]].mean() == pytest.approx(1.001, abs=1e-3)


def test_costs_that_hardly_differ_are_not_told_by_their_last_digits() -> None:
    near = [8e8, 8.000001e8, 8e8, 8.000002e8, 8e8]
    axes = _draw(_item(flops=near)).axes[0]
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert max(map(len, labels)) <= 5
    places = sorted(float(one.lines[0].get_xdata()[0]) for one in axes.containers)
    assert min(np.diff(places)) > 0.02 * 0.02 * 0.8


def test_the_same_cost_for_all_is_no_reason_to_hide_one() -> None:
    cost, quality = pd.Series({"a": 5.0, "b": 5.0}), pd.Series({"a": 1.0, "b": 1.0})
    found = side_by_side(cost, quality, log=False)
    assert found["a"] != found["b"]


def test_a_study_of_bicubic_alone_has_none() -> None:
    spec = FIGURE_SPECS["pareto"]
    assert list(spec.items(Plan(study({BICUBIC: "Bicubic"})))) == []


def test_a_method_of_three_seeds_and_a_grid() -> None:
    frames = {"summary": summary(isotropic(1.0, 2.0), [0.0, 5.0]), "costs": COSTS}
    item = item_of(
        FIGURE_SPECS["pareto"], inference=inference(dict.fromkeys(TITLES, 50.0)), **frames
    )
    assert len(_draw(item).axes) == 3
