"""Scores of resampled images, from what is known of points and pairs: nothing is fitted anew.

Shapes: B resamplings, N points, M images.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dasr.embedding.points import Codes, Floats, LabelledPoints

Weights = NDArray[np.int64]
"""How often each image is drawn in each resampling, (B, M)."""


def resampled_means(points: LabelledPoints, values: Floats, weights: Weights) -> Floats:
    """Return the mean of one number per point, (N,), in each resampling, (B,)."""
    sums = np.bincount(points.image_codes, values, minlength=points.images)
    counts = np.bincount(points.image_codes, minlength=points.images)
    return (weights @ sums) / (weights @ counts)


def pair_sums(points: LabelledPoints, values: Floats) -> Floats:
    """Return sums of one number per pair of points, (N, N), by pair of images, (M, M)."""
    member = np.eye(points.images)[points.image_codes]
    return member.T @ values @ member


def resampled_pairs(sums: Floats, counts: Floats, weights: Weights) -> Floats:
    """Return the mean over pairs of points in each resampling, (B,).

    Pairs within images keep the share that they have of all pairs. They are alike whatever
    the score says, and an image that is drawn twice would be paired with itself: of seven
    images a resampling would have twice their share, and scores that are zero by chance
    would come out above it.

    Args:
        sums: by pair of images, (M, M), see `pair_sums`.
        counts: of pairs of points, (M, M).
        weights: (B, M).
    """
    share = np.trace(counts) / counts.sum()
    within = _ratio(*(weights @ np.diag(table) for table in (sums, counts)))
    others = 1 - np.eye(len(counts))
    across, pairs = (_quadratic(table * others, weights) for table in (sums, counts))
    mean = share * within + (1 - share) * _ratio(across, pairs)
    return np.where(pairs > 0, mean, within)  # where one image alone is drawn


def rank_correlations(first: Floats, second: Floats) -> Floats:
    """Return Spearman's rho of the rows of (P, N) and (P, N), 0 where one is constant."""
    from scipy.stats import rankdata

    ranks = [rankdata(values, axis=1) for values in (first, second)]
    return _correlations(ranks[0], ranks[1], np.ones((1, first.shape[1])))


def resampled_rank_correlation(
    points: LabelledPoints, first: Floats, second: Floats, weights: Weights
) -> Floats:
    """Return Spearman's rho of two numbers per point, (N,), in each resampling, (B,)."""
    ranks = [_ranks(points.image_codes, values, weights) for values in (first, second)]
    return _correlations(ranks[0], ranks[1], weights[:, points.image_codes])


def _ranks(images: Codes, values: Floats, weights: Weights) -> Floats:
    """Return each point's rank among those of a resampling, ties in their middle, (B, N)."""
    found, level = np.unique(values, return_inverse=True)
    counts = np.zeros((weights.shape[1], len(found)))
    np.add.at(counts, (images, level), 1.0)
    drawn = weights @ counts  # (B, levels)
    return (np.cumsum(drawn, axis=1) - drawn / 2)[:, level]


def _correlations(first: Floats, second: Floats, weights: Floats | Weights) -> Floats:
    """Return the correlation of each row, points weighted, 0 where one side is constant."""
    share = weights / weights.sum(axis=1, keepdims=True)
    one, two = (
        values - (share * values).sum(axis=1, keepdims=True) for values in (first, second)
    )
    spread = np.sqrt((share * one**2).sum(axis=1) * (share * two**2).sum(axis=1))
    rho = _ratio((share * one * two).sum(axis=1), spread)
    return np.clip(rho, -1.0, 1.0)  # of rounding


def _quadratic(table: Floats, weights: Weights) -> Floats:
    return ((weights @ table) * weights).sum(axis=1)


def _ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """Return a quotient that is 0 where there is nothing to divide by."""
    below = np.asarray(below, dtype=float)
    return np.divide(above, below, out=np.zeros_like(below), where=below > 0)
