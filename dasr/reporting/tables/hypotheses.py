"""What each network claims and costs."""

import pandas as pd

from dasr.reporting.specs import Item, TableSpec, networks, statistics
from dasr.reporting.tabulating.cells import COST_HEADER, COST_NOTE, cost_cells, costs_of
from dasr.reporting.tabulating.model import Table, body


def make(item: Item[Table]) -> Table:
    """Return one row per network: bicubic claims nothing."""
    spent = costs_of(item.rows("costs"), item.methods, item.cell.scale)
    hypotheses = {method.name: method.hypothesis for method in item.methods}
    frame = pd.DataFrame({"title": item.titles, "hypothesis": hypotheses})
    return Table(
        caption=f"Methods at x{item.cell.scale}",
        numbers=frame.join(spent).rename_axis("method").reset_index(),
        header=["Name", "Method", "Hypothesis", *COST_HEADER],
        alignment=["l", "p{3cm}", "p{7cm}", "r", "r"],
        note=COST_NOTE,
        **body(
            (None, [one.name, one.title, one.hypothesis, *cost_cells(spent, one.name)])
            for one in item.methods
        ),
    )


TABLE = TableSpec(
    kind="hypotheses",
    order=50,
    methods=networks,
    files=statistics("costs"),
    make=make,
)
