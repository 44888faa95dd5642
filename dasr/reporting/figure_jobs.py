"""One figure from files to files: what a workflow calls."""

import math
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dasr.errors import UserError
from dasr.reporting import figures
from dasr.reporting.figures.style import wrapped
from dasr.reporting.keyed import NetworkArrays, network_arrays, network_rows, stage_rows
from dasr.reporting.kinds import SWEEP
from dasr.reporting.rows import Where
from dasr.statistics.jobs import read_rows
from dasr.statistics.separation import Points, network_gains, scored_networks
from dasr.text import number_text

ORDERED = ("kernel_width", "noise_level")
"""Tasks whose classes have a difference."""
SCORES = ("ari", "nmi", "silhouette", "probe_accuracy")
BESIDE = 16
"""Characters of the longest title that stands in one line with the caption of Fig. 6."""
ALONE = 52
"""Characters of a line of a longer one."""


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
        kind: one of `dasr.reporting.kinds.FIGURES`, or a sweep's.
        files: what it is drawn from, by name (see workflow/rules/figures.smk); in any
            order, since each file says whose it is.
        where: regime, scale and test set.
        titles: title of each method that is drawn, in the order of the study.
        settings: what the figure says beside its data.
        stem: path of the files without suffix.
    """
    draw = _sweep if kind.startswith(SWEEP) else DRAW[kind]
    lines = {method: " ".join(title.split()) for method, title in titles.items()}
    draw(Job(files, where, lines, settings, stem))


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

    def clusters(self) -> pd.DataFrame:
        """Return the clustering scores of the figure's networks; no rows if there are none."""
        frames = network_rows(self.files["clusters"], self.where, self.titles)
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def arrays(self, name: str) -> dict[str, list[NetworkArrays]]:
        """Return the .npz files of one name by method, in the order of the titles."""
        return network_arrays(self.files[name], self.where, self.titles)

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
    frames = network_rows(job.files["runs"], job.where, job.titles)
    frames.append(stage_rows(job.files["encoders"], job.settings["encoders"], job.where))
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
    title, caption = job.titles[method], job.caption().replace(", t-SNE", ",\nt-SNE")
    head = f"{title}: " if len(title) <= BESIDE else f"{wrapped(title, ALONE)}\n"
    figures.plot_tsne_tasks(panels, job.stem, caption=head + caption)


def _distances(job: Job) -> None:
    found: dict[str, dict[str, list[Points]]] = {}
    for method, networks in job.arrays("embeddings").items():
        found[method] = {
            task: [
                (one.arrays[f"{task}_representation"], one.arrays[f"{task}_label"])
                for one in networks
            ]
            for task in ORDERED
            if f"{task}_label" in networks[0].arrays
        }
    figures.plot_distances(found, job.titles, job.stem)


def _score_vs_psnr(job: Job) -> None:
    scored = scored_networks(job.rows("metrics"), job.clusters())
    figures.plot_score_vs_psnr(scored, job.titles, job.stem, job.where)


def _sweep(job: Job) -> None:
    own, clusters = job.settings["own"], job.clusters()
    if clusters.empty:  # of a method that is told the degradation: quality alone
        gains = network_gains(job.rows("metrics"))
        here = gains[["regime", "scale", "testset"]] == list(astuple(job.where))
        scored = gains[here.all(axis=1) & gains["method"].isin(list(job.titles))]
    else:
        scored = scored_networks(job.rows("metrics"), clusters)
    figures.plot_sweep(
        scored.assign(value=scored["method"].map(job.settings["values"])),
        job.stem,
        label=job.settings["key"].replace(".", " ").replace("_", " ").capitalize(),
        reference=own,
        reference_label=f"the variant's own, {number_text(own)}",
    )


def _crops(job: Job) -> None:
    examples = _examples(job.arrays("examples"))
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
    clusters = job.clusters()
    for method, (network, *_) in job.arrays("embeddings").items():
        own = (clusters["method"] == method) & (clusters["seed"] == network.seed)
        scores, arrays = clusters[own].set_index("task"), network.arrays
        if scores.empty:
            raise UserError(f"{network.path}: no clustering scores of the same network")
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


def _examples(files: Mapping[str, list[NetworkArrays]]) -> list[figures.Example]:
    """Return one example an image, with every method's crop."""
    loaded = {method: network for method, (network, *_) in files.items()}
    first = next(iter(loaded.values())).arrays
    for network in loaded.values():
        for key in ("image", "degradation", "hr"):
            if not np.array_equal(network.arrays[key], first[key]):
                raise UserError(f"{network.path}: not the same {key} as in the other files")
    return [
        figures.Example(
            image=str(image),
            degradation=str(first["degradation"]),
            lr_image=first["lr"][number],
            hr=first["hr"][number],
            kernel=first["kernel"],
            sr={method: one.arrays["sr"][number] for method, one in loaded.items()},
            psnr_y_db={
                method: float(one.arrays["psnr_y_db"][number]) for method, one in loaded.items()
            },
            whole=first[f"whole{number}"],
            box=tuple(first["box"][number]),
        )
        for number, image in enumerate(first["image"])
    ]
