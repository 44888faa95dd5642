"""A table of the whole grid: one row per (kernel, noise level), one column per method."""

from collections.abc import Collection, Mapping

import pandas as pd

from dasr.reporting.rows import KEY, grid_cells, grid_means, kernel_names, require_whole_grid
from dasr.reporting.tabulating.cells import ranked_cells
from dasr.reporting.tabulating.model import Body, Table
from dasr.terms.columns import MEAN
from dasr.terms.metrics import Metric


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
        rows: the numbers, one row per method, kernel and noise level.
        titles: of the columns, by method.
        texts: what is shown of each row.
        measure: of what the best of each row is set in bold; None for no ranking.
        unranked: methods that are never set in bold.
        caption: of the table.
        note: below it.
    """
    require_whole_grid(rows)
    names = kernel_names(rows) | {MEAN: MEAN}
    levels = rows["noise_level"].astype(object).where(rows["noise_level"].notna(), "")
    keyed = rows.assign(noise_level=levels)  # the mean over the grid has no noise level
    cells = ranked_cells(keyed, KEY, texts, measure, unranked)
    keys = pd.concat([grid_cells(keyed), grid_means(keyed)])[KEY].drop_duplicates()
    body = Body.of(
        (
            kernel,
            [
                names[kernel],
                "" if level == "" else f"{level:g}",
                *(cells[(kernel, level), method] for method in titles),
            ],
        )
        for kernel, level in keys.itertuples(index=False)
    )
    return Table(
        caption=caption,
        numbers=rows,
        header=["Kernel", "Noise", *titles.values()],
        rows=body.rows,
        alignment=["l", *"r" * (1 + len(titles))],
        note=note,
        rules=body.rules,
    )
