"""Rank correlation of a neighbour prediction: does the representation keep the order?"""

import numpy as np

from dasr.embedding.neighbours import rank_over_images, rank_under_labels
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return Spearman's rho of labels with their prediction, (P,); chance is 0."""
    return rank_under_labels(points, points.representation.astype(np.float64), codes)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return rho of resampled images, (B,); predictions stay what they are."""
    return rank_over_images(points, points.representation.astype(np.float64), weights)


SCORE = Score(
    column="neighbour_rank",
    order=60,
    title="Neighbour rank ρ",
    short="rank",
    axis="Rank correlation of a neighbour prediction (0 is chance)",
    explanation="rank correlation of labels with the mean label of neighbours of other images",
    under_labels=under_labels,
    over_images=over_images,
)
