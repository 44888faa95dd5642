"""Points of crops under classes, made by hand: every crop of every image in every class."""

import numpy as np

from dasr.embedding.points import LabelledPoints

WIDTHS = np.array([0.2, 1.2, 2.4, 3.6])
IMAGES, CROPS = 10, 6
"""Crops are those of each image."""


def labels(images: int = IMAGES) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return class, image and crop of each point, class by class."""
    crops = np.arange(images * CROPS)
    names = np.array([f"image{number}" for number in crops // CROPS])
    return (
        np.repeat(WIDTHS, len(crops)),
        np.tile(names, len(WIDTHS)),
        np.tile(crops, len(WIDTHS)),
    )


def points(
    representation: np.ndarray, images: int = IMAGES, ordered: bool = True
) -> LabelledPoints:
    """Return points of representations that are ordered as `labels` are."""
    values = representation.astype(np.float32)
    return LabelledPoints(values, *labels(images), seed=0, ordered=ordered)


def noise(columns: int = 8, images: int = IMAGES, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((len(WIDTHS) * images * CROPS, columns))


def crops_with_a_little_class(
    strength: float, columns: int = 8, images: int = IMAGES
) -> np.ndarray:
    """Return what most representations are: mostly the crop, and a little of the class."""
    widths, _, crop = labels(images)
    found = 5 * noise(columns, images, seed=1)[crop] + 0.2 * noise(columns, images)
    found[:, 0] += strength * widths
    return found


def blobs() -> np.ndarray:
    """Return separate groups of points, one per class."""
    found = 0.1 * noise()
    found[:, : len(WIDTHS)] += 10 * (labels()[0][:, None] == WIDTHS)
    return found
