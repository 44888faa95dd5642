"""What surrounds training: planning a study of 500 trainings, publishing 500 runs."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.study import FIGURES


def test_plan_of_500_trainings(tmp_path: Path, recorder: Any) -> None:
    study = {
        "study": "plan500",
        "variants": ["dasr", "no_contrastive", "no_da_conv", "no_ca", "ca_only"],
        "seeds": list(range(1, 101)),
    }
    config = tmp_path / "plan500.yaml"
    config.write_text(yaml.safe_dump(study), encoding="utf-8")
    command = [
        sys.executable, "-m", "snakemake", "--cores", "2", "--dry-run", "--quiet", "all",
        "--configfile", str(config), "--", "all",
    ]  # fmt: skip
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    recorder.add(
        "planning a study of 500 trainings",
        {"seconds": round(seconds, 1)},
        target="at most 15 s",
        met=seconds <= 15,
    )


def test_publishing_500_runs(recorder: Any) -> None:
    command = [sys.executable, "-m", "benchmarks.publishing", "--runs", "500"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    seconds = figures["create_store_s"] + figures["publish_s"]
    recorder.add(
        "publishing 500 runs of 2,000 points to a fresh SQLite store",
        {"seconds": round(seconds, 1), "again_s": figures["publish_again_s"]},
        target="at most 120 s",
        met=seconds <= 120,
    )


def test_what_a_study_spends_beside_arithmetic(recorder: Any) -> None:
    share = nothing = None
    reason = "not measured: python -m benchmarks.study, five minutes or more"
    if FIGURES.exists():
        figures = json.loads(FIGURES.read_text(encoding="utf-8"))
        share, nothing = figures["overhead_share"], figures["nothing_to_do_s"]
        reason = f"(the last python -m benchmarks.study, seeds: {figures['seeds']})"
    recorder.add(
        "CPU time of a study that is not training or evaluation arithmetic",
        {"share": share},
        target="at most 0.10",
        met=None if share is None else share <= 0.10,
        reason=reason,
    )
    recorder.add(
        "a finished study again",
        {"seconds": nothing},
        target="at most 5 s",
        met=None if nothing is None else nothing <= 5,
        reason=reason,
    )
