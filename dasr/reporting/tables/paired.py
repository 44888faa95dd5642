"""PSNR of variants minus the reference's, one column per variant."""

from dasr.reporting.rows import sample_size
from dasr.reporting.specs import Item, TableSpec, compared, statistics
from dasr.reporting.tabulating.cells import UNDEFINED_NOTE, UNITS_NOTE, bracketed, grid_table
from dasr.reporting.tabulating.model import Table

COLUMNS = ["difference_db", "both_low_db", "both_high_db"]


def make(item: Item[Table]) -> Table:
    """Return differences in dB and their mean; "*" where the 95 % interval excludes 0.

    The interval is that over images and seeds.
    """
    rows = item.selected("paired")
    reference = item.plan.method(item.plan.config.reference).title
    spread = "in brackets the 95 % interval over images and seeds, * where it excludes 0"
    if ((rows["seeds"] < 2) | (rows["images"] < 2)).all():
        spread = "one seed or image has no interval over both"
    undefined = f" {UNDEFINED_NOTE}" if rows["difference_db"].isna().any() else ""
    texts = bracketed(rows, COLUMNS, "+.2f")
    certain = (rows["both_low_db"] > 0) | (rows["both_high_db"] < 0)
    return grid_table(
        item,
        rows,
        [f"{text} *" if sure else text for text, sure in zip(texts, certain, strict=True)],
        caption=f"PSNR minus that of {reference} (dB): {item.cell}",
        note=f"Mean over {sample_size(rows)}; {spread}. {UNITS_NOTE}{undefined}",
    )


TABLE = TableSpec(
    kind="paired",
    order=30,
    methods=compared,
    files=statistics("paired"),
    make=make,
)
