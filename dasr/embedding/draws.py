"""What is drawn for chance and intervals: the same for every network of a test set."""

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 100
"""Of labels within crops: means of scores are known to a tenth of the spread of chance, and
a probe can still be fitted to all of them."""
RESAMPLINGS = 1000
"""Of images: enough for percentiles 2.5 and 97.5."""


def random_numbers(seed: int, purpose: str) -> np.random.Generator:
    """Return a generator that depends on a seed and on what it is for, and nothing else."""
    return np.random.default_rng([seed, *purpose.encode()])


def image_weights(images: int, seed: int, count: int = RESAMPLINGS) -> NDArray[np.int64]:
    """Return how often each image is drawn in each resampling, (count, images).

    One image fewer is drawn, with replacement, than there are: the variance of a mean over
    such draws is that of the mean itself, where as many draws as images would give
    (images - 1) / images of it (Rao and Wu, "Resampling inference with complex survey
    data", 1988), 7 % less of an interval with seven images.

    Raises:
        ValueError: a single image, which cannot be resampled.
    """
    if images < 2:
        raise ValueError("a single image cannot be resampled")
    rng = random_numbers(seed, "images")
    return rng.multinomial(images - 1, np.full(images, 1 / images), size=count)
