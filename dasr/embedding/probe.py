"""A linear probe: multinomial logistic regression, of many labellings at once.

Shapes: N points of D numbers, P labellings, K classes, B resamplings.
"""

import numpy as np

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

    All labellings descend together, since their inputs are the same: one product of
    matrices a step does for all. The losses' curvature is nowhere above half of the inputs'
    (Böhning, "Multinomial logistic regression algorithm", 1992): a step by that bound never
    overshoots, Nesterov's momentum makes such steps few, and it begins anew where it leads
    uphill.

    Args:
        inputs: (N, D), the last column ones: its coefficients are the intercepts, which are
            free.
        codes: classes, (P, N).
        classes: K.

    Returns:
        shape (D, P, K).
    """
    (count, width), labellings = inputs.shape, len(codes)
    penalty = np.ones((width, 1))
    penalty[-1] = 0.0
    bound = INVERSE_REGULARISATION / 2 * inputs.T @ inputs + np.diagflat(penalty)
    step = np.linalg.inv(bound)
    true = np.moveaxis(np.eye(classes)[codes], 1, 0)  # (N, P, K)
    best = ahead = np.zeros((width, labellings * classes))
    pace = 1.0
    for _ in range(MAX_ITERATIONS):
        scores = (inputs @ ahead).reshape(count, labellings, classes)
        shares = np.exp(scores - scores.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        residual = (shares - true).reshape(count, -1)
        gradient = INVERSE_REGULARISATION * inputs.T @ residual + penalty * ahead
        before, best = best, ahead - step @ gradient
        if np.abs(gradient).max() < TOLERANCE:
            break
        if np.vdot(gradient, best - before) > 0:
            pace = 1.0
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = best + (pace - 1) / faster * (best - before)
        pace = faster
    return best.reshape(width, labellings, classes)
