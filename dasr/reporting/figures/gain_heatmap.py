"""Where the reference gains over bicubic and where it loses: kernel x noise level."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from dasr.reporting.drawing.panels import LEGEND_LINE, panel_grid
from dasr.reporting.drawing.style import SMALL
from dasr.reporting.drawing.text import wrapped
from dasr.reporting.rows import (
    grid_cells,
    kernel_axis,
    quantities,
    quantity_name,
    require_whole_grid,
)
from dasr.reporting.specs import FigureSpec, Item, reference, statistics
from dasr.terms.tasks import TASKS
from dasr.text import formatted

CAPTION = (
    "Gain over bicubic in dB of {reference}, mean over the images of {testset} and {seeds}, "
    "by kernel width (HR pixels) and noise level (grey levels of 0..255). Look for negative "
    "cells: there, bicubic enlargement would have been better. A dash: an image is reproduced "
    "exactly, so that its PSNR is infinite and there is no gain."
)

COLOURS = "PuOr_r"
"""Diverging, and told apart by colour-blind readers."""
TITLE_CHARACTERS = 40
MIN_ROWS = 3
"""Fewer rows of cells are as high as these, so that the labels beside them have room."""


def draw(item: Item[Figure]) -> Figure:
    """Return the gain in dB over bicubic, mean over images and seeds, as colours and numbers.

    Where an image is reproduced exactly there is no gain, but a dash.
    """
    rows = item.selected("summary")
    require_whole_grid(rows)
    axis = kernel_axis(rows)
    tested = quantities(rows)
    columns = [one.name for one in tested]
    table = grid_cells(rows).pivot(index="kernel", columns=columns, values="gain_db")
    table = table.sort_index(axis="columns")
    (label,) = item.labels.values()
    title, rows_high = wrapped(label, TITLE_CHARACTERS), max(len(table), MIN_ROWS)
    figure, ((axes,),) = panel_grid(
        1, 1, 0.9 + 0.32 * rows_high + LEGEND_LINE * title.count("\n")
    )
    image = _draw(axes, table.loc[list(axis.kernels)])
    axes.set_xlabel(
        "\n".join(f"{quantity_name(one)} ({TASKS[one.name].unit})" for one in tested)
    )
    axes.set(title=title, ylabel=wrapped(axis.title, 12 + 5 * rows_high))
    axes.set_yticks(range(len(table)), axis.labels)
    figure.colorbar(image, ax=axes, label="Gain over bicubic (dB)")
    return figure


def _draw(axes: Axes, table: pd.DataFrame) -> AxesImage:
    """Draw kernels x conditions, zero in the middle of the colours."""
    gain = table.to_numpy(dtype=float)
    limit = float(np.abs(gain[np.isfinite(gain)]).max(initial=0.0)) or 1.0
    image = axes.imshow(gain, cmap=COLOURS, vmin=-limit, vmax=limit, aspect="auto")
    values = [key if isinstance(key, tuple) else (key,) for key in table.columns]
    labels = ["\n".join(f"{value:g}" for value in key) for key in values]
    axes.set_xticks(range(gain.shape[1]), labels)
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


FIGURE = FigureSpec(
    kind="gain_heatmap",
    order=30,
    applies=lambda plan, cell: bool(plan.trained),
    methods=reference,
    files=statistics("summary"),
    caption=CAPTION,
    make=draw,
)
