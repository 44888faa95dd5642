"""The tracking store: found or made before anyone publishes, and asked for its experiment."""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from dasr.config.store_address import check_uri, shown, sqlite_file, without_secrets
from dasr.config.store_file import EXPERIMENT, artifact_location, deleted_experiment
from dasr.errors import UserError
from dasr.tracking.database import claim, prepare, store_lock

ASKING = (1, 10)
"""Repetitions and seconds in which a server must say that it is there."""
PUBLISHING = (4, 60)
"""Repetitions and seconds of a request while a study is published."""


def ensure_experiment(uri: str, store_id: str | None = None) -> str:
    """Return the id of the project's experiment, creating store and experiment at need.

    An SQLite store is whole or absent, whenever the process is killed, and is made by one
    process at a time. Its artifacts lie in the folder mlartifacts beside it; servers
    decide for themselves. A store that has been moved gets its artifacts back.

    Args:
        uri: tracking URI, e.g. sqlite:///mlflow.db.
        store_id: what an SQLite store is called if it has no name yet; random if None.

    Raises:
        UserError: the store cannot be used, in one line without the secrets of its URI.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    check_uri(uri)
    file = sqlite_file(uri)
    with store_errors(uri):
        if file is None:
            with patience(*ASKING):
                return _experiment(uri)
        with store_lock(file):
            prepare(file)
            experiment = _experiment(uri, artifact_location(file))
            claim(file, store_id or secrets.token_hex(6))
            return experiment


@contextmanager
def store_errors(uri: str) -> Iterator[None]:
    """Turn what MLflow says of a store into one line without the secrets of its address."""
    logger = logging.getLogger("mlflow.store.db.utils")
    logger.addFilter(_without_traceback)  # of the error that is raised as well
    try:
        yield
    except (MlflowException, SQLAlchemyError, ImportError) as error:
        reason = without_secrets(" ".join(str(error).split()), uri)
        raise UserError(f"{shown(uri)}: {reason}") from None
    finally:
        logger.removeFilter(_without_traceback)


@contextmanager
def patience(repetitions: int, seconds: int) -> Iterator[None]:
    """Bound how long MLflow waits for a server, where the environment does not say it.

    MLflow's own bounds are eight requests of two minutes each, without a word.
    """
    wanted = {
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": str(repetitions),
        "MLFLOW_HTTP_REQUEST_TIMEOUT": str(seconds),
    }
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _experiment(uri: str, location: str | None = None) -> str:
    """Return the id of the experiment in a store that is there."""
    client = MlflowClient(uri)
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is None:
        try:
            return str(client.create_experiment(EXPERIMENT, artifact_location=location))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            found = client.get_experiment_by_name(EXPERIMENT)  # by another, in between
    if found.lifecycle_stage != "active":
        raise UserError(deleted_experiment(uri, found.experiment_id))
    return str(found.experiment_id)


def _without_traceback(record: logging.LogRecord) -> bool:
    return record.exc_info is None
