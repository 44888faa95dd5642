"""What surrounds training: planning a study of 500 trainings, publishing 500 runs."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml


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
