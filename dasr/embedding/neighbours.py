"""What the nearest points of other images predict.

Shapes: N points, P labellings, B resamplings.
"""

import numpy as np

from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import (
    Weights,
    rank_correlations,
    resampled_rank_correlation,
)

NEIGHBOURS = 15
"""The mean label of so many points predicts one: few beside the hundreds of a task, enough
that one crop does not decide."""
DECIMALS = 9
"""Of predictions: means of the same labels, summed in another order, are equal."""


def rank_under_labels(points: LabelledPoints, features: Floats, codes: Codes) -> Floats:
    """Return Spearman's rho of labels with their prediction, in [-1, 1], (P,).

    A point is predicted by the mean label of its nearest points of other images, so that
    content cannot be recognised. NaN with a single image, or where labels have no order.

    Args:
        points: with the images and the labels of classes.
        features: what is near, (N, D).
        codes: the classes that points are taken to have, (P, N).
    """
    if points.images < 2 or not points.ordered:
        return np.full(len(codes), np.nan)
    labels = points.values[codes]
    return rank_correlations(labels, _predicted(labels, nearest(points, features)))


def rank_over_images(points: LabelledPoints, features: Floats, weights: Weights) -> Floats:
    """Return the same for resampled images, (B,); predictions stay what they are."""
    if points.images < 2 or not points.ordered:
        return np.full(len(weights), np.nan)
    labels = points.label[None]
    (predicted,) = _predicted(labels, nearest(points, features))
    return resampled_rank_correlation(points, points.label, predicted, weights)


def nearest(points: LabelledPoints, features: Floats) -> Codes:
    """Return the nearest points of other images, (N, `NEIGHBOURS`) or as many as there are."""
    squares = (features**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * features @ features.T
    same = points.image_codes[:, None] == points.image_codes[None]
    distances[same] = np.inf
    count = min(NEIGHBOURS, int((~same).sum(axis=1).min()))
    return np.argsort(distances, axis=1, kind="stable")[:, :count]


def _predicted(labels: Floats, neighbours: Codes) -> Floats:
    """Return the mean labels of neighbours, (P, N)."""
    return np.round(labels[:, neighbours].mean(axis=2), DECIMALS)
