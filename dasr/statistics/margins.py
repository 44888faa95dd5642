"""Rows of evaluation averaged over a grid of degradations: all of it, or one of its axes."""

from collections.abc import Sequence

import pandas as pd

from dasr.terms.columns import DEGRADATION_NUMBERS, KERNEL, MEAN, NETWORK
from dasr.terms.metrics import METRICS
from dasr.terms.quantities import FACTORS

VALUES = [metric.column for metric in METRICS]
UNIT = [*NETWORK, "testset", "seed", "image"]
"""What stays apart in every mean: an image in one network."""
SHAPE = [name for name in DEGRADATION_NUMBERS if name not in {one.name for one in FACTORS}]
"""What a kernel is, as numbers."""


def with_grid_mean(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, and one for each image and network: the mean over its whole grid."""
    return pd.concat([metrics, grid_mean(metrics)], ignore_index=True)


def grid_mean(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per image and network, with `KERNEL` "mean" and no numbers."""
    return _means(metrics, [])


def margins(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return means per kernel over all else, and per value of each factor over all else.

    A kernel's rows have no factors; a factor's have `KERNEL` "mean" and its value alone.
    """
    known = [one.name for one in FACTORS if one.name in metrics]
    parts = [_means(metrics, [KERNEL, *SHAPE])]
    parts += [_means(metrics[metrics[name].notna()], [name]) for name in known]
    return pd.concat(parts, ignore_index=True)


def _means(metrics: pd.DataFrame, kept: Sequence[str]) -> pd.DataFrame:
    means = metrics.groupby([*UNIT, *kept], dropna=False, sort=False)[VALUES].mean()
    means = means.reset_index()
    if KERNEL not in kept:
        means[KERNEL] = MEAN
    return means.reindex(columns=metrics.columns)
