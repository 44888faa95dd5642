"""One figure from files to files: what a workflow calls."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dasr.reporting import figures
from dasr.reporting.rows import Where
from dasr.statistics.jobs import gather, read_rows
from dasr.statistics.separation import Points, scored_networks

ORDERED = ("kernel_width", "noise_level")
"""Tasks whose classes have a difference."""
SCORES = ("ari", "nmi", "silhouette", "probe_accuracy")


def make_figure(
    kind: str,
    files: Mapping[str, Any],
    where: Where,
    titles: Mapping[str, str],
    settings: Mapping[str, Any],
    stem: Path,
) -> None:
    """Write one figure as PNG and PDF.

    Args:
        kind: a key of `DRAW`, or "sweep_" and the name of a swept number.
        files: what it is drawn from, by name (see workflow/rules/figures.smk).
        where: regime, scale and test set.
        titles: title of each method that is drawn, in the order of the study.
        settings: what the figure says beside its data.
        stem: path of the files without suffix.
    """
    draw = _sweep if kind.startswith("sweep_") else DRAW[kind]
    draw(Job(files, where, titles, settings, stem))


@dataclass(frozen=True)
class Job:
    """What every figure gets: the arguments of `make_figure`."""

    files: Mapping[str, Any]
    where: Where
    titles: Mapping[str, str]
    settings: Mapping[str, Any]
    stem: Path

    def rows(self, name: str) -> pd.DataFrame:
        """Return the rows of one of the files."""
        return read_rows(self.files[name])

    def scored(self) -> pd.DataFrame:
        """Return each network's clustering scores beside its PSNR."""
        return scored_networks(self.rows("metrics"), gather(self.files["clusters"]))

    def caption(self) -> str:
        """Return what t-SNE was run with."""
        settings = self.settings
        return (
            f"t-SNE of representations, perplexity {settings['perplexity']:g}, "
            f"t-SNE seed {settings['seed']}, networks of seed {settings['network_seed']}"
        )


def _psnr_vs_width(job: Job) -> None:
    trained_on = job.settings["trained_on"]
    figures.plot_psnr_vs_width(
        job.rows("summary"),
        job.titles,
        job.stem,
        job.where,
        trained_on=trained_on and (trained_on[0], trained_on[1]),
    )


def _gain_heatmap(job: Job) -> None:
    figures.plot_gain_heatmap(
        job.rows("summary"), job.titles, job.stem, job.where, method=job.settings["method"]
    )


def _paired(job: Job) -> None:
    figures.plot_paired(job.rows("paired"), job.titles, job.stem, job.where)


def _curves(job: Job) -> None:
    frames = [read_rows(path) for path in job.files["runs"]]
    stages = zip(job.settings["encoders"], job.files["encoders"], strict=True)
    frames += [
        read_rows(path).assign(method=label, regime=job.where.regime) for label, path in stages
    ]
    histories = pd.concat(frames, ignore_index=True)
    for loss in ("l1", "contrastive"):
        if loss not in histories:
            histories[loss] = float("nan")
    figures.plot_curves(
        histories,
        job.titles,
        job.stem,
        regime=job.where.regime,
        scale=job.where.scale,
        chance=math.log(1 + job.settings["queue_size"]),
        queue_filled_step=job.settings["queue_size"] // job.settings["batch_size"],
    )


def _tsne(job: Job) -> None:
    figures.plot_tsne(_projections(job), job.titles, job.stem, caption=job.caption())


def _fig3(job: Job) -> None:
    caption = job.caption().replace(", t-SNE", ",\nt-SNE")
    figures.plot_tsne(
        _projections(job), job.titles, job.stem, caption=caption, tasks=["kernel_width"]
    )


def _fig6(job: Job) -> None:
    (method, found), *_ = _projections(job).items()
    panels = {task: found[task] for task in ("kernel", "noise_level")}
    caption = f"{job.titles[method]}: {job.caption()}".replace(", t-SNE", ",\nt-SNE")
    figures.plot_tsne_tasks(panels, job.stem, caption=caption)


def _distances(job: Job) -> None:
    found: dict[str, dict[str, list[Points]]] = defaultdict(lambda: defaultdict(list))
    pairs = zip(job.settings["methods"], job.files["embeddings"], strict=True)
    for method, path in pairs:
        with np.load(path, allow_pickle=False) as arrays:
            for task in ORDERED:
                if f"{task}_label" in arrays:
                    points = (arrays[f"{task}_representation"], arrays[f"{task}_label"])
                    found[method][task].append(points)
    figures.plot_distances(found, job.titles, job.stem)


def _score_vs_psnr(job: Job) -> None:
    figures.plot_score_vs_psnr(job.scored(), job.titles, job.stem, job.where)


def _sweep(job: Job) -> None:
    own = job.settings["own"]
    scored = job.scored()
    figures.plot_sweep(
        scored.assign(value=scored["method"].map(job.settings["values"])),
        job.stem,
        label=job.settings["key"].replace(".", " ").replace("_", " ").capitalize(),
        reference=own,
        reference_label=f"the variant's own, {own:g}",
    )


def _crops(job: Job) -> None:
    examples = _examples(job.files["examples"], list(job.titles))
    if not job.settings["whole"]:
        examples = [replace(example, whole=None, box=None) for example in examples]
    oracles = job.settings["oracles"]
    figures.plot_crops(examples, job.titles, job.stem, unranked=oracles)


DRAW: Mapping[str, Callable[[Job], None]] = {
    "psnr_vs_width": _psnr_vs_width,
    "gain_heatmap": _gain_heatmap,
    "paired": _paired,
    "curves": _curves,
    "tsne": _tsne,
    "fig3": _fig3,
    "fig6": _fig6,
    "distances": _distances,
    "score_vs_psnr": _score_vs_psnr,
    "crops": _crops,
}


def _projections(job: Job) -> dict[str, dict[str, figures.Projection]]:
    """Return t-SNE coordinates and scores by method and task."""
    found: dict[str, dict[str, figures.Projection]] = {}
    pairs = zip(job.files["embeddings"], job.files["clusters"], strict=True)
    for method, (embedding, clusters) in zip(job.titles, pairs, strict=True):
        scores = read_rows(clusters).set_index("task")
        with np.load(embedding, allow_pickle=False) as arrays:
            found[method] = {
                str(task): figures.Projection(
                    coordinates=arrays[f"{task}_tsne"],
                    label=arrays[f"{task}_label"],
                    scores={name: float(scores.loc[task, name]) for name in SCORES},
                    names=[str(name) for name in arrays.get(f"{task}_names", ())],
                )
                for task in scores.index
            }
    return found


def _examples(paths: Sequence[str], methods: Sequence[str]) -> list[figures.Example]:
    """Return one example an image, with every method's crop."""
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
            whole=first[f"whole{number}"],
            box=tuple(first["box"][number]),
        )
        for number, image in enumerate(first["image"])
    ]
