"""Test images inside other packages' wheels."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dasr.config import ImageSetConfig
from dasr.config.shipped import ShippedImage, shipped_sets
from dasr.config.yaml_files import read_mapping
from dasr.data import read_set
from dasr.errors import UserError

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EVERY = [image for images in shipped_sets().values() for image in images]
REAL, OTHER = "b" * 64, "c" * 64


@pytest.mark.parametrize("source", shipped_sets())
def test_pictures_are_those_whose_digests_are_kept(source: str) -> None:
    """Reading compares all pixels with the digests, and sizes are named besides."""
    found = read_set(ImageSetConfig(name="Set", source=source), Path("unused"))
    sizes = {name: (pixels.shape[1], pixels.shape[0]) for name, pixels in found}
    assert sizes == {image.name: image.size for image in shipped_sets()[source]}


def test_no_picture_is_there_twice() -> None:
    assert len({image.pixels for image in EVERY}) == len({i.file for i in EVERY}) == len(EVERY)
    assert len({image.name for image in EVERY}) == len(EVERY)


def test_pictures_come_from_packages_of_one_version() -> None:
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = {"skimage": "scikit-image", "sklearn": "scikit-learn"}
    for package in {image.file.partition("/")[0] for image in EVERY}:
        assert re.search(rf"^{names[package]}==", pinned, re.MULTILINE)


def test_pictures_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "othershipped"
    package.mkdir()
    (package / "__init__.py").touch()
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(package / "a.png")
    image = ShippedImage(
        name="a", file="othershipped/a.png", size=(4, 4), what="nothing", pixels=REAL
    )
    with pytest.raises(UserError, match="the package 'othershipped' is not installed"):
        image.path()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert image.path() == package / "a.png"
    image.require_pixels(REAL)
    with pytest.raises(UserError, match=r"a\.png: not the picture .* requirements\.txt"):
        image.require_pixels(OTHER)
    shipped = {"photos": (image,)}
    monkeypatch.setattr("dasr.data.packing.shipped_sets", lambda: shipped)
    with pytest.raises(UserError, match="not the picture"):
        list(read_set(ImageSetConfig(name="Set", source="photos"), Path("unused")))


def test_readme_lists_every_picture() -> None:
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\d+)x(\d+) \| (.+) \|$", README, re.MULTILINE)
    kept = [
        (source.capitalize(), image.name, *map(str, image.size), image.what)
        for source, images in shipped_sets().items()
        for image in images
    ]
    assert rows == kept


def test_the_default_study_tests_on_both_and_on_leaves() -> None:
    sets = read_mapping(ROOT / "config/config.yaml")["test_sets"]
    assert [item["source"] for item in sets] == [*shipped_sets(), "dead_leaves"]
