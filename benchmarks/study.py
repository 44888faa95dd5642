"""Share of a study's CPU time that is not training or evaluation arithmetic.

    python -m benchmarks.study            # the default study with one seed of its three
    python -m benchmarks.study --seeds 3  # the whole of it

Every job logs the CPU time of its work, which begins after its imports. What is left of
the whole is imports, planning, tables, figures, MLflow. It does not grow with seeds as
arithmetic does, so that one seed gives an upper bound. Then the finished study is run
again, with nothing to do.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

STUDY = "benchmark_study"
FIGURES = Path("reports/benchmarks/study.json")
"""The last run's figures, which `make bench` shows."""
ARITHMETIC = ("train_encoder", "train_part", "train", "evaluate", "cluster")
"""Rules whose work is training or evaluation; the folders of their logs."""


def run_study(seeds: int) -> tuple[float, float]:
    """Run or re-run the study; return wall and CPU seconds."""
    config = Path("results") / f"{STUDY}.yaml"  # not in its folder, which may be removed
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        yaml.safe_dump({"study": STUDY, "seeds": list(range(1, seeds + 1))}), encoding="utf-8"
    )
    command = [
        sys.executable, "-m", "snakemake", "--cores", "2", "--configfile", str(config),
        "--", "all",
    ]  # fmt: skip
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # a store of its own, so that the user's keeps to the user's studies
    store = Path("results", STUDY, "mlflow.db").resolve()
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{store}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu


def arithmetic_seconds() -> dict[str, float]:
    """Return CPU seconds of the work of each rule that computes."""
    logs = Path("results") / STUDY / "logs"
    spent = {}
    for rule in ARITHMETIC:
        files = [*logs.glob(f"{rule}/**/*.log"), *logs.glob(f"{rule}.log")]
        texts = [path.read_text(encoding="utf-8") for path in files]
        found = [re.findall(r"cpu seconds: ([\d.]+)", text) for text in texts]
        assert all(len(values) == 1 for values in found), f"{rule}: logs without a time"
        spent[rule] = sum(float(values[0]) for values in found)
    return spent


def main() -> None:
    """Print a JSON object and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1)
    seeds = parser.parse_args().seeds
    for folder in ("results", "reports"):
        shutil.rmtree(Path(folder) / STUDY, ignore_errors=True)
    wall, cpu = run_study(seeds)
    spent = arithmetic_seconds()
    again, _ = run_study(seeds)
    figures = {
        "seeds": seeds,
        "wall_s": round(wall),
        "cpu_s": round(cpu),
        "arithmetic_cpu_s": {rule: round(value) for rule, value in spent.items()},
        "overhead_share": round(1 - sum(spent.values()) / cpu, 3),
        "nothing_to_do_s": round(again, 1),
    }
    text = json.dumps(figures, indent=1)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
