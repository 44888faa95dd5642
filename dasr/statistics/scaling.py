"""What each part of a method is worth, by the size of networks and the steps behind them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from dasr.config import Kernel
from dasr.statistics.comparisons import Scores, scores_of
from dasr.study.scaling import ALL_KERNELS, WIDEST_KERNELS, Part, widest_kernels
from dasr.terms.columns import BICUBIC, JOINT_STEPS, KERNEL
from dasr.terms.metrics import GAIN, RANKING

CELL = ["regime", "scale", "testset"]
BOUNDS = (f"{GAIN}_low", f"{GAIN}_high")
"""Of the 95 % interval of `GAIN`, the widest over images, seeds and both."""
COLUMNS = [
    *CELL, "variant", "size", "blocks", "parameters", "flops", JOINT_STEPS, "kernels", "having",
    "lacking", GAIN, *BOUNDS, "images", "seeds",
]  # fmt: skip

Ends = Mapping[tuple[str, str, int], int]
"""Steps of the joint stage that a method's networks end with, by method, regime and scale."""


def scaling(
    metrics: pd.DataFrame,
    checkpoints: pd.DataFrame,
    ends: Ends,
    costs: pd.DataFrame,
    parts: Sequence[Part],
    trained: Collection[str],
) -> pd.DataFrame:
    """Return the gain of each part at each size, after each number of joint steps.

    A gain is `RANKING` of the method that has a part minus that of the method that lacks it,
    image by image and seed by seed, mean over all kernels of the grid, and over the widest.

    Args:
        metrics: rows of evaluation of finished networks, and of bicubic.
        checkpoints: rows of those before, with `JOINT_STEPS`; may be empty.
        ends: what `JOINT_STEPS` of finished networks are.
        costs: rows of `dasr.statistics.costs`.
        parts: of the study.
        trained: methods that the study trains.
    """
    networks = zip(metrics["method"], metrics["regime"], metrics["scale"], strict=True)
    finished = metrics.copy()
    finished[JOINT_STEPS] = [ends.get(key) for key in networks]
    rows = pd.concat([checkpoints, finished] if len(checkpoints) else [finished])
    known = costs.set_index(["method", "regime", "scale"])[["parameters", "flops"]]
    found = []
    for keys, own in rows.groupby(CELL, sort=False):
        cell: dict[str, Any] = dict(zip(CELL, keys, strict=True))
        for step, kernels, scores in _tables(own, trained):
            for part in parts:
                if not {part.having, part.lacking} <= scores.by_method.keys():
                    continue  # a method whose stage is shorter or longer than others
                cost = known.loc[(part.reference, cell["regime"], cell["scale"]), :]
                found.append(
                    {
                        **cell,
                        JOINT_STEPS: step,
                        "kernels": kernels,
                        **_part(part),
                        **cost,
                        **_gain(scores, part),
                    }
                )
    frame = pd.DataFrame(found, columns=COLUMNS)
    whole = dict.fromkeys(("blocks", "parameters", "flops", JOINT_STEPS), "Int64")
    order = {
        name: number for number, name in enumerate(dict.fromkeys(p.variant for p in parts))
    }
    return frame.astype(whole).sort_values(
        "variant", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def _tables(rows: pd.DataFrame, trained: Collection[str]) -> Iterator[tuple[int, str, Scores]]:
    """Yield the scores of a report cell at each number of steps, over each set of kernels."""
    shapes = {
        str(row[KERNEL]): Kernel.of_row(row)
        for row in rows.drop_duplicates(KERNEL).to_dict("records")
    }
    widest = widest_kernels(shapes.values())
    chosen = {ALL_KERNELS: set(shapes)}
    if widest:
        chosen[WIDEST_KERNELS] = {name for name, one in shapes.items() if one in widest}
    steps = rows[JOINT_STEPS]
    for step in sorted(steps.dropna().unique()):
        for kernels, names in chosen.items():
            here = ((steps == step) | (rows["method"] == BICUBIC)) & rows[KERNEL].isin(names)
            yield int(step), kernels, scores_of(rows[here], trained, RANKING.column)


def _part(part: Part) -> dict[str, object]:
    names = ("variant", "size", "blocks", "having", "lacking")
    return {name: getattr(part, name) for name in names}


def _gain(scores: Scores, part: Part) -> dict[str, float]:
    """Return the gain with its interval and what stands behind it."""
    estimate = scores.estimate(part.having, part.lacking)
    bounds = dict(zip(BOUNDS, estimate.bounds(), strict=True))
    return {
        GAIN: estimate.mean,
        **bounds,
        "images": estimate.shape[0],
        "seeds": estimate.shape[1],
    }
