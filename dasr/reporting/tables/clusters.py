"""How well representations separate degradations."""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from dasr.embedding.draws import PERMUTATIONS
from dasr.embedding.scores import SCORES
from dasr.reporting.specs import Item, TableSpec, represented, statistics
from dasr.reporting.tabulating.cells import bracketed, fixed, keyed_cells
from dasr.reporting.tabulating.model import Table, body
from dasr.statistics.representations import BOTH, MIN_SEEDS, OVER
from dasr.study import Plan
from dasr.terms.scores import Score
from dasr.terms.tasks import TASKS
from dasr.text import MISSING

CHANCE_TITLE = "Chance"


def make(item: Item[Table]) -> Table:
    """Return scores of representations by task and method, chance below."""
    rows = item.selected("clusters")
    columns = [keyed_cells(rows, ["task"], shown(rows, score)) for score in SCORES]
    lines = []
    for task in rows["task"].unique():
        own, label = rows[rows["task"] == task], TASKS[task].label
        lines += [
            (task, [label, item.titles[method], *(one[task, method] for one in columns)])
            for method in own["method"]
        ]
        lines.append((task, [label, CHANCE_TITLE, *(chance(own, score) for score in SCORES)]))
    return Table(
        caption=f"Separation of degradations by the representation: {item.cell}",
        numbers=rows,
        header=["Task", "Method", *(score.title for score in SCORES)],
        alignment=["l", "l", *"r" * len(SCORES)],
        note=_note(rows, item.plan),
        **body(lines),
    )


def shown(rows: pd.DataFrame, score: Score) -> list[str]:
    """Return "0.82 (0.79 0.81 0.86)" of each row, the mean and the seeds' own values.

    From `MIN_SEEDS` seeds on it is "0.82 [0.78, 0.86]", with the interval over both.
    """
    intervals = bracketed(rows, (score.column, *score.bounds), score.decimals)
    seeds = [_by_seed(text, score) for text in rows[score.by_seed]]
    means = [fixed(mean, score) for mean in rows[score.column]]
    return [
        interval if over == BOTH else " ".join(filter(None, (mean, own)))
        for interval, over, mean, own in zip(intervals, rows[OVER], means, seeds, strict=True)
    ]


def chance(rows: pd.DataFrame, score: Score) -> str:
    """Return the mean and the largest upper bound of a task's methods, "0.25 (≤ 0.30)"."""
    mean, high = (rows[column] for column in score.chance)
    text = fixed(float(mean.mean()), score)
    return text if text == MISSING else f"{text} (≤ {fixed(float(high.max()), score)})"


def _by_seed(text: object, score: Score) -> str:
    """Return the seeds' values in brackets; nothing where there is one, or none has one."""
    values = [fixed(float(one), score) for one in str(text).split()]
    return "" if len(values) < 2 or set(values) == {MISSING} else f"({' '.join(values)})"


def _note(rows: pd.DataFrame, plan: Plan) -> str:
    """Return what is shown, from how much, and what each score is."""
    points, images = (_counts(rows[name]) for name in ("points", "images"))
    spread = (
        "Mean and 95 % interval over images crossed with seeds (percentile bootstrap)"
        if (rows[OVER] == BOTH).all()
        else "Mean, and in brackets the seeds' own values: fewer than "
        f"{MIN_SEEDS} seeds have no honest interval (the CSV file has one over images alone)"
    )
    counts = f"{points} points of {images} images per seed"
    lines = [f"{spread}; {counts}.", f"{_explanations()}.", CENTRING_NOTE]
    lines += [] if plan.untrained is None else [untrained_note(plan)]
    return " ".join([*lines, CHANCE_NOTE])


def untrained_note(plan: Plan) -> str:
    """Return what the untrained encoder is; encoders of other sizes start elsewhere."""
    assert plan.untrained is not None
    whose = plan.method(plan.untrained.stands_for).title
    return (
        f"{plan.untrained.title}: that of {whose} as its training starts, with normalisation "
        "statistics of the first training batches."
    )


CENTRING_NOTE = "Centring: the mean of each crop over all classes is taken off."
CHANCE_NOTE = (
    f"{CHANCE_TITLE}: labels permuted within crops, {PERMUTATIONS} times per network; the "
    "mean, and the largest of the bounds that 95 % stay below."
)


def _counts(values: pd.Series) -> str:
    return " or ".join(str(count) for count in sorted({int(value) for value in values}))


def _explanations() -> str:
    """Return what all scores are; those that differ in their first word share the rest."""
    pairs: Sequence[list[str]] = [score.explanation.split(" ", maxsplit=1) for score in SCORES]
    groups = groupby(pairs, key=lambda pair: pair[1])
    return ", ".join(f"{' and '.join(one for one, _ in own)} {rest}" for rest, own in groups)


TABLE = TableSpec(
    kind="clusters",
    order=40,
    methods=represented,
    files=statistics("clusters"),
    make=make,
)
