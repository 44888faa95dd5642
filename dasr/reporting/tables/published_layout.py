"""A study in the layout of a published table, with its own numbers alone."""

import pandas as pd

from dasr.reporting.published.layouts import SLOT, Layout, layout_of, layout_rows, layout_spec
from dasr.reporting.published.rows import check_marks
from dasr.reporting.rows import sample_size
from dasr.reporting.specs import Item
from dasr.reporting.tabulating import cells
from dasr.reporting.tabulating.model import Table
from dasr.terms.metrics import RANKING
from dasr.text import MISSING

MARK_GROUPS = (("", 1), ("DA conv", 2), ("", 1))
MARK_HEADER = ["Representation learning", "kernel", "modulation", "Oracle degradation"]
SYMBOLS = {True: "✓", False: "✗", None: MISSING}


def make(item: Item[Table]) -> Table:
    """Return a line per method, or one per method and noise level.

    Raises:
        UserError: the protocol has no place for a degradation.
        ValueError: a method has no rows, or lacks a cell that another one has.
    """
    protocol, rows = item.subject, layout_rows(item)
    layout = layout_of(protocol, rows)
    placed = layout.placed(rows)
    texts = [cells.fixed(value, RANKING) for value in placed[RANKING.column]]
    if protocol.spread:
        texts = cells.plus_minus(placed, RANKING)
    found = cells.keyed_cells(placed, SLOT, texts, placed[RANKING.best])
    marks = check_marks(protocol, item.methods) if protocol.marks else {}
    lines = []
    for method, title in item.titles.items():
        for line, text in enumerate(layout.lines):
            own = ["" if line else title, text][: len(layout.own)]
            own += [SYMBOLS[mark] for mark in marks.get(method, ())]
            numbers = [found[(line, column), method] for column in range(len(layout.heads))]
            lines.append((method if len(layout.lines) > 1 else None, [*own, *numbers]))
    return layout.table(
        item,
        "in the layout of",
        [(head, "c") for head in MARK_HEADER] if marks else [],
        [("", len(layout.own)), *(MARK_GROUPS if marks else ())],
        lines,
        numbers=rows,
        note=_note(item, layout, placed),
    )


def _note(item: Item[Table], layout: Layout, placed: pd.DataFrame) -> str:
    """Return what stands behind the numbers, what is bold, and what marks mean."""
    interval = cells.spread_note(placed)
    if not item.subject.spread and (placed["seeds"] > 1).any():
        interval = "intervals over seeds: in the table beside the published numbers"
    bold = cells.bold_note(placed, RANKING, item.methods)
    legend = f" ✓: has it, ✗: lacks it, {MISSING}: does not apply or is not known."
    infinite = f" {cells.INFINITE_NOTE}" if cells.has_infinite(placed, RANKING) else ""
    note = f"Mean over {sample_size(placed)}; {interval}{bold}. {layout.note}{infinite}"
    return note + (legend if item.subject.marks else "")


TABLE = layout_spec("published_layout", 60, make)
