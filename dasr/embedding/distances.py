"""Distance correlation (Székely, Rizzo and Bakirov, Annals of Statistics 35, 2007).

Shapes: N points, P labellings, B resamplings, M images, K classes.
"""

import numpy as np

from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights, pair_sums, resampled_pairs


def distance_matrix(values: Floats) -> Floats:
    """Return the Euclidean distances of N points, (N, D), from each other, (N, N)."""
    squares = (values**2).sum(axis=1)
    distances = np.sqrt(np.clip(squares[:, None] + squares - 2 * values @ values.T, 0.0, None))
    np.fill_diagonal(distances, 0.0)
    return distances


def doubly_centred(distances: Floats) -> Floats:
    """Return a matrix without the means of its rows and columns."""
    rows = distances.mean(axis=0)
    return distances - rows[:, None] - rows[None] + rows.mean()


def correlation_under_labels(points: LabelledPoints, features: Floats, codes: Codes) -> Floats:
    """Return the distance correlation of features with labels, in [0, 1], (P,).

    Exact, from all pairs. NaN where labels have no order.

    Args:
        points: with the labels of classes, each of them as often as the others.
        features: (N, D).
        codes: the classes that points are taken to have, (P, N).
    """
    if not points.ordered:
        return np.full(len(codes), np.nan)
    own = doubly_centred(distance_matrix(features))
    values = points.values
    between = np.abs(values[:, None] - values[None])  # (K, K)
    labels = doubly_centred(np.abs(points.label[:, None] - points.label[None]))
    # own has no means left, so labels' distances may keep theirs, and depend on classes alone
    member = np.moveaxis(np.eye(points.classes)[codes], 1, 0)  # (N, P, K)
    sums = np.einsum("npk,npl->pkl", member, np.tensordot(own, member, 1), optimize=True)
    shared = (sums * between).sum(axis=(1, 2)) / own.size
    return _correlation(shared, (own**2).mean(), (labels**2).mean())


def correlation_over_images(
    points: LabelledPoints, features: Floats, weights: Weights
) -> Floats:
    """Return the same for resampled images, (B,), from the same centred distances."""
    if not points.ordered:
        return np.full(len(weights), np.nan)
    own = doubly_centred(distance_matrix(features))
    labels = doubly_centred(distance_matrix(points.label[:, None]))
    pairs = pair_sums(points, np.ones_like(own))
    found = [
        resampled_pairs(pair_sums(points, products), pairs, weights)
        for products in (own * labels, own**2, labels**2)
    ]
    return _correlation(*found)


def _correlation(shared: Floats, first: Floats | float, second: Floats | float) -> Floats:
    """Return the correlation of a covariance and two variances, of squared distances."""
    spread = np.sqrt(np.broadcast_to(np.asarray(first) * second, shared.shape))
    squared = np.divide(shared, spread, out=np.zeros_like(shared), where=spread > 0)
    return np.sqrt(np.clip(squared, 0.0, 1.0))
