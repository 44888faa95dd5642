"""What is in the file of an SQLite store, read without MLflow in a millisecond."""

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from dasr.config.provenance import digest
from dasr.config.store_address import check_uri, shown, sqlite_file, tracking_uri
from dasr.errors import UserError

EXPERIMENT = "dasr"
"""Experiment that holds every study as a parent run."""
STORE_TAG = "dasr.store"
"""Tag of the experiment: the id of the store that it is in."""
ARTIFACTS = "mlartifacts"
"""Folder of artifacts, beside the database."""
PATIENCE = 10.0
"""Seconds for which another program may keep a database locked."""


@dataclass(frozen=True)
class StoreFile:
    """A store in a file, as far as it is one."""

    store_id: str | None = None
    """None where the project has not used the store yet."""
    schema: str | None = None
    """Version of MLflow's tables."""
    location: str | None = None
    """Where the project's experiment puts artifacts."""


def store_to_publish_to(*, look: bool) -> tuple[str, str]:
    """Return the store's address without its secrets, and its id, before anything is planned.

    Args:
        look: whether to look into the store: a job on another machine does not, and gets
            "" for the id.

    Raises:
        UserError: an address that is none, or a store that cannot be used.
    """
    uri = tracking_uri()
    check_uri(uri)
    return shown(uri), planned_store(uri) if look else ""


def planned_store(uri: str) -> str:
    """Return the id of the store to publish to.

    A store that is not there, only half there, that was never used or that has been moved
    with absolute locations in it gets a new id, which the job that creates it writes into
    it: what was published elsewhere is then published to it. Of a server the address is
    the id; nothing is asked of it.

    Raises:
        UserError: what `read_store` refuses.
    """
    file = sqlite_file(uri)
    if file is None:
        return digest(shown(uri))
    found = read_store(file)
    in_place = found.location == wanted_location(file, found.location)
    known = found.store_id if in_place else None
    return known or secrets.token_hex(6)


def artifact_location(file: Path) -> str:
    """Return where a store's artifacts belong: beside the database, and addressed as it is.

    A database with a relative path is opened from the folder that it is relative to, and
    so are its artifacts, wherever that folder is moved or copied.
    """
    folder = file.parent / ARTIFACTS
    return folder.as_uri() if folder.is_absolute() else quote(folder.as_posix())


def wanted_location(file: Path, present: str | None) -> str:
    """Return where artifacts belong that the project's experiment now puts at `present`.

    Only a folder of the project's own kind is moved. A bucket, or a folder of another
    name, is somebody's choice.
    """
    if present is None or (is_local(present) and local_path(present).name == ARTIFACTS):
        return artifact_location(file)
    return present


def is_local(location: str) -> bool:
    """Return whether artifacts lie in a folder, given as a path or as a file address."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", location)
    return scheme is None or scheme[1] == "file"


def local_path(location: str) -> Path:
    """Return a folder of artifacts, given as a path or as a file address."""
    path = urlsplit(location).path if location.startswith("file:") else location
    return Path(unquote(path))


def read_store(file: Path) -> StoreFile:
    """Return what is known of the store in an SQLite file; the file is not changed.

    Raises:
        UserError: the file is no SQLite database or a damaged one, belongs to another
            program, or is locked; or the project's experiment in it was deleted.
    """
    if not file.exists() or not file.stat().st_size:
        return StoreFile()
    with explained(file):
        address = f"file:{quote(str(file.resolve()))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as database:
            return _read(database, file)


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turn SQLite's complaints about a file into one line each."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        remedy = {
            "SQLITE_NOTADB": "not an SQLite database; move it away",
            "SQLITE_CORRUPT": "a damaged database; move it away, and it is rebuilt from files",
            "SQLITE_BUSY": "locked by another program; end that, or wait, and run it again",
        }.get(error_name(error), str(error))
        raise UserError(f"{file}: {remedy}, or set MLFLOW_TRACKING_URI") from None


def error_name(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error, the extended codes as their kind."""
    name = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])


def _read(database: sqlite3.Connection, file: Path) -> StoreFile:
    try:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {str(name) for (name,) in rows}
    except sqlite3.OperationalError as error:
        # a program was killed while it wrote: whoever opens the file to write rolls back
        if error_name(error) in ("SQLITE_READONLY", "SQLITE_CANTOPEN"):
            return StoreFile()
        raise
    if tables and "experiments" not in tables:
        raise UserError(
            f"{file}: a database of another program; set MLFLOW_TRACKING_URI to another file"
        )
    if not {"experiment_tags", "alembic_version"} <= tables:
        return StoreFile()
    version = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return _experiment(database, file, version and version[0])


def _experiment(database: sqlite3.Connection, file: Path, schema: str | None) -> StoreFile:
    try:
        row = database.execute(
            "SELECT experiment_id, artifact_location, lifecycle_stage FROM experiments "
            "WHERE name = ?",
            (EXPERIMENT,),
        ).fetchone()
        if row is None:
            return StoreFile(schema=schema)
        number, location, stage = row
        tag = database.execute(
            "SELECT value FROM experiment_tags WHERE experiment_id = ? AND key = ?",
            (number, STORE_TAG),
        ).fetchone()
    except sqlite3.OperationalError as error:
        if error_name(error) != "SQLITE_ERROR":
            raise
        return StoreFile(schema=schema)  # no such column: tables of another version
    if stage != "active":
        raise UserError(deleted_experiment(f"sqlite:///{file}", number))
    return StoreFile(tag and tag[0], schema, location)


def deleted_experiment(uri: str, number: object) -> str:
    """Return the line on the project's experiment in a state from which MLflow restores it."""
    return (
        f"{shown(uri)}: the experiment {EXPERIMENT!r} was deleted in MLflow; restore it: "
        f"MLFLOW_TRACKING_URI={shown(uri)} mlflow experiments restore -x {number}"
    )
