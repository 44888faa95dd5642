"""PSNR and SSIM of every method, one row per method, with what the method costs."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dasr.reporting.rows import (
    by_cell,
    grid_cells,
    grid_key,
    grid_means,
    kernel_names,
    quantities,
    require_whole_grid,
)
from dasr.reporting.specs import Item, TableSpec, statistics
from dasr.reporting.tabulating import cells
from dasr.reporting.tabulating.model import Body, Cell, Table
from dasr.terms.metrics import METRICS, Metric
from dasr.terms.quantities import Quantity

MAX_COLUMNS = 5
"""A grid of at most so many cells is shown cell by cell, a larger one by its margins."""


@dataclass(frozen=True)
class _Column:
    header: str
    rows: pd.DataFrame
    """Of each method, the number."""
    texts: pd.Series


def make(item: Item[Table]) -> Table:
    """Return a metric's means: one row per method.

    A small grid is shown cell by cell, with half of the 95 % interval over seeds. A larger
    one is shown by kernel (mean over noise levels) and by noise level (mean over
    kernels); those margins have no interval, the mean over the whole grid has.

    Raises:
        ValueError: a method, one of its cells or its cost is missing.
    """
    metric: Metric = item.subject
    rows = item.selected("summary")
    require_whole_grid(rows)
    spent = cells.costs_of(item.rows("costs"), item.methods, item.cell.scale)
    columns = _columns(rows, metric)
    body: dict[str, list[Cell | str]] = {
        method.name: [method.title, *cells.cost_cells(spent, method.name)]
        for method in item.methods
    }
    for column in columns:
        own = column.rows.assign(header=column.header)
        found = cells.ranked_cells(own, ["header"], column.texts, metric, item.unranked)
        for method, line in body.items():
            line.append(found[column.header, method])
    numbers = [
        one.rows.set_index("method")[metric.column].rename(one.header) for one in columns
    ]
    bounds = grid_means(rows).set_index("method")[list(metric.bounds)]
    titles = pd.Series(item.titles, name="title")
    frame = pd.concat([titles, spent, *numbers, bounds], axis=1)
    return Table(
        caption=f"{metric.title}: {item.cell}",
        numbers=frame.rename_axis("method").reset_index(),
        header=["Method", *cells.COST_HEADER, *(column.header for column in columns)],
        rows=Body.of((None, line) for line in body.values()).rows,
        alignment=["l", *"r" * (len(cells.COST_HEADER) + len(columns))],
        note=f"{cells.quality_note(rows, metric, item.methods)} {cells.COST_NOTE}",
    )


def _columns(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    """Return a small grid's cells or a large one's margins, then the mean of the grid."""
    small = len(grid_cells(rows)[grid_key(rows)].drop_duplicates()) <= MAX_COLUMNS
    columns = _cells(rows, metric) if small else _margins(rows, metric)
    means = grid_means(rows)
    return [*columns, _Column("mean", means, cells.plus_minus(means, metric))]


def _cells(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    names = kernel_names(rows)
    key, tested = grid_key(rows), quantities(rows)
    several = grid_cells(rows)[key].nunique() > 1
    columns = []
    for (kernel, *values), cell in grid_cells(rows).groupby(key, sort=False):
        own: dict[Quantity, Any] = dict(zip(tested, values, strict=True))
        parts = [one.text(value) for one, value in own.items() if several[one.name]]
        if several["kernel"] or not parts:
            parts.insert(0, names[str(kernel)])
        columns.append(_Column(", ".join(parts), cell, cells.plus_minus(cell, metric)))
    return columns


def _margins(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    """Return means by kernel over all else, then by noise level, if there are several."""
    table, names = by_cell(rows, metric.column), kernel_names(rows)
    heads = [("kernel", key, names[key]) for key in table.columns.unique("kernel")]
    for one in quantities(rows):
        values: list[Any] = [*table.columns.unique(one.name)]
        if len(values) > 1:
            heads += [(one.name, value, one.text(value)) for value in values]
    columns = []
    for axis, key, header in heads:
        means = table.T.groupby(level=axis).mean().T[key].rename(metric.column).reset_index()
        texts = means[metric.column].map(lambda number: cells.fixed(number, metric))
        columns.append(_Column(header, means, texts))
    return columns


TABLE = TableSpec(
    kind="quality",
    order=10,
    subjects=lambda plan: {metric.name: metric for metric in METRICS},
    files=statistics("summary", "costs"),
    caption=lambda item: item.subject.caption,
    make=make,
)
