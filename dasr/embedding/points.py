"""Representations with the classes they belong to: what scores are computed from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dasr.embedding.draws import random_numbers

KMEANS_STARTS = 10
"""k-means keeps the best of so many starts, since any one may end in a poor optimum."""

Codes = NDArray[np.int64]
"""Classes, images or clusters as numbers from 0."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LabelledPoints:
    """N representations of one network and task, of D numbers each.

    A crop is the same window of the same image under every class of the task: it has one
    point of each class.
    """

    representation: NDArray[np.float32]  # (N, D)
    label: Floats
    """(N,): width in HR pixels, level in grey levels, or number in the list of kernels."""
    image: NDArray[np.str_]
    """(N,): the test image that each is a crop of."""
    crop: Codes
    """(N,): number of the crop, over all images."""
    seed: int
    """Of what a score draws, such as the first centres of k-means."""
    ordered: bool = True
    """Whether labels are numbers with differences, and not names of classes."""

    def __post_init__(self) -> None:
        """Refuse crops without exactly one point of each class."""
        pairs = np.unique(np.stack([self.crop_codes, self.codes]), axis=1).shape[1]
        whole = (int(self.crop_codes.max()) + 1) * self.classes
        if not pairs == len(self.label) == whole:
            raise ValueError("a crop does not have each class exactly once")

    @cached_property
    def values(self) -> Floats:
        """The label of each class, ascending, (classes,)."""
        return np.unique(self.label)

    @cached_property
    def codes(self) -> Codes:
        """The class of each point, (N,)."""
        return np.unique(self.label, return_inverse=True)[1]

    @cached_property
    def image_codes(self) -> Codes:
        """The image of each point, (N,)."""
        return np.unique(self.image, return_inverse=True)[1]

    @cached_property
    def crop_codes(self) -> Codes:
        """The crop of each point, (N,)."""
        return np.unique(self.crop, return_inverse=True)[1]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.values)

    @property
    def images(self) -> int:
        """How many images there are."""
        return int(self.image_codes.max()) + 1

    @cached_property
    def centred(self) -> Floats:
        """Representations without the mean of their crop over all classes, (N, D).

        What a crop shows, whatever it was degraded by, is the larger part of most
        representations; this is what is left for degradations to tell.
        """
        sums = np.zeros((int(self.crop_codes.max()) + 1, self.representation.shape[1]))
        np.add.at(sums, self.crop_codes, self.representation)
        return self.representation - (sums / self.classes)[self.crop_codes]

    @cached_property
    def clusters(self) -> NDArray[np.int32]:
        """Clusters found by k-means with the true number of classes, (N,)."""
        from sklearn.cluster import KMeans  # slow to import, and only scoring needs it

        model = KMeans(self.classes, n_init=KMEANS_STARTS, random_state=self.seed)
        return np.asarray(model.fit_predict(self.representation))

    def permuted_codes(self, count: int) -> Codes:
        """Return classes whose order was drawn anew within each crop, (count, N).

        Crops are exchangeable in nothing else: each keeps its image, its points and the set
        of its classes.
        """
        rng = random_numbers(self.seed, "labels within crops")
        by_crop = np.lexsort((self.codes, self.crop_codes)).reshape(-1, self.classes)
        drawn = rng.permuted(
            np.broadcast_to(self.codes[by_crop], (count, *by_crop.shape)), axis=2
        )
        codes = np.empty((count, len(self.label)), dtype=np.int64)
        codes[:, by_crop] = drawn
        return codes
