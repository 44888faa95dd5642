"""PSNR on the whole grid of degradations, one column per method."""

from dasr.reporting.specs import Item, TableSpec, statistics
from dasr.reporting.tabulating.cells import grid_table, plus_minus, quality_note
from dasr.reporting.tabulating.model import Table
from dasr.terms.metrics import RANKING


def make(item: Item[Table]) -> Table:
    """Return PSNR in dB with half of the 95 % interval over seeds, and their mean.

    The CSV file holds the summary's own rows: every metric, with its intervals.
    """
    rows = item.selected("summary")
    return grid_table(
        item,
        rows,
        plus_minus(rows, RANKING),
        RANKING,
        caption=f"{RANKING.title}, whole grid: {item.cell}",
        note=quality_note(rows, RANKING, item.methods),
    )


TABLE = TableSpec(kind="grid", order=20, files=statistics("summary"), make=make)
