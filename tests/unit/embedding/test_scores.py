"""Scores of representations made by hand, beside other implementations."""

import numpy as np
import pytest
from sklearn import metrics

from dasr.embedding.draws import image_weights
from dasr.embedding.points import LabelledPoints
from dasr.embedding.projection import tsne
from dasr.embedding.scores import SCORES, ari, nmi, silhouette
from dasr.errors import UserError
from dasr.terms.scores import Score
from tests.unit.embedding.points import (
    IMAGES,
    WIDTHS,
    blobs,
    crops_with_a_little_class,
    labels,
    noise,
    points,
)

EACH = pytest.mark.parametrize("score", SCORES, ids=lambda score: score.column)
RANGES = {
    "ari": (-1, 1), "nmi": (0, 1), "silhouette": (-1, 1), "probe_accuracy": (0, 1),
    "probe_accuracy_centred": (0, 1), "neighbour_rank": (-1, 1),
    "neighbour_rank_centred": (-1, 1), "distance_correlation_centred": (0, 1),
}  # fmt: skip


def _scores(labelled: LabelledPoints) -> dict[str, float]:
    return {score.column: score.measure(labelled) for score in SCORES}


def test_scores_say_what_they_are_and_where_they_stand() -> None:
    assert [score.order for score in SCORES] == sorted({score.order for score in SCORES})
    for key in ("column", "title", "short"):
        assert len({getattr(score, key) for score in SCORES}) == len(SCORES)
    for score in SCORES:
        assert score.title.strip()
        assert score.axis.strip()
        assert score.explanation.strip()


@EACH
def test_a_score_is_a_number_that_tells_blobs_from_noise(score: Score) -> None:
    one, other = (score.measure(points(found)) for found in (blobs(), noise()))
    assert isinstance(one, float)
    assert np.isfinite([one, other]).all()
    assert (one > other) == score.larger_is_better
    assert one != other


def test_separate_blobs_score_one() -> None:
    scores = _scores(points(blobs()))
    for name in ("ari", "nmi", "probe_accuracy", "probe_accuracy_centred"):
        assert scores[name] == pytest.approx(1.0)
    assert scores["silhouette"] > 0.9


def test_noise_scores_chance() -> None:
    scores = _scores(points(noise()))
    assert abs(scores["ari"]) < 0.05
    assert scores["nmi"] < 0.1
    assert abs(scores["silhouette"]) < 0.05
    assert scores["probe_accuracy"] == pytest.approx(0.25, abs=0.1)


def test_what_is_known_of_clusters_and_classes_is_what_scikit_learn_finds() -> None:
    labelled = points(crops_with_a_little_class(3.0))
    pair = labelled.codes, labelled.clusters
    assert ari.SCORE.measure(labelled) == pytest.approx(metrics.adjusted_rand_score(*pair))
    expected = metrics.normalized_mutual_info_score(*pair)
    assert nmi.SCORE.measure(labelled) == pytest.approx(expected, abs=1e-12)
    own = metrics.silhouette_samples(labelled.representation, labelled.codes)
    found = silhouette.silhouettes(labelled, labelled.codes[None])[0]
    np.testing.assert_allclose(found, own, atol=1e-5)


def test_centring_finds_the_class_under_the_crop() -> None:
    scores = _scores(points(crops_with_a_little_class(1.0)))
    assert scores["ari"] < 0.1
    assert scores["neighbour_rank"] < 0.5
    assert scores["neighbour_rank_centred"] > 0.9
    assert scores["distance_correlation_centred"] > 0.9
    assert scores["probe_accuracy_centred"] > scores["probe_accuracy"]


def test_centred_crops_have_no_mean() -> None:
    labelled = points(crops_with_a_little_class(1.0))
    for crop in range(0, IMAGES, 3):
        np.testing.assert_allclose(
            labelled.centred[labelled.crop == crop].mean(axis=0), 0.0, atol=1e-6
        )
    apart = labelled.centred - labelled.representation
    assert np.ptp(apart[labelled.crop == 4], axis=0).max() < 1e-5


def test_probe_cannot_recognise_images() -> None:
    # each image has a code of its own for each class: known images tell, new ones do not
    classes, images, _ = labels()
    pairs = np.unique(np.char.add(images, classes.astype(str)), return_inverse=True)[1]
    codes = 0.01 * noise(64) + np.random.default_rng(1).standard_normal((40, 64))[pairs]
    assert _scores(points(codes))["probe_accuracy"] < 0.5


def test_one_image_is_scored_without_what_needs_others() -> None:
    one = labels()[1] == "image0"
    scores = _scores(points(blobs()[one], images=1))
    lacking = {name for name, value in scores.items() if np.isnan(value)}
    assert lacking == {
        "probe_accuracy", "probe_accuracy_centred", "neighbour_rank", "neighbour_rank_centred"
    }  # fmt: skip
    assert scores["ari"] == pytest.approx(1.0)


def test_names_of_classes_have_no_order() -> None:
    scores = _scores(points(blobs(), ordered=False))
    lacking = {name for name, value in scores.items() if np.isnan(value)}
    assert lacking == {
        "neighbour_rank", "neighbour_rank_centred", "distance_correlation_centred"
    }  # fmt: skip


def test_a_crop_without_one_of_the_classes_is_refused() -> None:
    classes, images, crops = labels()
    for kept in (np.arange(len(classes) - 1), np.r_[np.arange(len(classes)), 0]):
        with pytest.raises(ValueError, match="each class exactly once"):
            LabelledPoints(
                noise()[kept].astype(np.float32), classes[kept], images[kept], crops[kept], 0
            )


def test_permuted_labels_stay_within_their_crop_and_are_drawn_evenly() -> None:
    labelled = points(noise())
    drawn = labelled.permuted_codes(200)
    for crop in (0, 17, 59):
        own = np.sort(drawn[:, labelled.crop == crop], axis=1)
        assert (own == np.arange(len(WIDTHS))).all()
    assert np.array_equal(drawn, points(blobs()).permuted_codes(200))  # of any network
    means = np.bincount(drawn[:, 7], minlength=4) / 200
    assert means == pytest.approx([0.25] * 4, abs=0.11)  # 3.6 standard errors
    assert len({tuple(own) for own in drawn[:, labelled.image == "image0"]}) > 190


@EACH
def test_chance_is_what_a_random_representation_scores(score: Score) -> None:
    labelled = points(noise(seed=5))
    drawn = score.under_labels(labelled, labelled.permuted_codes(100))
    assert drawn.min() - 1e-9 <= score.measure(labelled) <= drawn.max() + 1e-9
    assert np.ptp(drawn) > 0
    if score.column.startswith("probe"):
        assert drawn.mean() == pytest.approx(0.25, abs=0.02)


@EACH
@pytest.mark.parametrize("strength", [0.0, 0.3, 40.0])
def test_resampled_images_never_leave_the_range(score: Score, strength: float) -> None:
    for images in (2, 7):
        labelled = points(crops_with_a_little_class(strength, images=images), images)
        found = score.over_images(labelled, image_weights(images, 0))
        low, high = RANGES[score.column]
        assert found.min() >= low
        assert found.max() <= high


@EACH
def test_every_image_drawn_once_is_the_score_itself(score: Score) -> None:
    labelled = points(crops_with_a_little_class(0.3))
    found = score.over_images(labelled, np.ones((2, IMAGES), dtype=np.int64))
    assert found == pytest.approx([score.measure(labelled)] * 2, abs=1e-12)


@EACH
def test_intervals_over_images_lie_around_the_score(score: Score) -> None:
    labelled = points(crops_with_a_little_class(0.1))
    found = score.over_images(labelled, image_weights(IMAGES, 0))
    middle, spread = np.median(found), found.std()
    assert spread > 0
    assert abs(middle - score.measure(labelled)) < 1.5 * spread


def test_images_are_drawn_alike_and_one_fewer_than_there_are() -> None:
    weights = image_weights(7, 3)
    assert weights.shape == (1000, 7)
    assert (weights.sum(axis=1) == 6).all()
    assert np.array_equal(weights, image_weights(7, 3))
    assert not np.array_equal(weights, image_weights(7, 4))
    # so that the variance of a mean is that of the mean: s² / n
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0])
    means = image_weights(7, 3, 20000) @ values / 6
    assert means.var() == pytest.approx(values.var(ddof=1) / 7, rel=0.05)
    with pytest.raises(ValueError, match="single image"):
        image_weights(1, 0)


def test_tsne_repeats_itself_and_keeps_clusters() -> None:
    two = 0.1 * noise(4)[:24].astype(np.float32)
    two[12:] += 10
    first, again = tsne(two, 5.0, seed=3), tsne(two, 5.0, seed=3)
    assert first.shape == (24, 2)
    assert np.array_equal(first, again)
    centres = first[:12].mean(axis=0), first[12:].mean(axis=0)
    inside = np.linalg.norm(first[:12] - centres[0], axis=1).max()
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * inside


def test_perplexity_beyond_the_points_is_refused() -> None:
    with pytest.raises(UserError, match=r"embedding\.perplexity 24 .* number of points, 24"):
        tsne(noise()[:24].astype(np.float32), 24.0, seed=0)
