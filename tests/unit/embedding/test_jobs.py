"""Representations scored from file to files."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from dasr.config.embedded import ClusteringConfig
from dasr.embedding.draws import RESAMPLINGS
from dasr.embedding.jobs import score_network
from dasr.embedding.scores import COLUMNS, SCORES
from dasr.terms.columns import RUN

KEYS = {"study": "s", "method": "dasr", "regime": "r", "scale": 4, "seed": 1, "testset": "T"}
LABELS = np.repeat([0.0, 1.0], 12)
CONFIG = ClusteringConfig(perplexities=(5.0, 7.5), seed=0)
WITHOUT_TORCH = """
import sys
from pathlib import Path
from dasr.config.embedded import ClusteringConfig
from dasr.embedding.jobs import score_network
score_network(
    Path(sys.argv[1]), ClusteringConfig(perplexities=(5.0,), seed=0),
    clusters_file=Path(sys.argv[2]), tsne_file=Path(sys.argv[3]),
    resampled_file=Path(sys.argv[4]),
)
sys.exit("torch" in sys.modules)
"""


def _embedding(path: Path, *tasks: str, images: tuple[str, ...] = ("a", "b", "c")) -> Path:
    """Write an embedding file of 12 crops whose two classes are far apart."""
    arrays: dict[str, object] = dict(KEYS)
    points = np.random.default_rng(0).standard_normal((24, 8)).astype(np.float32)
    points[:, 0] += 50 * LABELS
    for task in tasks:
        arrays[f"{task}_representation"] = points
        arrays[f"{task}_label"] = LABELS
        arrays[f"{task}_image"] = np.tile(images, 24 // len(images))
        arrays[f"{task}_crop"] = np.tile(np.arange(12), 2)
    arrays["kernel_names"] = np.array(["2,1,10deg", "4,1,90deg"])
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    return path


def test_each_task_is_a_row_and_a_projection(tmp_path: Path) -> None:
    embedding = _embedding(tmp_path / "T.npz", "kernel_width", "kernel")
    clusters, tsne, _ = _scored(embedding)
    rows = pd.read_csv(clusters)
    counts = ["points", "classes", "images"]
    own = [column for score in SCORES for column in (score.column, *score.chance)]
    assert rows.columns.tolist() == [*RUN, "testset", "task", *own, *counts]
    assert rows["task"].tolist() == ["kernel_width", "kernel"]
    assert rows[counts].to_numpy().tolist() == [[24, 2, 3], [24, 2, 3]]
    assert (rows["ari"] == 1.0).all()
    assert (rows["ari_chance"].abs() < 0.1).all()
    assert (rows["ari_chance"] < rows["ari_chance_high"]).all()
    assert (rows["ari_chance_high"] < 0.5).all()
    with np.load(tsne) as file:
        drawn = dict(file)
    assert {key: drawn[key].item() for key in KEYS} == KEYS
    for task in ("kernel_width", "kernel"):
        assert drawn[f"{task}_tsne_5"].shape == drawn[f"{task}_tsne_7.5"].shape == (24, 2)
        assert not np.array_equal(drawn[f"{task}_tsne_5"], drawn[f"{task}_tsne_7.5"])
        assert np.array_equal(drawn[f"{task}_label"], LABELS)
    assert drawn["kernel_names"].tolist() == ["2,1,10deg", "4,1,90deg"]


def test_resampled_images_are_kept_by_task_and_score(tmp_path: Path) -> None:
    _, _, resampled = _scored(_embedding(tmp_path / "T.npz", "kernel_width", "kernel"))
    with np.load(resampled) as file:
        held = dict(file)
    assert {key: held.pop(key).item() for key in KEYS} == KEYS
    assert held.keys() == {
        f"{task}_{one}" for task in ("kernel_width", "kernel") for one in COLUMNS
    }
    assert all(values.shape == (RESAMPLINGS,) for values in held.values())
    assert (held["kernel_width_ari"] == 1.0).all()
    assert np.isnan(held["kernel_neighbour_rank"]).all()  # kernels have no order


def test_a_single_image_cannot_be_resampled(tmp_path: Path) -> None:
    _, _, resampled = _scored(_embedding(tmp_path / "T.npz", "kernel", images=("a",)))
    with np.load(resampled) as file:
        assert np.isnan(file["kernel_ari"]).all()


def _scored(embedding: Path) -> list[Path]:
    """Return files of scores, of t-SNE and of resampled images."""
    files = [embedding.with_name(name) for name in ("c.csv", "t.npz", "r.npz")]
    score_network(
        embedding, CONFIG, clusters_file=files[0], tsne_file=files[1], resampled_file=files[2]
    )
    return files


def test_scoring_needs_no_torch(tmp_path: Path) -> None:
    """A job that imports it takes seconds more, and a new score scores every network."""
    files = [tmp_path / name for name in ("c.csv", "t.npz", "r.npz")]
    arguments = [_embedding(tmp_path / "T.npz", "kernel_width"), *files]
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH, *map(str, arguments)])
    assert done.returncode == 0
    assert all(file.exists() for file in files)
