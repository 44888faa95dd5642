"""Representations with the classes they belong to: what scores are computed from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

KMEANS_STARTS = 10
"""k-means keeps the best of so many starts, since any one may end in a poor optimum."""


@dataclass(frozen=True)
class LabelledPoints:
    """N representations of one network and task, of D numbers each."""

    representation: NDArray[np.float32]  # (N, D)
    label: NDArray[np.float64]
    """(N,): width in HR pixels, level in grey levels, or number in the list of kernels."""
    image: NDArray[np.str_]
    """(N,): the test image that each is a crop of."""
    seed: int
    """Of what a score draws, such as the first centres of k-means."""
    ordered: bool = True
    """Whether labels are numbers with differences, and not names of classes."""

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """The classes as numbers from 0, (N,)."""
        return np.unique(self.label, return_inverse=True)[1]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.codes.max()) + 1

    @cached_property
    def clusters(self) -> NDArray[np.int32]:
        """Clusters found by k-means with the true number of classes, (N,)."""
        from sklearn.cluster import KMeans  # slow to import, and only scoring needs it

        model = KMeans(self.classes, n_init=KMEANS_STARTS, random_state=self.seed)
        return np.asarray(model.fit_predict(self.representation))
