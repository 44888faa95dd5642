"""Is clustering quality? Clustering scores against PSNR, a point a network."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from dasr.reporting.figures.style import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    TASK_NAMES,
    MethodStyle,
    grid_of_axes,
    legend_above,
    method_handles,
    method_styles,
    new_figure,
    save_figure,
    signed,
    styled,
)
from dasr.reporting.rows import Where
from dasr.statistics.separation import rank_correlation

SCORES = {
    "ari": "Adjusted Rand index (0 is chance)",
    "nmi": "Normalised mutual information",
    "silhouette": "Silhouette",
    "probe_accuracy": "Accuracy of a linear probe",
}
CAPTION = "ρ: Spearman's rank correlation; over few networks it says little."
HEIGHT = 2.3
NARROWEST = 0.1
"""The least that the score's axis spans."""
SMALLEST = 6.5


def plot_score_vs_psnr(
    networks: pd.DataFrame,
    titles: Mapping[str, str],
    stem: Path,
    where: Where,
    *,
    score: str = "ari",
) -> Figure:
    """Write and return the figure: mean gain over bicubic in dB against a clustering score.

    A panel a task, a point a network; the panel's title gives Spearman's rho and the
    number of networks. No line is fitted: variants and seeds are too few for one.

    Args:
        networks: rows of `dasr.statistics.separation.scored_networks`.
        titles: title of each method, in the order of the legend; those without clustering
            scores (bicubic, oracles) are not drawn.
        stem: path of the files without suffix.
        where: regime, scale and test set to show.
        score: the clustering score: ari, nmi, silhouette or probe_accuracy.

    Raises:
        ValueError: an unknown score, or no network to draw.
    """
    if score not in SCORES:
        raise ValueError(f"score {score!r} is not one of {list(SCORES)}")
    rows = networks[
        (networks["regime"] == where.regime)
        & (networks["scale"] == where.scale)
        & (networks["testset"] == where.testset)
        & networks["method"].isin(list(titles))
    ]
    if rows.empty:
        raise ValueError(f"nothing to draw: no clustering scores of {list(titles)} for {where}")
    drawn = set(rows["method"])
    looks = {key: look for key, look in method_styles(titles).items() if key in drawn}
    tasks = list(rows["task"].unique())
    with styled():
        figure = new_figure(COLUMN_WIDTH if len(tasks) == 1 else FULL_WIDTH, HEIGHT)
        panels = grid_of_axes(figure, 1, len(tasks), sharey=True)[0]
        for axes, task in zip(panels, tasks, strict=True):
            own = rows[rows["task"] == task]
            _draw(axes, own, looks, score)
            axes.set_title(f"{TASK_NAMES.get(task, task)}: {_found(own, score)}")
        panels[0].set_ylabel("Mean gain\nover bicubic (dB)")
        figure.supxlabel(CAPTION, fontsize=SMALLEST)
        legend_above(figure, method_handles(titles, looks, lines=False))
        save_figure(figure, stem)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, looks: Mapping[str, MethodStyle], score: str) -> None:
    for method, look in looks.items():
        own = _known(rows, score)
        own = own[own["method"] == method]
        axes.plot(own[score], own["gain_db"], **look.point())
    axes.set_xlabel(SCORES[score])
    axes.margins(0.08)
    low, high = axes.get_xlim()
    if high - low < NARROWEST:  # scores that hardly differ must not look as if they did
        middle = (low + high) / 2
        axes.set_xlim(middle - NARROWEST / 2, middle + NARROWEST / 2)
    axes.xaxis.set_major_locator(MaxNLocator(5))


def _known(rows: pd.DataFrame, score: str) -> pd.DataFrame:
    """Return the networks with both numbers: an infinite PSNR has no gain."""
    finite = np.isfinite(rows[[score, "gain_db"]].to_numpy(dtype=float)).all(axis=1)
    return rows.loc[finite]


def _found(rows: pd.DataFrame, score: str) -> str:
    """Return rank correlation and number of networks, e.g. "ρ −0.12, 12 networks"."""
    known = _known(rows, score)
    count = f"{len(known)} network{'' if len(known) == 1 else 's'}"
    if len(known) < len(rows):
        count += f" ({len(rows) - len(known)} without a value)"
    rho = rank_correlation(known[score], known["gain_db"])
    return count if math.isnan(rho) else f"ρ {signed(rho)}, {count}"
