"""Representations scored from file to files."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from dasr.config.embedded import ClusteringConfig
from dasr.embedding.jobs import score_network
from dasr.embedding.scores import COLUMNS
from dasr.terms.columns import RUN

KEYS = {"study": "s", "method": "dasr", "regime": "r", "scale": 4, "seed": 1, "testset": "T"}
LABELS = np.repeat([0.0, 1.0], 12)
WITHOUT_TORCH = """
import sys
from pathlib import Path
from dasr.config.embedded import ClusteringConfig
from dasr.embedding.jobs import score_network
score_network(
    Path(sys.argv[1]), ClusteringConfig(perplexity=5.0, seed=0),
    clusters_file=Path(sys.argv[2]), tsne_file=Path(sys.argv[3]),
)
sys.exit("torch" in sys.modules)
"""


def _embedding(path: Path, *tasks: str) -> Path:
    """Write an embedding file whose two classes are far apart."""
    arrays: dict[str, object] = dict(KEYS)
    points = np.random.default_rng(0).standard_normal((24, 8)).astype(np.float32)
    points[:, 0] += 50 * LABELS
    for task in tasks:
        arrays[f"{task}_representation"] = points
        arrays[f"{task}_label"] = LABELS
        arrays[f"{task}_image"] = np.tile(["a", "b", "c"], 8)
    arrays["kernel_names"] = np.array(["2,1,10deg", "4,1,90deg"])
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return path


def test_each_task_is_a_row_and_a_projection(tmp_path: Path) -> None:
    embedding = _embedding(tmp_path / "T.npz", "kernel_width", "kernel")
    clusters, tsne = tmp_path / "c.csv", tmp_path / "t.npz"
    config = ClusteringConfig(perplexity=5.0, seed=0)
    score_network(embedding, config, clusters_file=clusters, tsne_file=tsne)
    rows = pd.read_csv(clusters)
    counts = ["points", "classes"]
    assert rows.columns.tolist() == [*RUN, "testset", "task", *COLUMNS, *counts]
    assert rows["task"].tolist() == ["kernel_width", "kernel"]
    assert rows[counts].to_numpy().tolist() == [[24, 2], [24, 2]]
    assert (rows["ari"] == 1.0).all()
    with np.load(tsne) as file:
        drawn = dict(file)
    assert {key: drawn[key].item() for key in KEYS} == KEYS
    for task in ("kernel_width", "kernel"):
        assert drawn[f"{task}_tsne"].shape == (24, 2)
        assert np.array_equal(drawn[f"{task}_label"], LABELS)
    assert drawn["kernel_names"].tolist() == ["2,1,10deg", "4,1,90deg"]


def test_scoring_needs_no_torch(tmp_path: Path) -> None:
    """A job that imports it takes seconds more, and a new score scores every network."""
    files = [tmp_path / name for name in ("c.csv", "t.npz")]
    arguments = [_embedding(tmp_path / "T.npz", "kernel_width"), *files]
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH, *map(str, arguments)])
    assert done.returncode == 0
    assert all(file.exists() for file in files)
