"""Digests of configurations and of code."""

import dataclasses
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dasr.config import (
    DegradationConfig,
    RunConfig,
    digest,
    git_commit,
    provenance,
    source_digest,
)
from tests.tiny import run_config

OTHER_VALUES: dict[str, Any] = {
    "variant": "other",
    "regime": "other",
    "scale": 3,
    "seed": 7,
    "degradation.blur": "anisotropic",
    "degradation.kernel_width": {2: (0.2, 3.0)},
    "degradation.noise_level": (0.0, 6.0),
    "degradation.downsample": "s-fold",
    "method.model.representation": "oracle",
    "method.model.upsampler": "single",
    "method.training.schedule": "cosine",
    "method.training.precision": "bf16",
}
"""Values that no rule derives from the field's type."""


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(value):
        item, name = getattr(value, field.name), prefix + field.name
        if dataclasses.is_dataclass(item):
            yield from _leaves(item, name + ".")
        else:
            yield name, item


def _replaced(value: Any, path: list[str], leaf: Any) -> Any:
    if len(path) > 1:
        leaf = _replaced(getattr(value, path[0]), path[1:], leaf)
    return dataclasses.replace(value, **{path[0]: leaf})


def _base() -> RunConfig:
    """Return a run in which any single field may change without breaking a rule."""
    return run_config(
        model={"concatenation": True},
        contrastive={"weight": 0.0, "queue_size": 6},
        training={"encoder_epochs": 0, "batch_size": 1},
        degradation=DegradationConfig(kernel_width={2: (0.2, 2.0)}),
    )


def _other(name: str, value: Any) -> Any:
    if name in OTHER_VALUES:
        return OTHER_VALUES[name]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value / 2 + 0.25


@pytest.mark.parametrize("name", [name for name, _ in _leaves(_base())])
def test_every_field_of_a_run_changes_its_digest(name: str) -> None:
    base = _base()
    value = dict(_leaves(base))[name]
    changed = _replaced(base, name.split("."), _other(name, value))
    assert digest(changed) != digest(base)


def test_digest_is_the_sha256_of_sorted_json() -> None:
    expected = hashlib.sha256(b'{"a": [1, 2.5], "b": "x"}').hexdigest()[:12]
    assert digest({"b": "x", "a": (1, 2.5)}) == expected


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one floor and one module, which the digests are taken of."""
    (tmp_path / "model").mkdir()
    code = '"""Doc."""\n\n\ndef double(x):\n    """Doc."""\n    return 2 * x  # why\n'
    (tmp_path / "model" / "net.py").write_text(code, encoding="utf-8")
    (tmp_path / "files.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Doc."""', '"""Other words."""'),
        ("  # why", ""),
        ("2 * x", "(2 *\n            x)"),
        ('    """Doc."""\n', ""),
    ],
)
def test_words_and_layout_keep_the_code_digest(package: Path, old: str, new: str) -> None:
    before = source_digest("model")
    _edit(package / "model" / "net.py", old, new)
    assert source_digest("model") == before


@pytest.mark.parametrize(("old", "new"), [("2 * x", "3 * x"), ("(x)", "(x=1)")])
def test_code_changes_the_code_digest(package: Path, old: str, new: str) -> None:
    before = source_digest("model")
    _edit(package / "model" / "net.py", old, new)
    assert source_digest("model") != before


def test_code_digest_sees_new_files_and_single_modules(package: Path) -> None:
    one, both = source_digest("model"), source_digest("model", "files")
    assert both == source_digest("files", "model") != one
    _edit(package / "files.py", "1", "2")
    assert source_digest("model") == one
    assert source_digest("model", "files") != both
    (package / "model" / "more.py").write_text("", encoding="utf-8")
    assert source_digest("model") != one


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_no_repository_no_commit(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(package.parent))
    assert git_commit() == "unknown"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commit_says_whether_files_were_edited(package: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
        return subprocess.run(
            command, cwd=package, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--no-gpg-sign", "--message", "first")
    commit = git("rev-parse", "HEAD")[:12]
    assert git_commit() == commit
    _edit(package / "files.py", "1", "2")
    assert git_commit() == f"{commit}-dirty"
