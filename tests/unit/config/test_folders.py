"""Folders of images."""

from pathlib import Path

import pytest

from dasr.config import ImageSetConfig, from_dict, image_files, list_images, relative_root
from dasr.errors import UserError


def test_folder_is_listed_by_name(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "c.tiff", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in list_images(tmp_path)] == ["a.jpg", "b.PNG", "c.tiff"]


def test_folders_without_a_set_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere: no such image folder"):
        list_images(tmp_path / "nowhere")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UserError, match=r"no image; looked for \.png"):
        list_images(tmp_path)
    for name in ("twin.png", "twin.jpg"):
        (tmp_path / name).touch()
    with pytest.raises(UserError, match="two images are called 'twin'"):
        list_images(tmp_path)


def test_files_of_a_set_lie_below_the_data_root(tmp_path: Path) -> None:
    config = ImageSetConfig(name="Set2", source="folder", folder="benchmark/Set2/HR")
    with pytest.raises(UserError, match="Set2"):
        image_files(config, tmp_path)
    folder = tmp_path / "benchmark" / "Set2" / "HR"
    folder.mkdir(parents=True)
    (folder / "a.png").touch()
    assert image_files(config, tmp_path) == [folder / "a.png"]
    assert image_files(ImageSetConfig(name="x", source="photos"), tmp_path) == []


def test_excluded_images_are_left_out_and_must_exist(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("a.png", "b.png", "c.jpg"):
        (tmp_path / "mine" / name).write_bytes(b"")
    keys = {"name": "Mine", "source": "folder", "folder": "mine"}
    some = from_dict(ImageSetConfig, {**keys, "exclude": ["b"]}, "set")
    assert [path.name for path in image_files(some, tmp_path)] == ["a.png", "c.jpg"]
    none = from_dict(ImageSetConfig, {**keys, "exclude": ["d"]}, "set")
    with pytest.raises(UserError, match=r"mine: exclude: no image is called d$"):
        image_files(none, tmp_path)


@pytest.mark.parametrize("spelling", ["data", "./data", "data/", "data/../data", "{here}/data"])
def test_a_root_does_not_depend_on_its_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative_root(spelling.format(here=tmp_path)) == Path("data")
    assert relative_root("/elsewhere/data") == Path("/elsewhere/data")
