"""A table of the whole grid: one row per degradation, one column per method."""

from collections.abc import Collection, Mapping

import pandas as pd

from dasr.reporting.rows import (
    grid_cells,
    grid_key,
    grid_means,
    kernel_names,
    quantities,
    require_whole_grid,
)
from dasr.reporting.tabulating.cells import ranked_cells
from dasr.reporting.tabulating.model import Body, Table
from dasr.terms.columns import MEAN
from dasr.terms.metrics import Metric
from dasr.text import capitalised


def grid_table(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    texts: pd.Series,
    measure: Metric | None = None,
    unranked: Collection[str] = (),
    *,
    caption: str,
    note: str,
) -> Table:
    """Return a row per cell of the grid and one for its mean, with a rule per kernel.

    Args:
        rows: the numbers, one row per method and degradation.
        titles: of the columns, by method.
        texts: what is shown of each row.
        measure: of what the best of each row is set in bold; None for no ranking.
        unranked: methods that are never set in bold.
        caption: of the table.
        note: below it.
    """
    require_whole_grid(rows)
    names = kernel_names(rows) | {MEAN: MEAN}
    key, tested = grid_key(rows), quantities(rows)
    values = {one.name: rows[one.name].astype(object) for one in tested}
    # the mean over the grid has no noise level
    keyed = rows.assign(**{name: own.where(own.notna(), "") for name, own in values.items()})
    cells = ranked_cells(keyed, key, texts, measure, unranked)
    keys = pd.concat([grid_cells(keyed), grid_means(keyed)])[key].drop_duplicates()
    body = Body.of(
        (
            kernel,
            [
                names[kernel],
                *("" if value == "" else f"{value:g}" for value in condition),
                *(cells[(kernel, *condition), method] for method in titles),
            ],
        )
        for kernel, *condition in keys.itertuples(index=False)
    )
    return Table(
        caption=caption,
        numbers=rows,
        header=["Kernel", *(capitalised(one.label) for one in tested), *titles.values()],
        rows=body.rows,
        alignment=["l", *"r" * (len(tested) + len(titles))],
        note=note,
        rules=body.rules,
    )
