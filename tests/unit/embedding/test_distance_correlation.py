"""Distance correlation by the definition, by loops, and where it is known."""

import math

import numpy as np
import pytest

from dasr.embedding.distances import correlation_over_images, correlation_under_labels
from dasr.embedding.points import LabelledPoints
from tests.unit.embedding.points import crops_with_a_little_class, labels, points

Vectors = list[list[float]]


def _centred(vectors: Vectors) -> Vectors:
    n = len(vectors)
    table = [[math.dist(one, other) for other in vectors] for one in vectors]
    rows = [sum(row) / n for row in table]
    total = sum(rows) / n
    return [[table[k][m] - rows[k] - rows[m] + total for m in range(n)] for k in range(n)]


def _correlation(first: Vectors, second: Vectors) -> float:
    """Return it as Székely, Rizzo and Bakirov define it (2007, eqs. 2.8 to 2.10)."""
    one, other = _centred(first), _centred(second)

    def covariance(a: Vectors, b: Vectors) -> float:
        pairs = zip(a, b, strict=True)
        return sum(x * y for rows in pairs for x, y in zip(*rows, strict=True)) / len(a) ** 2

    variances = covariance(one, one) * covariance(other, other)
    return math.sqrt(covariance(one, other) / math.sqrt(variances))


def _small(strength: float, images: int = 2) -> LabelledPoints:
    return points(crops_with_a_little_class(strength, images=images), images)


@pytest.mark.parametrize("strength", [0.0, 0.2])
def test_it_is_what_loops_over_the_definition_find(strength: float) -> None:
    labelled = _small(strength)
    codes = np.concatenate([labelled.codes[None], labelled.permuted_codes(3)])
    found = correlation_under_labels(labelled, labelled.centred, codes)
    for value, own in zip(found, codes, strict=True):
        widths = labelled.values[own][:, None].tolist()
        assert value == pytest.approx(_correlation(labelled.centred.tolist(), widths))


def test_it_is_one_on_a_line_and_less_for_a_parabola() -> None:
    widths = labels(2)[0]
    for values, known in ((widths, 1.0), (-3 * widths + 7, 1.0)):
        labelled = points(values[:, None], 2)
        (found,) = correlation_under_labels(
            labelled, labelled.representation.astype(float), labelled.codes[None]
        )
        assert found == pytest.approx(known, abs=1e-6)
    # two classes far from each other and none else: |x - y| is 0 or 1, so that any two values
    # for them correlate perfectly, and a parabola through both is seen, which rho would not
    bent = (widths - widths.mean()) ** 2
    labelled = points(bent[:, None], 2)
    (found,) = correlation_under_labels(
        labelled, labelled.representation.astype(float), labelled.codes[None]
    )
    assert found == pytest.approx(
        _correlation(bent[:, None].tolist(), widths[:, None].tolist())
    )
    assert 0.2 < found < 0.8


def test_equal_points_tell_nothing() -> None:
    labelled = points(np.ones((48, 3)), 2)
    zero = correlation_under_labels(labelled, labelled.centred, labelled.codes[None])
    assert zero.tolist() == [0.0]


def test_an_image_drawn_twice_does_not_count_for_its_pairs_with_itself() -> None:
    # of pure chance: a resampling that paired images with their copies would be above it
    labelled = _small(0.0, images=7)
    (own,) = correlation_under_labels(labelled, labelled.centred, labelled.codes[None])
    weights = np.random.default_rng(0).multinomial(6, np.full(7, 1 / 7), size=400)
    found = correlation_over_images(labelled, labelled.centred, weights)
    assert np.median(found) == pytest.approx(own, abs=0.03)
