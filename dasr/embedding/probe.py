"""A linear probe: multinomial logistic regression, of many labellings at once.

Shapes: N points of D numbers, P labellings, K classes, B resamplings.
"""

import numpy as np
from numpy.typing import NDArray

from dasr.embedding.points import Codes, Floats, LabelledPoints
from dasr.embedding.resampling import Weights, resampled_means

MAX_FOLDS = 5
INVERSE_REGULARISATION = 0.1
"""scikit-learn's `C`: ten times as much regularisation as its default, since a test set of a
few photographs gives hardly more points than a representation has numbers."""
MAX_ITERATIONS = 500
"""Of the solver, which ends long before: after about 20 at chance, 60 on separate classes."""
TOLERANCE = 0.01
"""Largest entry of the gradient at the end. Coefficients, which are of the order of 1, are
then known to a few thousandths."""


def accuracy_under_labels(points: LabelledPoints, features: Floats, codes: Codes) -> Floats:
    """Return the share of points whose class a probe finds, (P,); NaN with a single image.

    Folds are split by image, so that the probe cannot recognise content; for each labelling
    the probe is fitted anew.

    Args:
        points: with images and classes.
        features: what the probe sees, (N, D).
        codes: the classes that points are taken to have, (P, N).
    """
    if points.images < 2:
        return np.full(len(codes), np.nan)
    return (predictions(points, features, codes) == codes).mean(axis=1)


def accuracy_over_images(points: LabelledPoints, features: Floats, weights: Weights) -> Floats:
    """Return the same for resampled images, (B,); the probe stays what it is."""
    if points.images < 2:
        return np.full(len(weights), np.nan)
    (predicted,) = predictions(points, features, points.codes[None])
    return resampled_means(points, (predicted == points.codes).astype(float), weights)


def predictions(points: LabelledPoints, features: Floats, codes: Codes) -> Codes:
    """Return the class of each point by a probe that did not see its image, (P, N)."""
    from sklearn.model_selection import GroupKFold

    folds = GroupKFold(min(MAX_FOLDS, points.images))
    found = np.empty(codes.shape, dtype=np.int64)
    for train, test in folds.split(features, groups=points.image_codes):
        centre, spread = features[train].mean(axis=0), features[train].std(axis=0)
        scaled = (features - centre) / np.where(spread > 0, spread, 1.0)
        inputs = np.column_stack([scaled, np.ones(len(features))])
        coefficients = fitted(inputs[train], codes[:, train], points.classes)
        logits = np.einsum("nd,dpk->pnk", inputs[test], coefficients, optimize=True)
        found[:, test] = logits.argmax(axis=2)
    return found


def fitted(inputs: Floats, codes: Codes, classes: int) -> Floats:
    """Return coefficients that minimise `C` times all losses plus half of their square.

    Labellings descend side by side, since their inputs are the same: one product of matrices
    does a step of all that are not at their end. The losses' curvature is nowhere above half
    of the inputs' (Böhning, "Multinomial logistic regression algorithm", 1992): a step by that
    bound never overshoots, Nesterov's momentum makes such steps few, and it begins anew where
    it leads uphill.

    Args:
        inputs: (N, D), the last column ones: its coefficients are the intercepts, which are
            free.
        codes: classes, (P, N).
        classes: K.

    Returns:
        shape (D, P, K).
    """
    width, labellings = inputs.shape[1], len(codes)
    penalty = np.ones((width, 1, 1))
    penalty[-1] = 0.0
    bound = INVERSE_REGULARISATION / 2 * inputs.T @ inputs + np.diagflat(penalty)
    step = np.linalg.inv(bound)
    true = np.moveaxis(np.eye(classes)[codes], 1, 0)  # (N, P, K)
    found = np.zeros((width, labellings, classes))
    left = np.arange(labellings)
    best = ahead = np.zeros_like(found)
    pace = np.ones(labellings)
    for _ in range(MAX_ITERATIONS):
        residual = _shares(_product(inputs, ahead)) - true[:, left]
        slope = _product(inputs.T, residual)
        gradient = INVERSE_REGULARISATION * slope + penalty * ahead
        before, best = best, ahead - _product(step, gradient)
        found[:, left] = best
        on = np.abs(gradient).max(axis=(0, 2)) >= TOLERANCE
        if not on.any():
            break
        left, pace = left[on], pace[on]
        best, moved, gradient = best[:, on], (best - before)[:, on], gradient[:, on]
        pace = np.where((gradient * moved).sum(axis=(0, 2)) > 0, 1.0, pace)
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = best + ((pace - 1) / faster)[:, None] * moved
        pace = faster
    return found


def _product(matrix: NDArray[np.floating], values: Floats) -> Floats:
    """Return a matrix, (A, B), times each column of values, (B, P, K), as (A, P, K)."""
    return (matrix @ values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])


def _shares(scores: Floats) -> Floats:
    """Return probabilities of classes, the last axis, from their scores."""
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)
