"""Test images in training sets, and images that only look alike."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dasr.config import ImageSetConfig
from dasr.config.complaints import ImageDemands
from dasr.data import PackedImages, dead_leaves, read_set
from dasr.data.check import check_sets
from dasr.data.overlap import AGREEMENT, TURNS, find_overlap, require_disjoint
from dasr.errors import UserError
from dasr.pixels import turned
from dasr.study.images import KINDS
from tests.sets import picture
from tests.tiny import packed, sets

Change = Callable[[np.ndarray], np.ndarray]

DEMANDS = ImageDemands(
    scales=(4,), patches={}, classes={}, crop_size=8, crops_per_image=4, perplexity=5.0
)


def _resized(factor: float) -> Change:
    def change(image: np.ndarray) -> np.ndarray:
        size = (round(image.shape[1] * factor), round(image.shape[0] * factor))
        return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))

    return change


def _jpeg(image: np.ndarray) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=30)
    with Image.open(buffer) as read:
        return np.asarray(read.convert("RGB"))


def _trimmed(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return image[round(0.05 * height) :, : round(0.97 * width)]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> PackedImages:
    images = read_set(ImageSetConfig(name="Photos", source="photos"), Path("unused"))
    return packed(tmp_path_factory.mktemp("photos"), dict(images), "Photos")


def _train(folder: Path, changed: np.ndarray) -> PackedImages:
    """Return five other pictures and one that was made of a test image."""
    others = {f"other{seed}": picture(120, 160, seed) for seed in range(5)}
    return packed(folder, {**others, "taken": np.ascontiguousarray(changed)}, "mine")


CHANGES: dict[str, tuple[Change, str]] = {
    "exact": (lambda image: image, "the same pixels"),
    "re-encoded": (_jpeg, "the same picture, other pixels"),
    "half the size": (_resized(0.5), "resized"),
    "a quarter": (_resized(0.25), "resized"),
    "twice the size": (_resized(2.0), "resized"),
    "mirrored": (lambda image: image[:, ::-1], "mirrored left to right"),
    "upside down": (lambda image: image[::-1], "mirrored top to bottom"),
    "turned": (np.rot90, "turned by 90 degrees"),
    "turned about": (lambda image: np.rot90(image, 2), "turned by 180 degrees"),
    "trimmed": (_trimmed, "trimmed"),
    "all at once": (
        lambda image: _jpeg(_resized(0.5)(_trimmed(image))[:, ::-1]),
        "mirrored left to right, resized, trimmed",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_test_image_in_the_training_set_is_found(
    photos: PackedImages, tmp_path: Path, case: str
) -> None:
    change, relation = CHANGES[case]
    image = photos[photos.names.index("coffee")]
    found = find_overlap([_train(tmp_path, change(image))], [photos])
    assert [(pair.train, pair.test) for pair in found.shared] == [
        ("mine/taken", "Photos/coffee")
    ]
    assert found.shared[0].relation == relation
    assert found.shared[0].agreement > 0.75


def test_the_margin_of_a_trimmed_test_image_is_found(tmp_path: Path) -> None:
    whole = picture(120, 160, 1)
    test = packed(tmp_path, {"part": np.ascontiguousarray(_trimmed(whole))}, "test")
    found = find_overlap([_train(tmp_path, picture(120, 160, 9))], [test])
    assert [pair.train for pair in found.shared] == ["mine/other1"]
    assert found.shared[0].relation == "with a wider margin"


def test_different_images_are_left_alone(photos: PackedImages, tmp_path: Path) -> None:
    train = packed(tmp_path, {f"p{n}": picture(120, 160, n) for n in range(40)}, "mine")
    leaves = packed(tmp_path, {f"l{n}": dead_leaves(96, 1, n) for n in range(12)}, "leaves")
    test = packed(tmp_path, {f"l{n}": dead_leaves(96, 2, n) for n in range(4)}, "Leaves")
    found = require_disjoint([train, leaves], [photos, test])
    assert (found.train_images, found.test_images) == (52, 11)
    assert found.shared == ()
    assert 0 < found.closest.agreement < AGREEMENT


def test_shipped_sets_share_no_picture(photos: PackedImages, tmp_path: Path) -> None:
    """Two views of one scene or one picture under two names would count it twice."""
    images = read_set(ImageSetConfig(name="Naturals", source="naturals"), Path("unused"))
    assert find_overlap([packed(tmp_path, dict(images))], [photos]).shared == ()


def test_slow_gradients_say_nothing(tmp_path: Path) -> None:
    """Two landscapes share their sky; what is in them differs."""
    sky = np.linspace(255, 0, 120)[:, None, None] * np.ones((1, 160, 3))
    pair = [(0.7 * sky + 0.3 * picture(120, 160, seed)).astype(np.uint8) for seed in (1, 2)]
    plain = [image.mean(2).ravel() - image.mean() for image in pair]
    assert plain[0] @ plain[1] > 0.8 * np.linalg.norm(plain[0]) * np.linalg.norm(plain[1])
    train, test = (packed(tmp_path, {"sky": image}, f"set{n}") for n, image in enumerate(pair))
    assert find_overlap([train], [test]).shared == ()


def test_flat_images_match_only_themselves(tmp_path: Path) -> None:
    grey = {f"g{level}": np.full((20, 30, 3), level, np.uint8) for level in (0, 90, 200)}
    train = packed(tmp_path, grey, "flat")
    other = packed(tmp_path, {"g": np.full((20, 30, 3), 91, np.uint8)}, "other")
    assert find_overlap([train], [other]).shared == ()
    same = packed(tmp_path, {"g": grey["g90"]}, "same")
    assert [pair.train for pair in find_overlap([train], [same]).shared] == ["flat/g90"]


def test_turns_are_what_they_are_called() -> None:
    square = np.arange(9.0, dtype=np.float32).reshape(3, 3)
    by_hand = {
        "turned by 90 degrees": [[2, 5, 8], [1, 4, 7], [0, 3, 6]],
        "turned by 180 degrees": [[8, 7, 6], [5, 4, 3], [2, 1, 0]],
        "mirrored left to right": [[2, 1, 0], [5, 4, 3], [8, 7, 6]],
        "mirrored top to bottom": [[6, 7, 8], [3, 4, 5], [0, 1, 2]],
    }
    numbers = {name: turn for turn, name in TURNS.items()}
    for name, expected in by_hand.items():
        assert turned(square, numbers[name]).tolist() == expected
    assert len({turned(square, turn).tobytes() for turn in TURNS}) == len(TURNS) == 8


def test_the_error_names_both_images_and_counts_the_rest(tmp_path: Path) -> None:
    test = packed(tmp_path, {f"t{n}": picture(60, 80, n) for n in (1, 2)}, "Test")
    train = packed(tmp_path, {f"a{n}": picture(60, 80, n) for n in (1, 2, 3)}, "Train")
    message = "test image Test/t1 is in the training set, as Train/a1: the same pixels, "
    with pytest.raises(UserError, match=f"{message}agreement 1.00; 1 more such pair$"):
        require_disjoint([train], [test])


def test_sets_are_recorded_with_what_was_compared(tmp_path: Path) -> None:
    train = packed(tmp_path, {"a": picture(60, 80, 1), "b": picture(60, 80, 2)}, "Train")
    test = packed(tmp_path, {"c": picture(60, 80, 3)}, "Test")
    record = check_sets(sets(train, test), DEMANDS, {kind: {} for kind in KINDS}, Path("data"))
    assert record["train"] == {"Train": train.digest}
    assert record["test"] == {"Test": test.digest}
    compared = record["overlap"]
    assert (compared["train_images"], compared["test_images"]) == (2, 1)
    assert compared["closest_test"] == "Test/c"
    assert compared["closest_agreement"] < compared["refused_above"] == AGREEMENT


def test_large_sets_are_measured_once_packed(tmp_path: Path) -> None:
    train = packed(tmp_path, {"0001": picture(60, 80, 1)}, "DF2K")
    test = packed(tmp_path, {"c": picture(60, 80, 3)}, "Test")
    folders = {"train": {"DF2K": "DF2K/HR"}, "validation": {}, "test": {"Test": "mine"}}
    with pytest.raises(UserError, match="data/DF2K/HR/0001: is 80x60; HR images of DF2K"):
        check_sets(sets(train, test), DEMANDS, folders, Path("data"))
