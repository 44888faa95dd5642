"""PSNR of networks minus the reference's, one column per network."""

import pandas as pd

from dasr.reporting.rows import grid_means, sample_size
from dasr.reporting.specs import Item, TableSpec, compared, compared_rows, statistics
from dasr.reporting.tabulating.cells import UNDEFINED_NOTE, UNITS_NOTE, bracketed, grid_table
from dasr.reporting.tabulating.model import Table
from dasr.statistics.power import POWER
from dasr.study.comparisons import reference_title
from dasr.terms.metrics import DETECTABLE, DIFFERENCE, PAIRED_BOUNDS, RANKING
from dasr.text import at_least_text

COLUMNS = [DIFFERENCE, *PAIRED_BOUNDS["both"]]


def make(item: Item[Table]) -> Table:
    """Return differences and their mean, with the 95 % interval over images and seeds.

    None is marked: a star per row would promise what a study with so many rows cannot keep
    (docs/statistics.md). What was claimed before the training is in the table of claims.
    """
    rows = compared_rows(item)
    spread = (
        "in brackets the 95 % interval, the widest of those over images, over seeds and over "
        "both; rows are exploratory, claims have a table of their own"
    )
    if rows[COLUMNS[1]].isna().all():
        spread = "one seed or image has no interval"
    undefined = f" {UNDEFINED_NOTE}" if rows[DIFFERENCE].isna().any() else ""
    return grid_table(
        item,
        rows,
        bracketed(rows, COLUMNS, RANKING.decimals, "+"),
        caption=f"{RANKING.title} minus that of {reference_title(item.plan)}: {item.cell}",
        note=(
            f"Mean over {sample_size(rows)}; {spread}."
            f"{_detectable(item, grid_means(rows))} "
            f"{UNITS_NOTE}{undefined}"
        ),
    )


def _detectable(item: Item[Table], means: pd.DataFrame) -> str:
    """Return the smallest differences that the study can see on the grid's mean."""
    known = means.set_index("method")[DETECTABLE].dropna().to_dict()
    if not known:
        return ""
    tests = max(1, len(item.plan.study.claims))
    labels = [(label, known[name]) for name, label in item.labels.items() if name in known]
    shown = [f"{label} {at_least_text(value, RANKING.decimals)}" for label, value in labels]
    return (
        f" Smallest detectable difference of the mean ({100 * POWER:g} % power, 5 % over "
        f"{tests} claim{'' if tests == 1 else 's'}), in {RANKING.unit}: {', '.join(shown)}."
    )


TABLE = TableSpec(
    kind="paired",
    order=30,
    methods=compared,
    files=statistics("paired"),
    make=make,
)
