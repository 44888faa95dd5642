"""The figures of clustering and sweeps, as large as a paper's column, are readable."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from PIL import Image

from dasr.pixels import Square
from tests.unit.reporting.drawn import (
    plot_curves,
    plot_distances,
    plot_psnr_vs_width,
    plot_score_vs_psnr,
    plot_sheet,
    plot_sweep,
    plot_tsne_tasks,
)
from tests.unit.reporting.frames import isotropic, summary
from tests.unit.reporting.items import CELL
from tests.unit.reporting.pictures import HISTORIES, projection

FULL, COLUMN = 2148, 1050
SMALLEST = 6.0
TITLES = {
    "bicubic": "Bicubic",
    "dasr": "DASR",
    "no_ca": "Without the channel attention branch",
    "oracle": "Oracle",
}
RNG = np.random.default_rng(0)
LABEL = np.repeat([0.2, 1.2, 2.4, 3.6], 6)
POINTS = [(RNG.normal(size=(24, 4)) + LABEL[:, None], LABEL) for _ in range(3)]
DISTANCES = {method: {"kernel_width": POINTS} for method in ("dasr", "no_ca", "oracle")}
BOTH = {method: {"kernel_width": POINTS, "noise_level": POINTS} for method in ("dasr", "no_ca")}
VALUES = (0.03, 0.05, 0.07, 0.1, 0.2, 0.5)
NETWORKS = pd.DataFrame(
    {
        "regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset, "task": task,
        "method": method, "seed": seed, "value": value, "ari": RNG.uniform(),
        "probe_accuracy": RNG.uniform(), "gain_db": RNG.uniform(),
        "neighbour_rank_centred": RNG.uniform(),
    }
    for task in ("kernel_width", "noise_level")
    for method in ("dasr", "no_ca")
    for seed in (1, 2)
    for value in VALUES
)  # fmt: skip
UNSEEN = summary(isotropic(2.0, 3.0, 4.0, 4.5, 5.0), [0.0])
TSNE = {"kernel_width": projection(0.2, 1.2, 2.4), "noise_level": projection(0, 5, 10, 15)}
LR = np.zeros((20, 30, 3), np.uint8)
SR = np.zeros((40, 60, 3), np.uint8)

FIGURES: dict[str, tuple[int, Callable[[Path], Figure]]] = {
    "distances": (COLUMN, lambda stem: plot_distances(DISTANCES, TITLES, stem)),
    "distances, two tasks": (FULL, lambda stem: plot_distances(BOTH, TITLES, stem)),
    "scores": (FULL, lambda stem: plot_score_vs_psnr(NETWORKS, TITLES, stem, CELL)),
    "sweep": (
        FULL,
        lambda stem: plot_sweep(
            NETWORKS[NETWORKS["method"] == "dasr"], stem
        ),
    ),
    "unseen widths": (
        COLUMN,
        lambda stem: plot_psnr_vs_width(UNSEEN, TITLES, stem, CELL, trained_on=(0.2, 4.0)),
    ),
    "Fig. 6": (COLUMN, lambda stem: plot_tsne_tasks({"DASR": TSNE, "No training": TSNE}, stem)),
    "curves": (
        FULL,
        lambda stem: plot_curves(
            HISTORIES, TITLES, stem, queue_filled_step=50
        ),
    ),
    "sheet": (FULL, lambda stem: plot_sheet("a", LR, {"Bicubic": SR}, [Square(1, 1, 9)], stem)),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_written_and_readable(name: str, tmp_path: Path) -> None:
    width, draw = FIGURES[name]
    figure = draw(tmp_path / "figure")
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    with Image.open(tmp_path / "figure.png") as image:
        assert image.size[0] == width
    assert len(list(tmp_path.iterdir())) == 2
    figure.draw_without_rendering()  # laid out for the screen again, as it is measured
    texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert min(text.get_fontsize() for text in texts) >= SMALLEST
    panels = [axes for axes in figure.axes if axes.axison]
    _require_legends_beside(figure, panels)
    _require_tick_labels_apart(panels)
    for axes in panels:
        box = axes.get_tightbbox()
        assert box is not None
        assert min(box.x0, box.y0) >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert box.y1 <= figure.bbox.y1 + 1


def _require_legends_beside(figure: Figure, panels: list[Axes]) -> None:
    for legend in figure.findobj(Legend):
        box = legend.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert not any(box.overlaps(axes.get_window_extent()) for axes in panels)


def _require_tick_labels_apart(panels: list[Axes]) -> None:
    for axes in panels:
        shown = [text for text in axes.get_xticklabels() if text.get_text()]
        boxes = [text.get_window_extent() for text in shown]
        low, high = axes.get_window_extent().intervalx
        boxes = [box for box in boxes if low <= (box.x0 + box.x1) / 2 <= high]
        assert not any(one.overlaps(other) for one, other in pairwise(boxes))
