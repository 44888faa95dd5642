"""Mean silhouette of the true classes."""

import numpy as np

from dasr.embedding.distances import distance_matrix
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights, resampled_means
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the mean, in [-1, 1], (P,): how much nearer a point is to its own class."""
    return silhouettes(points, codes).mean(axis=1)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the mean of resampled images, (B,); a point keeps the silhouette it has."""
    return resampled_means(points, silhouettes(points, points.codes[None])[0], weights)


def silhouettes(points: LabelledPoints, codes: Codes) -> Floats:
    """Return each point's silhouette, (P, N), of classes (P, N).

    That is (b - a) / max(a, b), with a the mean distance to the others of its class and b
    that to the nearest other class.
    """
    distances = distance_matrix(points.representation.astype(np.float64))
    own = codes[..., None]  # (P, N, 1)
    member = np.eye(points.classes)[codes]  # (P, N, K)
    size = len(points.label) // points.classes  # of each class: crops have all of them
    sums = np.moveaxis(np.tensordot(distances, member, (1, 1)), 1, 0)  # (P, N, K)
    inside = np.take_along_axis(sums, own, axis=2)[..., 0] / max(1, size - 1)
    np.put_along_axis(sums, own, np.inf, axis=2)
    outside = sums.min(axis=2) / size
    room = np.maximum(inside, outside)
    return np.divide(outside - inside, room, out=np.zeros_like(room), where=room > 0)


SCORE = Score(
    column="silhouette",
    order=30,
    title="Silhouette",
    short="silh.",
    axis="Silhouette",
    explanation="silhouette of the true classes",
    under_labels=under_labels,
    over_images=over_images,
)
