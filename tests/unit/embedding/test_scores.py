"""Clustering scores of representations made by hand."""

import numpy as np
import pytest

from dasr.embedding.points import LabelledPoints
from dasr.embedding.projection import tsne
from dasr.embedding.scores import SCORES
from dasr.errors import UserError
from dasr.terms.scores import Score

CLASSES, IMAGES, CROPS = 4, 10, 6


def _scores(*points: np.ndarray) -> dict[str, float]:
    labelled = LabelledPoints(*points, seed=0)
    return {score.column: score.measure(labelled) for score in SCORES}


def _labels() -> tuple[np.ndarray, np.ndarray]:
    """Return class and image of each point: every crop of every image in every class."""
    classes = np.repeat([0.2, 1.2, 2.4, 3.6], IMAGES * CROPS)
    images = np.tile(np.repeat([f"image{number}" for number in range(IMAGES)], CROPS), CLASSES)
    return classes, images


def _noise(columns: int = 8) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.standard_normal((CLASSES * IMAGES * CROPS, columns)).astype(np.float32)


def test_scores_say_what_they_are_and_where_they_stand() -> None:
    assert [score.order for score in SCORES] == sorted({score.order for score in SCORES})
    for key in ("column", "title", "short"):
        assert len({getattr(score, key) for score in SCORES}) == len(SCORES)
    for score in SCORES:
        assert score.title.strip()
        assert score.axis.strip()
        assert score.explanation.strip()


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.column)
def test_a_score_is_a_number_that_tells_blobs_from_noise(score: Score) -> None:
    classes, images = _labels()
    blobs = 0.1 * _noise()
    blobs[:, :CLASSES] += 10 * (classes[:, None] == np.unique(classes))
    one, other = (
        score.measure(LabelledPoints(points, classes, images, seed=0))
        for points in (blobs, _noise())
    )
    assert isinstance(one, float)
    assert np.isfinite([one, other]).all()
    assert (one > other) == score.larger_is_better
    assert one != other


def test_separate_blobs_score_one() -> None:
    classes, images = _labels()
    blobs = 0.1 * _noise()
    blobs[:, :CLASSES] += 10 * (classes[:, None] == np.unique(classes))
    scores = _scores(blobs, classes, images)
    assert (scores["ari"], scores["nmi"], scores["probe_accuracy"]) == pytest.approx(
        (1.0, 1.0, 1.0)
    )
    assert scores["silhouette"] > 0.9


def test_noise_scores_chance() -> None:
    classes, images = _labels()
    scores = _scores(_noise(), classes, images)
    assert abs(scores["ari"]) < 0.05
    assert scores["nmi"] < 0.1
    assert abs(scores["silhouette"]) < 0.05
    assert scores["probe_accuracy"] == pytest.approx(0.25, abs=0.1)


def test_probe_cannot_recognise_images() -> None:
    # each image has a code of its own for each class: known images tell, new ones do not
    classes, images = _labels()
    pairs = np.unique(np.char.add(images, classes.astype(str)), return_inverse=True)[1]
    codes = 0.01 * _noise(64) + np.random.default_rng(1).standard_normal((40, 64))[pairs]
    scores = _scores(codes.astype(np.float32), classes, images)
    assert scores["probe_accuracy"] < 0.5


def test_one_image_is_scored_without_a_probe() -> None:
    classes, images = _labels()
    one = images == "image0"
    blobs = 0.1 * _noise()
    blobs[:, :CLASSES] += 10 * (classes[:, None] == np.unique(classes))
    scores = _scores(blobs[one], classes[one], images[one])
    assert np.isnan(scores["probe_accuracy"])
    assert scores["ari"] == pytest.approx(1.0)


def test_tsne_repeats_itself_and_keeps_clusters() -> None:
    blobs = 0.1 * _noise(4)[:24]
    blobs[12:] += 10
    first, again = tsne(blobs, 5.0, seed=3), tsne(blobs, 5.0, seed=3)
    assert first.shape == (24, 2)
    assert np.array_equal(first, again)
    centres = first[:12].mean(axis=0), first[12:].mean(axis=0)
    inside = np.linalg.norm(first[:12] - centres[0], axis=1).max()
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * inside


def test_perplexity_beyond_the_points_is_refused() -> None:
    with pytest.raises(UserError, match=r"embedding\.perplexity 24 .* number of points, 24"):
        tsne(_noise()[:24], 24.0, seed=0)
