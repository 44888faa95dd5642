"""Distance correlation of labels with representations, after centring each crop."""

from dasr.embedding.distances import correlation_over_images, correlation_under_labels
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the correlation, (P,): 1 on a line, a little more than 0 by chance."""
    return correlation_under_labels(points, points.centred, codes)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the correlation of resampled images, (B,)."""
    return correlation_over_images(points, points.centred, weights)


SCORE = Score(
    column="distance_correlation_centred",
    order=80,
    title="Distance corr., centred",
    short="dist. c.",
    axis="Distance correlation, crops centred",
    explanation="distance correlation of labels and representations after centring",
    under_labels=under_labels,
    over_images=over_images,
)
