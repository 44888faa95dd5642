"""Is clustering quality? A score of representations against PSNR, a point per network."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dasr.embedding.scores import ari, neighbour_rank_centred
from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import SMALLEST
from dasr.reporting.drawing.text import signed
from dasr.reporting.specs import FigureSpec, Item, learned, scored_files
from dasr.statistics.separation import (
    correlation_interval,
    rank_correlation,
    scored_networks,
)
from dasr.study import Plan, ReportCell
from dasr.terms.scores import Score
from dasr.terms.tasks import TASKS

RHO = "ρ: Spearman's rank correlation, 95 % bootstrap interval over networks"
HEIGHT = 2.3
MIN_SPAN = 0.1
"""The least that the score's axis spans."""
MIN_NETWORKS = 20
"""Fewer tell nothing of a correlation: over ten networks that have none, rho is beyond 0.65 in
one study of 20."""


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether enough networks are trained with a learned representation."""
    learned_here = [method for method in plan.trained if method.is_represented]
    return sum(len(method.seeds) for method in learned_here) >= MIN_NETWORKS


def draw(item: Item[Figure]) -> Figure:
    """Return the mean gain over bicubic in dB against a score of representations.

    A panel per task; its title gives Spearman's rho with an interval and the number of
    networks. Where classes have an order the score is the rank correlation after centring,
    elsewhere ARI. No line is fitted: nothing says that the relation is one.

    Raises:
        ValueError: a clustered network has no metrics.
    """
    return draw_networks(scored_networks(item.rows("metrics"), item.clusters()), item)


def draw_networks(rows: pd.DataFrame, item: Item[Figure]) -> Figure:
    """Return the figure of networks, one row per network and task."""
    tasks = list(rows["task"].unique())
    figure, (drawn,) = panels.panel_grid(1, len(tasks), HEIGHT, sharey=True)
    for axes, task in zip(drawn, tasks, strict=True):
        score, own = score_of(task), rows[rows["task"] == task]
        known = own[np.isfinite(own[[score.column, "gain_db"]].astype(float)).all(axis=1)]
        for method, look in item.styles.items():
            points = known[known["method"] == method]
            axes.plot(points[score.column], points["gain_db"], **look.point())
        title = f"{TASKS[task].title}\n{_found(known, len(own), score)}"
        axes.set(title=title, xlabel=score.axis)
        axes.margins(0.08)
        low, high = axes.get_xlim()
        if high - low < MIN_SPAN:  # scores that hardly differ must not look as if they did
            middle = (low + high) / 2
            axes.set_xlim(middle - MIN_SPAN / 2, middle + MIN_SPAN / 2)
        axes.xaxis.set_major_locator(MaxNLocator(5))
    drawn[0].set_ylabel("Mean gain\nover bicubic (dB)")
    figure.supxlabel(RHO, fontsize=SMALLEST)
    panels.methods_above(figure, item)
    return figure


def score_of(task: str) -> Score:
    """Return the score that a task's panel shows."""
    return neighbour_rank_centred.SCORE if TASKS[task].ordered else ari.SCORE


def _found(known: pd.DataFrame, networks: int, score: Score) -> str:
    """Return e.g. "ρ −0.12 [−0.50, 0.31], 24 networks"; an infinite PSNR has no gain."""
    count = f"{len(known)} network{'' if len(known) == 1 else 's'}"
    if len(known) < networks:
        count += f" ({networks - len(known)} without a value)"
    pair = known[score.column], known["gain_db"]
    rho = rank_correlation(*pair)
    if math.isnan(rho):
        return count
    low, high = correlation_interval(*pair)
    return f"ρ {signed(rho)} [{signed(low)}, {signed(high)}], {count}"


FIGURE = FigureSpec(
    kind="score_vs_psnr",
    order=80,
    applies=applies,
    methods=learned,
    files=scored_files,
    make=draw,
)
