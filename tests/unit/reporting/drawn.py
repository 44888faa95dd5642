"""Figures from frames and arrays that tests hold in their hands, written to files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from dasr.commands.sheet_figure import draw_sheet
from dasr.config import SweepConfig
from dasr.reporting.drawing.projections import Projection, draw_task_rows
from dasr.reporting.drawing.style import save_figure, styled
from dasr.reporting.figures.crops import Example, draw_crops
from dasr.reporting.figures.curves import draw_histories
from dasr.reporting.figures.distances import draw_representations
from dasr.reporting.figures.fig6 import draw_tasks
from dasr.reporting.figures.score_vs_psnr import draw_networks
from dasr.reporting.figures.sweep import draw_values
from dasr.reporting.rows import in_cell
from dasr.statistics.separation import Points
from dasr.study import Plan, ReportCell
from dasr.terms.columns import BICUBIC, UNTRAINED
from tests.unit.reporting.items import CELL, CONFIG, FIGURE_SPECS, TITLES, draw, item_of, study

Titles = Mapping[str, str]


def saved(stem: Path, make: Callable[[], Figure]) -> Figure:
    with styled():
        figure = make()
        save_figure(figure, stem)
    return figure


def plot_psnr_vs_width(
    summary: pd.DataFrame,
    titles: Titles,
    stem: Path,
    cell: ReportCell = CELL,
    trained_on: tuple[float, float] | None = None,
) -> Figure:
    plan = None
    if trained_on is not None:
        (regime,) = CONFIG["regimes"]
        train = {**regime["train"], "kernel_width": {4: trained_on}}
        test = {**regime["test"], "kernel_widths": {4: [5.0]}}
        plan = Plan(study(titles, regimes=[{**regime, "train": train, "test": test}]))
    shown = list(titles)
    return draw("psnr_vs_width", stem, titles, cell, plan=plan, methods=shown, summary=summary)


def plot_gain_heatmap(
    summary: pd.DataFrame, titles: Titles, stem: Path, cell: ReportCell = CELL, method: str = ""
) -> Figure:
    chosen = [method] if method else None
    return draw("gain_heatmap", stem, titles, cell, methods=chosen, summary=summary)


def plot_paired(
    paired: pd.DataFrame, titles: Titles, stem: Path, cell: ReportCell = CELL
) -> Figure:
    return draw("paired", stem, titles, cell, paired=paired)


def plot_score_vs_psnr(
    networks: pd.DataFrame, titles: Titles, stem: Path, cell: ReportCell = CELL
) -> Figure:
    present = set(networks["method"])
    shown = [method for method in titles if method in present]
    item = item_of(FIGURE_SPECS["score_vs_psnr"], titles, cell, methods=shown)
    return saved(stem, lambda: draw_networks(networks[in_cell(networks, cell)], item))


def plot_sweep(
    rows: pd.DataFrame,
    stem: Path,
    key: str = "contrastive.temperature",
    summary: pd.DataFrame | None = None,
    **section: Any,
) -> Figure:
    """Draw a sweep of the reference, whose own value is that of `section`.

    Other values are methods of the study where scores of their networks are summarised.
    """
    values = tuple(float(value) for value in rows["value"].unique())
    sweep = SweepConfig(variant="dasr", key=key, values=values)
    others = [] if summary is None else sorted({*summary["method"]} - {"dasr", UNTRAINED})
    one = study({"dasr": "DASR", **{name: name for name in others}}, **section)
    item = item_of(FIGURE_SPECS["sweep"], plan=Plan(one), subject=sweep)
    return saved(stem, lambda: draw_values(rows, item, summary))


def plot_curves(
    histories: pd.DataFrame, titles: Titles, stem: Path, queue_filled_step: int = 25
) -> Figure:
    """Draw histories of a queue of 8100 keys, whose chance level is 9.00."""
    training = {"batch_size": 8100 // queue_filled_step}
    plan = Plan(study(titles, contrastive={"queue_size": 8100}, training=training))
    shown = [method for method in titles if method != BICUBIC]
    item = item_of(FIGURE_SPECS["curves"], plan=plan, methods=shown)
    return saved(stem, lambda: draw_histories(histories, item))


def plot_distances(
    found: Mapping[str, Mapping[str, Sequence[Points]]], titles: Titles, stem: Path
) -> Figure:
    """Draw representations by method, then by task."""
    tasks: dict[str, dict[str, Sequence[Points]]] = {}
    for method in titles:
        for task, points in found.get(method, {}).items():
            tasks.setdefault(task, {})[method] = points
    item = item_of(FIGURE_SPECS["distances"], titles, methods=list(titles))
    return saved(stem, lambda: draw_representations(tasks, item))


def plot_tsne(
    projections: Mapping[str, Mapping[str, Projection]],
    titles: Titles,
    stem: Path,
    caption: str = "t-SNE",
    tasks: Sequence[str] | None = None,
) -> Figure:
    return saved(stem, lambda: draw_task_rows(projections, titles, caption, tasks))


def plot_tsne_tasks(
    projections: Mapping[str, Mapping[str, Projection]], stem: Path, caption: str = "t-SNE"
) -> Figure:
    return saved(stem, lambda: draw_tasks(projections, caption))


def plot_crops(
    examples: Sequence[Example], titles: Titles = TITLES, stem: Path = Path()
) -> Figure:
    """Draw crops, bicubic's first."""
    first = {name: title for name, title in titles.items() if name == BICUBIC}
    labels = {**first, **titles}
    return saved(stem, lambda: draw_crops(examples, labels))


def plot_sheet(*args: Any) -> Figure:
    *given, stem = args
    return saved(stem, lambda: draw_sheet(*given))
