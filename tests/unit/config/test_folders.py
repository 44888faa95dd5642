"""Folders of images."""

import errno
import os
from pathlib import Path

import pytest
from PIL import Image

from dasr.config import ImageSetConfig, from_dict, image_files, list_images, relative_root
from dasr.config.benchmarks import benchmark_sets
from dasr.config.folders import benchmark_files
from dasr.errors import UserError
from tests.sets import fill


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


def test_hidden_files_are_no_images(tmp_path: Path) -> None:
    for name in ("a.png", "._a.png", ".a.4711.png", ".DS_Store"):
        (tmp_path / name).touch()
    assert [path.name for path in list_images(tmp_path)] == ["a.png"]


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link to nothing"])
def test_what_is_only_called_an_image_is_named(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.png").touch()
    odd = tmp_path / "b.png"
    if kind == "a folder":
        odd.mkdir()
    elif kind == "a pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to("unmounted/b.png")
    with pytest.raises(UserError, match=rf"b\.png: {kind}"):
        list_images(tmp_path)


def test_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> list[Path]:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "iterdir", fail)
    with pytest.raises(UserError, match=rf"^{tmp_path}: cannot be read: Input/output error$"):
        list_images(tmp_path)


def test_headers_of_a_fields_set_are_read_by_the_same_rules(tmp_path: Path) -> None:
    benchmark = benchmark_sets()["Set5"]
    fill(benchmark, tmp_path)
    folder = tmp_path / benchmark.folder
    (folder / "._img_001.png").write_bytes(b"from another system")
    assert len(benchmark_files(benchmark, folder)) == 5
    frames = [Image.new("RGB", (512, 512), (level, 0, 0)) for level in (10, 90)]
    frames[0].save(folder / "img_001.png", save_all=True, append_images=frames[1:])
    with pytest.raises(UserError, match=r"img_001\.png: holds 2 frames"):
        benchmark_files(benchmark, folder)


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


def test_a_set_may_be_some_images_of_a_folder_only(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("a.png", "b.png", "c.jpg"):
        (tmp_path / "mine" / name).write_bytes(b"")
    keys = {"name": "Mine", "source": "folder", "folder": "mine"}
    some = from_dict(ImageSetConfig, {**keys, "only": ["c", "b"]}, "set")
    assert [path.name for path in image_files(some, tmp_path)] == ["b.png", "c.jpg"]
    none = from_dict(ImageSetConfig, {**keys, "only": ["b", "d"]}, "set")
    with pytest.raises(UserError, match=r"mine: only: no image is called d$"):
        image_files(none, tmp_path)
    with pytest.raises(UserError, match="exclude and only: one of them is enough"):
        from_dict(ImageSetConfig, {**keys, "only": ["a"], "exclude": ["b"]}, "set")


@pytest.mark.parametrize("spelling", ["data", "./data", "data/", "data/../data", "{here}/data"])
def test_a_root_does_not_depend_on_its_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative_root(spelling.format(here=tmp_path)) == Path("data")
    assert relative_root("/elsewhere/data") == Path("/elsewhere/data")
