"""Where the reference gains over bicubic and where it loses: kernel x noise level."""

from typing import Any

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
    factor_name,
    factors,
    grid_cells,
    kernel_axis,
    require_whole_grid,
)
from dasr.reporting.specs import FigureSpec, Item, reference, statistics
from dasr.terms.quantities import Factor
from dasr.terms.tasks import TASKS
from dasr.text import formatted

COLOURS = "PuOr_r"
"""Diverging, and told apart by colour-blind readers."""
LUMA_WEIGHTS = (0.299, 0.587, 0.114)
"""Of red, green and blue: numbers are white where cells are dark."""
TITLE_CHARACTERS = 40
TICK_CHARACTERS = 10
"""Of a line below one of four columns."""
MIN_ROWS = 3
"""Fewer rows of cells are as high as these, so that the labels beside them have room."""


def draw(item: Item[Figure]) -> Figure:
    """Return the gain in dB over bicubic as colours and numbers, kernels x noise levels."""
    rows = item.selected("summary")
    require_whole_grid(rows)
    axis = kernel_axis(rows)
    tested = factors(rows)
    columns = [one.name for one in tested]
    table = grid_cells(rows).pivot(index="kernel", columns=columns, values="gain_db")
    table = table.sort_index(axis="columns")
    (label,) = item.labels.values()
    title, rows_high = wrapped(label, TITLE_CHARACTERS), max(len(table), MIN_ROWS)
    labels = _tick_labels(tested, table)
    extra = title.count("\n") + max(one.count("\n") + 1 for one in labels) - len(tested)
    height = 0.9 + 0.32 * rows_high + LEGEND_LINE * extra
    figure, ((axes,),) = panel_grid(1, 1, height)
    image = _draw(axes, table.loc[list(axis.kernels)].to_numpy(dtype=float))
    axes.set(title=title, ylabel=wrapped(axis.title, 12 + 5 * rows_high))
    axes.set_xlabel("\n".join(_with_unit(one) for one in tested))
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(table)), axis.labels)
    figure.colorbar(image, ax=axes, label="Gain over bicubic (dB)")
    return figure


def _with_unit(factor: Factor) -> str:
    """Return "Noise level (grey levels of 0..255)"; what is no number has no unit."""
    unit = f" ({TASKS[factor.name].unit})" if factor.name in TASKS else ""
    return f"{factor_name(factor)}{unit}"


def _tick_labels(tested: list[Factor], table: pd.DataFrame) -> list[str]:
    """Return what stands below each column: the value of each factor, below each other."""
    values = [key if isinstance(key, tuple) else (key,) for key in table.columns]
    return [
        "\n".join(_ticked(one, value) for one, value in zip(tested, key, strict=True))
        for key in values
    ]


def _ticked(factor: Factor, value: float | str) -> str:
    """Return a value as it stands at a tick: a text in short lines."""
    parts = factor.shown(value).split(", ")
    return "\n".join(wrapped(part, TICK_CHARACTERS) for part in parts)


def _draw(axes: Axes, gain: NDArray[np.float64]) -> AxesImage:
    """Draw and write gains, kernels x noise levels; zero is in the middle of the colours."""
    limit = float(np.abs(gain[np.isfinite(gain)]).max(initial=0.0)) or 1.0
    image = axes.imshow(gain, cmap=COLOURS, vmin=-limit, vmax=limit, aspect="auto")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": SMALL}
    for (row, column), value in np.ndenumerate(gain):
        luma = image.to_rgba(np.array([value]))[0, :3] @ LUMA_WEIGHTS
        colour = "white" if luma < 0.5 and np.isfinite(value) else "black"
        text = formatted(value, "+.2f").replace("-", "−")
        axes.text(column, row, text, color=colour, **centred)
    return image


FIGURE = FigureSpec(
    kind="gain_heatmap",
    order=30,
    applies=lambda plan, cell: bool(plan.trained),
    methods=reference,
    files=statistics("summary"),
    make=draw,
)
