"""Rank correlation of a neighbour prediction: does the representation keep the order?"""

import numpy as np

from dasr.embedding.points import LabelledPoints
from dasr.terms.scores import Score

NEIGHBOURS = 15
"""The mean label of so many points predicts one: few beside the hundreds of a task, enough
that one crop does not decide."""
DECIMALS = 9
"""Of predictions: means of the same labels, summed in another order, are equal."""


def measure(points: LabelledPoints) -> float:
    """Return Spearman's rho of labels with their prediction, in [-1, 1]; chance is 0.

    A point is predicted by the mean label of its nearest points of other images, so that
    content cannot be recognised. NaN with a single image, or where labels have no order.
    """
    from scipy.stats import spearmanr
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
    from sklearn.neighbors import KNeighborsRegressor

    names, counts = np.unique(points.image, return_counts=True)
    if len(names) < 2 or not points.ordered:
        return float("nan")
    fewest = len(points.label) - int(counts.max())
    model = KNeighborsRegressor(min(NEIGHBOURS, fewest))
    predicted = cross_val_predict(
        model,
        points.representation,
        points.label,
        groups=points.image,
        cv=LeaveOneGroupOut(),
    )
    predicted = np.round(predicted, DECIMALS)
    if np.ptp(predicted) == 0:
        return 0.0  # the same prediction for all orders nothing
    return float(spearmanr(points.label, predicted).statistic)


SCORE = Score(
    column="neighbour_rank",
    order=50,
    title="Neighbour rank ρ",
    short="rank",
    axis="Rank correlation of a neighbour prediction (0 is chance)",
    explanation="rank correlation of labels with the mean label of neighbours of other images",
    measure=measure,
)
