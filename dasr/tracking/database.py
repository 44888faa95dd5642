"""The file of an SQLite store: made at once, its half-made predecessor replaced."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import mlflow
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from sqlalchemy import Engine, event

from dasr.config import store_file
from dasr.config.store_file import (
    ARTIFACTS,
    EXPERIMENT,
    STORE_TAG,
    artifact_location,
    explained,
    local_path,
    read_store,
    wanted_location,
)
from dasr.errors import UserError
from dasr.files import alone

SIDE_FILES = ("", "-journal", "-wal", "-shm")
"""What SQLite keeps of one database, by what is added to its name."""
SEEDED = ("alembic_version", "workspaces")
"""Tables that MLflow fills while it makes them; all others are empty in an unused store."""
COLUMNS = {"experiment_id", "name", "artifact_location", "lifecycle_stage"}
"""Columns that MLflow's experiments have in every version."""


@contextmanager
def store_lock(file: Path) -> Iterator[None]:
    """Let one process at a time make a store, or publish to it; the others wait.

    The lock lies beside the database, so that it holds for all who use that database.

    Raises:
        UserError: the file system has no locks.
    """
    place = file.resolve()

    def say() -> None:
        logging.getLogger(__name__).info("%s: waiting for another process", file)

    with alone(place.with_name(f".{place.stem}.lock"), "store", say):
        yield


def prepare(file: Path) -> None:
    """Make a store, unless there is a whole one; to be called with the lock held.

    A database with anything in it is never touched, whosever it is.

    Raises:
        UserError: what `read_store` refuses, or a store of another version of MLflow.
    """
    found = read_store(file)
    if not file.exists() or _is_half_made(file):
        _make(file.resolve())
        return
    _require_version(file, found.schema or read_store(file).schema)


HOLDERS = (
    ("runs", "run_uuid", "artifact_uri", ""),
    ("logged_models", "model_id", "artifact_location", "models/"),
)
"""Tables of what has artifacts: key, column of their address, folder in the experiment's."""


def claim(file: Path, store_id: str) -> None:
    """Give a store its id, and its artifacts their place beside the database.

    Nothing is changed where both are right. Else every run and model of the project's
    experiment is looked for at its new place, and stays where it was only if its files
    are there and not here; new ones are written here in any case.

    Args:
        file: the database, as it is addressed.
        store_id: what the store is called from now on, if it has no name yet or was moved.
    """
    with (
        explained(file),
        closing(sqlite3.connect(file, timeout=store_file.PATIENCE)) as database,
        database,
    ):
        database.isolation_level = None
        database.execute("BEGIN IMMEDIATE")
        number, location = database.execute(
            "SELECT experiment_id, artifact_location FROM experiments WHERE name = ?",
            (EXPERIMENT,),
        ).fetchone()
        tag = database.execute(
            "SELECT 1 FROM experiment_tags WHERE experiment_id = ? AND key = ?",
            (number, STORE_TAG),
        ).fetchone()
        wanted = wanted_location(file, location)
        if location == wanted and tag:
            return
        database.execute(
            "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?",
            (wanted, number),
        )
        for table, key, column, folder in HOLDERS:
            _move(database, number, (table, key, column), f"{wanted}/{folder}")
        database.execute(
            "REPLACE INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)",
            (number, STORE_TAG, store_id),
        )


def _move(
    database: sqlite3.Connection, number: int, names: tuple[str, str, str], prefix: str
) -> None:
    table, key, column = names
    rows = database.execute(
        f"SELECT {key}, {column} FROM {table} WHERE experiment_id = ?", (number,)
    ).fetchall()
    for name, old in rows:
        new = f"{prefix}{name}/artifacts"
        if local_path(new).exists() or not local_path(old or "").exists():
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (new, name))


def _is_half_made(file: Path) -> bool:
    """Return whether a database is one that MLflow was killed over: its tables, no row."""
    # not read-only: what was being written when a program was killed is rolled back
    with (
        explained(file),
        closing(sqlite3.connect(file, timeout=store_file.PATIENCE)) as database,
    ):
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [str(name) for (name,) in rows]
        columns = {row[1] for row in database.execute("PRAGMA table_info(experiments)")}
        if tables and not columns >= COLUMNS:
            return False
        return not any(
            database.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
            for name in tables
            if name not in SEEDED
        )


def _make(file: Path) -> None:
    """Make a database under another name, then rename it.

    MLflow needs sixty steps for its tables, and does not recover from being killed at
    most of them.
    """
    new = file.with_name(f"{file.name}.creating")
    _remove(new)
    try:
        with _written_at_once():
            store = SqlAlchemyStore(f"sqlite:///{new}", str(file.parent / ARTIFACTS))
            store.create_experiment(EXPERIMENT, artifact_location(file))
            store.engine.dispose()
        with new.open("rb") as whole:
            os.fsync(whole.fileno())
        _remove(file)  # with its journal, which SQLite would play back into the new one
        new.rename(file)
    finally:
        _remove(new)


@contextmanager
def _written_at_once() -> Iterator[None]:
    """Let SQLite wait for the disk at no step: a half-made file is thrown away anyway."""

    def no_waiting(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", no_waiting)
    try:
        yield
    finally:
        event.remove(Engine, "connect", no_waiting)


def _remove(file: Path) -> None:
    for side in SIDE_FILES:
        file.with_name(file.name + side).unlink(missing_ok=True)


def _require_version(file: Path, found: str | None) -> None:
    """Refuse tables of another version, which MLflow would begin to change unasked.

    Raises:
        UserError: which version is found and expected, and what to do.
    """
    folder = Path(os.path.dirname(mlflow.__file__)) / "store" / "db_migrations"
    script = ScriptDirectory(str(folder))
    expected = script.get_current_head()
    if found == expected:
        return
    try:
        older = found is not None and script.get_revision(found) is not None
    except CommandError:
        older = False
    remedy = f"back it up and run: mlflow db upgrade sqlite:///{file}, or " if older else ""
    raise UserError(
        f"{file}: a store of {'an older' if older else 'another'} version of MLflow "
        f"(tables {found}, this one's are {expected}); {remedy}set MLFLOW_TRACKING_URI"
    )
