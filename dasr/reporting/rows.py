"""Picking the rows of one report cell, in the order of the methods."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.study import ReportCell
from dasr.terms.columns import BICUBIC, GRID_CELL, MEAN
from dasr.terms.metrics import Metric
from dasr.terms.scores import Score

MAX_PANELS = 4
KEY = list(GRID_CELL)


@dataclass(frozen=True)
class KernelAxis:
    """The kernels of a test grid as the axis of a plot."""

    kernels: tuple[str, ...]
    """Values of the column `kernel`, in the order of the axis."""
    positions: tuple[float, ...]
    """Where they are: widths in HR pixels, or 0, 1, 2 ... if one is anisotropic."""
    labels: tuple[str, ...]
    title: str
    numeric: bool
    """Whether positions are widths, so that distances mean something."""

    @property
    def gap(self) -> float:
        """Smallest distance of two neighbours; 1 for a single kernel."""
        distances = np.diff(self.positions)
        return float(distances.min()) if len(distances) else 1.0


def select(frame: pd.DataFrame, methods: Collection[str], cell: ReportCell) -> pd.DataFrame:
    """Return the rows of a report cell and of some methods, in the order of the methods.

    Raises:
        ValueError: a method has no rows, or there is no method.
    """
    rows = frame[in_cell(frame, cell) & frame["method"].isin(list(methods))]
    missing = [method for method in methods if method not in set(rows["method"])]
    if missing or rows.empty:
        raise ValueError(f"nothing to report of {missing or 'no method'}: no rows for {cell}")
    order = {method: index for index, method in enumerate(methods)}
    return rows.sort_values("method", key=lambda names: names.map(order), kind="stable")


def in_cell(frame: pd.DataFrame, cell: ReportCell) -> pd.Series:
    """Return which rows are of a report cell."""
    here = frame[["regime", "scale", "testset"]] == [cell.regime, cell.scale, cell.testset]
    return here.all(axis=1)


def grid_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of single degradations; what is left are means over the grid."""
    return rows[rows["kernel"] != MEAN]


def grid_means(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the means over the whole grid: one row per method."""
    return rows[rows["kernel"] == MEAN]


def require_whole_grid(rows: pd.DataFrame) -> None:
    """Refuse a grid with holes.

    Raises:
        ValueError: a method lacks a cell that another one has.
    """
    cells = grid_cells(rows)
    expected = len(cells[KEY].drop_duplicates())
    for method, count in cells.groupby("method", sort=False).size().items():
        if count != expected:
            raise ValueError(f"method {method!r} has {count} of {expected} cells of the grid")


def kernel_axis(rows: pd.DataFrame) -> KernelAxis:
    """Return the axis of the kernels in `rows`: their widths if all are isotropic."""
    kernels = grid_cells(rows).drop_duplicates("kernel")
    numeric = bool(kernels["kernel_width"].notna().all())
    if numeric:
        kernels = kernels.sort_values("kernel_width")
    positions = kernels["kernel_width"] if numeric else range(len(kernels))
    title = "Kernel width (HR pixels)" if numeric else "Kernel: widths (HR pixels), angle"
    return KernelAxis(
        kernels=tuple(kernels["kernel"]),
        positions=tuple(float(position) for position in positions),
        labels=tuple(kernel_label(row) for _, row in kernels.iterrows()),
        title=title,
        numeric=numeric,
    )


def kernel_label(row: pd.Series) -> str:
    """Return a kernel's short name: "1.2" if isotropic, else "2, 0.2, 30°"."""
    if pd.notna(row["kernel_width"]):
        return f"{row['kernel_width']:g}"
    return f"{row['lambda_1']:g}, {row['lambda_2']:g}, {row['theta_deg']:g}°"


def kernel_names(rows: pd.DataFrame) -> dict[str, str]:
    """Return what tables call each kernel: "width 1.2" or "(2, 0.2, 30°)"."""
    kernels = grid_cells(rows).drop_duplicates("kernel").set_index("kernel")
    labels = {str(name): kernel_label(row) for name, row in kernels.iterrows()}
    isotropic = kernels["kernel_width"].notna()
    return {
        name: f"width {one}" if isotropic[name] else f"({one})" for name, one in labels.items()
    }


def noise_levels(rows: pd.DataFrame) -> list[float]:
    """Return noise levels in grey levels, ascending; `MAX_PANELS` of more, evenly picked."""
    levels = sorted(grid_cells(rows)["noise_level"].unique())
    picked = np.linspace(0, len(levels) - 1, min(MAX_PANELS, len(levels))).round().astype(int)
    return [float(levels[index]) for index in picked]


def best(values: pd.Series, measure: Metric | Score, unranked: Collection[str]) -> set[str]:
    """Return the methods with the best value as it is shown: all of them if they tie.

    What is not finite has no rank: an infinite PSNR says that an image was reproduced
    exactly, not by how much a network is better.

    Args:
        values: by method.
        measure: says how many decimals are shown, and whether larger is better.
        unranked: methods that cannot be the best.
    """
    numbers = values[~values.index.isin(list(unranked))].astype(float)
    shown = numbers[np.isfinite(numbers)].map(lambda one: float(f"{one:.{measure.decimals}f}"))
    first = shown.max() if measure.larger_is_better else shown.min()
    return set(shown.index[shown == first])


def sample_size(rows: pd.DataFrame) -> str:
    """Return what stands behind the rows, e.g. "8 images, 3 seeds"."""
    trained = rows[rows["method"] != BICUBIC]
    parts = []
    for name in ("images", "seeds"):
        counts = sorted({int(count) for count in (rows if trained.empty else trained)[name]})
        shown = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        parts.append(f"{shown} {name if counts[-1] > 1 else name[:-1]}")
    return ", ".join(parts)
