"""What the methods are, and how well their representations separate degradations."""

from collections.abc import Mapping

import pandas as pd

from dasr.reporting.rows import Where, best, networks, select
from dasr.reporting.tables.cells import (
    COST_HEADER,
    COST_NOTE,
    bracketed,
    cost_cells,
    costs_of,
)
from dasr.reporting.tables.writing import Cell, Table

SCORES = {
    "ari": "ARI",
    "nmi": "NMI",
    "silhouette": "Silhouette",
    "probe_accuracy": "Probe accuracy",
}
TASKS = {"kernel_width": "kernel width", "noise_level": "noise level"}


def cluster_table(clusters: pd.DataFrame, titles: Mapping[str, str], where: Where) -> Table:
    """Return clustering scores with their 95 % intervals over seeds, best in bold.

    One row a (task, method); methods without representations are left out.

    Args:
        clusters: rows of `dasr.statistics.summaries.summarise_clusters`.
        titles: title of each method, in the order of rows.
        where: regime, scale and test set to show.
    """
    embedded = set(clusters["method"])
    shown = {method: title for method, title in titles.items() if method in embedded}
    rows = select(clusters, shown, where)
    body: list[list[Cell]] = []
    rules = []
    for task, group in rows.groupby("task", sort=False):
        rules.append(len(body))
        name = TASKS.get(str(task), str(task))
        cells = _score_cells(group.set_index("method"))
        body += [[Cell(name), Cell(titles[method]), *cells[method]] for method in cells]
    return Table(
        caption=f"Separation of degradations by the representation: {where}",
        numbers=rows,
        header=["Task", "Method", *SCORES.values()],
        rows=body,
        alignment=["l", "l", *"r" * len(SCORES)],
        note=(
            f"Mean and 95 % interval over seeds; {_points(rows)} a seed. "
            "ARI and NMI of k-means against the true classes (chance: ARI 0), silhouette of "
            "the true classes, accuracy of a linear probe on images it was not fitted on. "
            "Best in bold."
        ),
        rules=frozenset(rules[1:]),
    )


def hypotheses_table(
    titles: Mapping[str, str],
    hypotheses: Mapping[str, str],
    costs: pd.DataFrame,
    *,
    regime: str,
    scale: int,
) -> Table:
    """Return what each network claims and costs: one row a network.

    Args:
        titles: title of each method, in the order of rows; bicubic claims nothing.
        hypotheses: what each network's ablation file says of it.
        costs: columns method, scale, parameters, flops and perhaps regime.
        regime: name of the regime, used if `costs` has that column.
        scale: one of those in `costs`.
    """
    shown = networks(titles)
    spent = costs_of(costs, shown, regime=regime, scale=scale)
    frame = pd.DataFrame(
        {"title": shown, "hypothesis": {method: hypotheses[method] for method in shown}}
    )
    body = [
        [
            Cell(method),
            Cell(titles[method]),
            Cell(hypotheses[method]),
            *cost_cells(spent, method),
        ]
        for method in shown
    ]
    return Table(
        caption=f"Methods at x{scale}",
        numbers=frame.join(spent).rename_axis("method").reset_index(),
        header=["Name", "Method", "Hypothesis", *COST_HEADER],
        rows=body,
        alignment=["l", "p{3cm}", "p{7cm}", "r", "r"],
        note=COST_NOTE,
    )


def _score_cells(scores: pd.DataFrame) -> dict[str, list[Cell]]:
    """Return one task's scores by method."""
    first = {score: best(scores[score], 2) for score in SCORES}
    return {
        str(method): [
            Cell(
                bracketed(row[score], row[f"{score}_low"], row[f"{score}_high"], ".2f"),
                method in first[score],
            )
            for score in SCORES
        ]
        for method, row in scores.iterrows()
    }


def _points(rows: pd.DataFrame) -> str:
    counts = sorted({int(count) for count in rows["points"]})
    return f"{' or '.join(f'{count}' for count in counts)} points"
