"""Panels of what an encoder stage is asked now and then, beside its loss."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from dasr.config.method import MethodConfig, StageName
from dasr.reporting.drawing.histories import CHANCE, Looks, draw_column, of_column
from dasr.reporting.drawing.panels import MARKED
from dasr.reporting.drawing.style import GREY, MARKERS
from dasr.terms.history import (
    OLD_AMONG_CONFUSED,
    old_in_queue,
    quantity_text,
    rank_columns,
)

Panel = Callable[[Axes, pd.DataFrame, Looks], list[Line2D]]
"""Draws a panel and returns its legend entries."""
STAGE: StageName = "encoder"
UNTRAINED_LINE: dict[str, Any] = {"linestyle": MARKED["linestyle"], "linewidth": 0.8}
MARKER_SIZE = 3.0
TOP = 1.04
"""Upper end of axes whose values end at 1: markers there are whole."""


def diagnosis_panels(rows: pd.DataFrame, settings: Sequence[MethodConfig]) -> list[Panel]:
    """Return the panels that histories have something for.

    Args:
        rows: histories of both stages.
        settings: those of the methods shown.
    """
    found: list[Panel] = []
    if _rank_columns(rows):
        found.append(draw_ranks)
    if len(of_column(rows, STAGE, OLD_AMONG_CONFUSED)):
        expected = expected_shares(settings)
        found.append(lambda axes, rows, looks: draw_ages(axes, rows, looks, expected))
    return found


def expected_shares(settings: Iterable[MethodConfig]) -> list[float]:
    """Return the shares of old keys that age alone gives, of methods with a queue."""
    found = set()
    for one in settings:
        size, batch = one.contrastive.queue_size, one.contrastive_batches.get(STAGE)
        if size is not None and batch is not None:
            found.add(old_in_queue(size, batch))
    return sorted(found)


def draw_ranks(axes: Axes, rows: pd.DataFrame, looks: Looks) -> list[Line2D]:
    """Draw rank correlations from step 0 on, and the untrained encoder's as a level."""
    entries = []
    for column, marker in zip(_rank_columns(rows), MARKERS, strict=False):
        own = of_column(rows, STAGE, column)
        look: dict[str, Any] = {"marker": marker, "markersize": MARKER_SIZE}
        draw_column(axes, own, column, looks, **look)
        for label, level in own[own["step"] == 0].groupby("method")[column].mean().items():
            axes.axhline(level, color=looks[str(label)]["color"], **UNTRAINED_LINE)
        text = f"rank of {quantity_text(column)}"
        entries.append(Line2D([], [], label=text, color=GREY, linestyle="-", **look))
    axes.axhline(0.0, **CHANCE)
    axes.set(title="Encoder stage", xlabel="Step", ylabel="Rank correlation (chance 0)")
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), TOP)
    return [*entries, Line2D([], [], label="rank, untrained", color=GREY, **UNTRAINED_LINE)]


def draw_ages(
    axes: Axes, rows: pd.DataFrame, looks: Looks, expected: list[float]
) -> list[Line2D]:
    """Draw the share of old keys among those taken for the positive, and what to expect."""
    own = of_column(rows, STAGE, OLD_AMONG_CONFUSED)
    draw_column(axes, own, OLD_AMONG_CONFUSED, looks, marker=".", markersize=4)
    for level in expected:
        axes.axhline(level, **CHANCE)
    axes.set(
        title="Encoder stage",
        xlabel="Step",
        ylabel="Old keys among those\nnearer than the positive",
        ylim=(1.0 - TOP, TOP),
        xlim=(0.0, 1.03 * rows["step"][rows["stage"] == STAGE].max()),
    )
    shown = " and ".join(dict.fromkeys(f"{level:.2f}" for level in expected))
    return [Line2D([], [], label=f"old keys if age told nothing, {shown}", **CHANCE)]


def _rank_columns(rows: pd.DataFrame) -> list[str]:
    return [name for name in rank_columns(rows.columns) if len(of_column(rows, STAGE, name))]
