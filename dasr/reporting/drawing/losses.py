"""Panels of losses, one per stage and loss, with chance and the queue's filling."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from dasr.config.method import MethodConfig, StageName
from dasr.reporting.drawing.histories import CHANCE, Looks, draw_column, of_column
from dasr.reporting.drawing.panels import MARKED
from dasr.reporting.drawing.style import GREY
from dasr.reporting.specs import Item
from dasr.terms.history import IN_BATCH, LOSS

PANELS = {
    ("encoder", LOSS): ("Encoder stage", "Contrastive loss (nats)"),
    ("joint", LOSS): ("Joint stage", "Contrastive loss (nats)"),
    ("joint", "l1"): ("Joint stage", "L1 loss (grey levels)"),
}
SMOOTHED_PARTS = 20
"""Mean L1 is smoothed over one of so many parts of the stage."""
TRANSIENT = 0.1
"""Part of the joint stage whose L1 may leave the panel."""
MAX_START, MIN_START_ROWS = 0.25, 4
"""A filling shorter than this part of its stage has a panel of its own, if so many rows of
the history fall into it."""
IN_BATCH_LINE: dict[str, Any] = {"linewidth": 0.8, "marker": ".", "markersize": 4}
IN_BATCH_CHANCE = {**CHANCE, "linestyle": (0, (4, 2, 1, 2))}


class Chances(NamedTuple):
    """What losses are by chance, ascending, by stage: methods need not agree."""

    queue_or_batch: Mapping[str, Sequence[float]]
    """Of the loss itself: ln(1 + negatives)."""
    in_batch: Sequence[float]
    """Of a queue's loss against the step's other keys: ln(images)."""


def chances(item: Item[Any]) -> Chances:
    """Return what losses of the methods shown are by chance."""
    losses: dict[str, set[float]] = {}
    in_batch = set()
    for settings in settings_of(item):
        for stage, batch in settings.contrastive_batches.items():
            negatives = settings.contrastive.negatives_of_query(batch)
            losses.setdefault(stage, set()).add(math.log(1 + negatives))
            if stage == "encoder" and settings.contrastive.queue_size is not None:
                in_batch.add(math.log(batch))
    return Chances({stage: sorted(own) for stage, own in losses.items()}, sorted(in_batch))


def filled_step(item: Item[Any]) -> int | None:
    """Return the step at which real keys have filled the queue; None without one queue."""
    found = set()
    for settings in settings_of(item):
        size = settings.contrastive.queue_size
        first: StageName = "encoder" if settings.training.encoder_epochs else "joint"
        if size is not None and settings.contrastive_batches:
            found.add(size // settings.training.of_stage(first).batch_size)
    return found.pop() if len(found) == 1 else None


def settings_of(item: Item[Any]) -> list[MethodConfig]:
    """Return the settings of the trained methods shown."""
    variants = [item.plan.study.variant(one.name) for one in item.methods if one.is_trained]
    return [one.settings_at(item.cell.scale) for one in variants]


def has_start(rows: pd.DataFrame, shown: Sequence[tuple[str, str]], filled: int) -> bool:
    """Whether the first panel, if it is of contrast, shows at large how the queue fills."""
    if shown[0][1] != LOSS:
        return False
    stage = of_column(rows, *shown[0])
    filling = stage[stage["step"] <= filled].groupby(["method", "seed"]).size()
    recorded = filling.max() if len(filling) else 0
    return recorded >= MIN_START_ROWS and filled <= MAX_START * float(stage["step"].max())


def draw_loss(axes: Axes, rows: pd.DataFrame, stage: str, loss: str, looks: Looks) -> None:
    """Draw one panel: a loss of a stage, and a queue's against the batch beside it."""
    own = of_column(rows, stage, loss)
    draw_column(axes, own, loss, looks, SMOOTHED_PARTS if loss == "l1" else None)
    if loss == "l1":
        settled = own.loc[own["step"] > TRANSIENT * own["step"].max(), loss]
        margin = 0.05 * (settled.max() - settled.min()) or 1.0
        axes.set_ylim(settled.min() - margin, settled.max() + margin)
    if loss == LOSS:
        draw_column(axes, of_column(rows, stage, IN_BATCH), IN_BATCH, looks, **IN_BATCH_LINE)
    title, label = PANELS[stage, loss]
    axes.set(title=title, ylabel=label, xlabel="Step")


def mark_losses(
    panels: Sequence[tuple[str, Axes]], found: Chances, filled: int | None, first: int
) -> list[Line2D]:
    """Draw chance levels and the step of the filled queue; return their legend entries.

    Args:
        panels: of the contrastive loss, with their stages.
        found: levels.
        filled: that step, if there is one.
        first: so many panels are of the stage that fills the queue.
    """
    for number, (stage, axes) in enumerate(panels):
        if number >= first:
            axes.set_ylim(*axes.get_ylim())  # a line far above the curves would flatten them
        for level in found.queue_or_batch.get(stage, ()):
            axes.axhline(level, **CHANCE)
        if stage == "encoder" and _has_in_batch(axes):
            for level in found.in_batch:
                axes.axhline(level, **IN_BATCH_CHANCE)
    levels = [level for stage, _ in panels for level in found.queue_or_batch.get(stage, ())]
    entries = [_entry("chance", levels, CHANCE)]
    if any(_has_in_batch(axes) for _, axes in panels):
        look = {"color": GREY, "linestyle": "-", **IN_BATCH_LINE}
        entries.append(Line2D([], [], label="same step's keys alone", **look))
        entries.append(_entry("their chance", found.in_batch, IN_BATCH_CHANCE))
    if filled is not None:
        for _, axes in panels[:first]:
            axes.axvline(filled, **MARKED)
        entries.append(Line2D([], [], label="queue filled once", **MARKED))
    return entries if panels else []


def _entry(text: str, levels: Sequence[float], look: dict[str, Any]) -> Line2D:
    shown = dict.fromkeys(f"{level:.2f}" for level in levels)
    return Line2D([], [], label=f"{text}, {' and '.join(shown)}", **look)


def _has_in_batch(axes: Axes) -> bool:
    return any(line.get_marker() == IN_BATCH_LINE["marker"] for line in axes.get_lines())
