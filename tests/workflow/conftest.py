"""A copy of the project in a temporary folder, and Snakemake run inside it."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("ablations", "config", "dasr", "profiles", "workflow", "Snakefile", "environment.yml")

TINY = """
study: tiny
title: Tiny
variants: [dasr, no_ca]
seeds: [1]
regimes:
  - name: noisy
    train: {kernel_width: {4: [0.2, 4.0]}, noise_level: [0.0, 25.0]}
    test: {kernel_widths: {4: [0.2, 2.4]}, noise_levels: [0.0, 10.0]}
train_sets:
  - {name: leaves, source: dead_leaves, num_images: 4, image_size: 96, seed: 1}
validation_sets:
  - {name: Watched, source: dead_leaves, num_images: 2, image_size: 96, seed: 3}
test_sets:
  - {name: Leaves, source: dead_leaves, num_images: 2, image_size: 128, seed: 2}
embedding:
  {kernel_widths: [0.2, 3.6], noise_levels: [0.0, 15.0], crop_size: 24,
   crops_per_image: 4, perplexity: 5.0}
model: {num_groups: 1, num_blocks: 1, num_features: 8, encoder_features: 8,
        compressed_features: 8, reduction: 4}
contrastive: {negatives: queue, queue_size: 16, momentum: 0.9, weight: 1.0}
training: {batch_size: 4, patch_size: 16, encoder_batch_size: null, encoder_patch_size: null,
           joint_encoder_rate_share: 1.0, steps_per_epoch: 5, encoder_epochs: 2,
           joint_epochs: 2}
checkpoints: [3, 7]
"""
LONGER = (
    "encoder_epochs: 2,\n           joint_epochs: 2}\ncheckpoints: [3, 7]",
    "encoder_epochs: 24,\n           joint_epochs: 32}\ncheckpoints: [40, 90]",
)
"""Edit of TINY to stages of a second or two, which can be killed midway."""


@dataclass(frozen=True)
class Project:
    """A copy of the project and its Snakemake."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        # --configfile takes any number of files: an option must end the list
        config = ["--configfile", "config/tiny.yaml", "--cores", "2"]
        return [sys.executable, "-m", "snakemake", *config, *arguments]

    def environment(self) -> dict[str, str]:
        # PYTHONPATH: scripts must import the copy, not the installed package.
        clean = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
        return {**clean, "PYTHONPATH": str(self.folder), "PYTHONWARNINGS": "default"}

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=600,
        )

    def run(self, *arguments: str) -> str:
        """Return what Snakemake printed; fail with it if it failed."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def planned(self) -> dict[str, int]:
        """Return the jobs that a run would start, by rule."""
        lines = self.run("--dry-run", "--quiet", "rules").splitlines()
        if any("Nothing to be done" in line for line in lines):
            return {}
        start = max(i for i, line in enumerate(lines) if line.startswith("job  "))
        found = {}
        for line in lines[start + 2 :]:
            if not line.strip():
                break
            rule, count = line.split()
            found[rule] = int(count)
        return {rule: n for rule, n in found.items() if rule not in ("all", "total")}

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: mend this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def glob(self, pattern: str) -> list[Path]:
        return sorted(self.folder.glob(pattern))


def copy_project(folder: Path) -> Project:
    for part in PARTS:
        source = ROOT / part
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, folder / part)  # type: ignore[operator]
    (folder / "config" / "tiny.yaml").write_text(TINY, encoding="utf-8")
    return Project(folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a fresh copy, nothing run."""
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy whose longer tiny study has run once; tests must not change it.

    Workers share it: whoever comes first runs it.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    done, marker = Project(folder / "finished"), folder / "finished.done"
    with (folder / "finished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not marker.exists():
            done.folder.mkdir()
            copy_project(done.folder).edit("config/tiny.yaml", *LONGER)
            done.run("--set-threads", "train=1", "train_encoder=1", "--", "all")
            marker.touch()
    return done


@pytest.fixture
def fork(finished: Project, tmp_path: Path) -> Callable[[], Project]:
    """Return a function that copies the finished study, results and all."""

    def copy() -> Project:
        folder = tmp_path / "fork"
        shutil.copytree(finished.folder, folder, symlinks=True)
        return Project(folder)

    return copy
