"""Where a study can be planned, and what keeps finished networks finished."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from dasr.config import ImageSetConfig, image_files
from dasr.errors import UserError
from dasr.study.planning import (
    keep_networks,
    planned_study,
    require_project,
    require_room,
)

SETS = """
study: mine
data_root: images
train_sets: [{name: leaves, source: dead_leaves, num_images: 4, image_size: 96}]
test_sets: [{name: Mine, source: folder, folder: mine}]
embedding: {crop_size: 24}
training: {patch_size: 24}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's configuration in a folder of its own, with a set of one image."""
    root = Path(__file__).resolve().parents[3]
    for folder in ("ablations", "config"):
        shutil.copytree(root / folder, tmp_path / folder)
    (tmp_path / "config/mine.yaml").write_text(SETS)
    (tmp_path / "images/mine").mkdir(parents=True)
    (tmp_path / "images/mine/a.png").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _plan(project: Path, *arguments: str) -> None:
    planned_study([project / "config/mine.yaml"], arguments)


def test_a_study_file_lies_over_the_default(project: Path) -> None:
    study = planned_study([project / "config/mine.yaml"], ["seeds=[7]"])
    assert (study.config.study, study.config.seeds) == ("mine", (7,))
    assert study.config.model.num_groups == 5  # of the default study


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("config/mine.yaml", "study: twice", "config/mine.yaml: line 9: key 'study' is there"),
        ("config/config.yaml", "study: twice", r"config/config\.yaml: line .*: key 'study'"),
        ("ablations/no_ca.yaml", "overrides: {}", r"no_ca\.yaml: line .*: key 'overrides'"),
        ("config/mine.yaml", "seeds: [-1]", r"config/mine\.yaml \+ .*: seeds: -1 is not from"),
        ("config/mine.yaml", f"seeds: [{10**30}]", "seeds: 10000000000000000000 is not from"),
        ("config/mine.yaml", "example_noise_level: 1" + "0" * 400, "level: 1000.* too large"),
        ("config/mine.yaml", "scales: [4, 4]", r"scales: a name is there twice: \[4, 4\]"),
        (
            "config/mine.yaml",
            "title: 2025-01-31",
            "title: expected str, .*put quotes around it",
        ),
        ("config/mine.yaml", "true: x", "unknown key True"),
    ],
)
def test_what_files_say_wrong_is_named(project: Path, file: str, text: str, told: str) -> None:
    with (project / file).open("a") as opened:
        opened.write(f"\n{text}\n")
    with pytest.raises(UserError, match=told):
        _plan(project)


def test_a_variant_of_another_suffix_is_named(project: Path) -> None:
    (project / "ablations/mine.yml").touch()
    told = r"ablations/mine\.yml: rename it to mine\.yaml$"
    _plan(project)
    for argument in ("variants=all", "variants=[dasr, mine]"):
        with pytest.raises(UserError, match=told):
            _plan(project, argument)


@pytest.mark.parametrize(
    ("name", "taken"),
    [("{testset}", "{testset}"), ("a{x}b", "{x}"), ("{{d}}", "{d}"), ("<i>b", "<i>"),
     ("{x,[0-9]{2}}", "{x,[0-9]{2}}")],
)  # fmt: skip
def test_names_that_snakemake_would_fill_in_are_refused(
    project: Path, name: str, taken: str
) -> None:
    (project / "images/mine/a.png").rename(project / f"images/mine/{name}.png")
    with pytest.raises(UserError) as error:
        _plan(project)
    told = f"images/mine/{name}.png: Snakemake puts something else in the place of {taken!r}"
    assert str(error.value) == f"{told} in a path: rename it"


@pytest.mark.parametrize("name", ["{}", "{ }", "a{b", "c}d", "{a-b}", "<B>", "<>&amp;", "$x$"])
def test_other_braces_and_brackets_are_no_matter(project: Path, name: str) -> None:
    (project / "images/mine/a.png").rename(project / f"images/mine/{name}.png")
    _plan(project)


@pytest.mark.parametrize("name", [b"a\nb", b"a\tb", b"caf\xe9", "a\u2028b".encode()])
def test_names_without_a_place_in_a_table_are_refused(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name + b".png")).touch()
    mine = ImageSetConfig(name="Mine", source="folder", folder=".")
    with pytest.raises(UserError, match="not UTF-8 have no place in a table: rename it"):
        image_files(mine, tmp_path)


def test_the_root_of_all_sets_is_a_plain_path(project: Path) -> None:
    with pytest.raises(UserError, match=r"^da\{t\}a: Snakemake puts"):
        _plan(project, "data_root='da{t}a'")
    with pytest.raises(UserError, match="data_root is empty"):
        _plan(project, "data_root=''")


def test_the_right_folder_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_project(project / "Snakefile")
    (project / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    with pytest.raises(UserError) as error:
        require_project(Path("../Snakefile"))
    assert str(error.value) == (
        f"config/config.yaml: no such file in {project}/elsewhere: run Snakemake in {project}, "
        f"or add --directory {project}"
    )


def test_a_path_with_braces_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "{a}/config").mkdir(parents=True)
    (project / "{a}/config/config.yaml").touch()
    monkeypatch.chdir("{a}")
    with pytest.raises(UserError, match="cannot work below a path with braces"):
        require_project(Path("Snakefile"))


def test_a_folder_without_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_room(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=4096))
    with pytest.raises(UserError, match="no space left on the disk"):
        require_room(tmp_path)
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "results")
    with pytest.raises(UserError, match="results: cannot be written"):
        require_room(tmp_path)


def test_a_missing_check_is_older_than_everything(tmp_path: Path) -> None:
    record = tmp_path / "data/digests.yaml"
    keep_networks(tmp_path)
    assert not record.exists()  # nothing was trained yet: Snakemake plans it all
    network = tmp_path / "runs/dasr/noisy/x4/seed1/model.safetensors"
    network.parent.mkdir(parents=True)
    network.touch()
    keep_networks(tmp_path)
    assert (record.read_text(), record.stat().st_mtime) == ("", 0)
    record.write_text("train: {}")
    changed = record.stat().st_mtime
    keep_networks(tmp_path)
    assert (record.read_text(), record.stat().st_mtime) == ("train: {}", changed)
