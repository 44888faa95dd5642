"""Clusters beside classes: pairs of points in both, and how many are in which.

Shapes: P labellings, B resamplings, N points, M images, K classes or clusters.
"""

import numpy as np
from numpy.typing import NDArray

from dasr.embedding.points import Codes, Floats, LabelledPoints


def contingency(points: LabelledPoints, codes: Codes) -> Floats:
    """Return how many points of each class are in each cluster, (P, K, K).

    Args:
        points: whose clusters are looked at.
        codes: classes, (P, N).
    """
    number, classes = len(codes), points.classes
    cells = (np.arange(number)[:, None] * classes + codes) * classes + points.clusters
    counts = np.bincount(cells.ravel(), minlength=number * classes**2)
    return counts.reshape(number, classes, classes).astype(float)


def contingency_by_image(points: LabelledPoints) -> Floats:
    """Return how many points of each class are in each cluster, image by image, (M, K, K)."""
    found = np.zeros((points.images, points.classes, points.classes))
    np.add.at(found, (points.image_codes, points.codes, points.clusters), 1.0)
    return found


def rand_index(both: Floats, classes: Floats, clusters: Floats) -> Floats:
    """Return the adjusted Rand index (Hubert and Arabie, 1985), 0 where nothing is told apart.

    Args:
        both: share of the pairs of points that share class and cluster.
        classes: share of those that share their class.
        clusters: share of those that share their cluster.
    """
    chance = classes * clusters
    room = (classes + clusters) / 2 - chance
    return np.divide(both - chance, room, out=np.zeros_like(room), where=room > 0)


def mutual_information(counts: NDArray[np.floating]) -> Floats:
    """Return mutual information over the mean of both entropies, of counts (..., K, K)."""
    joint = counts / counts.sum(axis=(-2, -1), keepdims=True)
    entropies = [_entropy(joint.sum(axis=axis)) for axis in (-1, -2)]
    together = _entropy(joint.reshape(*joint.shape[:-2], -1))
    mean = (entropies[0] + entropies[1]) / 2
    shared = np.clip(entropies[0] + entropies[1] - together, 0.0, None)  # of rounding
    return np.divide(shared, mean, out=np.zeros_like(mean), where=mean > 0).clip(max=1.0)


def _entropy(shares: Floats) -> Floats:
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return -(shares * logarithms).sum(axis=-1)
