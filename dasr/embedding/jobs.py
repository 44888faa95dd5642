"""One network's embedding from files to files: what a workflow calls."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from dasr.checkpoint import load_network
from dasr.config import DegradationConfig, EmbeddingConfig
from dasr.config.embedded import tasks
from dasr.data import open_packed
from dasr.embedding.extract import embed
from dasr.embedding.points import LabelledPoints
from dasr.embedding.projection import tsne
from dasr.embedding.scores import SCORES
from dasr.files import replacing


def embed_network(
    network_file: Path,
    pixels: Path,
    index: Path,
    config: EmbeddingConfig,
    trained_on: DegradationConfig,
    *,
    keys: dict[str, Any],
    device: torch.device,
    embedding_file: Path,
    clusters_file: Path,
) -> None:
    """Write a network's representations and their clustering scores on one test set.

    Args:
        network_file: a network with a learned representation.
        pixels: packed test images.
        index: their index.
        config: classes, crops and seeds.
        trained_on: the regime's training degradations.
        keys: key columns of the scores' rows, study, method, regime, scale and seed; with
            the test set's name they are in the .npz file too, as 0-d arrays.
        device: where to run the encoder.
        embedding_file: .npz; for each task `{task}_representation` (N, D),
            `{task}_label` (N,), `{task}_image` (N,) and `{task}_tsne` (N, 2); of the
            kernel task also `kernel_names`, one name a label.
        clusters_file: CSV, one row a task.
    """
    network = load_network(network_file)[0].to(device)
    images = open_packed(pixels, index)
    keys = {**keys, "testset": images.name}
    arrays: dict[str, Any] = dict(keys)
    rows = []
    for task, classes in tasks(config, trained_on).items():
        found = embed(
            network,
            images,
            classes,
            config,
            task=task,
            scale=keys["scale"],
            downsample=trained_on.downsample,
            device=device,
        )
        points = LabelledPoints(found.representation, found.label, found.image, config.seed)
        scores = {score.column: score.measure(points) for score in SCORES}
        counts = {"points": len(points.label), "classes": points.classes}
        rows.append({**keys, "task": task, **scores, **counts})
        arrays[f"{task}_representation"] = found.representation
        arrays[f"{task}_label"] = found.label
        arrays[f"{task}_image"] = found.image
        arrays[f"{task}_tsne"] = tsne(found.representation, config.perplexity, config.seed)
        if task == "kernel":
            arrays["kernel_names"] = np.array([kernel.label for _, kernel, _ in classes])
    with replacing(embedding_file) as temporary:
        np.savez_compressed(temporary, **arrays)
    with replacing(clusters_file) as temporary:
        pd.DataFrame(rows).to_csv(temporary, index=False)
