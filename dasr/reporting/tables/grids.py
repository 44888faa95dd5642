"""The whole grid of degradations, one row a (kernel, noise level), one column a method."""

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from dasr.reporting.rows import (
    CELL,
    Where,
    best,
    compared,
    grid_cells,
    grid_means,
    kernel_names,
    require_whole_grid,
    sample_size,
    select,
)
from dasr.reporting.tables.cells import (
    PSNR,
    UNDEFINED_NOTE,
    UNITS_NOTE,
    differences,
    plus_minus,
    quality_note,
)
from dasr.reporting.tables.writing import Cell, Table


def grid_table(
    summary: pd.DataFrame,
    titles: Mapping[str, str],
    where: Where,
    *,
    unranked: Collection[str] = (),
) -> Table:
    """Return PSNR in dB with half of the 95 % interval over seeds, and their mean.

    The CSV file holds the summary's own rows: every metric, with its intervals.

    Args:
        summary: rows of `dasr.statistics.summaries.summarise`.
        titles: title of each method, in the order of columns.
        where: regime, scale and test set to show.
        unranked: methods that are never set in bold; bicubic never is.
    """
    rows = select(summary, titles, where)

    def cells(group: pd.DataFrame) -> list[Cell]:
        first = best(group[PSNR.column], PSNR.decimals, unranked)
        texts = plus_minus(group, PSNR)
        return [Cell(texts[method], method in first) for method in titles]

    return _table(
        rows,
        titles,
        cells,
        caption=f"{PSNR.title}, whole grid: {where}",
        note=quality_note(rows, PSNR, titles, unranked),
    )


def paired_table(paired: pd.DataFrame, titles: Mapping[str, str], where: Where) -> Table:
    """Return the PSNR of variants minus the reference's, in dB, and their mean.

    In brackets is the 95 % interval over images and seeds; "*" where it excludes 0.

    Args:
        paired: rows of `dasr.statistics.summaries.paired`.
        titles: title of each method, in the order of columns; bicubic and the reference
            have none.
        where: regime, scale and test set to show.
    """
    variants = compared(paired, titles)
    rows = select(paired, variants, where)
    reference = str(rows["reference"].iloc[0])
    spread = "in brackets the 95 % interval over images and seeds, * where it excludes 0"
    if ((rows["seeds"] < 2) | (rows["images"] < 2)).all():
        spread = "one seed or image has no interval over both"
    undefined = f" {UNDEFINED_NOTE}" if rows["difference_db"].isna().any() else ""
    return _table(
        rows,
        variants,
        lambda group: [Cell(text) for text in differences(group).loc[list(variants)]],
        caption=f"PSNR minus that of {titles.get(reference, reference)} (dB): {where}",
        note=f"Mean over {sample_size(rows)}; {spread}. {UNITS_NOTE}{undefined}",
    )


def _table(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    cells: Callable[[pd.DataFrame], list[Cell]],
    caption: str,
    note: str,
) -> Table:
    """Return a row a cell of the grid and one for its mean; `cells` shows a row's methods."""
    require_whole_grid(rows)
    names = kernel_names(rows)
    body, rules, last = [], [], None
    for (kernel, level), cell in grid_cells(rows).groupby(CELL, sort=False):
        if last not in (None, kernel):
            rules.append(len(body))
        last = kernel
        body.append(
            [Cell(names[str(kernel)]), Cell(f"{level:g}"), *cells(cell.set_index("method"))]
        )
    rules.append(len(body))
    body.append([Cell("mean"), Cell(""), *cells(grid_means(rows))])
    return Table(
        caption=caption,
        numbers=rows,
        header=["Kernel", "Noise", *titles.values()],
        rows=body,
        alignment=["l", *"r" * (1 + len(titles))],
        note=note,
        rules=frozenset(rules),
    )
