"""A project that is moved or copied, and its store with it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from dasr.config.store_file import planned_store
from dasr.tracking import ensure_experiment, publish_study
from dasr.tracking.published import is_whole
from tests.unit.tracking.test_publish import IMAGES, PARENT, child, pytestmark  # noqa: F401


def as_before(file: Path) -> None:
    """Give a store the absolute locations and the nameless experiment that it used to have."""
    home = file.parent.as_uri()
    with closing(sqlite3.connect(file)) as database, database:
        for table, column in (
            ("experiments WHERE name = 'dasr'", "artifact_location"),
            ("runs", "artifact_uri"),
            ("logged_models", "artifact_location"),
        ):
            name, _, condition = table.partition(" ")
            database.execute(f"UPDATE {name} SET {column} = '{home}/' || {column} {condition}")
        database.execute("DELETE FROM experiment_tags")


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in files}


@pytest.mark.parametrize("old", [False, True])
def test_a_copy_shows_all_and_writes_nothing_into_its_original(
    old: bool, copied: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a name and an address of its own: MLflow remembers the folder in which it saw one
    name = f"moved{int(old)}.db"
    home = copied(f"home/{name}").parent
    monkeypatch.chdir(home)
    uri = f"sqlite:///{name}"
    experiment = ensure_experiment(uri)
    run = child(home, 1)
    receipt = publish_study(uri, experiment, PARENT, [run])
    run_id = receipt["runs"][run.key]["run_id"]
    if old:
        as_before(home / name)
    before = contents(home)

    monkeypatch.chdir(shutil.copytree(home, tmp_path / "copy"))
    uri = f"sqlite:///./{name}"
    if old:
        assert planned_store(uri) != planned_store(uri)  # it is published to again
        ensure_experiment(uri)
    mlflow.set_tracking_uri(uri)
    stored = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/training/history.csv")
    assert Path(stored).read_text() == "seed\n1\n"
    assert mlflow.pyfunc.load_model(f"runs:/{run_id}/network").predict(IMAGES).shape[1] == 24
    done = publish_study(uri, ensure_experiment(uri), PARENT, [run])
    assert done["runs"][run.key] == {"run_id": run_id, "done": "kept"}
    changed = replace(run, metrics={"psnr": 1.0})
    done = publish_study(uri, ensure_experiment(uri), PARENT, [changed])
    new = done["runs"][run.key]["run_id"]
    assert (tmp_path / f"copy/mlartifacts/{new}/artifacts/training/history.csv").exists()
    assert contents(home) == before


def test_a_run_whose_files_are_gone_is_not_kept(
    copied: Callable[[str], Path], tmp_path: Path
) -> None:
    uri = f"sqlite:///{copied('mlflow.db')}"
    run = child(tmp_path, 1)

    experiment = ensure_experiment(uri)
    receipt = publish_study(uri, experiment, PARENT, [run])
    client = MlflowClient(uri)
    home = (tmp_path / "mlartifacts").as_uri()
    old = client.get_run(receipt["runs"][run.key]["run_id"])
    for name in ("history.csv", "weights1.safetensors", "MLmodel"):
        (file,) = (tmp_path / "mlartifacts").rglob(name)
        content = file.read_bytes()
        file.write_bytes(content[:-1] if name != "MLmodel" else content)
        assert is_whole(client, home, old, run) == (name == "MLmodel")
        file.unlink()
        assert not is_whole(client, home, old, run)
        file.write_bytes(content)
    assert is_whole(client, home, old, run)
    file.unlink()
    receipt = publish_study(uri, experiment, PARENT, [run])
    assert receipt["runs"][run.key]["done"] == "replaced"
