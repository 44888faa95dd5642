"""Accuracy of a linear probe on images that it was not fitted on."""

import numpy as np

from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.probe import accuracy_over_images, accuracy_under_labels
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the share of points whose class the probe finds, (P,); 1 / classes by chance."""
    return accuracy_under_labels(points, points.representation.astype(np.float64), codes)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the share among resampled images, (B,); the probe stays what it is."""
    return accuracy_over_images(points, points.representation.astype(np.float64), weights)


SCORE = Score(
    column="probe_accuracy",
    order=40,
    title="Probe accuracy",
    short="probe",
    axis="Accuracy of a linear probe",
    explanation="accuracy of a linear probe on images it was not fitted on",
    under_labels=under_labels,
    over_images=over_images,
)
