"""Rank correlation of a neighbour prediction, beside one computed by hand."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from dasr.embedding.nearest import NEIGHBOURS
from dasr.embedding.scores import neighbour_rank, neighbour_rank_centred
from tests.unit.embedding.points import crops_with_a_little_class, labels, noise, points

WIDTH, IMAGE, CROP = labels()


def _predicted(features: np.ndarray, width: np.ndarray = WIDTH) -> np.ndarray:
    """Return predictions by a loop over points."""
    found = []
    for point, image in zip(features, IMAGE, strict=True):
        distance = ((features - point) ** 2).sum(axis=1)
        distance[image == IMAGE] = np.inf
        found.append(width[np.argsort(distance)[:NEIGHBOURS]].mean())
    return np.round(found, 9)


def test_it_is_what_a_loop_over_points_finds() -> None:
    representation = noise(4)
    representation[:, 0] += WIDTH
    representation = representation.astype(np.float32).astype(float)
    expected = spearmanr(WIDTH, _predicted(representation)).statistic
    found = neighbour_rank.SCORE.measure(points(representation))
    assert found == pytest.approx(expected, abs=1e-6)
    assert 0.3 < expected < 0.95


def test_centring_and_permuted_labels_by_a_loop() -> None:
    labelled = points(crops_with_a_little_class(0.1))
    own = labelled.representation.astype(float)
    means = np.array([own[labelled.crop == crop].mean(axis=0) for crop in range(60)])
    centred = own - means[labelled.crop]
    (codes,) = labelled.permuted_codes(1)
    for width, given in ((WIDTH, labelled.codes), (labelled.values[codes], codes)):
        expected = spearmanr(width, _predicted(centred, width)).statistic
        (found,) = neighbour_rank_centred.under_labels(labelled, given[None])
        assert found == pytest.approx(expected, abs=1e-6)


def test_resampled_images_are_points_taken_several_times() -> None:
    labelled = points(crops_with_a_little_class(0.5))
    predicted = _predicted(labelled.representation.astype(float))
    weights = np.random.default_rng(0).integers(0, 3, (5, 10))
    found = neighbour_rank.over_images(labelled, weights)
    for row, value in zip(weights, found, strict=True):
        often = np.repeat(np.arange(len(WIDTH)), row[labelled.image_codes])
        expected = spearmanr(WIDTH[often], predicted[often]).statistic
        assert value == pytest.approx(expected, abs=1e-6)


def test_an_ordered_line_is_found_and_equal_points_are_not() -> None:
    line = np.stack([WIDTH, np.zeros_like(WIDTH)], axis=1)
    assert neighbour_rank.SCORE.measure(points(line)) > 0.99
    assert neighbour_rank.SCORE.measure(points(np.ones_like(line))) == 0.0
