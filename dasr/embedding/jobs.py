"""One network's representations of a test set looked at: what a workflow calls."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dasr.config.embedded import ClusteringConfig
from dasr.embedding.draws import PERMUTATIONS, RESAMPLINGS, image_weights
from dasr.embedding.points import Floats, LabelledPoints
from dasr.embedding.projection import tsne
from dasr.embedding.scores import SCORES
from dasr.files import replacing
from dasr.terms.columns import RUN
from dasr.terms.tasks import TASKS, Task
from dasr.text import number_text

CHANCE_BELOW = 0.95
"""Share of the permutations that stay below the upper bound of chance."""


def score_network(
    embedding_file: Path,
    config: ClusteringConfig,
    *,
    clusters_file: Path,
    resampled_file: Path,
    tsne_file: Path,
) -> None:
    """Write the scores of a network's representations, and their t-SNE coordinates.

    Args:
        embedding_file: what `dasr.evaluation.jobs` writes.
        config: perplexities and seed.
        clusters_file: CSV, one row per task: every score, and what it is by chance.
        resampled_file: .npz; for each task `{task}_{score}`, of the same images drawn
            `RESAMPLINGS` times, (B,), in the same order for every network of a test set;
            NaN with a single image.
        tsne_file: .npz; for each task and perplexity `{task}_tsne_{perplexity}` (N, 2), and
            of the embedding file, as `resampled_file` has them too, the keys; `{task}_label`
            (N,) and, where classes have no order, `{task}_names`.

    Raises:
        UserError: a perplexity is not below the number of points.
    """
    with np.load(embedding_file, allow_pickle=False) as file:
        arrays = dict(file)
    keys = {key: arrays[key].item() for key in (*RUN, "testset")}
    rows, resampled, drawn = [], dict[str, Any](keys), dict[str, Any](keys)
    for name, task in TASKS.items():
        if f"{name}_representation" not in arrays:
            continue
        points = labelled_points(arrays, task, config.seed)
        rows.append({**keys, "task": name, **_scores(points), **_counts(points)})
        resampled |= {f"{name}_{key}": own for key, own in _resampled(points).items()}
        for perplexity in config.perplexities:
            plane = tsne(points.representation, perplexity, config.seed)
            drawn[f"{name}_tsne_{number_text(perplexity)}"] = plane
        kept = (f"{name}_label", f"{name}_names")
        drawn |= {key: arrays[key] for key in kept if key in arrays}
    for path, held in ((tsne_file, drawn), (resampled_file, resampled)):
        with replacing(path) as temporary:
            np.savez_compressed(temporary, **held)
    with replacing(clusters_file) as temporary:
        pd.DataFrame(rows).to_csv(temporary, index=False)


def labelled_points(
    arrays: Mapping[str, NDArray[Any]], task: Task, seed: int
) -> LabelledPoints:
    """Return the points of a task in an embedding file."""
    return LabelledPoints(
        representation=arrays[f"{task.name}_representation"],
        label=arrays[f"{task.name}_label"],
        image=arrays[f"{task.name}_image"],
        crop=arrays[f"{task.name}_crop"],
        seed=seed,
        ordered=task.ordered,
    )


def _scores(points: LabelledPoints) -> dict[str, float]:
    """Return every score, and its mean and upper bound under permuted labels."""
    codes = np.concatenate([points.codes[None], points.permuted_codes(PERMUTATIONS)])
    found: dict[str, float] = {}
    for score in SCORES:
        own, *others = score.under_labels(points, codes)
        mean, high = score.chance
        bounds = {mean: np.mean(others), high: np.quantile(others, CHANCE_BELOW)}
        found |= {score.column: float(own)}
        found |= {key: float(value) for key, value in bounds.items()}
    return found


def _resampled(points: LabelledPoints) -> dict[str, Floats]:
    """Return every score of each resampling of the images."""
    if points.images < 2:
        return {score.column: np.full(RESAMPLINGS, np.nan) for score in SCORES}
    weights = image_weights(points.images, points.seed)
    return {score.column: score.over_images(points, weights) for score in SCORES}


def _counts(points: LabelledPoints) -> dict[str, int]:
    return {"points": len(points.label), "classes": points.classes, "images": points.images}
