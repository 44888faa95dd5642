"""Where a method gains over bicubic and where it loses: kernel x noise level."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    LEGEND_LINE,
    SMALL,
    new_figure,
    save_figure,
    styled,
    wrapped,
)
from dasr.reporting.rows import Where, grid_cells, kernel_axis, require_whole_grid, select
from dasr.text import formatted

COLOURS = "PuOr_r"
"""Diverging, and told apart by colour-blind readers."""
CHARACTERS = 40
"""Of a line of the title."""
FEWEST_ROWS = 3
"""Fewer are as high as these, so that the labels beside them have room."""


def plot_gain_heatmap(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    stem: Path,
    where: Where,
    *,
    method: str,
    limit_db: float | None = None,
) -> Figure:
    """Write and return the figure: gain in dB over bicubic, mean over images and seeds.

    Where an image is reproduced exactly there is no gain, but a dash.

    Args:
        summary: rows of `dasr.statistics.summaries.summarise`.
        titles: title of each method.
        stem: path of the files without suffix.
        where: regime, scale and test set to show.
        method: the one to show.
        limit_db: gain of the deepest colour; by default the largest one shown. Give the
            same for two methods to make their colours comparable.

    Raises:
        ValueError: the method has no rows.
    """
    rows = select(summary, {method: titles.get(method, method)}, where)
    require_whole_grid(rows)
    axis = kernel_axis(rows)
    table = grid_cells(rows).pivot(index="kernel", columns="noise_level", values="gain_db")
    with styled():
        title = wrapped(titles.get(method, method), CHARACTERS)
        rows_high = max(len(table), FEWEST_ROWS)
        height = 0.9 + 0.32 * rows_high + LEGEND_LINE * title.count("\n")
        figure = new_figure(COLUMN_WIDTH, height)
        axes = figure.subplots()
        image = _draw(axes, table.loc[list(axis.kernels)], limit_db)
        axes.set(title=title, ylabel=wrapped(axis.title, 12 + 5 * rows_high))
        axes.set_yticks(range(len(table)), axis.labels)
        figure.colorbar(image, ax=axes, label="Gain over bicubic (dB)")
        save_figure(figure, stem)
    return figure


def _draw(axes: Axes, table: pd.DataFrame, limit_db: float | None) -> AxesImage:
    """Draw kernels x noise levels, zero in the middle of the colours."""
    gain = table.to_numpy(dtype=float)
    known = np.abs(gain[np.isfinite(gain)])
    limit = limit_db or float(known.max(initial=0.0)) or 1.0
    image = axes.imshow(gain, cmap=COLOURS, vmin=-limit, vmax=limit, aspect="auto")
    axes.set_xticks(range(gain.shape[1]), [f"{level:g}" for level in table.columns])
    axes.set_xlabel("Noise level (grey levels of 0..255)")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _write_numbers(axes, image, gain)
    return image


def _write_numbers(axes: Axes, image: AxesImage, gain: NDArray[np.float64]) -> None:
    """Write every cell's number, in white where the cell is dark."""
    for (row, column), value in np.ndenumerate(gain):
        red, green, blue, _ = image.to_rgba(np.array([value]))[0]
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 and np.isfinite(value)
        axes.text(
            column,
            row,
            formatted(value, "+.2f").replace("-", "−"),
            ha="center",
            va="center",
            fontsize=SMALL,
            color="white" if dark else "black",
        )
