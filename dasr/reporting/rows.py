"""Picking the rows of one report cell, in the order of the methods."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dasr.config.kernel import label_text
from dasr.reporting.drawing.text import wrapped
from dasr.study import ReportCell
from dasr.terms.columns import BICUBIC, KERNEL, MEAN
from dasr.terms.quantities import FACTORS, Factor
from dasr.terms.tasks import TASKS
from dasr.text import capitalised

MAX_PANELS = 4
PANEL_CHARACTERS = 24
"""Of a line over one of so many panels side by side."""


@dataclass(frozen=True)
class Condition:
    """What kernels are tested with, e.g. a noise level: one panel of a figure."""

    title: str
    rows: pd.DataFrame


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


def factors(rows: pd.DataFrame) -> list[Factor]:
    """Return the factors that degradations of the rows have; a grid has all or none."""
    cells = grid_cells(rows)
    return [one for one in FACTORS if one.name in cells and cells[one.name].notna().any()]


def grid_key(rows: pd.DataFrame) -> list[str]:
    """Return the columns that tell the cells of the rows' grid apart."""
    return [KERNEL, *(one.name for one in factors(rows))]


def require_whole_grid(rows: pd.DataFrame) -> None:
    """Refuse a grid with holes.

    Raises:
        ValueError: a method lacks a cell that another one has.
    """
    cells = grid_cells(rows)
    expected = len(cells[grid_key(rows)].drop_duplicates())
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
        labels=tuple(label_text(name) for name in kernels["kernel"]),
        title=title,
        numeric=numeric,
    )


def kernel_names(rows: pd.DataFrame) -> dict[str, str]:
    """Return what tables call each kernel: "width 1.2" or "(2, 0.2, 30°)"."""
    kernels = grid_cells(rows).drop_duplicates("kernel").set_index("kernel")
    isotropic = kernels["kernel_width"].notna()
    texts = {str(name): label_text(str(name)) for name in kernels.index}
    return {
        name: f"width {one}" if isotropic[name] else f"({one})" for name, one in texts.items()
    }


def conditions(rows: pd.DataFrame, at_most: int = MAX_PANELS) -> list[Condition]:
    """Return the rows of each noise level, ascending; evenly picked if there are many.

    Where degradations have more factors, they are those of each combination.
    """
    found, cells = factors(rows), grid_cells(rows)
    groups = list(cells.groupby([one.name for one in found]))
    picked = np.linspace(0, len(groups) - 1, min(at_most, len(groups))).round().astype(int)
    return [
        Condition(
            "\n".join(
                wrapped(f"{factor_name(one)} {one.shown(value)}", PANEL_CHARACTERS)
                for one, value in zip(found, groups[index][0], strict=True)
            ),
            groups[index][1],
        )
        for index in picked
    ]


def factor_name(factor: Factor) -> str:
    """Return what figures call a factor: "Noise level"."""
    task = TASKS.get(factor.name)
    return capitalised(factor.label if task is None else task.label)


def sample_size(rows: pd.DataFrame) -> str:
    """Return what stands behind the rows, e.g. "8 images, 3 seeds"."""
    trained = rows[rows["method"] != BICUBIC]
    parts = []
    for name in ("images", "seeds"):
        counts = sorted({int(count) for count in (rows if trained.empty else trained)[name]})
        shown = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        parts.append(f"{shown} {name if counts[-1] > 1 else name[:-1]}")
    return ", ".join(parts)
