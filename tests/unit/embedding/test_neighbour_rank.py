"""Rank correlation of a neighbour prediction, beside one computed by hand."""

import numpy as np
import pytest

from dasr.embedding.points import LabelledPoints
from dasr.embedding.scores.neighbour_rank import NEIGHBOURS, measure

IMAGES, CROPS = 6, 5
LABELS = np.repeat([0.2, 1.2, 2.4, 3.6], IMAGES * CROPS)
NAMES = np.tile(np.repeat([f"image{number}" for number in range(IMAGES)], CROPS), 4)


def _points(representation: np.ndarray, ordered: bool = True) -> LabelledPoints:
    values = representation.astype(np.float32)
    return LabelledPoints(values, LABELS, NAMES, seed=0, ordered=ordered)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return mean ranks by counting."""
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1)
    return below + (equal - 1) / 2


def test_it_is_what_a_loop_over_points_finds() -> None:
    rng = np.random.default_rng(0)
    representation = rng.standard_normal((len(LABELS), 4))
    representation[:, 0] += LABELS
    representation = representation.astype(np.float32).astype(float)
    predicted = []
    for point, image in zip(representation, NAMES, strict=True):
        distance = ((representation - point) ** 2).sum(axis=1)
        distance[image == NAMES] = np.inf
        predicted.append(LABELS[np.argsort(distance)[:NEIGHBOURS]].mean())
    expected = np.corrcoef(_ranks(LABELS), _ranks(np.round(predicted, 9)))[0, 1]
    assert measure(_points(representation)) == pytest.approx(expected, abs=1e-6)
    assert 0.3 < expected < 0.95


def test_an_ordered_line_is_found_and_content_is_not() -> None:
    line = np.stack([LABELS, np.zeros_like(LABELS)], axis=1)
    assert measure(_points(line)) > 0.99
    content = np.unique(NAMES, return_inverse=True)[1][:, None] * np.ones((1, 3))
    assert abs(measure(_points(content + 1e-3 * line[:, :1]))) < 1.0
    assert measure(_points(np.ones_like(content))) == 0.0


def test_names_of_classes_have_no_order() -> None:
    assert np.isnan(measure(_points(np.stack([LABELS, LABELS], axis=1), ordered=False)))
    one = NAMES == "image0"
    alone = LabelledPoints(LABELS[one, None].astype(np.float32), LABELS[one], NAMES[one], 0)
    assert np.isnan(measure(alone))
