"""A study that is killed at the worst moments ends as one that nobody killed.

The short version of `make faults` (tests/faults).
"""

import random
import signal

from tests.faults.campaign import break_study, compare
from tests.faults.kills import Kill
from tests.workflow.conftest import LONGER, Project

KILLS = (
    Kill("store", "family"),
    Kill("encoder", "parent", at_once=False),
    Kill("joint", "family"),
    Kill("joint", "parent"),
    Kill("joint hand-over", "family"),
    Kill("test", "child"),
    Kill("figure", "family", signal.SIGINT),
    Kill("publish", "family"),
)


def test_eight_kills_change_nothing(finished: Project, project: Project) -> None:
    project.edit("config/tiny.yaml", *LONGER)
    outcome = break_study(project, KILLS, random.Random(0), seconds=60)
    assert outcome.problems == []
    assert compare(finished, project) == []
    # a moment may pass between two looks, but not many do
    assert len(outcome.done) > 6, outcome.missed
    # Snakemake did not see these end, and still nothing was trained twice
    logs = [path.read_text() for path in project.glob("results/tiny/logs/train*/*.log")]
    assert any("nothing is trained" in log for log in logs)
