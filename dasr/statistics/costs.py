"""What methods cost: parameters, arithmetic of a patch, and CPU time of a training."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

COST_KEY = ["method", "regime", "scale"]
COST_VALUES = ["parameters", "flops", "cpu_seconds"]

Stages = Sequence[Mapping[str, Any]]
"""Records of a network: of itself, and of every stage that it went on from, of its encoder and
of other parts; empty where there was none."""


def costs(networks: Iterable[Stages]) -> pd.DataFrame:
    """Return what each method costs in each regime and at each scale.

    Args:
        networks: what the run.yaml of each network and of its stages before hold.

    Returns:
        One row per method, regime and scale: `parameters`; `flops` of one 48x48 LR patch;
        `cpu_seconds` of a training, those of all threads over all stages, mean over seeds.
        A stage that methods share counts for each of them. NaN where a network was not
        trained here, or one of its stages before CPU seconds were recorded.

    Raises:
        ValueError: networks of one method that differ in parameters or FLOPs.
    """
    rows = [
        {key: own[key] for key in (*COST_KEY, "parameters", "flops")}
        | {"cpu_seconds": _cpu_seconds(own, *before)}
        for own, *before in networks
    ]
    frame = pd.DataFrame(rows, columns=[*COST_KEY, *COST_VALUES])
    if frame.empty:
        return frame
    groups = frame.groupby(COST_KEY, sort=False)
    for name in ("parameters", "flops"):
        several = groups[name].nunique()
        if (several > 1).any():
            raise ValueError(f"{name} of {several.idxmax()} differ between seeds")
    # a mean over some of the seeds would be that of other networks than those in the tables
    times = groups["cpu_seconds"].agg(lambda own: own.mean(skipna=False))
    return groups[["parameters", "flops"]].first().join(times).reset_index()


def _cpu_seconds(*records: Mapping[str, Any]) -> float:
    """Return the CPU seconds of all stages, NaN if one of them is not known."""
    stages = [stage for stage in records if stage]
    return float(sum(stage.get("cpu_seconds", float("nan")) for stage in stages))
