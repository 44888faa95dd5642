"""Representations in the plane: do degradations form groups? (paper, Figs. 3 and 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    grid_of_axes,
    new_figure,
    save_figure,
    styled,
    wrapped,
)

MAP = "viridis"
PALEST = 0.92
"""Where the colour map ends: its yellow is pale on white."""
TASKS = {"kernel_width": "Kernel width\n(HR pixels)", "noise_level": "Noise level\n(0..255)"}
SCORES = {"ari": "ARI", "nmi": "NMI", "silhouette": "silh.", "probe_accuracy": "probe"}
SMALLEST = 6.0
LEGEND = 0.9
"""Room for the legends on the right, in inches."""


@dataclass(frozen=True)
class Projection:
    """The representations of one method and task, in the plane."""

    coordinates: NDArray[np.float32]  # (N, 2), t-SNE
    label: NDArray[np.float64]  # (N,): width in HR pixels, or level in grey levels
    scores: Mapping[str, float] = field(default_factory=dict)
    """ari, nmi, silhouette and probe_accuracy: of the representations, not of the plane."""


def plot_tsne(
    projections: Mapping[str, Mapping[str, Projection]],
    titles: Mapping[str, str],
    stem: Path,
    *,
    caption: str = "",
) -> Figure:
    """Write and return the figure: rows are tasks, columns methods, colours true classes.

    Axes of t-SNE have no meaning and are not drawn. Scores are printed under each panel.

    Args:
        projections: by method, then by task.
        titles: title of each method; those without projections have no column.
        stem: path of the files without suffix.
        caption: a line above all panels, e.g. "t-SNE, perplexity 30, seed 0".

    Raises:
        ValueError: there is no projection of any method in `titles`.
    """
    methods = [method for method in titles if projections.get(method)]
    if not methods:
        raise ValueError(f"nothing to draw: no projections of {list(titles)}")
    tasks = list(dict.fromkeys(task for method in methods for task in projections[method]))
    width = COLUMN_WIDTH if len(methods) <= 2 else FULL_WIDTH
    side = (width - LEGEND) / len(methods)
    per_line = 2 if side > 1.1 else 1
    below = 0.1 * len(SCORES) / per_line + 0.12
    with styled():
        figure = new_figure(width, len(tasks) * (min(side, 1.8) + below) + 0.55)
        panels = grid_of_axes(figure, len(tasks), len(methods))
        for row, task in zip(panels, tasks, strict=True):
            shown = [projections[method].get(task) for method in methods]
            _draw_row(row, shown, TASKS.get(task, task), per_line)
        for axes, method in zip(panels[0], methods, strict=True):
            axes.set_title(wrapped(titles[method], int(side * 16.5)))
        if caption:
            figure.suptitle(caption)
        save_figure(figure, stem)
    return figure


def _draw_row(
    row: Sequence[Axes], shown: Sequence[Projection | None], title: str, per_line: int
) -> None:
    """Draw one task of all methods; they share colours, also where one lacks a class."""
    classes = np.unique(np.concatenate([one.label for one in shown if one]))
    for axes, projection in zip(row, shown, strict=True):
        _draw(axes, projection, classes, per_line)
    _legend(row[-1], classes, title)


def _draw(
    axes: Axes, projection: Projection | None, classes: NDArray[np.float64], per_line: int
) -> None:
    axes.set(xticks=[], yticks=[], box_aspect=1)
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("0.7")
    if projection is None:
        axes.set_axis_off()
        return
    # In a fixed shuffled order, or the last class would lie on top of all others.
    order = np.random.default_rng(0).permutation(len(projection.label))
    codes = np.searchsorted(classes, projection.label)[order]
    x, y = projection.coordinates[order].T
    size = float(np.clip(1500 / len(order), 1.5, 7.0))
    axes.scatter(x, y, s=size, c=_colours(len(classes))[codes], linewidths=0, alpha=0.85)
    axes.set_aspect("equal", adjustable="datalim")
    texts = [
        f"{name} {projection.scores[score]:.2f}".replace("-", "−")
        for score, name in SCORES.items()
        if score in projection.scores
    ]
    starts = range(0, len(texts), per_line)
    lines = ["  ".join(texts[start : start + per_line]) for start in starts]
    axes.set_xlabel("\n".join(lines), fontsize=SMALLEST)


def _colours(count: int) -> NDArray[np.float64]:
    """Return colours of ordered classes, (count, 4)."""
    return np.asarray(matplotlib.colormaps[MAP](np.linspace(0.0, PALEST, count)))


def _legend(axes: Axes, classes: NDArray[np.float64], title: str) -> None:
    handles = [
        Line2D([], [], linestyle="", marker="o", color=tuple(colour), label=f"{value:g}")
        for value, colour in zip(classes, _colours(len(classes)), strict=True)
    ]
    axes.legend(
        handles=handles,
        title=title,
        loc="center left",
        bbox_to_anchor=(1.02, 0.5),
        handlelength=1.0,
        title_fontsize="small",
        alignment="left",
    )
