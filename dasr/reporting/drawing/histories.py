"""Columns of training histories against steps: thin lines for seeds, thick ones for means."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, MaxNLocator

from dasr.reporting.drawing.style import GREY, LINES
from dasr.reporting.specs import Item

Looks = Mapping[str, dict[str, Any]]
"""Arguments of `Line2D` by the label of a method or of an encoder stage."""
CHANCE: dict[str, Any] = {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 0.8}
SEED_LINE: dict[str, Any] = {"linewidth": 0.4, "alpha": 0.3}
SHARED_STAGE = "0.3"
"""Colour of stages that are no method's own."""


def of_column(rows: pd.DataFrame, stage: str, column: str) -> pd.DataFrame:
    """Return the rows of a stage that tell a column: not every row tells all of them."""
    if column not in rows:
        return rows.iloc[:0]
    return rows[(rows["stage"] == stage) & rows[column].notna()]


def looks_of(rows: pd.DataFrame, item: Item[Any]) -> dict[str, dict[str, Any]]:
    """Return the look of every label, methods first, then shared stages."""
    labels = set(rows["method"])
    looks: dict[str, dict[str, Any]] = {
        method: {"color": style.color, "linestyle": style.linestyle}
        for method, style in item.styles.items()
        if method in labels
    }
    for number, label in enumerate(sorted(labels - set(item.titles))):
        looks[label] = {"color": SHARED_STAGE, "linestyle": LINES[number % len(LINES)]}
    return looks


def draw_column(
    axes: Axes,
    rows: pd.DataFrame,
    column: str,
    looks: Looks,
    smoothed_over: int | None = None,
    **more: Any,
) -> None:
    """Draw each label's mean over seeds, and the seeds where there are several.

    Args:
        axes: where to draw.
        rows: of `of_column`.
        column: what is drawn.
        looks: of labels.
        smoothed_over: the part of the stage that means are smoothed over, e.g. 20 for a
            twentieth.
        more: arguments of the means' lines.
    """
    for method, look in looks.items():
        own = rows[rows["method"] == method]
        if own.empty:
            continue
        seeds = own.pivot(index="step", columns="seed", values=column)
        if seeds.shape[1] > 1:
            for _, values in seeds.items():
                axes.plot(seeds.index, values, color=look["color"], **SEED_LINE)
        # Where seeds were recorded at different steps, a mean needs all of them.
        mean = seeds.interpolate(method="index", limit_area="inside").dropna().mean(axis=1)
        if smoothed_over is not None:
            window = len(mean) // smoothed_over + 1
            mean = mean.rolling(window, center=True, min_periods=1).mean()
        axes.plot(mean.index, mean, **{**look, **more})
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
