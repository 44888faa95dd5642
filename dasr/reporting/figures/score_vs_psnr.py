"""Is clustering quality? A clustering score against PSNR, a point per network."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dasr.embedding.scores import SCORES
from dasr.reporting.drawing import panels
from dasr.reporting.drawing.style import SMALLEST
from dasr.reporting.drawing.text import signed
from dasr.reporting.specs import FigureSpec, Item, learned, scored_files
from dasr.statistics.separation import rank_correlation, scored_networks
from dasr.study import Plan, ReportCell
from dasr.terms.tasks import TASKS

SCORE = SCORES[0]
RHO = "ρ: Spearman's rank correlation; over few networks it says little."
HEIGHT = 2.3
MIN_SPAN = 0.1
"""The least that the score's axis spans."""
MIN_NETWORKS = 3
"""Fewer make no scatter of clustering score against PSNR."""


def applies(plan: Plan, cell: ReportCell) -> bool:
    """Whether enough networks are trained with a learned representation."""
    learned_here = [method for method in plan.trained if method.is_learned]
    return sum(len(method.seeds) for method in learned_here) >= MIN_NETWORKS


def draw(item: Item[Figure]) -> Figure:
    """Return the mean gain over bicubic in dB against a clustering score.

    A panel per task; its title gives Spearman's rho and the number of networks. No line is
    fitted: variants and seeds are too few for one.

    Raises:
        ValueError: a clustered network has no metrics.
    """
    return draw_networks(scored_networks(item.rows("metrics"), item.clusters()), item)


def draw_networks(rows: pd.DataFrame, item: Item[Figure]) -> Figure:
    """Return the figure of networks, one row per network and task."""
    tasks = list(rows["task"].unique())
    numbers = rows[[SCORE.column, "gain_db"]].to_numpy(dtype=float)
    known = rows.loc[np.isfinite(numbers).all(axis=1)]  # an infinite PSNR has no gain
    figure, (drawn,) = panels.panel_grid(1, len(tasks), HEIGHT, sharey=True)
    for axes, task in zip(drawn, tasks, strict=True):
        own = known[known["task"] == task]
        for method, look in item.styles.items():
            points = own[own["method"] == method]
            axes.plot(points[SCORE.column], points["gain_db"], **look.point())
        title = f"{TASKS[task].title}: {_found(own, int((rows['task'] == task).sum()))}"
        axes.set(title=title, xlabel=SCORE.axis)
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


def _found(known: pd.DataFrame, networks: int) -> str:
    """Return rank correlation and number of networks, e.g. "ρ −0.12, 12 networks"."""
    count = f"{len(known)} network{'' if len(known) == 1 else 's'}"
    if len(known) < networks:
        count += f" ({networks - len(known)} without a value)"
    rho = rank_correlation(known[SCORE.column], known["gain_db"])
    return count if math.isnan(rho) else f"ρ {signed(rho)}, {count}"


FIGURE = FigureSpec(
    kind="score_vs_psnr",
    order=80,
    applies=applies,
    methods=learned,
    files=scored_files,
    make=draw,
)
