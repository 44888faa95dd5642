"""What each network claims and costs, its training among it."""

import pandas as pd

from dasr.reporting.specs import Item, TableSpec, networks, statistics
from dasr.reporting.tabulating.cells import (
    COST_HEADER,
    COST_NOTE,
    cost_cells,
    costs_of,
    significant,
)
from dasr.reporting.tabulating.model import Table, body
from dasr.text import MISSING

CPU_HEADER = "Training (CPU s)"
CPU_NOTE = (
    "Training: CPU seconds of all threads over both stages, mean over seeds; a stage that "
    "methods share counts for each of them."
)
UNKNOWN_NOTE = f"{MISSING}: not trained here, or before CPU seconds were recorded."


def make(item: Item[Table]) -> Table:
    """Return one row per network: bicubic claims nothing."""
    spent = costs_of(item.rows("costs"), item.methods, item.cell.regime, item.cell.scale)
    seconds = spent["cpu_seconds"]
    unknown = f" {UNKNOWN_NOTE}" if seconds.isna().any() else ""
    hypotheses = {method.name: method.hypothesis for method in item.methods}
    frame = pd.DataFrame({"title": item.titles, "hypothesis": hypotheses})
    return Table(
        caption=f"Methods at x{item.cell.scale}",
        numbers=frame.join(spent).rename_axis("method").reset_index(),
        header=["Name", "Method", "Hypothesis", *COST_HEADER, CPU_HEADER],
        alignment=["l", "p{3cm}", "p{7cm}", "r", "r", "r"],
        note=f"{COST_NOTE} {CPU_NOTE}{unknown}",
        **body(
            (None, [one.name, one.title, one.hypothesis, *cost_cells(spent, one.name), time])
            for one, time in zip(item.methods, map(significant, seconds), strict=True)
        ),
    )


TABLE = TableSpec(
    kind="hypotheses",
    order=50,
    methods=networks,
    files=statistics("costs"),
    make=make,
)
