"""What a YAML file may not do: lose a key, grow without bound, hang, be something else."""

import os
from pathlib import Path

import pytest

from dasr.config.layers import study_file_layer
from dasr.config.yaml_files import parse_yaml, read_mapping, read_yaml, wrong_suffix
from dasr.errors import UserError


def _bomb(link: str) -> str:
    """Return ten anchors, each of which repeats the one before nine times."""
    lines = ["a0: &a0 {k: 1}" if "k" in link else "a0: &a0 [x]"]
    for number in range(1, 10):
        repeated = ", ".join(link.format(alias=f"*a{number - 1}", n=n) for n in range(9))
        brackets = "{{{}}}" if "k" in link else "[{}]"
        lines.append(f"a{number}: &a{number} {brackets.format(repeated)}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model: 1\ntitle: x\nmodel: 2", "line 3: key 'model' is there twice, first in line 1"),
        ("a: {b: {c: 1,\n  c: 2}}", "line 2: key 'c' is there twice, first in line 1"),
        ("4: a\n0x4: b", "line 2: key 4 is there twice, first in line 1"),
        ("1: a\ntrue: b", "line 2: key True is there twice, first in line 1"),
        ("- {a: 1, a: 2}", "line 1: key 'a' is there twice, first in line 1"),
        ("a: &a [*a]", "line 1: an alias inside of what it names"),
        ("a: 2025-13-01", "not YAML: month must be in 1..12"),
        ("a: " + "9" * 5000, "not YAML: Exceeds the limit"),
        ("a: [1, 2", "not YAML: line 1: while parsing a flow sequence"),
        ("[1]: 2\n{a: b}: 3", "not YAML: line 1: "),
        ("a: 1\n---\na: 2", "not YAML: line 2: expected a single document"),
        ("a: \x00", "not YAML: unacceptable character"),
        ("[" * 600, "nested too deeply"),
        ("a: !!python/name:os.system x", "not YAML: line 1: could not determine"),
    ],
)
def test_refused_text_is_named_by_file_and_line(text: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        parse_yaml(text, "mine.yaml")
    assert str(error.value).startswith(f"mine.yaml: {told}")


@pytest.mark.parametrize("link", ["{alias}", "k{n}: {alias}"])
def test_aliases_without_bound_are_refused(link: str) -> None:
    with pytest.raises(UserError, match="more than 100,000 values, aliases written out"):
        parse_yaml(_bomb(link), "mine.yaml")


def test_merge_keys_and_aliases_stay_what_they_are() -> None:
    text = "one: &one {a: 1, b: 2}\ntwo: {<<: *one, b: 3}\nboth: {<<: [*one, {c: 4}], d: *one}"
    assert parse_yaml(text, "mine.yaml") == {
        "one": {"a": 1, "b": 2},
        "two": {"a": 1, "b": 3},
        "both": {"a": 1, "b": 2, "c": 4, "d": {"a": 1, "b": 2}},
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "expected keys and values, it is empty"),
        (b"# nothing\n", "expected keys and values, it is empty"),
        (b"- a\n- b\n", "expected keys and values, it holds a list"),
        (b"plain text", "expected keys and values, it holds the value 'plain text'"),
        (b"title: caf\xe9\n", "not UTF-8 text: byte 0xe9 at position 10"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8 text: byte 0x89 at position 0"),
    ],
)
def test_files_of_another_kind_are_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_mapping(path)
    assert str(error.value) == f"{path}: {told}"


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("pipe.yaml", "folder.yaml"):
        with pytest.raises(UserError, match=f"{name}: is no regular file"):
            read_yaml(tmp_path / name)
    with pytest.raises(UserError, match=r"none\.yaml: No such file or directory"):
        read_yaml(tmp_path / "none.yaml")


def test_a_file_passed_over_for_its_suffix_is_named(tmp_path: Path) -> None:
    for name in ("right.yaml", "_draft.yml", "notes.txt"):
        (tmp_path / name).touch()
    assert wrong_suffix(tmp_path) == ""
    (tmp_path / "mine.yml").touch()
    told = f"; {tmp_path}/mine.yml: rename it to mine.yaml"
    assert wrong_suffix(tmp_path) == wrong_suffix(tmp_path, "mine") == told
    assert wrong_suffix(tmp_path, "right") == ""


def test_study_files_and_arguments_lie_on_top_of_each_other(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("study: one\ntraining: {batch_size: 2, patch_size: 3}\nseeds: [1]\n")
    two.write_text("study: two\ntraining: {patch_size: 4}\n")
    layer = study_file_layer([one, two], ["seeds=[5, 6]", "training={batch_size: 8}", "title="])
    assert layer == {
        "study": "two",
        "training": {"batch_size": 8, "patch_size": 4},
        "seeds": [5, 6],
        "title": None,
    }


def test_an_argument_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match=r"^--config: 'seeds' is there twice$"):
        study_file_layer([], ["seeds=[1]", "study=x", "seeds=[2]"])
    with pytest.raises(UserError, match=r"^--config model: line 1: key 'num_groups' is there"):
        study_file_layer([], ["model={num_groups: 1, num_groups: 2}"])
