"""The remote path: jobs that a submit script starts, as on a cluster, on this machine."""

import shutil
from collections.abc import Callable

import yaml
from safetensors.torch import load_file

from tests.workflow.conftest import ROOT, Project

SUBMIT = """#!/bin/sh
nohup sh "$1" > "$1.log" 2>&1 &
echo $!
"""
RUN = "results/tiny/runs/no_ca/noisy/x4/seed1"


def _cluster_profile(project: Project) -> str:
    """Return the Slurm profile for a cluster that has no more than a submit command."""
    text = (ROOT / "workflow/profiles/slurm/config.yaml").read_text(encoding="utf-8")
    profile = {k: v for k, v in yaml.safe_load(text).items() if not k.startswith("slurm-")}
    submit = project.folder / "submit.sh"
    submit.write_text(SUBMIT, encoding="utf-8")
    submit.chmod(0o755)
    profile |= {
        "executor": "cluster-generic",
        "cluster-generic-submit-cmd": str(submit),
        "seconds-between-status-checks": 1,
        "latency-wait": 5,
    }
    folder = project.folder / "cluster"
    folder.mkdir()
    (folder / "config.yaml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    return str(folder)


def test_one_submission_trains_and_tests_a_network_with_the_same_result(
    finished: Project, fork: Callable[[], Project]
) -> None:
    project = fork()
    for folder in (RUN, "results/tiny/stages"):
        shutil.rmtree(project.folder / folder)
    out = project.run(
        "--workflow-profile",
        _cluster_profile(project),
        "--set-threads",
        "train=1",
        "--",
        f"{RUN}/metrics/Leaves.csv",
    )
    submitted = [line for line in out.splitlines() if line.startswith("Submitted")]
    assert len(submitted) == 1, out
    log = (project.folder / "results/tiny/logs/train/no_ca-noisy-x4-seed1.log").read_text()
    assert "step 0 of" in log
    here, there = (load_file(p.folder / RUN / "model.safetensors") for p in (finished, project))
    assert here.keys() == there.keys()
    assert all(tensor.equal(there[name]) for name, tensor in here.items())
    for file in ("history.csv", "metrics/Leaves.csv"):
        home, away = (p.folder / RUN / file for p in (finished, project))
        assert home.read_bytes() == away.read_bytes(), file
