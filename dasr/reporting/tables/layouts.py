"""Where a published table puts each degradation: its columns, and its lines a method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

import pandas as pd

from dasr.config import Kernel
from dasr.reporting.published.protocols import require_grid
from dasr.reporting.rows import grid_cells
from dasr.reporting.tables.kernels import gaussian_kernel, kernel_picture
from dasr.reporting.tables.writing import Picture
from dasr.terms.columns import DEGRADATION, DEGRADATION_NUMBERS, MEAN

ACROSS = {
    "table1": ["kernel"],
    "table2": ["testset", "kernel"],
    "table3": ["kernel"],
    "gaussian8": ["testset"],
}
"""What has a column of its own in each protocol."""
PLACE = ["line", "column"]
KEY = ["testset", "setting"]
NOISE = "Noise"


@dataclass(frozen=True)
class Layout:
    """The columns of numbers and, for each method, the lines."""

    slots: pd.DataFrame
    """One row a degradation: testset, the columns `DEGRADATION`, setting, line, column."""
    heads: tuple[str, ...]
    lines: tuple[str, ...]
    """Text of each line of a method; "" if there is one."""
    note: str
    """What columns and lines are, with units."""
    line_header: str = ""
    """What tells lines apart; "" if there is one."""
    groups: tuple[tuple[str, int], ...] = ()
    """Headings over the columns of numbers: text, number of columns."""
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    """Over the columns of numbers, by their number."""

    def place(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose degradation is shown, with its line and column."""
        keyed = rows.drop(columns=[*DEGRADATION], errors="ignore").assign(
            setting=_settings(rows)
        )
        return keyed.merge(self.slots, on=KEY)

    @property
    def own_columns(self) -> list[str]:
        """Headers that come before the numbers': of methods, and of lines."""
        return ["Method", *([self.line_header] if self.line_header else [])]


def layout_of(protocol: str, rows: pd.DataFrame) -> Layout:
    """Return how a protocol shows these rows.

    Args:
        protocol: one of `dasr.reporting.published.protocols.PROTOCOLS`.
        rows: rows of `dasr.statistics.summaries.summarise`, of one scale and of one test
            set, or of one test set after the other.

    Raises:
        UserError: the protocol has no place for a degradation.
    """
    cells = grid_cells(rows)
    kernels = {
        str(row["kernel"]): Kernel(
            lambda_1=row["lambda_1"], lambda_2=row["lambda_2"], theta_deg=row["theta_deg"]
        )
        for _, row in cells.drop_duplicates("kernel").iterrows()
    }
    require_grid(protocol, kernels.values(), cells["noise_level"].unique())
    shown = rows[rows["kernel"] == MEAN] if protocol == "gaussian8" else cells
    slots = shown[["testset", *DEGRADATION]].drop_duplicates(ignore_index=True)
    slots = slots.assign(
        setting=_settings(slots),
        line=0,
        column=slots.groupby(ACROSS[protocol], sort=False).ngroup(),
    )
    if protocol == "table3":
        return _by_kernel_and_noise(slots, kernels)
    if protocol == "gaussian8":
        widths = ", ".join(f"{kernel.lambda_1:g}" for kernel in kernels.values())
        note = f"Means over isotropic kernels, widths {widths} HR pixels; no noise."
        return Layout(slots, tuple(slots["testset"]), ("",), note)
    heads = tuple(f"{width:g}" for width in slots["kernel_width"])
    groups = tuple((str(name), len(list(group))) for name, group in groupby(slots["testset"]))
    if protocol == "table1":
        groups = (("Kernel width", len(heads)),)
    note = "Columns: widths of isotropic kernels in HR pixels; no noise."
    return Layout(slots, heads, ("",), note, groups=groups)


def _by_kernel_and_noise(slots: pd.DataFrame, kernels: Mapping[str, Kernel]) -> Layout:
    """Return Table 3's layout: a column a kernel with its picture, a line a noise level."""
    levels = slots.groupby("noise_level")  # ascending
    return Layout(
        slots.assign(line=levels.ngroup()),
        heads=tuple(
            f"({kernel.lambda_1:g}, {kernel.lambda_2:g}, {kernel.theta_deg:g}°)"
            for kernel in kernels.values()
        ),
        lines=tuple(f"{level:g}" for level in levels.groups),
        note=(
            "Columns: blur kernels (λ1, λ2, θ), widths in HR pixels, x to the right and y "
            "down. Noise levels in grey levels of 0..255."
        ),
        line_header=NOISE,
        pictures={
            number: kernel_picture(
                f"kernel{number + 1}",
                gaussian_kernel(kernel.lambda_1, kernel.lambda_2, kernel.theta_deg),
            )
            for number, kernel in enumerate(kernels.values())
        },
    )


def _settings(rows: pd.DataFrame) -> list[str]:
    """Return what tells the degradations of rows apart; angles of disks are all the same.

    Means over the grid have no numbers: all of them are one degradation.
    """
    numbers = zip(*(rows[name] for name in DEGRADATION_NUMBERS[1:]), strict=True)
    return [
        f"{one:g} {two:g} {0 if one == two else theta % 180:g} {noise:g}"
        for one, two, theta, noise in numbers
    ]
