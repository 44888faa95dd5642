"""Normalised mutual information of k-means and the true classes."""

from dasr.embedding.points import LabelledPoints
from dasr.terms.scores import Score


def measure(points: LabelledPoints) -> float:
    """Return the information in [0, 1]; chance gives a little more than 0."""
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(points.codes, points.clusters))


SCORE = Score(
    column="nmi",
    order=20,
    title="NMI",
    short="NMI",
    axis="Normalised mutual information",
    explanation="NMI of k-means against the true classes (chance: ARI 0)",
    measure=measure,
)
