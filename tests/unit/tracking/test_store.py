"""The store: made at once or not at all, others' left alone, one line for what is wrong."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from dasr.config import store_file
from dasr.config.store_file import planned_store, read_store
from dasr.errors import UserError
from dasr.tracking import ensure_experiment, store
from dasr.tracking.database import prepare
from tests.unit.tracking.killed import ended_well, kill_once, start

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    # newer Pythons warn of fork beside threads; the children here start none
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]

Copied = Callable[[str], Path]


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            database.execute(statement)


def ask(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def test_a_store_is_whole_or_absent_however_often_it_is_killed_over(tmp_path: Path) -> None:
    """MLflow killed over its tables, then this project, then two clones at once."""
    shared = tmp_path / "shared"
    shared.mkdir()
    file = shared / "mlflow.db"
    uri = f"sqlite:///{file}"
    kill_once(file, 119_000, lambda: SqlAlchemyStore(uri, str(shared / "runs")), shared)
    half = file.stat().st_ino
    new = shared / "mlflow.db.creating"
    kill_once(new, 500_000, lambda: ensure_experiment(uri), shared)
    assert file.stat().st_ino == half  # not replaced by another half
    clones = []
    for name in ("clone1", "clone2"):
        (tmp_path / name).mkdir()
        clones.append(start(lambda: ensure_experiment(uri), tmp_path / name))
    assert all([ended_well(clone) for clone in clones])
    assert ask(file, "SELECT name FROM experiments") == [("Default",), ("dasr",)]
    assert sorted(path.name for path in shared.iterdir()) == [".mlflow.lock", "mlflow.db"]
    found = read_store(file)
    assert found.location == (shared / "mlartifacts").as_uri()
    assert planned_store(uri) == found.store_id
    assert ensure_experiment(uri) == "1"


def test_half_stores_of_any_size_are_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced: list[Path] = []
    monkeypatch.setattr("dasr.tracking.database._make", replaced.append)
    for size in (1, 150_000, 500_000):
        file = tmp_path / f"{size}.db"
        uri = f"sqlite:///{file}"
        kill_once(file, size, lambda uri=uri: SqlAlchemyStore(uri, "runs"), tmp_path)
        assert planned_store(uri) != planned_store(uri)  # a new store is planned
        prepare(file)
        assert replaced.pop() == file
    prepare(tmp_path / "absent.db")
    assert replaced == [tmp_path / "absent.db"]


def test_stores_of_others_are_never_touched(copied: Copied, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("hello\n")
    other = tmp_path / "other.db"
    change(other, "CREATE TABLE books (title TEXT)")
    older = copied("older.db")
    # an older store lacks tables, and MLflow would begin to make them
    change(older, "DROP TABLE webhook_events", "DROP TABLE webhooks")
    change(older, "UPDATE alembic_version SET version_num = '451aebb31d03'")
    newer = copied("newer.db")
    change(newer, "UPDATE alembic_version SET version_num = 'ffffffffffff'")
    damaged = copied("damaged.db")
    damaged.write_bytes(damaged.read_bytes()[:4096] + b"\xff" * 400_000)
    lines = {
        text: "not an SQLite database; move it away",
        other: "a database of another program",
        older: f"an older version of MLflow .* mlflow db upgrade sqlite:///{older}",
        newer: "another version of MLflow",
        damaged: "a damaged database; move it away",
    }
    for file, line in lines.items():
        before = file.read_bytes()
        with pytest.raises(UserError, match=line) as caught:
            ensure_experiment(f"sqlite:///{file}")
        assert str(file) in str(caught.value)
        assert file.read_bytes() == before
    for file in (text, other, damaged):  # seen before anything is planned
        with pytest.raises(UserError, match=lines[file]):
            planned_store(f"sqlite:///{file}")


def test_a_locked_store_is_one_line(copied: Copied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_file, "PATIENCE", 0.01)
    file = copied("mlflow.db")
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        for use in (ensure_experiment, planned_store):
            with pytest.raises(UserError, match=r"mlflow\.db: locked by another program"):
                use(f"sqlite:///{file}")


def test_a_deleted_experiment_says_how_it_is_restored(copied: Copied) -> None:
    uri = f"sqlite:///{copied('mlflow.db')}"
    client = MlflowClient(uri)
    client.delete_experiment("1")
    for use in (ensure_experiment, planned_store):
        with pytest.raises(UserError, match="mlflow experiments restore -x 1"):
            use(uri)
    client.restore_experiment("1")
    assert ensure_experiment(uri) == "1"


def test_a_store_keeps_its_id_and_a_moved_one_gets_another(made: Path, copied: Copied) -> None:
    assert planned_store(f"sqlite:///{made}") == "first"
    assert ensure_experiment(f"sqlite:///{made}", "second") == "1"
    assert read_store(made).store_id == "first"
    file = copied("moved/mlflow.db")
    planned = planned_store(f"sqlite:///{file}")
    assert planned != "first"
    ensure_experiment(f"sqlite:///{file}", planned)
    assert planned_store(f"sqlite:///{file}") == planned


def test_a_location_of_somebody_s_choice_stays(copied: Copied) -> None:
    file = copied("mlflow.db")
    for location in ("s3://b/mlartifacts", "mlflow-artifacts:/mlartifacts", "file:///big/disk"):
        change(file, f"UPDATE experiments SET artifact_location = '{location}'")
        assert planned_store(f"sqlite:///{file}") == "first"
        ensure_experiment(f"sqlite:///{file}")
        assert read_store(file).location == location


def test_a_server_is_not_asked_while_planning() -> None:
    uri = "http://user:s3cret@127.0.0.1:9"
    assert planned_store(uri) == planned_store(uri.replace("s3cret", "other"))
    assert planned_store(uri) != planned_store("http://127.0.0.1:10")


def test_a_dead_server_is_one_line_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ASKING", (0, 5))
    with pytest.raises(UserError, match="Connection refused") as caught:
        ensure_experiment("http://user:s3cret@127.0.0.1:9")
    assert str(caught.value).startswith("http://***@127.0.0.1:9: ")
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_patience_of_the_user_s_own_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    retries, timeout = "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "MLFLOW_HTTP_REQUEST_TIMEOUT"
    monkeypatch.setenv(retries, "9")
    monkeypatch.delenv(timeout, raising=False)
    with store.patience(2, 30):
        assert (os.environ[retries], os.environ[timeout]) == ("9", "30")
    assert timeout not in os.environ
