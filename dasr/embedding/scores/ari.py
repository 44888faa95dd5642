"""Adjusted Rand index of k-means against the true classes."""

import numpy as np

from dasr.embedding.agreement import contingency, rand_index
from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights, pair_sums, resampled_pairs
from dasr.terms.scores import Score


def under_labels(points: LabelledPoints, codes: Codes) -> Floats:
    """Return the index, (P,): 1 for the true classes, 0 by chance."""
    counts = contingency(points, codes)
    parts = counts, counts.sum(axis=2), counts.sum(axis=1)
    all_pairs = len(points.label) * (len(points.label) - 1)
    shares = [
        (one * (one - 1)).reshape(len(codes), -1).sum(axis=1) / all_pairs for one in parts
    ]
    return rand_index(*shares)


def over_images(points: LabelledPoints, weights: Weights) -> Floats:
    """Return the index of resampled images, (B,); clusters stay what they are."""
    same = [one[:, None] == one[None] for one in (points.codes, points.clusters)]
    apart = ~np.eye(len(points.label), dtype=bool)  # no point is paired with itself
    pairs = pair_sums(points, apart.astype(float))
    shares = [
        resampled_pairs(pair_sums(points, (one & apart).astype(float)), pairs, weights)
        for one in (same[0] & same[1], *same)
    ]
    return rand_index(*shares)


SCORE = Score(
    column="ari",
    order=10,
    title="ARI",
    short="ARI",
    axis="Adjusted Rand index (0 is chance)",
    explanation="ARI of k-means against the true classes",
    under_labels=under_labels,
    over_images=over_images,
)
