"""Time of publishing synthetic runs to a fresh SQLite store, by part.

    python -m benchmarks.publishing --runs 500

A run has what a network of the default study has: 2,000 points of curves, parameters,
metrics, small files and a network of 2 MB.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.worker import METHODS
from dasr.architectures import build_network
from dasr.checkpoint import save_network
from dasr.tracking import PublishedRun, ensure_experiment, publish_study

ROWS, COLUMNS = 250, 8
"""Of a run's curves: 2,000 points."""


def synthetic_runs(folder: Path, count: int) -> Iterator[PublishedRun]:
    """Yield runs with files of their own below a folder."""
    config = METHODS["small"].model
    network = build_network(config, 4)
    rng = np.random.default_rng(0)
    for number in range(count):
        place = folder / f"run{number}"
        place.mkdir()
        paths = [place / f"file{index}.csv" for index in range(4)]
        for path in paths:
            path.write_text("a,b\n" + "1.0,2.0\n" * 200, encoding="utf-8")
        model = place / "model.safetensors"
        save_network(model, network, {"method": "dasr", "seed": number})
        curve = pd.DataFrame(rng.random((ROWS, COLUMNS)), columns=list("abcdefgh"))
        curve.insert(0, "step", np.arange(ROWS) * 10)
        yield PublishedRun(
            key=f"bench/run{number}",
            name=f"run{number}",
            tags={"dasr.study": "bench", "dasr.seed": str(number)},
            params={f"section.parameter{index}": index / 7 for index in range(60)},
            metrics={f"Photos/metric{index}": float(index) for index in range(20)},
            curves={"joint": curve},
            artifacts={"training": paths[:2], "metrics": paths[2:]},
            tables={},
            network=model,
        )


def measure(count: int) -> dict[str, Any]:
    """Return seconds of publishing so many runs, and of publishing them again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = list(synthetic_runs(folder, count))
        parent = PublishedRun(
            key="bench", name="study bench", tags={"dasr.study": "bench"}, params={},
            metrics={}, curves={}, artifacts={}, tables={},
        )  # fmt: skip
        uri = f"sqlite:///{folder / 'mlflow.db'}"
        began = time.perf_counter()
        experiment = ensure_experiment(uri)
        created = time.perf_counter()
        publish_study(uri, experiment, parent, runs)
        published = time.perf_counter()
        publish_study(uri, experiment, parent, runs)
        again = time.perf_counter()
    return {
        "runs": count,
        "points_a_run": ROWS * COLUMNS,
        "create_store_s": round(created - began, 2),
        "publish_s": round(published - created, 2),
        "publish_again_s": round(again - published, 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    print(json.dumps(measure(parser.parse_args().runs)))
