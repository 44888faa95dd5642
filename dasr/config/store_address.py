"""The address of MLflow's store: checked without network, shown without its secrets."""

import os
import re
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dasr.errors import UserError

DEFAULT_URI = "sqlite:///mlflow.db"
SERVERS = ("http", "https")
DATABASES = ("postgresql", "mysql", "mssql")
"""Beside SQLite; each may name a driver, as in postgresql+psycopg2."""
DATABRICKS = ("databricks", "databricks-uc", "uc")
ALLOWED = "sqlite:///FILE, http(s)://HOST, postgresql://, mysql://, mssql:// or databricks"
HIDDEN = "***"


def tracking_uri() -> str:
    """Return where the environment sends what is published, else the default store."""
    return os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def check_uri(uri: str) -> None:
    """Refuse an address that MLflow cannot use, by its form alone.

    Raises:
        UserError: the address without its secrets, and what is allowed.
    """
    wrong = _wrong(uri)
    if wrong:
        raise UserError(f"MLFLOW_TRACKING_URI: {shown(uri)!r}: {wrong}; allowed: {ALLOWED}")


def shown(uri: str) -> str:
    """Return an address with "***" for user, password and query, which may be secrets."""
    if _scheme(uri) in ("sqlite", "file"):
        return uri
    bare, question, _ = uri.partition("?")
    front, slashes, rest = bare.rpartition("://")
    _, at, place = rest.rpartition("@")  # a password may hold any other character
    return (
        front
        + slashes
        + (HIDDEN + at if at else "")
        + place
        + question
        + (HIDDEN if question else "")
    )


def without_secrets(text: str, uri: str) -> str:
    """Return a text in which an address and the secrets of it are hidden."""
    text = text.replace(uri, shown(uri))
    if shown(uri) == uri:
        return text
    rest = uri.rpartition("://")[2]
    bare, _, query = rest.partition("?")
    user = bare.rpartition("@")[0]
    secrets = [user, user.partition(":")[2], query]
    secrets += [value.partition("=")[2] for value in query.split("&")]
    for secret in sorted({*secrets, *map(unquote, secrets)}, key=len, reverse=True):
        if len(secret) > 3:  # a shorter one would be found in every other word
            text = text.replace(secret, HIDDEN)
    return text


def sqlite_file(uri: str) -> Path | None:
    """Return the database file of an SQLite address, else None."""
    if _scheme(uri) != "sqlite":
        return None
    return Path(uri.removeprefix("sqlite:///").partition("?")[0])


def _scheme(uri: str) -> str:
    return uri.partition(":")[0] if ":" in uri else ""


def _wrong(uri: str) -> str:
    """Return what is wrong with an address, or nothing."""
    scheme = _scheme(uri)
    if uri in DATABRICKS or scheme in DATABRICKS:
        return ""
    if scheme in ("", "file"):
        if os.environ.get("MLFLOW_ALLOW_FILE_STORE", "").lower() in ("true", "1"):
            return ""
        return "MLflow no longer writes stores of plain files"
    if scheme == "sqlite":
        return _wrong_sqlite(uri)
    if scheme.partition("+")[0] in DATABASES or scheme in SERVERS:
        return "" if _host(uri) or scheme not in SERVERS else "names no host"
    if any(scheme == plugin.name for plugin in entry_points(group="mlflow.tracking_store")):
        return ""
    return "MLflow has no store of this kind"


def _wrong_sqlite(uri: str) -> str:
    name = uri.removeprefix("sqlite:///").partition("?")[0]
    if not uri.startswith("sqlite:///"):
        return "an SQLite address has three slashes, four before an absolute path"
    if name in ("", ":memory:") or name.startswith("file:"):
        return "names no database file"
    if Path(name).is_dir():
        return "is a folder, not a database file"
    return ""


def _host(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018  # raises on what is no port
    except ValueError:
        return None
    return parts.hostname if re.match(r"[a-z]+://", uri) else None
