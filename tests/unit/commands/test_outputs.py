"""Nothing is lost: no input is overwritten, and no other file without leave."""

import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from dasr.architectures import build_network
from dasr.cli import main
from dasr.commands.outputs import require_new
from dasr.errors import UserError
from tests import tiny
from tests.unit.commands.conftest import Outcome, size_of

Run = Callable[..., Outcome]
DEGRADE = ["degrade", "--scale=2"]
BICUBIC = ["upscale", "--method=bicubic", "--scale=2"]


def _one_line(done: Outcome, *words: str) -> None:
    assert done.code == 2, done
    assert done.err.startswith("error: "), done.err
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err


@pytest.mark.parametrize("command", [DEGRADE, BICUBIC], ids=["degrade", "upscale"])
@pytest.mark.parametrize("leave", [[], ["--overwrite"]], ids=["plain", "overwrite"])
@pytest.mark.parametrize("kind", ["itself", "symlink", "hard link", "input is a link"])
def test_an_input_is_never_an_output(
    dasr: Run, photo: Path, tmp_path: Path, command: list[str], leave: list[str], kind: str
) -> None:
    source, out, before = photo, tmp_path / "out.png", photo.read_bytes()
    if kind == "itself":
        out = tmp_path / "." / photo.name
    elif kind == "symlink":
        out.symlink_to(photo)
    elif kind == "hard link":
        os.link(photo, out)
    else:
        source, out = tmp_path / "link.png", photo
        source.symlink_to(photo)
    _one_line(dasr(*command, source, "--out", out, *leave), "would replace its own input")
    assert photo.read_bytes() == before


@pytest.mark.parametrize("command", [DEGRADE, BICUBIC], ids=["degrade", "upscale"])
def test_an_existing_file_needs_leave(
    dasr: Run, photo: Path, tmp_path: Path, command: list[str]
) -> None:
    out = tmp_path / "precious.png"
    out.write_bytes(b"precious")
    refused = dasr(*command, photo, "--out", out)
    _one_line(refused, "precious.png: exists already; --overwrite replaces it")
    assert out.read_bytes() == b"precious"
    assert dasr(*command, photo, "--out", out, "--overwrite").code == 0
    assert size_of(out) in ((30, 24), (120, 96))


def test_a_folder_keeps_what_has_the_results_name(
    dasr: Run, photo: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(photo, tmp_path / "a.jpg")  # a PNG by content, which nobody minds
    (folder / "photo.png").write_bytes(b"unrelated")
    _one_line(dasr(*BICUBIC, tmp_path / "a.jpg", photo, "--out", folder), "exists already")
    assert [path.name for path in folder.iterdir()] == ["photo.png"]


def test_a_network_is_never_an_output(
    dasr: Run, model: Path, photo: Path, tmp_path: Path
) -> None:
    before = model.read_bytes()
    network = model.rename(tmp_path / "network.png")
    call = ["upscale", "--model", network, photo, "--out", network, "--overwrite"]
    _one_line(dasr(*call), "network.png: the result")
    assert network.read_bytes() == before


def test_an_imported_network_needs_leave(dasr: Run, model: Path, tmp_path: Path) -> None:
    before = model.read_bytes()
    torch.save({"x": torch.zeros(1)}, tmp_path / "theirs.pt")
    done = dasr("import-checkpoint", tmp_path / "theirs.pt", model)
    _one_line(done, "model.safetensors: exists already")
    _one_line(dasr("import-checkpoint", model, model, "--overwrite"), "its own input")
    assert model.read_bytes() == before


@pytest.mark.parametrize("name", ["photo.png", "photo.pdf", "index.html"])
def test_sheets_need_leave(
    dasr: Run, model: Path, photo: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "sheets"
    out.mkdir()
    (out / name).write_bytes(b"precious")
    _one_line(dasr("sheet", model, photo, "--out", out), f"{name}: exists already")
    assert [(path.name, path.read_bytes()) for path in out.iterdir()] == [(name, b"precious")]


def test_results_that_are_one_file_where_case_is_ignored(tmp_path: Path) -> None:
    targets = [tmp_path / "Photo.png", tmp_path / "photo.png"]
    with pytest.raises(UserError, match="another result would be written"):
        require_new(targets, [])


def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UserError, match="a pipe, not a regular file"):
        require_new([tmp_path / "pipe.png"], [], overwrite=True)


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """Let writes fail as on a full disk, beyond some bytes a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_half_written(
    dasr: Run, model: Path, photo: Path, tmp_path: Path
) -> None:
    calls = [
        [*DEGRADE, photo, "--out", tmp_path / "out" / "lr.png"],
        [*BICUBIC, photo, "--out", tmp_path / "out" / "sr.png"],
        ["sheet", model, photo, "--out", tmp_path / "out"],
    ]
    for call in calls:
        with _files_of_at_most(500):
            done = dasr(*call)
        _one_line(done, "out", "File too large")
        assert not any((tmp_path / "out").iterdir())


def test_a_full_disk_while_a_network_is_imported(
    dasr: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = build_network(tiny.model_config(), 2)
    monkeypatch.setattr("dasr.commands.files.read_released", lambda path: small)
    with _files_of_at_most(500):
        done = dasr("import-checkpoint", "theirs.pt", tmp_path / "out.safetensors")
    _one_line(done, "out.safetensors: cannot be written")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("place", "code"), [("full disk", 2), ("closed pipe", 141)])
def test_output_that_nobody_takes(
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
    code: int,
) -> None:
    if place == "full disk":
        output = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, output = os.pipe()
        os.close(reader)
    with os.fdopen(output, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["info", str(model)]) == code
    told = capsys.readouterr().err
    assert told == ("error: No space left on device\n" if code == 2 else "")
