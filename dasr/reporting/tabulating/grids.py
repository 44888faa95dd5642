"""A table of the whole grid: one row per (kernel, noise level), one column per method."""

from collections.abc import Sequence

import pandas as pd

from dasr.reporting.rows import KEY, grid_cells, grid_means, kernel_names, require_whole_grid
from dasr.reporting.specs import Item
from dasr.reporting.tabulating.cells import ranked_cells
from dasr.reporting.tabulating.model import Table, body
from dasr.terms.columns import MEAN
from dasr.terms.metrics import Metric


def grid_table(
    item: Item[Table],
    rows: pd.DataFrame,
    texts: Sequence[str],
    measure: Metric | None = None,
    *,
    caption: str,
    note: str,
) -> Table:
    """Return a row per cell of the grid and one for its mean, with a rule per kernel.

    Args:
        item: whose methods are the columns.
        rows: the numbers, one row per method, kernel and noise level.
        texts: what is shown of each row.
        measure: of what the best of each row is set in bold; None for no ranking.
        caption: of the table.
        note: below it.
    """
    require_whole_grid(rows)
    names = kernel_names(rows) | {MEAN: MEAN}
    levels = rows["noise_level"].astype(object).where(rows["noise_level"].notna(), "")
    keyed = rows.assign(noise_level=levels)  # the mean over the grid has no noise level
    cells = ranked_cells(keyed, KEY, texts, measure, item.unranked)
    keys = pd.concat([grid_cells(keyed), grid_means(keyed)])[KEY].drop_duplicates()
    lines = []
    for kernel, level in keys.itertuples(index=False):
        own = [names[kernel], level if level == "" else f"{level:g}"]
        lines.append((kernel, [*own, *(cells[(kernel, level), name] for name in item.titles)]))
    return Table(
        caption=caption,
        numbers=rows,
        header=["Kernel", "Noise", *item.titles.values()],
        alignment=["l", *"r" * (1 + len(item.titles))],
        note=note,
        **body(lines),
    )
