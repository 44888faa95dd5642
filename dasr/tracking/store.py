"""The tracking store: created once, by one process, before anyone publishes."""

import fcntl
import logging
import os
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # before mlflow is imported

from mlflow import MlflowClient

EXPERIMENT = "dasr"
"""Experiment that holds every study as a parent run."""

LOCK_FILE = ".mlflow.lock"


def ensure_experiment(uri: str, artifacts: Path) -> str:
    """Return the id of the project's experiment, creating store and experiment at need.

    A fresh SQLite store is migrated by whoever opens it first, and two at a time break
    it; concurrent creation of one experiment files runs elsewhere. A lock file beside the
    artifacts keeps studies of one folder apart.

    Args:
        uri: tracking URI, e.g. sqlite:///mlflow.db.
        artifacts: folder for artifacts where the store is a local database; servers
            decide for themselves.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    with open(LOCK_FILE, "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        client = MlflowClient(uri)
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        local = uri.startswith("sqlite:")
        location = artifacts.resolve().as_uri() if local else None
        return str(client.create_experiment(EXPERIMENT, artifact_location=location))
