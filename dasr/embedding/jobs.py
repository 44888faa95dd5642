"""One network's representations of a test set looked at: what a workflow calls."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dasr.config.embedded import ClusteringConfig
from dasr.embedding.points import LabelledPoints
from dasr.embedding.projection import tsne
from dasr.embedding.scores import SCORES
from dasr.files import replacing
from dasr.terms.columns import RUN
from dasr.terms.tasks import TASKS


def score_network(
    embedding_file: Path, config: ClusteringConfig, *, clusters_file: Path, tsne_file: Path
) -> None:
    """Write the scores of a network's representations, and their t-SNE coordinates.

    Args:
        embedding_file: what `dasr.evaluation.jobs.evaluate_method` writes.
        config: perplexity and seed.
        clusters_file: CSV, one row per task.
        tsne_file: .npz; for each task `{task}_tsne` (N, 2), and of the embedding file the
            keys, `{task}_label` (N,) and, where classes have no order, `{task}_names`.

    Raises:
        UserError: the perplexity is not below the number of points.
    """
    with np.load(embedding_file, allow_pickle=False) as file:
        arrays = dict(file)
    keys = {key: arrays[key].item() for key in (*RUN, "testset")}
    rows, drawn = [], dict[str, Any](keys)
    for task, asked in TASKS.items():
        if f"{task}_representation" not in arrays:
            continue
        points = LabelledPoints(
            representation=arrays[f"{task}_representation"],
            label=arrays[f"{task}_label"],
            image=arrays[f"{task}_image"],
            seed=config.seed,
            ordered=asked.ordered,
        )
        scores = {score.column: score.measure(points) for score in SCORES}
        counts = {"points": len(points.label), "classes": points.classes}
        rows.append({**keys, "task": task, **scores, **counts})
        drawn[f"{task}_tsne"] = tsne(points.representation, config.perplexity, config.seed)
        kept = (f"{task}_label", f"{task}_names")
        drawn |= {name: arrays[name] for name in kept if name in arrays}
    with replacing(tsne_file) as temporary:
        np.savez_compressed(temporary, **drawn)
    with replacing(clusters_file) as temporary:
        pd.DataFrame(rows).to_csv(temporary, index=False)
