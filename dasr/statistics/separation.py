"""How far apart classes lie in a representation, and whether that goes with quality."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dasr.embedding.resampling import rank_correlations
from dasr.statistics.intervals import LEVEL
from dasr.statistics.summaries import difference
from dasr.terms.columns import BICUBIC, NETWORK
from dasr.terms.metrics import GAIN, RANKING

Points = tuple[NDArray[np.float32], NDArray[np.float64]]
"""Representations of one network and task, (N, D), and their classes as numbers, (N,)."""

DIFFERENCE_DECIMALS = 6
"""Differences of classes are rounded to so many: 3.6 - 2.4 and 2.4 - 1.2 are the same."""
CORRELATION_DRAWS = 1000
"""Resamplings of networks behind an interval of a rank correlation."""
MIN_CORRELATED = 3
"""Fewer points have no rank correlation worth the name: two always give 1 or -1."""


def class_distances(points: Points) -> pd.DataFrame:
    """Return how far apart each pair of classes lies in one network's representation.

    The spread of a class is the root mean square distance of its points to its centroid.
    The distance of two classes is that of their centroids, divided by the mean spread of
    all classes of the task: 1 is a class's own radius. One divisor for all pairs leaves
    their order as it is in the representation.

    Returns:
        One row per pair: `first` < `second`, the classes; `apart`, their difference;
        `distance`, NaN where every class is a single point, so that no spread is left.

    Raises:
        ValueError: fewer than two classes.
    """
    representation, label = np.asarray(points[0], dtype=np.float64), points[1]
    classes = np.unique(label)
    if len(classes) < 2:
        raise ValueError(f"distances need two classes, got {classes.tolist()}")
    members = [representation[label == value] for value in classes]
    centroids = np.stack([group.mean(axis=0) for group in members])
    spreads = [
        np.sqrt(((group - centroid) ** 2).sum(axis=1).mean())
        for group, centroid in zip(members, centroids, strict=True)
    ]
    unit = float(np.mean(spreads)) or float("nan")
    one, two = np.triu_indices(len(classes), k=1)
    between = np.linalg.norm(centroids[one] - centroids[two], axis=1)
    return pd.DataFrame(
        {
            "first": classes[one],
            "second": classes[two],
            "apart": np.round(classes[two] - classes[one], DIFFERENCE_DECIMALS),
            "distance": between / unit,
        }
    )


def pair_distances(networks: Sequence[Points]) -> pd.DataFrame:
    """Return `class_distances` over networks of one method, one per seed.

    Returns:
        One row per pair: `first`, `second`, `apart`; `distance`, the mean over networks, and
        `low` and `high`, their smallest and largest, NaN for a single network. There is no
        interval: distances are not below 0, and seeds are few.

    Raises:
        ValueError: no network, or networks with different classes.
    """
    if not networks:
        raise ValueError("distances need at least one network")
    seeds = [class_distances(points) for points in networks]
    pairs = seeds[0][["first", "second", "apart"]]
    for other in seeds[1:]:
        if not pairs.equals(other[["first", "second", "apart"]]):
            raise ValueError("networks of one method were embedded with different classes")
    values = np.stack([seed["distance"].to_numpy(dtype=float) for seed in seeds])
    ends = values if len(values) > 1 else np.full_like(values, np.nan)
    return pairs.assign(
        distance=values.mean(axis=0), low=ends.min(axis=0), high=ends.max(axis=0)
    )


def mean_rank_correlation(networks: Sequence[Points]) -> float:
    """Return Spearman's rho of distance with difference, over pairs of classes.

    Taken network by network, then averaged: a mean over seeds would rank better than any
    network does. NaN with fewer than three pairs.
    """
    tables = [class_distances(points) for points in networks]
    return float(np.mean([rank_correlation(t["apart"], t["distance"]) for t in tables]))


def rank_correlation(first: Sequence[float] | pd.Series, second: pd.Series) -> float:
    """Return Spearman's rho of paired numbers.

    NaN with fewer than three pairs, with a missing number, or if one side is constant.
    """
    values = np.stack([np.asarray(first, dtype=float), np.asarray(second, dtype=float)])
    if values.shape[1] < MIN_CORRELATED or not np.isfinite(values).all():
        return float("nan")
    ranks = pd.DataFrame(values).rank(axis=1).to_numpy()  # ties share their mean rank
    if (np.ptp(ranks, axis=1) == 0).any():
        return float("nan")
    return float(np.corrcoef(ranks)[0, 1])


def correlation_interval(
    first: Sequence[float] | pd.Series, second: pd.Series
) -> tuple[float, float]:
    """Return the 95 % percentile interval of Spearman's rho, numbers paired by network.

    Networks are resampled as pairs, `CORRELATION_DRAWS` times; both ends are in [-1, 1].
    """
    values = np.stack([np.asarray(first, dtype=float), np.asarray(second, dtype=float)])
    rng = np.random.default_rng(0)
    drawn = rng.integers(values.shape[1], size=(CORRELATION_DRAWS, values.shape[1]))
    found = rank_correlations(values[0][drawn], values[1][drawn])
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def scored_networks(metrics: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Return clustering scores of each network beside its quality.

    Args:
        metrics: rows of evaluation (`results/{study}/metrics.csv`), bicubic among them.
        clusters: one row per (network, test set, task), from the `*_clusters.csv` files.

    Returns:
        The rows of `clusters` with the columns of `network_gains`.

    Raises:
        ValueError: a clustered network, or bicubic in its place, has no metrics.
    """
    network = [*NETWORK, "testset", "seed"]
    scored = clusters.merge(network_gains(metrics), on=network, how="left", validate="m:1")
    lacking = scored[scored[RANKING.column].isna()]
    if len(lacking):
        raise ValueError(f"no metrics of the network: {lacking.iloc[0][network].to_dict()}")
    return scored


def network_gains(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the mean `RANKING` of each network and test set, and its gain over bicubic.

    Args:
        metrics: rows of evaluation (`results/{study}/metrics.csv`), bicubic among them.

    Returns:
        One row per (network, test set), bicubic left out: the column of `RANKING`, the mean
        over the grid of degradations and over images, and `GAIN`, that above bicubic on the
        same grid; infinite and NaN where an image is reproduced exactly.

    Raises:
        ValueError: bicubic has no metrics in a network's place.
    """
    value, base = RANKING.column, f"{RANKING.column}_{BICUBIC}"
    network = [*NETWORK, "testset", "seed"]
    images = metrics.groupby([*network, "image"], sort=False)[value].mean()
    means = images.groupby(network, sort=False).mean().reset_index()
    cell = [key for key in (*NETWORK, "testset") if key != "method"]
    bases = means.loc[means["method"] == BICUBIC, [*cell, value]].rename(columns={value: base})
    networks = means[means["method"] != BICUBIC]
    gains = networks.merge(bases, on=cell, how="left", validate="m:1")
    lacking = gains[gains[base].isna()]
    if len(lacking):
        raise ValueError(f"no metrics of {BICUBIC}: {lacking.iloc[0][network].to_dict()}")
    gains[GAIN] = difference(gains[value], gains[base])
    return gains.drop(columns=base)
