"""Accuracy of a linear probe on images that it was not fitted on."""

import numpy as np

from dasr.embedding.points import LabelledPoints
from dasr.terms.scores import Score

MAX_FOLDS = 5
MAX_ITERATIONS = 2000
"""Of the solver, which ends long before on representations that were seen."""
INVERSE_REGULARISATION = 0.1
"""scikit-learn's `C`: ten times as much regularisation as its default, since a test set of a
few photographs gives hardly more points than a representation has numbers."""


def measure(points: LabelledPoints) -> float:
    """Return the mean accuracy over folds of whole images; NaN with a single image.

    Folds are split by image, so that the probe cannot recognise content.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folds = min(MAX_FOLDS, len(np.unique(points.image)))
    if folds < 2:
        return float("nan")
    probe = make_pipeline(
        StandardScaler(),
        LogisticRegression(max_iter=MAX_ITERATIONS, C=INVERSE_REGULARISATION),
    )
    accuracy = cross_val_score(
        probe,
        points.representation,
        points.codes,
        groups=points.image,
        cv=GroupKFold(folds),
    )
    return float(accuracy.mean())


SCORE = Score(
    column="probe_accuracy",
    order=40,
    title="Probe accuracy",
    short="probe",
    axis="Accuracy of a linear probe",
    explanation="accuracy of a linear probe on images it was not fitted on",
    measure=measure,
)
