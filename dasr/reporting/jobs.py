"""One table or figure from files to files: what a workflow calls."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dasr.files import write_text
from dasr.reporting import figures
from dasr.reporting.rows import Where
from dasr.reporting.tables import (
    Table,
    cluster_table,
    grid_table,
    hypotheses_table,
    paired_table,
    psnr_table,
    ssim_table,
    write_table,
)
from dasr.reporting.tables.page import html_page
from dasr.statistics.jobs import read_rows

SHARED = "(shared encoder)"
"""Label of an encoder stage's curve: several methods go on from one stage."""

Files = Mapping[str, Any]
Settings = Mapping[str, Any]


def make_table(
    kind: str,
    files: Files,
    where: Where,
    titles: Mapping[str, str],
    hypotheses: Mapping[str, str],
    oracles: Sequence[str],
    stem: Path,
) -> None:
    """Write one table as CSV, Markdown, LaTeX and HTML.

    Args:
        kind: psnr, ssim, grid, paired, clusters or hypotheses.
        files: CSV files `summary`, `paired`, `clusters` and `costs`.
        where: regime, scale and test set.
        titles: title of each method, in the order of the study.
        hypotheses: what each network's ablation file says of it.
        oracles: methods that know the degradation: shown, but never the best.
        stem: path of the files without suffix.
    """
    summary, paired, clusters, costs = (
        read_rows(files[name]) for name in ("summary", "paired", "clusters", "costs")
    )
    build: dict[str, Callable[[], Table]] = {
        "psnr": lambda: psnr_table(summary, titles, costs, where, unranked=oracles),
        "ssim": lambda: ssim_table(summary, titles, costs, where, unranked=oracles),
        "grid": lambda: grid_table(summary, titles, where, unranked=oracles),
        "paired": lambda: paired_table(paired, titles, where),
        "clusters": lambda: cluster_table(clusters, titles, where),
        "hypotheses": lambda: hypotheses_table(
            titles, hypotheses, costs, regime=where.regime, scale=where.scale
        ),
    }
    table = build[kind]()
    write_table(table, stem)
    write_text(stem.with_name(f"{stem.name}.html"), html_page(table))


def make_figure(
    kind: str,
    files: Files,
    where: Where,
    titles: Mapping[str, str],
    settings: Settings,
    stem: Path,
) -> None:
    """Write one figure as PNG and PDF.

    Args:
        kind: psnr_vs_width, gain_heatmap, paired, curves, tsne or crops.
        files: what it is drawn from, by name (see workflow/rules/report.smk).
        where: regime, scale and test set.
        titles: title of each method, in the order of the study.
        settings: what the figure says beside its data.
        stem: path of the files without suffix.
    """
    draw: dict[str, Callable[[], object]] = {
        "psnr_vs_width": lambda: figures.plot_psnr_vs_width(
            read_rows(files["summary"]), titles, stem, where
        ),
        "gain_heatmap": lambda: figures.plot_gain_heatmap(
            read_rows(files["summary"]), titles, stem, where, method=settings["method"]
        ),
        "paired": lambda: figures.plot_paired(read_rows(files["paired"]), titles, stem, where),
        "curves": lambda: _curves(files, where, titles, settings, stem),
        "tsne": lambda: figures.plot_tsne(
            _projections(files, settings["methods"]),
            titles,
            stem,
            caption=f"t-SNE of representations, perplexity {settings['perplexity']:g}, "
            f"t-SNE seed {settings['seed']}, networks of seed {settings['network_seed']}",
        ),
        "crops": lambda: figures.plot_crops(
            _examples(files["examples"], settings), titles, stem, unranked=settings["oracles"]
        ),
    }
    draw[kind]()


def _curves(
    files: Files, where: Where, titles: Mapping[str, str], settings: Settings, stem: Path
) -> None:
    frames = [read_rows(path) for path in files["runs"]]
    stages = [read_rows(path) for path in files["encoders"]]
    frames += [stage.assign(method=SHARED, regime=where.regime) for stage in stages]
    histories = pd.concat(frames, ignore_index=True)
    for loss in ("l1", "contrastive"):
        if loss not in histories:
            histories[loss] = float("nan")
    figures.plot_curves(
        histories,
        titles,
        stem,
        regime=where.regime,
        scale=where.scale,
        chance=math.log(1 + settings["queue_size"]),
        queue_filled_step=settings["queue_size"] // settings["batch_size"],
    )


def _projections(
    files: Files, methods: Sequence[str]
) -> dict[str, dict[str, figures.Projection]]:
    """Return t-SNE coordinates and scores by method and task."""
    found: dict[str, dict[str, figures.Projection]] = {}
    pairs = zip(files["embeddings"], files["clusters"], strict=True)
    for method, (embedding, clusters) in zip(methods, pairs, strict=True):
        scores = read_rows(clusters).set_index("task")
        with np.load(embedding, allow_pickle=False) as arrays:
            found[method] = {
                str(task): figures.Projection(
                    coordinates=arrays[f"{task}_tsne"],
                    label=arrays[f"{task}_label"],
                    scores={
                        name: float(scores.loc[task, name])
                        for name in ("ari", "nmi", "silhouette", "probe_accuracy")
                    },
                )
                for task in scores.index
            }
    return found


def _examples(paths: Sequence[str], settings: Settings) -> list[figures.Example]:
    """Return one example an image, with every method's crop."""
    methods = settings["methods"]
    loaded = {}
    for method, path in zip(methods, paths, strict=True):
        with np.load(path, allow_pickle=False) as arrays:
            loaded[method] = dict(arrays)
    first = loaded[methods[0]]
    return [
        figures.Example(
            image=str(image),
            degradation=str(first["degradation"]),
            lr_image=first["lr"][number],
            hr=first["hr"][number],
            kernel=first["kernel"],
            sr={method: arrays["sr"][number] for method, arrays in loaded.items()},
            psnr_y_db={
                method: float(arrays["psnr_y_db"][number]) for method, arrays in loaded.items()
            },
        )
        for number, image in enumerate(first["image"])
    ]
