"""`dasr new-architecture` in copies of the project: what it writes works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dasr.commands import new_architecture as module
from dasr.errors import UserError

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("ablations", "config", "dasr", "tests", "workflow", "profiles")
FILES = ("pyproject.toml", "Snakefile", "environment.yml", "README.md")
NAMES = ["deep_net2", "a", "abcdefghijklmnopqrst", "net10"]
"""A plain one, the shortest, the longest, and one that text would sort before "net9"."""


def copy_of_project(folder: Path) -> Path:
    for part in PARTS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a copy, which it imports."""
    kept = {key: value for key, value in os.environ.items() if key != "MLFLOW_TRACKING_URI"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def succeed(folder: Path, *command: str) -> str:
    done = run(folder, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def contents(folder: Path) -> dict[Path, bytes]:
    files = (path for part in PARTS for path in (folder / part).rglob("*"))
    return {
        path.relative_to(folder): path.read_bytes()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with four new architectures."""
    folder = copy_of_project(tmp_path_factory.mktemp("grown"))
    for name in (*NAMES, "net9"):
        succeed(folder, "dasr.cli", "new-architecture", name)
    return folder


def test_all_of_it_is_written_and_nothing_else(grown: Path) -> None:
    new = {path for path in contents(grown) if not (ROOT / path).exists()}
    assert new == {
        Path(target.format(name))
        for target in module.TEMPLATES.values()
        for name in (*NAMES, "net9")
    }
    before, after = contents(ROOT), contents(grown)
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert changed == {module.ARCHITECTURES}


def test_linters_have_nothing_to_say(grown: Path) -> None:
    succeed(grown, "ruff", "check", ".")
    succeed(grown, "ruff", "format", "--check", ".")


def test_its_types_fit(grown: Path) -> None:
    """With everything but PyTorch, whose own types would take mypy most of a minute."""
    settings = (grown / "pyproject.toml").read_text(encoding="utf-8")
    for old, new in (
        ('"triton.*"]', '"triton.*", "torch.*"]'),
        ("strict = true\n", "strict = true\ndisallow_subclassing_any = false\n"),
    ):
        assert old in settings
        settings = settings.replace(old, new)
    (grown / "mypy.toml").write_text(settings, encoding="utf-8")
    files = [str(path) for path in grown.glob("dasr/**/deep_net2.py")]
    assert len(files) == 2
    options = ("--config-file", "mypy.toml", "--follow-imports=silent")
    succeed(grown, "mypy", *options, *files)


def test_contract_and_own_test_pass(grown: Path) -> None:
    own = "tests/unit/architectures/test_deep_net2.py"
    contract = "tests/unit/architectures/test_contract.py"
    told = succeed(grown, "pytest", "-q", own, contract, "-k", "deep_net2")
    assert "deselected" in told
    passed = int(told.split(" passed")[0].split()[-1])
    assert passed >= 6 + 10  # its own tests, and the contract's


def test_a_study_takes_it(grown: Path) -> None:
    told = succeed(
        grown, "snakemake", "--cores", "1", "--summary",
        "--configfile", "config/smoke.yaml", "--config", "variants=[dasr, deep_net2]",
    )  # fmt: skip
    assert "results/smoke/runs/deep_net2/noisy/x4/seed1/model.safetensors" in told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Net", "must be small letters and digits"),
        ("2net", "must be small letters and digits"),
        ("net-2", "must be small letters and digits"),
        ("../net", "must be small letters and digits"),
        ("net__2", "must be small letters and digits"),
        ("", "must be small letters and digits"),
        ("a" * 21, "at most 20 characters"),
        ("class", "'class' is a word of Python's"),
        ("bicubic", "a method which every study has"),
        ("untrained_encoder", "a method which every study has"),
        ("rcan", r"rcan\.py: exists already"),
        ("encoder", r"dasr/architectures/encoder\.py: exists already"),
        ("oracle", "exists already"),
        ("model", "two classes 'ModelConfig'"),
        ("tensor", "two classes 'Tensor'"),
        ("f", "two classes 'F'"),
        ("generator", "two classes 'Generator'"),
    ],
)
def test_names_that_cannot_be_are_refused(name: str, told: str) -> None:
    before = contents(ROOT)
    with pytest.raises(UserError, match=told):
        module.new_architecture(name, ROOT)
    assert contents(ROOT) == before


def test_two_names_of_one_class_are_refused(grown: Path) -> None:
    before = contents(grown)
    done = run(grown, "dasr.cli", "new-architecture", "net_10")
    assert done.returncode == 2
    assert "architectures.py would have two classes 'Net10Config'" in done.stderr
    assert contents(grown) == before


def test_a_name_is_taken_once(grown: Path) -> None:
    done = run(grown, "dasr.cli", "new-architecture", "deep_net2")
    assert done.returncode == 2
    assert "error: dasr/config/models/deep_net2.py: exists already" in done.stderr


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the project's folder"):
        module.new_architecture("mynet", tmp_path)
    for path in ("dasr/config/models", "dasr/architectures", "ablations"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "tests/unit/architectures").mkdir(parents=True)
    (tmp_path / module.ARCHITECTURES).write_text("")
    with pytest.raises(UserError, match=f"dasr runs from {ROOT}, which would not find"):
        module.new_architecture("mynet", tmp_path)
    assert [path for path in tmp_path.rglob("*mynet*")] == []


def test_a_list_of_another_form_is_left_alone() -> None:
    with pytest.raises(UserError, match=r"architectures\.py: no ARCHITECTURES = \{\.\.\.\}"):
        module._with_line("ARCHITECTURES = dict()\n", "mynet", "Mynet")


def test_a_failure_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.write_text

    def failing(path: Path, text: str) -> None:
        if path.name == "test_mynet.py":
            raise OSError(28, "No space left on device")
        real(path, text)

    monkeypatch.setattr(module, "write_text", failing)
    folder = copy_of_project(tmp_path)
    before = contents(folder)
    monkeypatch.setattr(module, "_require_project", lambda project: None)
    with pytest.raises(UserError, match=r"test_mynet\.py: cannot be written: No space left"):
        module.new_architecture("mynet", folder)
    assert contents(folder) == before
