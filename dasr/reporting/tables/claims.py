"""What was claimed of the methods before the training, and what came of it."""

from dasr.reporting.claim_texts import (
    claim_text,
    difference_text,
    p_text,
    sentence,
    subject_text,
    titles_of,
)
from dasr.reporting.encoder_texts import complaints
from dasr.reporting.specs import Item, TableSpec, of_study, statistics
from dasr.reporting.tabulating.model import Table, body
from dasr.statistics.claims import MARGIN
from dasr.statistics.power import POWER
from dasr.terms.metrics import DETECTABLE, RANKING
from dasr.text import at_least_text


def make(item: Item[Table]) -> Table:
    """Return a row per claim with its tests and verdict, and a sentence each.

    More sentences name encoder stages that learned nothing: they bear on verdicts.
    """
    rows, titles = item.rows("claims"), titles_of(item)
    records, unit = rows.to_dict("records"), RANKING.unit
    return Table(
        caption=f"Claims of {item.plan.config.title}",
        numbers=rows,
        header=[
            "Claim", "On", f"{RANKING.title}: difference", "p", f"Margin ({unit})",
            "p equivalent", f"Detectable ({unit})", "Verdict", "Holds",
        ],
        alignment=["l", "l", *"rrrrr", "l", "l"],
        note=(
            "Differences with the 95 % interval, the widest of those over images, over seeds "
            "and over both. p: two-sided, that there is none; p equivalent: that it is not "
            "within the margin, the larger of two one-sided tests; both after Holm over "
            f"{len(rows)} claim{'' if len(rows) == 1 else 's'}, verdicts at 5 %. Detectable: "
            f"what this study would see with {100 * POWER:g} % power. What other tables show "
            "and nobody claimed here is exploratory."
        ),
        sentences=[
            *(sentence(row, item) for row in records),
            *complaints(item.rows("encoder_stages"), item),
        ],
        **body(
            (
                None,
                [
                    claim_text(row, titles),
                    subject_text(row, item),
                    difference_text(row),
                    p_text(row["p_holm"]),
                    f"{row[MARGIN]:g}",
                    p_text(row["p_equivalent_holm"]),
                    at_least_text(row[DETECTABLE], RANKING.decimals),
                    row["verdict"],
                    row["holds"],
                ],
            )
            for row in records
        ),
    )  # fmt: skip


TABLE = TableSpec(
    kind="claims",
    order=5,
    cells=of_study,
    suffix=lambda cell: "",
    section=lambda cell: "Claims",
    applies=lambda plan, cell: bool(plan.study.claims),
    methods=lambda item: item.plan.methods,
    files=statistics("claims", "encoder_stages"),
    make=make,
)
