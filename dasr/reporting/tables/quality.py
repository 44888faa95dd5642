"""PSNR and SSIM of every method, one row a method."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from dasr.reporting.rows import (
    CELL,
    Where,
    best,
    by_cell,
    grid_cells,
    grid_means,
    kernel_names,
    require_whole_grid,
    select,
)
from dasr.reporting.tables.cells import (
    COST_HEADER,
    COST_NOTE,
    PSNR,
    SSIM,
    Metric,
    cost_cells,
    costs_of,
    fixed,
    plus_minus,
    quality_note,
)
from dasr.reporting.tables.writing import Cell, Table

MAX_CELLS = 5
"""A grid of at most so many cells is shown cell by cell, a larger one by its margins."""


@dataclass(frozen=True)
class _Column:
    header: str
    numbers: pd.Series  # by method
    texts: pd.Series  # by method


def psnr_table(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    costs: pd.DataFrame,
    where: Where,
    *,
    unranked: Collection[str] = (),
) -> Table:
    """Return PSNR in dB: one row a method, with what the method costs.

    A small grid is shown cell by cell, with half of the 95 % interval over seeds. A larger
    one is shown by kernel (mean over noise levels) and by noise level (mean over
    kernels); those margins have no interval, the mean over the whole grid has.

    Args:
        summary: rows of `dasr.statistics.summaries.summarise`.
        titles: title of each method, in the order of rows.
        costs: columns method, scale, parameters, flops and perhaps regime.
        where: regime, scale and test set to show.
        unranked: methods that are never set in bold; bicubic never is.

    Raises:
        ValueError: a method, one of its cells or its cost is missing.
    """
    return _quality_table(summary, titles, costs, where, unranked, PSNR)


def ssim_table(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    costs: pd.DataFrame,
    where: Where,
    *,
    unranked: Collection[str] = (),
) -> Table:
    """Return SSIM, at most 1, laid out as in `psnr_table`."""
    return _quality_table(summary, titles, costs, where, unranked, SSIM)


def _quality_table(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    costs: pd.DataFrame,
    where: Where,
    unranked: Collection[str],
    metric: Metric,
) -> Table:
    rows = select(summary, titles, where)
    require_whole_grid(rows)
    spent = costs_of(costs, titles, regime=where.regime, scale=where.scale)
    columns = _columns(rows, metric)
    body = {method: [Cell(titles[method]), *cost_cells(spent, method)] for method in titles}
    for column in columns:
        first = best(column.numbers, metric.decimals, unranked)
        for method, cells in body.items():
            cells.append(Cell(column.texts[method], method in first))
    bounds = grid_means(rows)[[f"{metric.column}_low", f"{metric.column}_high"]]
    numbers = [column.numbers.rename(column.header) for column in columns]
    frame = pd.concat([pd.Series(titles, name="title"), spent, *numbers, bounds], axis=1)
    return Table(
        caption=f"{metric.title}: {where}",
        numbers=frame.rename_axis("method").reset_index(),
        header=["Method", *COST_HEADER, *(column.header for column in columns)],
        rows=list(body.values()),
        alignment=["l", *"r" * (len(COST_HEADER) + len(columns))],
        note=f"{quality_note(rows, metric, titles, unranked)} {COST_NOTE}",
    )


def _columns(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    """Return a small grid's cells or a large one's margins, then the mean of the grid."""
    small = by_cell(rows, metric.column).shape[1] <= MAX_CELLS
    columns = _cells(rows, metric) if small else _margins(rows, metric)
    means = grid_means(rows)
    return [*columns, _Column("mean", means[metric.column], plus_minus(means, metric))]


def _cells(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    names = kernel_names(rows)
    several = grid_cells(rows)[CELL].nunique() > 1
    columns = []
    for (kernel, level), cell in grid_cells(rows).groupby(CELL, sort=False):
        parts = [names[str(kernel)]] if several["kernel"] or not several["noise_level"] else []
        parts += [f"noise {level:g}"] if several["noise_level"] else []
        group = cell.set_index("method")
        columns.append(
            _Column(", ".join(parts), group[metric.column], plus_minus(group, metric))
        )
    return columns


def _margins(rows: pd.DataFrame, metric: Metric) -> list[_Column]:
    """Return means over noise levels by kernel, then means over kernels by noise level."""
    table, names = by_cell(rows, metric.column), kernel_names(rows)
    heads = [("kernel", key, names[key]) for key in table.columns.unique("kernel")]
    levels = table.columns.unique("noise_level")
    if len(levels) > 1:
        heads += [("noise_level", level, f"noise {level:g}") for level in levels]
    columns = []
    for axis, key, header in heads:
        numbers = pd.Series(table.T.groupby(level=axis).mean().T[key])
        texts = numbers.map(lambda number: fixed(number, metric))
        columns.append(_Column(header, numbers, texts))
    return columns
