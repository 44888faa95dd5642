"""What kernel branch and channel branch do, alone and together."""

from collections.abc import Mapping

import pandas as pd

from dasr.reporting.rows import grid_means, in_cell, kernel_names, sample_size
from dasr.reporting.specs import Item, TableSpec, statistics
from dasr.reporting.tabulating.cells import bracketed
from dasr.reporting.tabulating.model import Table, body
from dasr.statistics.factorial import EFFECT, FOUR, HIGH, LOW, WEIGHTS
from dasr.study import Factorial, Method, Plan
from dasr.terms.columns import MEAN
from dasr.terms.metrics import RANKING
from dasr.text import MISSING

TITLES = {"kernel": "Kernel branch", "channel": "Channel branch", "interaction": "Interaction"}
"""Of each contrast."""
SIGNS = (
    "Kernel and channel branch: PSNR with the branch minus that without, averaged over "
    "networks with and without the other one. Interaction: what a branch adds beside the "
    "other minus what it adds alone; 0 if the two do not depend on each other."
)
STANDS_IN = (
    "which concatenates the representation with its features instead, since nothing would read "
    "it otherwise; effects are measured against that"
)


def designs(plan: Plan) -> Mapping[str, Factorial]:
    """Return the factorial designs of a study by the name of their table."""
    first, *others = plan.factorials or [None]
    named = {} if first is None else {"factorial": first}
    return named | {f"factorial_{one.both.replace('-', '_')}": one for one in others if one}


def shown(item: Item[Table]) -> list[Method]:
    """Return the four methods."""
    return [item.plan.method(getattr(item.subject, role)) for role in FOUR]


def make(item: Item[Table]) -> Table:
    """Return main effects and interaction in dB, a row per kernel and one for the grid.

    Raises:
        ValueError: the design has no rows in the cell.
    """
    frame = item.rows("factorial")
    own = (frame[list(FOUR)] == [getattr(item.subject, role) for role in FOUR]).all(axis=1)
    rows = frame[in_cell(frame, item.cell) & own]
    if rows.empty:
        raise ValueError(f"factorial: no rows of {item.subject} for {item.cell}")
    names = kernel_names(rows) | {MEAN: MEAN}
    texts = rows.assign(text=bracketed(rows, [EFFECT, LOW, HIGH], RANKING.decimals, "+"))
    cells = texts.set_index(["kernel", "contrast"])["text"]
    lines = [
        (name == MEAN, [names[name], *(cells[name, contrast] for contrast in WEIGHTS)])
        for name in rows["kernel"].unique()
    ]
    return Table(
        caption=f"Effects of the branches on {RANKING.title}: {item.cell}",
        numbers=rows,
        header=["Kernel", *(TITLES[contrast] for contrast in WEIGHTS)],
        alignment=["l", *"r" * len(WEIGHTS)],
        note=_note(item, rows),
        **body(lines),
    )


def _note(item: Item[Table], rows: pd.DataFrame) -> str:
    """Return who the four are, what stands behind the numbers, and what their signs mean."""
    both, kernel, channel, neither = item.titles.values()
    spread = (
        "in brackets the 95 % interval, the widest of over seeds, over images and over both"
    )
    if grid_means(rows)[LOW].isna().all():
        spread = "one seed or image has no interval over both"
    undefined = f" {MISSING}: a PSNR is infinite." if rows[EFFECT].isna().any() else ""
    return (
        f"Both branches: {both}. Kernel branch alone: {kernel}. "
        f"Channel branch alone: {channel}. Neither: {neither}, {STANDS_IN}. {SIGNS} "
        f"Mean over {sample_size(_counted(rows))}, and over what is tested beside the kernel; "
        f"{spread}.{undefined}"
    )


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the method that they count images and seeds of."""
    return rows.assign(method=rows["both"])


TABLE = TableSpec(
    kind="factorial",
    order=35,
    subjects=designs,
    methods=shown,
    files=statistics("factorial"),
    make=make,
)
