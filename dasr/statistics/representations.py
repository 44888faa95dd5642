"""Scores of representations over seeds and images: no interval leaves a score's range.

Scores are bounded, and few seeds say little of a spread: where there are fewer than
`MIN_SEEDS`, intervals are over images alone, and the seeds' own values are shown.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dasr.embedding.scores import COLUMNS, SCORES
from dasr.statistics.intervals import LEVEL, Floats
from dasr.terms.columns import NETWORK
from dasr.terms.tasks import TASKS

MIN_SEEDS = 5
"""Of an interval over seeds: a bootstrap of fewer has too few different draws."""
KEYS = [*NETWORK, "testset", "task"]
"""What a mean of scores over seeds is about."""
OVER = "interval_over"
"""Column that says what is taken for a sample, one of `IMAGES` and `BOTH`."""
IMAGES, BOTH = "images", "images and seeds"
VALUE_DIGITS = 6
"""Of a seed's value in a list of them."""
SEED = 0
"""Of the draws of seeds."""

Resampled = dict[tuple[object, ...], Floats]
"""A score of resampled images, (B,), by keys of a row (`KEYS`), seed and column."""


def read_resampled(paths: Sequence[Path]) -> Resampled:
    """Return what `dasr.embedding.jobs.score_network` wrote of resampled images."""
    found: Resampled = {}
    for path in paths:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        network = [arrays.pop(key).item() for key in (*NETWORK, "testset")]
        seed = arrays.pop("seed").item()
        for task in TASKS:
            for column in COLUMNS:
                if (name := f"{task}_{column}") in arrays:
                    found[*network, task, seed, column] = arrays[name]
    return found


def summarise_clusters(clusters: pd.DataFrame, resampled: Resampled) -> pd.DataFrame:
    """Return each score's mean over seeds with its 95 % interval, its seeds, and chance.

    Args:
        clusters: one row per network, test set and task; no rows in a study without
            encoders.
        resampled: the scores of resampled images, drawn alike for all networks of a test set.

    Returns:
        One row per method, regime, scale, test set and task. Of each score: its mean; its
        interval (`bounds`), a percentile bootstrap over what `interval_over` says; the seeds'
        own values (`by_seed`), in the order of the rows, as text; and chance (`chance`), means
        over seeds of the mean and the upper bound under permuted labels.
    """
    rows = []
    for keys, group in () if clusters.empty else clusters.groupby(KEYS, sort=False):
        enough = len(group) >= MIN_SEEDS
        row = dict(zip(KEYS, keys, strict=True))
        for score in SCORES:
            values = [resampled[*keys, seed, score.column] for seed in group["seed"]]
            own, mean = group[score.column], float(group[score.column].mean())
            low, high = bootstrap_interval(np.stack(values), mean, seeds=enough)
            row |= {score.column: mean, score.bounds[0]: low, score.bounds[1]: high}
            row[score.by_seed] = " ".join(f"{value:.{VALUE_DIGITS}g}" for value in own)
            row |= {column: float(group[column].mean()) for column in score.chance}
        counts = {name: int(group[name].iloc[0]) for name in ("points", "images")}
        rows.append({**row, OVER: BOTH if enough else IMAGES, "seeds": len(group), **counts})
    return pd.DataFrame(rows, columns=summary_columns())


def summary_columns() -> list[str]:
    """Return the columns of `summarise_clusters`."""
    own = [
        column
        for score in SCORES
        for column in (score.column, *score.bounds, score.by_seed, *score.chance)
    ]
    return [*KEYS, *own, OVER, "seeds", "points", "images"]


def bootstrap_interval(values: Floats, mean: float, *, seeds: bool) -> tuple[float, float]:
    """Return the 95 % percentile interval of a mean over seeds.

    Its ends are means of values that the score takes, so they are within its range. They
    have the mean between them: fewer different images give a little more of a score that is
    not 0 by chance (NMI), and an end beyond the mean is moved to it.

    Args:
        values: of resampled images, (S, B): row by seed, the same images in each column.
        mean: of the images as they are.
        seeds: whether seeds are resampled too, S - 1 of S, so that the variance of their
            mean is what it should be (see `dasr.embedding.draws.image_weights`).

    Returns:
        NaN twice where a value is missing, as where a single image cannot be resampled.
    """
    if np.isnan(values).any():
        return float("nan"), float("nan")
    means = values.mean(axis=0)
    if seeds:
        count, draws = values.shape
        rng = np.random.default_rng(SEED)
        drawn = rng.integers(count, size=(count - 1, draws))
        means = np.take_along_axis(values, drawn, axis=0).mean(axis=0)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return min(float(low), mean), max(float(high), mean)
