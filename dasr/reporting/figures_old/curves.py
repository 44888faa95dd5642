"""Training curves of both stages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, MaxNLocator

from dasr.config import BICUBIC
from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    GREY,
    LEGEND_CHARACTERS,
    LINES,
    MethodStyle,
    grid_of_axes,
    legend_above,
    method_styles,
    new_figure,
    save_figure,
    styled,
    wrapped,
)

HEIGHT = 2.1
WINDOWS = 20
"""Mean L1 is smoothed over one of so many parts of the stage."""
THIN = 0.3
"""Opacity of single seeds."""
TRANSIENT = 0.1
"""Part of the joint stage whose L1 may leave the panel."""
START, START_ROWS = 0.25, 4
"""A filling shorter than this part of its stage has a panel of its own, if so many rows of
the history fall into it."""
PANELS = {
    ("encoder", "contrastive"): ("Encoder stage", "Contrastive loss (nats)"),
    ("joint", "contrastive"): ("Joint stage", "Contrastive loss (nats)"),
    ("joint", "l1"): ("Joint stage", "L1 loss (grey levels)"),
}
CHANCE: dict[str, Any] = {"color": GREY, "linestyle": (0, (4, 2)), "linewidth": 0.8}
FILLED: dict[str, Any] = {"color": GREY, "linestyle": (0, (1, 1.5)), "linewidth": 0.9}


def plot_curves(
    histories: pd.DataFrame,
    titles: Mapping[str, str],
    stem: Path,
    *,
    regime: str,
    scale: int,
    chance: float | None = None,
    queue_filled_step: int | None = None,
) -> Figure:
    """Write and return the figure: a panel a loss and stage, against the stage's own steps.

    Thick lines are means over seeds, thin lines single seeds. Patches differ more than
    methods do: mean L1 is smoothed over a twentieth of the stage, on an axis that leaves
    out its fall in the first tenth. The contrastive loss rises while random keys leave the
    queue and real ones, harder to tell apart, take their place: where that is over early
    in a stage, a first panel shows it at large.

    Args:
        histories: columns method, regime, scale, seed, stage ("encoder" or "joint"), step,
            l1 and contrastive, NaN where absent. Labels not in `titles` are drawn in grey.
        titles: title of each method, in the order of the legend.
        stem: path of the files without suffix.
        regime: name of the regime to show.
        scale: the one to show.
        chance: contrastive loss of a guess in nats, ln(1 + K); in view in the first panel.
        queue_filled_step: step that replaces the last random key, in the first stage with
            a contrastive loss.

    Raises:
        ValueError: there is no loss to draw.
    """
    rows = histories[(histories["regime"] == regime) & (histories["scale"] == scale)]
    panels, looks = [key for key in PANELS if _of(rows, *key).size], _looks(rows, titles)
    if not panels:
        raise ValueError(f"nothing to draw: no losses for regime {regime!r}, scale {scale}")
    with styled():
        figure = new_figure(COLUMN_WIDTH if len(panels) == 1 else FULL_WIDTH, HEIGHT)
        large = _shown_at_large(rows, panels, queue_filled_step)
        contrastive = _draw_panels(figure, panels, rows, looks, large)
        marks = _mark(contrastive, chance, queue_filled_step, 1 if large is None else 2)
        legend_above(figure, [*_handles(looks, titles), *marks])
        save_figure(figure, stem)
    return figure


def _shown_at_large(
    rows: pd.DataFrame, panels: Sequence[tuple[str, str]], queue_filled_step: int | None
) -> float | None:
    """Return the last step of a panel that shows how the queue fills; None for no panel."""
    first = [key for key in panels if key[1] == "contrastive"][:1]
    if not first or queue_filled_step is None:
        return None
    stage = _of(rows, *first[0])
    filling = stage[stage["step"] <= queue_filled_step]
    recorded = filling.groupby(["method", "seed"]).size().max() if len(filling) else 0
    if recorded < START_ROWS or queue_filled_step > START * stage["step"].max():
        return None
    return 2.0 * queue_filled_step


def _draw_panels(
    figure: Figure,
    panels: Sequence[tuple[str, str]],
    rows: pd.DataFrame,
    looks: Mapping[str, MethodStyle],
    large: float | None,
) -> list[Axes]:
    """Draw a panel a stage and loss; return those of the contrastive loss.

    The first stage's start is drawn up to step `large` in a panel before its own.
    """
    shown = [*(panels[:1] if large is not None else []), *panels]
    drawn = grid_of_axes(figure, 1, len(shown))[0]
    for (stage, loss), axes in zip(shown, drawn, strict=True):
        _draw(axes, _of(rows, stage, loss), loss, looks)
        title, label = PANELS[stage, loss]
        axes.set(title=title, ylabel=label, xlabel="Step")
    if large is not None:
        drawn[0].set(title=f"{drawn[0].get_title()}, start", xlim=(0.0, large))
        drawn[1].sharey(drawn[0])
        drawn[1].tick_params(labelleft=False)
        drawn[1].set_ylabel("")
    pairs = zip(shown, drawn, strict=True)
    return [axes for (_, loss), axes in pairs if loss == "contrastive"]


def _of(rows: pd.DataFrame, stage: str, loss: str) -> pd.DataFrame:
    return rows[(rows["stage"] == stage) & rows[loss].notna()]


def _looks(rows: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, MethodStyle]:
    """Return the look of every label, methods first, then the others."""
    labels = set(rows["method"])
    looks = {
        method: look
        for method, look in method_styles(titles).items()
        if method in labels and method != BICUBIC
    }
    for place, label in enumerate(sorted(labels - set(titles))):
        looks[label] = MethodStyle("0.3", "", LINES[place % len(LINES)])
    return looks


def _draw(axes: Axes, rows: pd.DataFrame, loss: str, looks: Mapping[str, MethodStyle]) -> None:
    for method, look in looks.items():
        seeds = rows[rows["method"] == method].pivot(index="step", columns="seed", values=loss)
        if seeds.empty:
            continue
        style = {"color": look.color, "linestyle": look.linestyle}
        if seeds.shape[1] > 1:
            for _, values in seeds.items():
                axes.plot(seeds.index, values, color=look.color, linewidth=0.4, alpha=THIN)
        # Where seeds were recorded at different steps, a mean needs all of them.
        filled = seeds.interpolate(method="index", limit_area="inside").dropna()
        mean = filled.mean(axis=1)
        if loss == "l1":
            mean = mean.rolling(len(mean) // WINDOWS + 1, center=True, min_periods=1).mean()
        axes.plot(mean.index, mean, **style)
    if loss == "l1":
        settled = rows.loc[rows["step"] > TRANSIENT * rows["step"].max(), loss]
        room = 0.05 * (settled.max() - settled.min()) or 1.0
        axes.set_ylim(settled.min() - room, settled.max() + room)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))


def _handles(looks: Mapping[str, MethodStyle], titles: Mapping[str, str]) -> list[Line2D]:
    return [
        Line2D(
            [],
            [],
            color=look.color,
            linestyle=look.linestyle,
            label=wrapped(titles.get(method, method), LEGEND_CHARACTERS),
        )
        for method, look in looks.items()
    ]


def _mark(
    contrastive: Sequence[Axes],
    chance: float | None,
    queue_filled_step: int | None,
    first: int,
) -> list[Line2D]:
    """Draw chance level and the filled queue; return their legend entries.

    The `first` panels are those of the stage that fills the queue.
    """
    handles = []
    if contrastive and chance is not None:
        for axes in contrastive[:first]:
            axes.axhline(chance, **CHANCE)
        for axes in contrastive[first:]:
            axes.set_ylim(*axes.get_ylim())  # a line far above the curves would flatten them
            axes.axhline(chance, **CHANCE)
        handles.append(Line2D([], [], label=f"chance, {chance:.2f}", **CHANCE))
    if contrastive and queue_filled_step is not None:
        for axes in contrastive[:first]:
            axes.axvline(queue_filled_step, **FILLED)
        handles.append(Line2D([], [], label="queue filled once", **FILLED))
    return handles
