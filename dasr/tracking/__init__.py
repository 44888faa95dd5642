"""MLflow: a mirror of the files under results/ and reports/, and nothing else.

The only package that imports mlflow. Training never comes here.
"""

import os

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # before mlflow is imported

from dasr.config.store_file import EXPERIMENT
from dasr.tracking.publish import publish_study
from dasr.tracking.published import PublishedRun
from dasr.tracking.store import ensure_experiment

__all__ = ["EXPERIMENT", "PublishedRun", "ensure_experiment", "publish_study"]
