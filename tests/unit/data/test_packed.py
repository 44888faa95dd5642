"""Packing image sets into files and reading them back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dasr.config import ImageSetConfig
from dasr.data import dead_leaves, pack, read_set
from dasr.errors import UserError
from tests.tiny import packed


def _named() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {"bird": (4, 6, 3), "baby": (5, 3, 3), "boat": (6, 4, 3)}
    return {name: rng.integers(0, 256, shape, np.uint8) for name, shape in shapes.items()}


def test_pixels_come_back(tmp_path: Path) -> None:
    images = packed(tmp_path, _named(), "Set3")
    assert len(images) == 3
    for number, array in enumerate(_named().values()):
        assert np.array_equal(images[number], array)


@pytest.mark.parametrize("names", [["0007", "0010"], ["NA", "boat"], ["1e3", "2.50"]])
def test_names_come_back_as_they_were(tmp_path: Path, names: list[str]) -> None:
    images = packed(tmp_path, dict.fromkeys(names, np.zeros((2, 2, 3), np.uint8)), "014")
    assert images.names == names
    assert images.name == "014"


def test_pixels_stay_on_disk_and_cannot_be_written(tmp_path: Path) -> None:
    images = packed(tmp_path, _named())
    assert isinstance(images.pixels, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        images[0][0, 0] = 0


def test_digest_is_of_pixels_and_names(tmp_path: Path) -> None:
    before = packed(tmp_path, _named()).digest
    assert packed(tmp_path, _named(), "other").digest == before
    changed = _named()
    changed["boat"][0, 0, 0] ^= 1
    renamed = {name.replace("boat", "ship"): array for name, array in _named().items()}
    turned = {**_named(), "boat": _named()["boat"].reshape(4, 6, 3)}
    for images in (changed, renamed, turned):
        assert packed(tmp_path, images).digest != before


def test_nothing_is_left_of_a_failed_set(tmp_path: Path) -> None:
    def images() -> Iterator[tuple[str, np.ndarray]]:
        yield "first", np.zeros((2, 2, 3), np.uint8)
        raise UserError("second.png: not a readable image")

    pixels, index = tmp_path / "set.npy", tmp_path / "set.csv"
    with pytest.raises(UserError, match=r"second\.png"):
        pack("set", images(), pixels, index)
    with pytest.raises(UserError, match="'set' is empty"):
        pack("set", [], pixels, index)
    assert list(tmp_path.iterdir()) == []


def test_generated_set_is_the_generators_images() -> None:
    config = ImageSetConfig(
        name="leaves", source="dead_leaves", num_images=2, image_size=24, seed=3
    )
    images = list(read_set(config, Path("unused")))
    assert [name for name, _ in images] == ["00000", "00001"]
    assert np.array_equal(images[1][1], dead_leaves(24, 3, 1))


def test_folder_set_is_read_below_the_data_root(tmp_path: Path) -> None:
    config = ImageSetConfig(name="Set2", source="folder", folder="benchmark/Set2/HR")
    folder = tmp_path / "benchmark" / "Set2" / "HR"
    folder.mkdir(parents=True)
    for name, level in (("b", 2), ("a", 1)):
        Image.new("RGB", (3, 2), (level, level, level)).save(folder / f"{name}.png")
    images = list(read_set(config, tmp_path))
    assert [(name, array.shape, array.max()) for name, array in images] == [
        ("a", (2, 3, 3), 1),
        ("b", (2, 3, 3), 2),
    ]
