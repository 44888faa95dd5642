"""Principal components beside those of the covariance, and the figure of them."""

import numpy as np

from dasr.reporting.figures.pca import principal_components


def test_they_are_the_covariances_eigenvectors() -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((60, 5)) * [4.0, 2.0, 1.0, 0.5, 0.1] + 7.0
    plane = principal_components(points)
    values, vectors = np.linalg.eigh(np.cov(points.T))
    by_hand = (points - points.mean(axis=0)) @ vectors[:, [-1, -2]]
    assert np.allclose(np.abs(plane), np.abs(by_hand), atol=1e-5)
    assert np.allclose(plane.var(axis=0, ddof=1), values[[-1, -2]], rtol=1e-5)


def test_a_mirrored_representation_is_drawn_the_same_way_round() -> None:
    rng = np.random.default_rng(1)
    points = rng.exponential(size=(40, 3)) * [3.0, 2.0, 1.0]
    plane = principal_components(points)
    assert (plane[np.abs(plane).argmax(axis=0), [0, 1]] > 0).all()
    assert np.allclose(plane, principal_components(-points))
