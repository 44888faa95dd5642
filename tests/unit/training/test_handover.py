"""A finished stage is kept until it is needed no more, and is not computed twice."""

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from dasr.training import handover as module
from dasr.training.handover import Handover

CONTENTS = {"network": "weights", "history": "step,l1\n1,0.5\n"}


def _stage(folder: Path, identity: str = "aaaa") -> Handover:
    names = {"network": "model.safetensors", "history": "history.csv"}
    outputs = {key: folder / "runs/seed1" / name for key, name in names.items()}
    return Handover(folder / "stages/dasr", identity, outputs)


def _write(files: Mapping[str, Path]) -> None:
    for name, path in files.items():
        path.write_text(CONTENTS[name], encoding="utf-8")


def _finished(folder: Path, identity: str = "aaaa") -> Handover:
    stage = _stage(folder, identity)
    stage.folder.mkdir(parents=True, exist_ok=True)
    stage.state.write_text("the unfinished state", encoding="utf-8")
    stage.finish(_write)
    return stage


def _in_place(stage: Handover) -> dict[str, str]:
    return {name: path.read_text("utf-8") for name, path in stage.outputs.items()}


def test_finished_files_are_in_place_and_the_state_is_gone(tmp_path: Path) -> None:
    stage = _finished(tmp_path)
    assert _in_place(stage) == CONTENTS
    assert [path.name for path in stage.folder.iterdir()] == ["finished"]


def test_outputs_that_snakemake_removed_come_back(tmp_path: Path) -> None:
    stage = _finished(tmp_path)
    before = max(path.stat().st_mtime for path in stage.outputs.values())
    os.utime(stage.folder / "finished/model.safetensors", (0, 0))
    for path in stage.outputs.values():
        path.unlink()
    assert _stage(tmp_path).recall()
    assert _in_place(stage) == CONTENTS
    # as new as a file that was just computed
    assert min(path.stat().st_mtime for path in stage.outputs.values()) >= before


def test_links_take_no_room(tmp_path: Path) -> None:
    stage = _finished(tmp_path)
    assert all(path.stat().st_nlink == 2 for path in stage.outputs.values())


def test_another_identity_is_not_used_and_replaced(tmp_path: Path) -> None:
    _finished(tmp_path, "aaaa")
    assert not _stage(tmp_path, "bbbb").recall()
    _finished(tmp_path, "bbbb")
    assert not _stage(tmp_path, "aaaa").recall()
    assert _stage(tmp_path, "bbbb").recall()


def test_states_of_other_identities_go_with_the_own_one(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.folder.mkdir(parents=True)
    (stage.folder / "cccc.safetensors").touch()
    _finished(tmp_path)
    assert not list(stage.folder.glob("*.safetensors"))


@pytest.mark.parametrize("name", ["model.safetensors", "history.csv"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_damaged_files_are_not_used(tmp_path: Path, name: str, damage: str) -> None:
    stage = _finished(tmp_path)
    path = stage.folder / "finished" / name
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.unlink()
    if damage != "remove":
        path.write_bytes(content if damage == "flip" else content[:-1])
    assert not _stage(tmp_path).recall()
    assert not (stage.folder / "finished").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", '{"identity": "aaaa"}'])
def test_a_damaged_manifest_is_none(tmp_path: Path, text: str) -> None:
    stage = _finished(tmp_path)
    (stage.folder / "finished/manifest.json").write_text(text, encoding="utf-8")
    assert not _stage(tmp_path).recall()


def test_killed_while_writing_nothing_counts_as_finished(tmp_path: Path) -> None:
    stage = _stage(tmp_path)
    stage.folder.mkdir(parents=True)
    stage.state.touch()

    def half(files: Mapping[str, Path]) -> None:
        files["network"].write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.finish(half)
    assert stage.state.exists()
    assert not stage.recall()
    assert not any(path.exists() for path in stage.outputs.values())
    stage.finish(_write)
    assert [path.name for path in stage.folder.iterdir()] == ["finished"]


def test_a_file_system_without_links_gets_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(module.Path, "hardlink_to", refuse)
    stage = _finished(tmp_path)
    assert _in_place(stage) == CONTENTS
    assert stage.recall()


def test_the_manifest_says_whose_files_they_are(tmp_path: Path) -> None:
    stage = _finished(tmp_path)
    manifest = json.loads((stage.folder / "finished/manifest.json").read_text())
    assert manifest["identity"] == "aaaa"
    assert manifest["sha256"].keys() == {"model.safetensors", "history.csv"}
