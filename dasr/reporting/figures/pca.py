"""Representations along their two directions of most variance: t-SNE's sober twin."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dasr.reporting.drawing import projections
from dasr.reporting.specs import FigureSpec, Item, represented

CAPTION = (
    "The first two principal components of representations of crops of {testset}: one row per "
    "task, one column per method, the last one the encoder before any training; networks of "
    "the first seed. A projection, so that distances are what is left of true ones, where "
    "those of t-SNE are not. Look whether classes lie in the order of their values: t-SNE may "
    "tear apart what is a line here."
)


def principal_components(representation: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Return N points, (N, D), in the plane of most variance, (N, 2).

    Of the two directions of an axis it is that in which the largest coordinate is positive.
    """
    centred = representation.astype(np.float64) - representation.mean(axis=0, dtype=np.float64)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    plane = left[:, :2] * singular[:2]
    largest = np.abs(plane).argmax(axis=0)
    turned = plane * np.where(plane[largest, [0, 1]] < 0, -1.0, 1.0)
    return turned.astype(np.float32)


def files(item: Item[Figure]) -> dict[str, list[str]]:
    """Return representations, and their scores, of the networks of each method's first seed."""
    runs, testset = item.runs(first_seed=True), item.cell.testset
    return {
        "projections": [item.plan.embedding_file(run, testset) for run in runs],
        "clusters": [item.plan.clusters_file(run, testset) for run in runs],
    }


def draw(item: Item[Figure]) -> Figure:
    """Return a figure with a row of panels per task and a column per method."""
    found = projections.projections_of(
        item, lambda arrays, task: principal_components(arrays[f"{task}_representation"])
    )
    seed = item.plan.config.seeds[0]
    heading = f"Principal components of representations, networks of seed {seed}"
    return projections.draw_task_rows(found, item.labels, heading)


FIGURE = FigureSpec(
    kind="pca",
    order=65,
    methods=represented,
    files=files,
    caption=CAPTION,
    make=draw,
)
