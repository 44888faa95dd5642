"""Which points of other images are nearest, and what labels they predict.

Apart from the scores that are made of it, since an encoder stage asks too
(`dasr.training.validation`): a new score must not train anything again.

Shapes: N points of D numbers, P labellings.
"""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

NEIGHBOURS = 15
"""The mean label of so many points predicts one: few beside the hundreds of a task, enough
that one crop does not decide."""
DECIMALS = 9
"""Of predictions: means of the same labels, summed in another order, are equal."""


def nearest_of_other_images(features: Floats, images: Codes, wanted: int = NEIGHBOURS) -> Codes:
    """Return the nearest points of other images, (N, `wanted`) or as many as there are.

    Args:
        features: what is near, (N, D).
        images: number of the image of each point, (N,); at least two images.
        wanted: number of neighbours of a point.
    """
    squares = (features**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * features @ features.T
    same = images[:, None] == images[None]
    distances[same] = np.inf
    count = min(wanted, int((~same).sum(axis=1).min()))
    return np.argsort(distances, axis=1, kind="stable")[:, :count]


def predicted(labels: Floats, neighbours: Codes) -> Floats:
    """Return the mean labels of neighbours, (P, N), of labels (P, N)."""
    return np.round(labels[:, neighbours].mean(axis=2), DECIMALS)
