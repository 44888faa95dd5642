"""Picking the rows of one (regime, scale, test set), in the order of the methods."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.config import BICUBIC
from dasr.terms.columns import MEAN

CELL = ["kernel", "noise_level"]
MAX_PANELS = 4


@dataclass(frozen=True)
class Where:
    """What one table or figure is about."""

    regime: str
    scale: int
    testset: str

    def __str__(self) -> str:
        """Return e.g. "Set14, x4, regime noise"."""
        return f"{self.testset}, x{self.scale}, regime {self.regime}"


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


def select(frame: pd.DataFrame, titles: Mapping[str, str], where: Where) -> pd.DataFrame:
    """Return the rows of the methods in `titles`, in its order.

    Raises:
        ValueError: a method has no rows, or there is no method.
    """
    wanted = (
        (frame["regime"] == where.regime)
        & (frame["scale"] == where.scale)
        & (frame["testset"] == where.testset)
        & frame["method"].isin(list(titles))
    )
    rows = frame[wanted]
    missing = [method for method in titles if method not in set(rows["method"])]
    if missing or rows.empty:
        raise ValueError(f"nothing to report of {missing or 'no method'}: no rows for {where}")
    order = {method: place for place, method in enumerate(titles)}
    return rows.sort_values("method", key=lambda names: names.map(order), kind="stable")


def compared(paired: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the titles of the methods that are compared with a reference."""
    references = set(paired["reference"])
    return {key: title for key, title in networks(titles).items() if key not in references}


def networks(titles: Mapping[str, str]) -> dict[str, str]:
    """Return the titles without bicubic, which has nothing to train."""
    return {method: title for method, title in titles.items() if method != BICUBIC}


def grid_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of single degradations; what is left are means over the grid."""
    return rows[rows["kernel"] != MEAN]


def grid_means(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the means over the whole grid: one row a method, indexed by method."""
    return rows[rows["kernel"] == MEAN].set_index("method")


def require_whole_grid(rows: pd.DataFrame) -> None:
    """Refuse a grid with holes.

    Raises:
        ValueError: a method lacks a cell that another one has.
    """
    cells = grid_cells(rows)
    expected = len(cells[CELL].drop_duplicates())
    for method, count in cells.groupby("method", sort=False).size().items():
        if count != expected:
            raise ValueError(f"method {method!r} has {count} of {expected} cells of the grid")


def by_cell(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return methods x (kernel, noise level) of one column, both in the rows' order."""
    cells = grid_cells(rows)
    table = cells.pivot(index="method", columns=CELL, values=value)
    columns = pd.MultiIndex.from_frame(cells[CELL].drop_duplicates())
    return table.reindex(index=cells["method"].unique(), columns=columns)


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
    names = {}
    for _, row in grid_cells(rows).drop_duplicates("kernel").iterrows():
        isotropic, label = pd.notna(row["kernel_width"]), kernel_label(row)
        names[str(row["kernel"])] = f"width {label}" if isotropic else f"({label})"
    return names


def noise_levels(rows: pd.DataFrame, at_most: int = MAX_PANELS) -> list[float]:
    """Return noise levels in grey levels, ascending; evenly picked if there are many."""
    levels = sorted(grid_cells(rows)["noise_level"].unique())
    count = min(at_most, len(levels))
    picked = np.linspace(0, len(levels) - 1, count).round().astype(int)
    return [float(levels[place]) for place in picked]


def best(values: pd.Series, decimals: int, unranked: Collection[str] = ()) -> set[str]:
    """Return the networks with the largest value as shown: all of them if they tie.

    Larger is better. What is not finite has no rank: an infinite PSNR says that an image
    was reproduced exactly, not by how much a network is better.
    """
    ranked = values[~values.index.isin([BICUBIC, *unranked])].astype(float)
    shown = {
        str(method): float(f"{value:.{decimals}f}")
        for method, value in ranked.items()
        if np.isfinite(value)
    }
    return {method for method, value in shown.items() if value == max(shown.values())}


def sample_size(rows: pd.DataFrame) -> str:
    """Return what stands behind the rows, e.g. "8 images, 3 seeds"."""
    trained = rows[rows["method"] != BICUBIC]
    parts = []
    for name in ("images", "seeds"):
        counts = sorted({int(count) for count in (rows if trained.empty else trained)[name]})
        shown = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        parts.append(f"{shown} {name if counts[-1] > 1 else name[:-1]}")
    return ", ".join(parts)
