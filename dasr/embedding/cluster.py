"""Do representations separate degradations? Scores and t-SNE."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import TSNE
from sklearn.metrics import (
    adjusted_rand_score,
    normalized_mutual_info_score,
    silhouette_score,
)
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dasr.errors import UserError

MAX_FOLDS = 5


@dataclass(frozen=True)
class ClusterScores:
    """How well the true classes show in a set of representations."""

    ari: float
    """Adjusted Rand index of k-means with the true number of classes; 0 is chance."""
    nmi: float
    """Normalised mutual information of the same clustering."""
    silhouette: float
    """Mean silhouette of the true classes."""
    probe_accuracy: float
    """Accuracy of a linear probe on images it was not fitted on; NaN with one image."""
    points: int
    classes: int


def cluster_scores(
    representation: NDArray[np.float32],
    label: NDArray[np.float64],
    image: NDArray[np.str_],
    seed: int,
) -> ClusterScores:
    """Return clustering scores of N representations, (N, D).

    The probe's folds are split by image, so that it cannot recognise content: on a single
    image there is no probe.
    """
    codes = np.unique(label, return_inverse=True)[1]
    classes = int(codes.max()) + 1
    found = KMeans(classes, n_init=10, random_state=seed).fit_predict(representation)
    return ClusterScores(
        ari=float(adjusted_rand_score(codes, found)),
        nmi=float(normalized_mutual_info_score(codes, found)),
        silhouette=float(silhouette_score(representation, codes)),
        probe_accuracy=_probe_accuracy(representation, codes, image),
        points=len(codes),
        classes=classes,
    )


def _probe_accuracy(
    representation: NDArray[np.float32], codes: NDArray[np.int64], image: NDArray[np.str_]
) -> float:
    folds = min(MAX_FOLDS, len(np.unique(image)))
    if folds < 2:
        return float("nan")
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, C=0.1))
    accuracy = cross_val_score(probe, representation, codes, groups=image, cv=GroupKFold(folds))
    return float(accuracy.mean())


def tsne(
    representation: NDArray[np.float32], perplexity: float, seed: int
) -> NDArray[np.float32]:
    """Return t-SNE coordinates, (N, 2).

    Raises:
        UserError: the perplexity is not below the number of points.
    """
    if perplexity >= len(representation):
        raise UserError(
            f"embedding.perplexity {perplexity:g} must be below the number of points, "
            f"{len(representation)}: lower it or embed more crops"
        )
    model = TSNE(perplexity=perplexity, random_state=seed, init="pca")
    return np.asarray(model.fit_transform(representation), dtype=np.float32)
