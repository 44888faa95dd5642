"""PSNR and SSIM of every method, one row per method, with what the method costs."""

import pandas as pd

from dasr.reporting.rows import (
    factors,
    grid_cells,
    grid_key,
    grid_means,
    kernel_names,
    require_whole_grid,
)
from dasr.reporting.specs import Item, TableSpec, statistics
from dasr.reporting.tabulating import cells
from dasr.reporting.tabulating.model import Table, body
from dasr.terms.columns import MEAN
from dasr.terms.metrics import METRICS, Metric

MAX_COLUMNS = 5
"""A grid of at most so many cells is shown cell by cell, a larger one by its margins."""


def make(item: Item[Table]) -> Table:
    """Return a metric's means: one row per method.

    A small grid is shown cell by cell, with half of the 95 % interval over seeds. A larger
    one is shown by kernel (mean over noise levels) and by noise level (mean over
    kernels), with an interval at the mean over the whole grid alone: those of the margins
    are in margins.csv.

    Raises:
        ValueError: a method, one of its cells or its cost is missing.
    """
    metric, rows = item.subject, item.selected("summary")
    require_whole_grid(rows)
    spent = cells.costs_of(item.rows("costs"), item.methods, item.cell.regime, item.cell.scale)
    small = len(grid_cells(rows)[grid_key(rows)].drop_duplicates()) <= MAX_COLUMNS
    means = grid_means(rows).assign(
        head="mean", text=cells.plus_minus(grid_means(rows), metric)
    )
    parts = _cells(rows, metric) if small else _margins(rows, item.selected("margins"), metric)
    shown = pd.concat([*parts, means])
    heads = list(shown["head"].unique())
    found = cells.keyed_cells(shown, ["head"], shown["text"], shown[metric.best])
    numbers = shown.pivot(index="method", columns="head", values=metric.column)
    titles = pd.Series(item.titles, name="title")
    bounds = means.set_index("method")[list(metric.bounds)]
    # what a training took differs between two runs of the same bits
    sizes = spent.drop(columns="cpu_seconds")
    frame = pd.concat([titles, sizes, numbers.loc[list(titles.index), heads], bounds], axis=1)
    lines = [
        [
            one.title,
            *cells.cost_cells(spent, one.name),
            *(found[head, one.name] for head in heads),
        ]
        for one in item.methods
    ]
    return Table(
        caption=f"{metric.title}: {item.cell}",
        numbers=frame.rename_axis("method").reset_index(),
        header=["Method", *cells.COST_HEADER, *heads],
        alignment=["l", *"r" * (len(cells.COST_HEADER) + len(heads))],
        note=f"{cells.quality_note(rows, metric, item.methods)} {cells.COST_NOTE}",
        **body((None, line) for line in lines),
    )


def _cells(rows: pd.DataFrame, metric: Metric) -> list[pd.DataFrame]:
    """Return the single cells, each with the head of its column and its text."""
    shown, names = grid_cells(rows), kernel_names(rows)
    several = shown[grid_key(rows)].nunique() > 1
    heads = []
    for row in shown.to_dict("records"):
        parts = [one.text(row[one.name]) for one in factors(rows) if several[one.name]]
        kernel = [names[row["kernel"]]] if several["kernel"] or not parts else []
        heads.append(", ".join([*kernel, *parts]))
    return [shown.assign(head=heads, text=cells.plus_minus(shown, metric))]


def _margins(rows: pd.DataFrame, margins: pd.DataFrame, metric: Metric) -> list[pd.DataFrame]:
    """Return means by kernel over all else, then by each factor of several values."""
    names, cells_of_grid = kernel_names(rows), grid_cells(rows)
    of_kernels = margins[margins["kernel"] != MEAN]
    parts = [of_kernels.assign(head=[names[name] for name in of_kernels["kernel"]])]
    for one in factors(rows):
        if cells_of_grid[one.name].nunique() > 1:
            own = margins[margins[one.name].notna()]
            parts.append(own.assign(head=[one.text(value) for value in own[one.name]]))
    return [
        part.assign(text=[cells.fixed(value, metric) for value in part[metric.column]])
        for part in parts
    ]


TABLE = TableSpec(
    kind="quality",
    order=10,
    subjects=lambda plan: {metric.name: metric for metric in METRICS},
    files=statistics("summary", "margins", "costs"),
    caption=lambda item: item.subject.caption,
    make=make,
)
