"""Adjusted Rand index of k-means against the true classes."""

from dasr.embedding.points import LabelledPoints
from dasr.terms.scores import Score


def measure(points: LabelledPoints) -> float:
    """Return the index: 1 for the true classes, 0 by chance."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(points.codes, points.clusters))


SCORE = Score(
    column="ari",
    order=10,
    title="ARI",
    short="ARI",
    axis="Adjusted Rand index (0 is chance)",
    explanation="ARI of k-means against the true classes (chance: ARI 0)",
    measure=measure,
)
