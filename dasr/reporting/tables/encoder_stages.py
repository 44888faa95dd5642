"""What each encoder stage has learned, before any network went on from it."""

from collections.abc import Sequence

from dasr.reporting.encoder_texts import Row, complaints, rank_text, users_text
from dasr.reporting.specs import Item, TableSpec, of_study, statistics
from dasr.reporting.tabulating.model import Table, body
from dasr.statistics.encoder_stages import chance_column, lowest_column
from dasr.study import Method
from dasr.study.images import image_sets
from dasr.terms.history import LOSS, quantity_text, rank_columns
from dasr.text import capitalised, formatted


def trained_by_contrast(item: Item[Table]) -> Sequence[Method]:
    """Return the methods that go on from an encoder stage."""
    plan = item.plan
    return [
        method
        for method in plan.trained
        if any(plan.encoder_folder(run) for run in plan.runs() if run.method == method)
    ]


def make(item: Item[Table]) -> Table:
    """Return a row per encoder stage, and a sentence for each that has learned nothing."""
    frame = item.rows("encoder_stages")
    columns = rank_columns(frame.columns)
    rows: Sequence[Row] = frame.to_dict("records")
    sets = ", ".join(one.name for one in image_sets(item.plan, "validation"))
    keys = ["Encoder of", "Regime", "Scale", "Seed", "Steps", "Loss (nats)", "Chance"]
    quantities = [capitalised(quantity_text(name)) for name in columns]
    return Table(
        caption=f"Encoder stages of {item.plan.config.title}",
        numbers=frame,
        header=[*keys, *quantities, "Verdict"],
        alignment=["p{4cm}", "l", *"r" * (len(keys) - 2 + len(columns)), "l"],
        note=(
            f"Ranks: Spearman's correlation of a quantity of validation images ({sets}) with "
            "what neighbours in other images predict of it, chance 0; in brackets that of the "
            "encoder before its first step. Learned: of every quantity the stage knows more at "
            "its end than when it began. Loss: the contrastive one over the last steps, with "
            "its chance; in brackets the lowest on the way, since a shortcut ends where the "
            "learning rate has fallen. A loss far below chance with ranks no better than "
            "untrained is a shortcut (docs/troubleshooting.md)."
        ),
        sentences=complaints(frame, item),
        **body(
            (
                None,
                [
                    users_text(row, item),
                    row["regimes"],
                    f"x{row['scale']}",
                    str(row["seed"]),
                    f"{row['steps']:,}",
                    f"{row[LOSS]:.2f} ({row[lowest_column(LOSS)]:.2f})",
                    formatted(float(row[chance_column(LOSS)]), ".2f"),
                    *(rank_text(row, name) for name in columns),
                    row["verdict"],
                ],
            )
            for row in rows
        ),
    )


TABLE = TableSpec(
    kind="encoder_stages",
    order=6,
    cells=of_study,
    suffix=lambda cell: "",
    section=lambda cell: "Encoder stages",
    applies=lambda plan, cell: bool(plan.config.validation_sets),
    methods=trained_by_contrast,
    files=statistics("encoder_stages"),
    measured_on="validation",
    make=make,
)
