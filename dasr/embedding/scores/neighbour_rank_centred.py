"""Rank correlation of a neighbour prediction, after centring each crop over the classes."""

from dasr.embedding.neighbours import rank_over_images, rank_under_labels
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return Spearman's rho of labels with their prediction, (P,); chance is 0."""
    return rank_under_labels(points, points.centred, codes)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return rho of resampled images, (B,); predictions stay what they are."""
    return rank_over_images(points, points.centred, weights)


SCORE = Score(
    column="neighbour_rank_centred",
    order=70,
    title="Rank ρ, centred",
    short="rank c.",
    axis="Rank correlation of a neighbour prediction,\ncrops centred (0 is chance)",
    explanation="the same rank correlation after centring",
    under_labels=under_labels,
    over_images=over_images,
)
