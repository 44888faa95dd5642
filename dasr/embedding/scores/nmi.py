"""Normalised mutual information of k-means and the true classes."""

import numpy as np

from dasr.embedding.agreement import contingency, contingency_by_image, mutual_information
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the information in [0, 1], (P,); chance gives a little more than 0."""
    return mutual_information(contingency(points, codes))


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the information of resampled images, (B,); clusters stay what they are."""
    return mutual_information(np.tensordot(weights, contingency_by_image(points), 1))


SCORE = Score(
    column="nmi",
    order=20,
    title="NMI",
    short="NMI",
    axis="Normalised mutual information",
    explanation="NMI of k-means against the true classes",
    under_labels=under_labels,
    over_images=over_images,
)
