"""kill -9 in the middle of training, then the same command again."""

import os
import signal
import subprocess
import time

import pytest
from safetensors.torch import load_file

from tests.workflow.conftest import Project, copy_project

LONGER = (
    "encoder_epochs: 2,\n           joint_epochs: 2",
    "encoder_epochs: 24,\n           joint_epochs: 32",
)


def test_a_killed_study_continues_to_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    unbroken = _longer(copy_project(tmp_path_factory.mktemp("unbroken")))
    target = "results/tiny/runs/dasr/noisy/x4/seed1/model.safetensors"
    unbroken.run("--", target)
    killed = _longer(copy_project(tmp_path_factory.mktemp("killed")))
    # so that there is a checkpoint to continue from, however fast the machine is
    killed.edit(
        "dasr/training/loop.py",
        "checkpoint_seconds: float = 15.0",
        "checkpoint_seconds: float = 0.0",
    )
    unbroken.edit(
        "dasr/training/loop.py",
        "checkpoint_seconds: float = 15.0",
        "checkpoint_seconds: float = 0.0",
    )
    for stage in ("encoder-*", "dasr-*"):
        _kill_during(killed, stage, target)
        assert not (killed.folder / target).exists()
    killed.run("--", target)
    log = (killed.folder / "results/tiny/logs/train/dasr-noisy-x4-seed1.log").read_text()
    assert "step 0 of 160" not in log  # it continued
    expected, found = load_file(unbroken.folder / target), load_file(killed.folder / target)
    assert expected.keys() == found.keys()
    for name, tensor in expected.items():
        assert tensor.equal(found[name]), name
    assert not killed.glob("results/tiny/stages/*/*.safetensors")


def _longer(project: Project) -> Project:
    project.edit("config/tiny.yaml", *LONGER)
    return project


def _kill_during(project: Project, stage: str, target: str) -> None:
    """Start Snakemake, wait for a stage's first checkpoint, kill the whole family."""
    process = subprocess.Popen(
        project.command("--", target),
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 240
    pattern = f"results/tiny/stages/{stage}/[!.]*.safetensors"
    while not project.glob(pattern):
        assert process.poll() is None, "the study ended before it could be killed"
        assert time.monotonic() < deadline, f"no checkpoint at {pattern}"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
