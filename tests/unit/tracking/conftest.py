"""One store, made once; tests take copies."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dasr.tracking import ensure_experiment


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database of a store in which nothing has been published."""
    file = tmp_path_factory.mktemp("made") / "mlflow.db"
    ensure_experiment(f"sqlite:///{file}", "first")
    return file


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that copies the store to a path below the test's folder."""

    def copy(name: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, file)
        return file

    return copy
