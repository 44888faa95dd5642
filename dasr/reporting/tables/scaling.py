"""What each part of the method is worth: a line per size, a column per number of steps."""

from dasr.reporting.rows import sample_size
from dasr.reporting.scaling import (
    applies,
    compared_methods,
    part_title,
    scaling_files,
    scaling_rows,
    size_titles,
    subjects,
)
from dasr.reporting.specs import Item, TableSpec
from dasr.reporting.tabulating.cells import COST_NOTE, UNDEFINED_NOTE, bracketed, significant
from dasr.reporting.tabulating.model import Table, body
from dasr.statistics.scaling import BOUNDS
from dasr.terms.columns import JOINT_STEPS
from dasr.terms.metrics import GAIN, RANKING
from dasr.text import MISSING


def make(item: Item[Table]) -> Table:
    """Return the gain of each part at each size after each number of joint steps."""
    rows = scaling_rows(item)
    texts = rows.assign(text=bracketed(rows, [GAIN, *BOUNDS], RANKING.decimals, "+"))
    steps, lines = sorted(rows[JOINT_STEPS].unique()), []
    for variant, part in texts.groupby("variant", sort=False):
        for size, title in size_titles(item.plan).items():
            own = part[part["size"] == size].set_index(JOINT_STEPS)
            if own.empty:
                continue
            shown = [own["text"].get(step, MISSING) for step in steps]
            flops = significant(float(own["flops"].iloc[0]) / 1e9)
            lines.append((variant, [part_title(item.plan, part), title, flops, *shown]))
    spread = (
        "in brackets the 95 % interval, the widest of over images, over seeds and over both"
    )
    if rows[BOUNDS[0]].isna().all():
        spread = "one seed or image has no interval"
    counted = rows.assign(method=rows["having"])
    undefined = f" {UNDEFINED_NOTE}" if rows[GAIN].isna().any() else ""
    return Table(
        caption=f"Gain in {RANKING.title} by size and training: {item.cell}",
        numbers=rows,
        header=["Gain of", "Size", "FLOPs (G)", *(f"{step:,} steps" for step in steps)],
        alignment=["l", "l", "r", *"r" * len(steps)],
        note=(
            f"Mean over {item.subject.over} of the test grid and {sample_size(counted)}; "
            f"{spread}; exploratory. FLOPs are the reference's. {COST_NOTE}{undefined}"
        ),
        **body(lines),
    )


TABLE = TableSpec(
    kind="scaling",
    order=32,
    subjects=subjects,
    applies=applies,
    methods=compared_methods,
    files=scaling_files,
    make=make,
)
