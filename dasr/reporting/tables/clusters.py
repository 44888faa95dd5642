"""How well representations separate degradations."""

from itertools import groupby

from dasr.embedding.scores import SCORES
from dasr.reporting.specs import Item, TableSpec, learned, statistics
from dasr.reporting.tabulating.cells import bracketed, keyed_cells
from dasr.reporting.tabulating.model import Table, body
from dasr.terms.tasks import TASKS


def make(item: Item[Table]) -> Table:
    """Return clustering scores with their 95 % intervals over seeds."""
    rows = item.selected("clusters")
    columns = [
        keyed_cells(
            rows,
            ["task"],
            bracketed(rows, (score.column, *score.bounds), score.decimals),
        )
        for score in SCORES
    ]
    lines = [
        (
            task,
            [TASKS[task].label, item.titles[method], *(one[task, method] for one in columns)],
        )
        for task in rows["task"].unique()
        for method in rows[rows["task"] == task]["method"]
    ]
    points = " or ".join(str(count) for count in sorted({int(n) for n in rows["points"]}))
    return Table(
        caption=f"Separation of degradations by the representation: {item.cell}",
        numbers=rows,
        header=["Task", "Method", *(score.title for score in SCORES)],
        alignment=["l", "l", *"r" * len(SCORES)],
        note=(f"Mean and 95 % interval over seeds; {points} points a seed. {_explanations()}."),
        **body(lines),
    )


def _explanations() -> str:
    """Return what all scores are; those that differ in their first word share the rest."""
    pairs = [score.explanation.split(" ", maxsplit=1) for score in SCORES]
    groups = groupby(pairs, key=lambda pair: pair[1])
    return ", ".join(f"{' and '.join(one for one, _ in own)} {rest}" for rest, own in groups)


CAPTION = (
    "How well representations of test crops of {testset} show what they were degraded by. "
    f"{_explanations()}. Means and 95 % intervals over seeds."
)


TABLE = TableSpec(
    kind="clusters",
    order=40,
    methods=learned,
    files=statistics("clusters"),
    make=make,
)
