"""make cluster-test: a study through a real Slurm whose controller is killed in between."""

import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.cluster.slurm import one_machine_slurm
from tests.cluster.study import (
    Trainings,
    count,
    kill_in_training,
    results,
    run,
    run_here,
    slurm_command,
    study,
)
from tests.faults.compare import differences
from tests.workflow.conftest import Project

# the command of docs/cluster.md that finds the jobs of a killed controller
JOBS = ["squeue", "--me", "--noheader", "--format=%i %j %Z"]


def main() -> None:
    """Compare a study that ran here with one that ran on the cluster."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="dasr-cluster-") as name:
        folder = Path(name)
        here, there = study(folder / "here"), study(folder / "there")
        with one_machine_slurm(folder / "slurm"):
            refuses_a_silent_cluster(there)
            survives_a_killed_controller(there)
        say("the same study without a cluster")
        run_here(here)
        expected, found = results(here), results(there)
        different = differences(expected, found)
        assert not different, "\n".join(["differ from the local run:", *different])
        say(f"equal to the local run: {count(expected)}")


def refuses_a_silent_cluster(project: Project) -> None:
    """This cluster has no accounting, so sacct would never tell that a job has ended."""
    done = run(project, slurm_command("--slurm-status-command", "sacct"))
    assert done.returncode == 2, done.stderr
    assert "error: slurm-status-command: sacct" in done.stderr, done.stderr
    say("sacct is refused where there is no accounting")


def survives_a_killed_controller(project: Project) -> None:
    """Kill the controller in a training, start again at once, and train nothing twice."""
    trainings = Trainings(project.folder / "results/tiny")
    with trainings.watched():
        kill_in_training(project, slurm_command(), trainings)
        left = [line.split() for line in run(project, JOBS).stdout.splitlines()]
        assert left, "no job has survived the controller"
        for _, job, folder in left:
            assert job.startswith("dasr_"), job
            assert folder == str(project.folder), folder
        say(f"controller killed, {len(left)} jobs survive; started again at once")
        done = run(project, slurm_command())
        assert done.returncode == 0, done.stdout + done.stderr
    for stage, starts in trainings.starts().items():
        say(f"{stage}: trained from step {', '.join(map(str, starts))}")
        assert starts == [0], "a stage was trained twice"


def say(line: str) -> None:
    """Print at once, since this takes minutes."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


if __name__ == "__main__":
    main()
