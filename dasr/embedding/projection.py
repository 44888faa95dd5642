"""Representations in the plane, for the eye."""

import numpy as np
from numpy.typing import NDArray

from dasr.errors import UserError


def tsne(
    representation: NDArray[np.float32], perplexity: float, seed: int
) -> NDArray[np.float32]:
    """Return t-SNE coordinates, (N, 2), of representations, (N, D).

    Neighbourhoods are kept, distances are not, the less the smaller the perplexity.

    Raises:
        UserError: the perplexity is not below the number of points.
    """
    from sklearn.manifold import TSNE

    if perplexity >= len(representation):
        raise UserError(
            f"embedding.perplexity {perplexity:g} must be below the number of points, "
            f"{len(representation)}: lower it or embed more crops"
        )
    model = TSNE(perplexity=perplexity, random_state=seed, init="pca")
    return np.asarray(model.fit_transform(representation), dtype=np.float32)
