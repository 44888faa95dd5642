"""Dead leaves: made from seed and index alone, with the radii they promise."""

import numpy as np
import pytest

from dasr.data import dead_leaves
from dasr.data.leaves import COVERAGE, RADIUS_RANGE, _radii


def test_an_image_is_its_seed_and_index_alone() -> None:
    first = dead_leaves(48, 1, 0)
    others = [dead_leaves(48, 1, 1), dead_leaves(48, 2, 0)]
    assert np.array_equal(dead_leaves(48, 1, 0), first)
    assert not any(np.array_equal(first, other) for other in others)


def test_images_look_like_images() -> None:
    image = dead_leaves(96, 3, 4)
    assert image.shape == (96, 96, 3)
    assert image.dtype == np.uint8
    assert 40 < image.mean() < 210
    assert 10 < image.std() < 90
    # neighbours are alike, distant pixels are not: edges of disks, not noise
    grey = image.mean(axis=2)
    assert np.abs(np.diff(grey)).mean() < 0.5 * np.abs(grey[:, 40:] - grey[:, :-40]).mean()


def test_radii_have_density_r_to_the_minus_three() -> None:
    radii = _radii(np.random.default_rng(0), side=6000)
    low, high = RADIUS_RANGE
    assert low <= radii.min() < 1.001 * low
    assert radii.max() <= high
    for r in (1.5 * low, 2 * low, 4 * low, 8 * low):
        expected = (r**-2 - high**-2) / (low**-2 - high**-2)  # share of larger radii
        error = np.sqrt(expected * (1 - expected) / len(radii))
        assert abs((radii > r).mean() - expected) < 4 * error


def test_area_of_the_disks_is_what_coverage_promises() -> None:
    areas = np.pi * _radii(np.random.default_rng(1), side=6000).astype(float) ** 2 / 6000**2
    error = areas.std() * np.sqrt(len(areas))  # few large disks: the sum varies
    assert areas.sum() == pytest.approx(COVERAGE, abs=4 * error)
    assert error < 0.1 * COVERAGE
