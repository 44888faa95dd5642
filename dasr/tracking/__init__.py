"""MLflow: a mirror of the files under results/ and reports/, and nothing else.

The only package that imports mlflow. Training never comes here.
"""

from dasr.tracking.publish import PublishedRun, publish_study
from dasr.tracking.store import EXPERIMENT, ensure_experiment

__all__ = ["EXPERIMENT", "PublishedRun", "ensure_experiment", "publish_study"]
