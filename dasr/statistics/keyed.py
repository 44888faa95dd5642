"""Files of single networks, told apart by the keys inside them and never by their paths."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dasr.errors import UserError
from dasr.statistics.jobs import read_rows
from dasr.study import ReportCell

KEYS = ("method", "regime", "scale", "seed", "testset")
"""What an .npz file of a network holds beside its arrays, each as a 0-d array."""
REMEDY = "delete it, and the next run makes it again"


@dataclass(frozen=True)
class NetworkArrays:
    """The contents of one .npz file, and the network it says it is of."""

    path: str
    method: str
    seed: int
    arrays: Mapping[str, NDArray[Any]]


def network_arrays(
    paths: Sequence[str], cell: ReportCell, methods: Collection[str]
) -> dict[str, list[NetworkArrays]]:
    """Return what .npz files hold by method, in the order of `methods`, sorted by seed.

    Raises:
        UserError: a file without keys, of another cell or method, the same network twice,
            or a method without a file.
    """
    found: dict[str, dict[int, NetworkArrays]] = {method: {} for method in methods}
    for path in paths:
        network = _read_arrays(path, cell)
        _require_methods(path, [network.method], methods)
        other = found[network.method].setdefault(network.seed, network)
        if other is not network:
            whose = f"{network.method!r}, seed {network.seed}"
            raise UserError(f"{path}: of {whose}, as is {other.path}: {REMEDY}")
    for method, own in found.items():
        if not own:
            raise UserError(f"no file of {method!r} among {list(paths)}")
    return {method: [own[seed] for seed in sorted(own)] for method, own in found.items()}


def network_rows(
    paths: Sequence[str],
    cell: ReportCell,
    methods: Collection[str],
    read: Callable[[str], pd.DataFrame] = read_rows,
) -> list[pd.DataFrame]:
    """Return the rows of CSV files, each of which is of one of `methods`.

    Raises:
        UserError: a file of another cell or method.
    """
    frames = []
    for path in paths:
        frames.append(read(path))
        _require_keys(path, frames[-1], cell)
        _require_methods(path, frames[-1]["method"].unique(), methods)
    return frames


def stage_rows(
    paths: Sequence[str], labels: Mapping[str, str], cell: ReportCell
) -> pd.DataFrame:
    """Return the histories of encoder stages, each with its label as `method`.

    A stage is shared by methods: its file lies in a folder named by the stage's digest.

    Args:
        paths: `.../{digest}/history.csv`.
        labels: what each stage is called, by digest.
        cell: its regime becomes the rows' own.

    Raises:
        UserError: a file of a stage without label, or of another scale.
    """
    frames = []
    for path in paths:
        stage, rows = Path(path).parent.name, read_rows(path)
        if stage not in labels:
            raise UserError(f"{path}: stage {stage!r} is none of {list(labels)}")
        _require_keys(path, rows[["scale"]], cell)
        frames.append(rows.assign(method=labels[stage], regime=cell.regime))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _read_arrays(path: str, cell: ReportCell) -> NetworkArrays:
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    lacking = [key for key in KEYS if key not in arrays]
    if lacking:
        raise UserError(f"{path}: does not say whose it is, {lacking} missing: {REMEDY}")
    keys = {key: arrays.pop(key).item() for key in KEYS}
    _require_keys(path, pd.DataFrame([keys]), cell)
    return NetworkArrays(path, str(keys["method"]), int(keys["seed"]), arrays)


def _require_keys(path: str, rows: pd.DataFrame, cell: ReportCell) -> None:
    for key in ("regime", "scale", "testset"):
        found = set(rows[key]) if key in rows else {getattr(cell, key)}
        if found != {getattr(cell, key)}:
            shown = ", ".join(map(repr, sorted(found)))
            raise UserError(f"{path}: of {key} {shown}, not of {cell}: {REMEDY}")


def _require_methods(path: str, found: Iterable[str], methods: Collection[str]) -> None:
    for method in found:
        if method not in methods:
            raise UserError(f"{path}: of method {method!r}, which is none of {list(methods)}")
