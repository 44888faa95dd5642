"""Accuracy of a linear probe on unseen images, after centring each crop over the classes."""

from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.probe import accuracy_over_images, accuracy_under_labels
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the share of points whose class the probe finds, (P,); 1 / classes by chance."""
    return accuracy_under_labels(points, points.centred, codes)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the share among resampled images, (B,); the probe stays what it is."""
    return accuracy_over_images(points, points.centred, weights)


SCORE = Score(
    column="probe_accuracy_centred",
    order=50,
    title="Probe, centred",
    short="probe c.",
    axis="Accuracy of a linear probe, crops centred",
    explanation="the same probe after centring",
    under_labels=under_labels,
    over_images=over_images,
)
