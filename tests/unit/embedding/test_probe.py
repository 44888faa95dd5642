"""The linear probe of many labellings at once beside scikit-learn's of one."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from dasr.embedding import probe
from dasr.embedding.points import LabelledPoints
from tests.unit.embedding.points import blobs, crops_with_a_little_class, points


def _predicted(labelled: LabelledPoints, codes: np.ndarray) -> np.ndarray:
    """Return predictions of scikit-learn's probe, fitted fold by fold to the last digit."""
    found = np.empty_like(codes)
    for train, test in GroupKFold(5).split(codes, groups=labelled.image):
        scaler = StandardScaler().fit(labelled.representation[train])
        model = LogisticRegression(C=probe.INVERSE_REGULARISATION, max_iter=10000, tol=1e-10)
        model.fit(scaler.transform(labelled.representation[train]), codes[train])
        found[test] = model.predict(scaler.transform(labelled.representation[test]))
    return found


@pytest.mark.parametrize("features", [blobs(), crops_with_a_little_class(1.0, columns=40)])
def test_each_labelling_is_fitted_as_alone(features: np.ndarray) -> None:
    labelled = points(features)
    codes = np.concatenate([labelled.codes[None], labelled.permuted_codes(4)])
    found = probe.predictions(labelled, labelled.representation.astype(float), codes)
    for own, given in zip(found, codes, strict=True):
        assert (own != _predicted(labelled, given)).mean() <= 0.01  # ties to a few thousandths


def test_coefficients_are_the_optimum() -> None:
    labelled = points(crops_with_a_little_class(1.0))
    features = StandardScaler().fit_transform(labelled.representation)
    inputs = np.column_stack([features, np.ones(len(features))])
    (found,) = np.moveaxis(probe.fitted(inputs, labelled.codes[None], 4), 1, 0)
    model = LogisticRegression(C=probe.INVERSE_REGULARISATION, max_iter=10000, tol=1e-10)
    model.fit(features, labelled.codes)
    np.testing.assert_allclose(found[:-1].T, model.coef_, atol=0.01)
    intercepts = found[-1] - found[-1].mean()
    np.testing.assert_allclose(intercepts, model.intercept_, atol=0.01)


def test_the_solver_ends_long_before_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    labelled = points(blobs())
    features = StandardScaler().fit_transform(labelled.representation)
    inputs = np.column_stack([features, np.ones(len(features))])
    ends = []
    for limit in (100, 5000):
        monkeypatch.setattr(probe, "MAX_ITERATIONS", limit)
        ends.append(probe.fitted(inputs, labelled.codes[None], 4))
    assert np.array_equal(*ends)
