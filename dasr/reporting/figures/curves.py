"""Training curves of both stages."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, MaxNLocator

from dasr.config.method import StageName
from dasr.reporting.drawing.panels import MARKED, legend_above, method_handles, panel_grid
from dasr.reporting.drawing.style import GREY, LINES
from dasr.reporting.specs import FigureSpec, Item
from dasr.statistics.keyed import network_rows, stage_rows

HEIGHT = 2.1
SMOOTHED_PARTS = 20
"""Mean L1 is smoothed over one of so many parts of the stage."""
SEED_OPACITY = 0.3
TRANSIENT = 0.1
"""Part of the joint stage whose L1 may leave the panel."""
MAX_START, MIN_START_ROWS = 0.25, 4
"""A filling shorter than this part of its stage has a panel of its own, if so many rows of
the history fall into it."""
PANELS = {
    ("encoder", "contrastive"): ("Encoder stage", "Contrastive loss (nats)"),
    ("joint", "contrastive"): ("Joint stage", "Contrastive loss (nats)"),
    ("joint", "l1"): ("Joint stage", "L1 loss (grey levels)"),
}
CHANCE: dict[str, Any] = {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 0.8}
SHARED_STAGE = "0.3"
"""Colour of stages that are no method's own."""


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
        "encoders": [f"{folder}/history.csv" for folder in encoder_stages(item)],
    }


def draw(item: Item[Figure]) -> Figure:
    """Return a panel per loss and stage, against the stage's own steps.

    Patches differ more than methods do: mean L1 is smoothed over a twentieth of the stage,
    on an axis that leaves out its fall in the first tenth. Where real keys have filled the
    queue early in a stage, a first panel shows that at large. Chance, ln(1 + K), is in view
    in the first panel.

    Raises:
        ValueError: there is no loss to draw.
    """
    return draw_histories(_histories(item), item)


def draw_histories(rows: pd.DataFrame, item: Item[Figure]) -> Figure:
    """Return the figure of histories, of columns method, seed, stage, step and losses."""
    shown = [key for key in PANELS if _losses(rows, *key).size]
    if not shown:
        raise ValueError(f"nothing to draw: no losses for {item.cell}")
    filled, chances = _filled(item), _chances(item)
    looks = _looks(rows, item)
    start = filled is not None and _has_start(rows, shown, filled)
    drawn = [*shown[: int(start)], *shown]
    figure, (panels,) = panel_grid(1, len(drawn), HEIGHT)
    for (stage, loss), axes in zip(drawn, panels, strict=True):
        _draw(axes, _losses(rows, stage, loss), loss, looks)
        title, label = PANELS[stage, loss]
        axes.set(title=title, ylabel=label, xlabel="Step")
    if start and filled is not None:
        panels[0].set(title=f"{panels[0].get_title()}, start", xlim=(0.0, 2.0 * filled))
        panels[1].sharey(panels[0])
        panels[1].tick_params(labelleft=False)
        panels[1].set_ylabel("")
    contrastive = [stage for stage, loss in drawn if loss == "contrastive"]
    chance = [chances[stage] for stage in contrastive]
    marks = _mark(panels[: len(chance)], chance, filled, 1 + int(start))
    legend_above(figure, [*method_handles(item.labels, looks), *marks])
    return figure


def _filled(item: Item[Figure]) -> int | None:
    """Return the step at which real keys have filled the queue; None without a queue."""
    config = item.plan.config
    size = config.contrastive.queue_size
    first: StageName = "encoder" if config.training.encoder_epochs else "joint"
    return None if size is None else size // config.training.of_stage(first).batch_size


def _chances(item: Item[Figure]) -> dict[str, float]:
    """Return the contrastive loss by chance, ln(1 + K), of the study's settings, by stage."""
    settings = item.plan.config.settings()
    return {
        stage: math.log(1 + settings.contrastive.negatives_of_query(batch))
        for stage, batch in settings.contrastive_batches.items()
    }


def _histories(item: Item[Figure]) -> pd.DataFrame:
    """Return the rows of all histories, encoder stages under their labels."""
    labels = {Path(folder).name: label for folder, label in encoder_stages(item).items()}
    frames = network_rows(item.files["runs"], item.cell, item.titles)
    frames.append(stage_rows(item.files["encoders"], labels, item.cell))
    rows = pd.concat(frames, ignore_index=True)
    absent = {loss: float("nan") for _, loss in PANELS if loss not in rows}
    return rows.assign(**absent)


def _losses(rows: pd.DataFrame, stage: str, loss: str) -> pd.DataFrame:
    return rows[(rows["stage"] == stage) & rows[loss].notna()]


def _looks(rows: pd.DataFrame, item: Item[Figure]) -> dict[str, dict[str, Any]]:
    """Return the look of every label, methods first, then shared stages."""
    labels = set(rows["method"])
    looks = {
        method: {"color": style.color, "linestyle": style.linestyle}
        for method, style in item.styles.items()
        if method in labels
    }
    for number, label in enumerate(sorted(labels - set(item.titles))):
        looks[label] = {"color": SHARED_STAGE, "linestyle": LINES[number % len(LINES)]}
    return looks


def _has_start(rows: pd.DataFrame, shown: Sequence[tuple[str, str]], filled: int) -> bool:
    """Whether the first panel, if it is of contrast, shows at large how the queue fills."""
    if shown[0][1] != "contrastive":
        return False
    stage = _losses(rows, *shown[0])
    filling = stage[stage["step"] <= filled].groupby(["method", "seed"]).size()
    recorded = filling.max() if len(filling) else 0
    return recorded >= MIN_START_ROWS and filled <= MAX_START * float(stage["step"].max())


def _draw(
    axes: Axes, rows: pd.DataFrame, loss: str, looks: Mapping[str, dict[str, Any]]
) -> None:
    for method, look in looks.items():
        seeds = rows[rows["method"] == method].pivot(index="step", columns="seed", values=loss)
        if seeds.empty:
            continue
        if seeds.shape[1] > 1:
            thin = {"color": look["color"], "linewidth": 0.4, "alpha": SEED_OPACITY}
            for _, values in seeds.items():
                axes.plot(seeds.index, values, **thin)
        # Where seeds were recorded at different steps, a mean needs all of them.
        mean = seeds.interpolate(method="index", limit_area="inside").dropna().mean(axis=1)
        if loss == "l1":
            window = len(mean) // SMOOTHED_PARTS + 1
            mean = mean.rolling(window, center=True, min_periods=1).mean()
        axes.plot(mean.index, mean, **look)
    if loss == "l1":
        settled = rows.loc[rows["step"] > TRANSIENT * rows["step"].max(), loss]
        margin = 0.05 * (settled.max() - settled.min()) or 1.0
        axes.set_ylim(settled.min() - margin, settled.max() + margin)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def _mark(
    contrastive: Sequence[Axes], chances: Sequence[float], filled: int | None, first: int
) -> list[Line2D]:
    """Draw chance levels and the step of the filled queue; return their legend entries.

    The `first` panels are those of the stage that fills the queue.
    """
    for number, (axes, chance) in enumerate(zip(contrastive, chances, strict=True)):
        if number >= first:
            axes.set_ylim(*axes.get_ylim())  # a line far above the curves would flatten them
        axes.axhline(chance, **CHANCE)
    levels = dict.fromkeys(f"{chance:.2f}" for chance in chances)
    found = [Line2D([], [], label=f"chance, {' and '.join(levels)}", **CHANCE)]
    if filled is not None:
        for axes in contrastive[:first]:
            axes.axvline(filled, **MARKED)
        found.append(Line2D([], [], label="queue filled once", **MARKED))
    return found if chances else []


FIGURE = FigureSpec(
    kind="curves",
    order=40,
    methods=lambda item: item.plan.trained,
    files=files,
    make=draw,
)
