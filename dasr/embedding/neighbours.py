"""What the nearest points of other images predict.

Shapes: N points, P labellings, B resamplings.
"""

import numpy as np

from dasr.embedding.nearest import nearest_of_other_images, predicted
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import (
    Weights,
    rank_correlations,
    resampled_rank_correlation,
)


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
    neighbours = nearest_of_other_images(features, points.image_codes)
    return rank_correlations(labels, predicted(labels, neighbours))


def rank_over_images(points: LabelledPoints, features: Floats, weights: Weights) -> Floats:
    """Return the same for resampled images, (B,); predictions stay what they are."""
    if points.images < 2 or not points.ordered:
        return np.full(len(weights), np.nan)
    labels = points.label[None]
    (means,) = predicted(labels, nearest_of_other_images(features, points.image_codes))
    return resampled_rank_correlation(points, points.label, means, weights)
