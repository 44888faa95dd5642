"""Addresses of MLflow's store: refused by their form, and shown without secrets."""

from pathlib import Path

import pytest

from dasr.config.store_address import check_uri, shown, sqlite_file, without_secrets
from dasr.errors import UserError

GOOD = [
    "sqlite:///mlflow.db",
    "sqlite:////shared/mlflow.db",
    "http://127.0.0.1:5000",
    "https://me:word@mlflow.example.org/base",
    "postgresql+psycopg2://me:word@host/db",
    "databricks",
    "databricks://profile",
]
BAD = {
    "ftp://x": "no store of this kind",
    "mlruns": "plain files",
    "file:///x/mlruns": "plain files",
    "sqlite:mlflow.db": "three slashes",
    "sqlite://": "three slashes",
    "sqlite:///": "no database file",
    "sqlite:///:memory:": "no database file",
    "http://": "no host",
    "http:/127.0.0.1": "no host",
    "http://host:port": "no host",
}


def test_addresses_are_checked_by_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_ALLOW_FILE_STORE", raising=False)
    for uri in GOOD:
        check_uri(uri)
    for uri, reason in BAD.items():
        with pytest.raises(UserError, match=f"MLFLOW_TRACKING_URI: .*{reason}"):
            check_uri(uri)
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    check_uri("file:///x/mlruns")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder"):
        check_uri(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    ("uri", "seen"),
    [
        ("http://me:s3cret@host:5000/base", "http://***@host:5000/base"),
        ("https://t0ken@host", "https://***@host"),
        ("postgresql://me:s3c@ret/x@host/db?sslpassword=hush", "postgresql://***@host/db?***"),
        ("me:s3cret@host", "***@host"),
        ("sqlite:////home/a@b/mlflow.db", "sqlite:////home/a@b/mlflow.db"),
        ("http://host/base", "http://host/base"),
    ],
)
def test_secrets_are_not_shown(uri: str, seen: str) -> None:
    assert shown(uri) == seen


def test_secrets_go_from_any_text() -> None:
    uri = "http://me:s3c%21ret@host"
    text = f"API request to {uri}/api failed: s3c!ret or s3c%21ret refused on host"
    assert without_secrets(text, uri) == (
        "API request to http://***@host/api failed: *** or *** refused on host"
    )
    with pytest.raises(UserError) as caught:
        check_uri("ftp://me:s3cret@host")
    assert "s3cret" not in str(caught.value)


def test_the_file_of_an_address() -> None:
    assert sqlite_file("sqlite:///mlflow.db") == Path("mlflow.db")
    assert sqlite_file("sqlite:////a b/x.db?timeout=3") == Path("/a b/x.db")
    assert sqlite_file("http://host") is None
