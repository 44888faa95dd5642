"""Mean silhouette of the true classes."""

from dasr.embedding.points import LabelledPoints
from dasr.terms.scores import Score


def measure(points: LabelledPoints) -> float:
    """Return the mean, in [-1, 1]: how much nearer a point is to its own class."""
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(points.representation, points.codes))


SCORE = Score(
    column="silhouette",
    order=30,
    title="Silhouette",
    short="silh.",
    axis="Silhouette",
    explanation="silhouette of the true classes",
    measure=measure,
)
