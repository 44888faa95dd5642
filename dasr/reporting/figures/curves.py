"""Training curves of both stages: losses, and what encoder stages are asked beside them."""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dasr.reporting.drawing.diagnosis import diagnosis_panels
from dasr.reporting.drawing.histories import looks_of, of_column
from dasr.reporting.drawing.losses import (
    PANELS,
    chances,
    draw_loss,
    filled_step,
    has_start,
    mark_losses,
    settings_of,
)
from dasr.reporting.drawing.panels import legend_above, method_handles, panel_rows
from dasr.reporting.specs import FigureSpec, Item
from dasr.statistics.keyed import network_rows, stage_rows
from dasr.study.records import HISTORY
from dasr.terms.history import LOSS

ROW_HEIGHT = 2.1
"""Of a row of panels, in inches."""
MAX_IN_ROW = 4
"""More panels than these have a second row: what encoder stages are asked."""


def encoder_stages(item: Item[Figure]) -> dict[str, str]:
    """Return whose curve each encoder stage's is, by its folder: a method's, or shared."""
    users: dict[str, list[str]] = {}
    for run in item.runs():
        folder = item.plan.encoder_folder(run)
        if folder and run.method.name not in users.setdefault(folder, []):
            users[folder].append(run.method.name)
    shared = {tuple(names) for names in users.values() if len(names) > 1}
    common = "(shared encoder)" if len(shared) == 1 else "(encoder of {} ...)"
    return {
        folder: names[0] if len(names) == 1 else common.format(names[0])
        for folder, names in sorted(users.items())
    }


def files(item: Item[Figure]) -> dict[str, list[str]]:
    """Return the histories of both stages."""
    return {
        "runs": [item.plan.history_file(run) for run in item.runs()],
        "encoders": [f"{folder}/{HISTORY}" for folder in encoder_stages(item)],
    }


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per loss and stage, against the stage's own steps, and the diagnosis.

    Patches differ more than methods do: mean L1 is smoothed over a twentieth of the stage,
    on an axis that leaves out its fall in the first tenth. Where real keys have filled the
    queue early in a stage, a first panel shows that at large. Chance, ln(1 + K), is in view
    in the first panel. Encoder stages that were asked what they know have a panel of rank
    correlations, and those with a queue one of the age of its keys.

    Raises:
        ValueError: there is no loss to draw.
    """
    return draw_histories(_histories(item), item)


def draw_histories(rows: pd.DataFrame, item: Item[Figure]) -> Figure:
    """Return the figure of histories, of columns method, seed, stage, step and losses."""
    shown = [key for key in PANELS if len(of_column(rows, *key))]
    if not shown:
        raise ValueError(f"nothing to draw: no losses for {item.cell}")
    filled, looks = filled_step(item), looks_of(rows, item)
    start = filled is not None and has_start(rows, shown, filled)
    drawn = [*shown[: int(start)], *shown]
    asked = diagnosis_panels(rows, settings_of(item))
    in_one_row = len(drawn) + len(asked) <= MAX_IN_ROW
    counts = [len(drawn) + len(asked)] if in_one_row else [len(drawn), len(asked)]
    figure, panel_axes = panel_rows(counts, ROW_HEIGHT)
    panels = [axes for row in panel_axes for axes in row]
    for (stage, loss), axes in zip(drawn, panels, strict=False):
        draw_loss(axes, rows, stage, loss, looks)
    if start and filled is not None:
        _share_start(panels[0], panels[1], filled)
    contrastive = [
        (stage, axes)
        for (stage, loss), axes in zip(drawn, panels, strict=False)
        if loss == LOSS
    ]
    entries = mark_losses(contrastive, chances(item), filled, 1 + int(start))
    for draw_panel, axes in zip(asked, panels[len(drawn) :], strict=True):
        entries += draw_panel(axes, rows, looks)
    legend_above(figure, [*method_handles(item.labels, looks), *entries])
    return figure


def _share_start(first: Axes, whole: Axes, filled: int) -> None:
    """Let a first panel show the beginning of the second one at large."""
    first.set(title=f"{first.get_title()}, start", xlim=(0.0, 2.0 * filled))
    whole.sharey(first)
    whole.tick_params(labelleft=False)
    whole.set_ylabel("")


def _histories(item: Item[Figure]) -> pd.DataFrame:
    """Return the rows of all histories, encoder stages under their labels."""
    labels = {Path(folder).name: label for folder, label in encoder_stages(item).items()}
    frames = network_rows(item.files["runs"], item.cell, item.titles)
    frames.append(stage_rows(item.files["encoders"], labels, item.cell))
    return pd.concat(frames, ignore_index=True)


FIGURE = FigureSpec(
    kind="curves",
    order=40,
    methods=lambda item: item.plan.trained,
    files=files,
    make=draw,
)
