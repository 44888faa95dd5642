"""Where a published table puts each degradation: its columns, and its lines per method."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import pandas as pd

from dasr.config import Kernel
from dasr.reporting.published import protocols
from dasr.reporting.published.rows import published_files
from dasr.reporting.rows import grid_cells, grid_means, require_whole_grid, select
from dasr.reporting.specs import Item, TableSpec, statistics
from dasr.reporting.tabulating.kernels import gaussian_kernel, kernel_picture
from dasr.reporting.tabulating.model import Picture, Table, body
from dasr.terms.columns import DEGRADATION
from dasr.terms.metrics import RANKING

SLOT = ["line", "column"]
KEY = ["testset", "setting"]


@dataclass(frozen=True)
class Layout:
    """The columns of numbers and, for each method, the lines."""

    slots: pd.DataFrame
    """One row per degradation: testset, `DEGRADATION`, setting, line, column."""
    heads: tuple[str, ...]
    note: str
    """What columns and lines are, with units."""
    lines: tuple[str, ...] = ("",)
    """Text of each line of a method; "" if there is one."""
    own: tuple[tuple[str, str], ...] = (("Method", "l"),)
    """Header and alignment of what comes before the numbers: a method's title, and its
    lines' texts if there are several."""
    groups: tuple[tuple[str, int], ...] = ()
    """Headings over the columns of numbers: text, number of columns."""
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    """Over the columns of numbers, by their number."""

    def placed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose degradation is shown, with its line and column."""
        keyed = rows.drop(columns=[*DEGRADATION], errors="ignore")
        return keyed.assign(setting=_settings(rows)).merge(self.slots, on=KEY)

    def table(
        self,
        item: Item[Table],
        what: str,
        more: Sequence[tuple[str, str]],
        groups: Sequence[tuple[str, int]],
        lines: Iterable[tuple[str | None, Sequence[Any]]],
        **fields: Any,
    ) -> Table:
        """Return a table in this layout.

        Args:
            item: what it is about.
            what: it shows; the protocol's title follows.
            more: header and alignment of columns between `own` and the numbers.
            groups: headings over what is left of the numbers, if those have any.
            lines: of the table, each with its group.
            fields: others of the table.
        """
        left = [*self.own, *more]
        about = str(item.cell).removeprefix(", ")  # of one test set, or of all
        return Table(
            caption=f"{RANKING.title} {what} {item.subject.title}: {about}",
            header=[*(text for text, _ in left), *self.heads],
            alignment=[*(side for _, side in left), *"r" * len(self.heads)],
            groups=(*groups, *self.groups) if self.groups else (),
            pictures={len(left) + column: one for column, one in self.pictures.items()},
            **body(lines),
            **fields,
        )


def layout_spec(
    kind: str, order: int, make: Callable[[Item[Table]], Table], ending: str = ""
) -> TableSpec:
    """Return a kind of table in the layout of a study's protocol; `ending` is of its files."""
    return TableSpec(
        kind=kind,
        order=order,
        subjects=lambda plan: {
            f"{name}{ending}": one
            for name, one in protocols.PROTOCOLS.items()
            if name == plan.config.protocol
        },
        files=lambda item: {
            **statistics("summary")(item),
            "published": published_files(item.subject),
        },
        make=make,
        cells=protocols.protocol_cells,
        suffix=lambda cell: f"x{cell.scale}{cell.testset and f'-{cell.testset}'}",
        section=lambda cell: "In the paper's layout",
        pictured=lambda item: bool(item.subject.by_noise),
    )


def layout_rows(item: Item[Any]) -> pd.DataFrame:
    """Return the summary's rows of a table in a published layout, test set by test set."""
    config, cell = item.plan.config, item.cell
    sets = [cell.testset] if cell.testset else [one.name for one in config.test_sets]
    parts = []
    for name in sets:
        parts.append(select(item.rows("summary"), item.titles, replace(cell, testset=name)))
        require_whole_grid(parts[-1])
    return pd.concat(parts, ignore_index=True)


def layout_of(protocol: protocols.Protocol, rows: pd.DataFrame) -> Layout:
    """Return how a protocol shows the rows of one scale.

    Raises:
        UserError: the protocol has no place for a degradation.
    """
    cells = grid_cells(rows)
    kernels = {
        str(row["kernel"]): Kernel.of_row(row)
        for row in cells.drop_duplicates("kernel").to_dict("records")
    }
    protocols.require_cells(protocol, kernels.values(), cells["noise_level"].unique())
    shown = grid_means(rows) if protocol.mean_widths else cells
    slots = shown[["testset", *DEGRADATION]].drop_duplicates(ignore_index=True)
    slots = slots.assign(
        setting=_settings(slots),
        line=0,
        column=slots.groupby(list(protocol.across), sort=False).ngroup(),
    )
    if protocol.by_noise:
        return _by_kernel_and_noise(slots, kernels)
    if protocol.mean_widths:
        widths = ", ".join(f"{kernel.lambda_1:g}" for kernel in kernels.values())
        note = f"Means over isotropic kernels, widths {widths} HR pixels; no noise."
        return Layout(slots, tuple(slots["testset"]), note)
    heads = tuple(f"{width:g}" for width in slots["kernel_width"])
    groups = tuple((str(name), len(list(group))) for name, group in groupby(slots["testset"]))
    if protocol.heading:
        groups = ((protocol.heading, len(heads)),)
    note = "Columns: widths of isotropic kernels in HR pixels; no noise."
    return Layout(slots, heads, note, groups=groups)


def _by_kernel_and_noise(slots: pd.DataFrame, kernels: Mapping[str, Kernel]) -> Layout:
    """Return a layout with a column per kernel, with its picture, a line per noise level."""
    levels = slots.groupby("noise_level")  # ascending
    return Layout(
        slots.assign(line=levels.ngroup()),
        heads=tuple(
            f"({kernel.lambda_1:g}, {kernel.lambda_2:g}, {kernel.theta_deg:g}°)"
            for kernel in kernels.values()
        ),
        note=(
            "Columns: blur kernels (λ1, λ2, θ), widths in HR pixels, x to the right and y "
            "down. Noise levels in grey levels of 0..255."
        ),
        lines=tuple(f"{level:g}" for level in levels.groups),
        own=(*Layout.own, ("Noise", "r")),
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
    names = ("lambda_1", "lambda_2", "theta_deg", "noise_level")
    numbers = zip(*(rows[name] for name in names), strict=True)
    return [
        f"{one:g} {two:g} {0 if one == two else theta % 180:g} {noise:g}"
        for one, two, theta, noise in numbers
    ]
