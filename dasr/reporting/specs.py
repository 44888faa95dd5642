"""What a table or a figure is: each one is a spec, in a module of `tables` or `figures`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import pandas as pd
from matplotlib.figure import Figure

from dasr.reporting.drawing.style import LineStyle, method_styles
from dasr.reporting.rows import select
from dasr.reporting.tabulating.model import Table
from dasr.statistics.jobs import read_rows
from dasr.statistics.keyed import NetworkArrays, network_arrays, network_rows
from dasr.study import Method, Plan, ReportCell, Run
from dasr.study.comparisons import reference_methods, reference_title, references
from dasr.terms.columns import UNTRAINED
from dasr.text import escape_rst

Made = TypeVar("Made")
"""What a spec makes: a `Table` or a matplotlib Figure."""


@dataclass(frozen=True)
class Item(Generic[Made]):
    """One table or figure of a study, with all that it is made from."""

    spec: "Spec[Made]"
    plan: Plan
    cell: ReportCell
    """What it is about; its test set is "" if it is about all sets of a scale."""
    kind: str
    subject: Any
    """Of a spec that makes several for each cell: what this one is about, e.g. a metric."""
    read: Callable[[str], pd.DataFrame] = read_rows
    """How a file of rows is read; a job reads each file once."""

    @property
    def name(self) -> str:
        """Of its files, without folder and ending, e.g. "psnr-noise-x4-Set14"."""
        return "-".join(filter(None, (self.kind, self.spec.suffix(self.cell))))

    @property
    def stem(self) -> str:
        """Path of its files without ending."""
        return f"{self.plan.reports}/{self.spec.folder}/{self.name}"

    @property
    def caption(self) -> str:
        """What is shown, as reStructuredText; people's words are shown as they are."""
        seeds = len(self.plan.config.seeds)
        words = {"testset": self.cell.testset, "regime": self.cell.regime}
        words["reference"] = reference_title(self.plan)
        words["reference_network"] = "".join(one.title for one in reference(self))
        if self.subject is not None:
            words |= {key: str(value) for key, value in vars(self.subject).items()}
        text = self.spec.caption
        if not text:
            beside = Path(__file__).with_name(self.spec.folder) / f"{self.spec.kind}.rst"
            text = " ".join(beside.read_text("utf-8").split())
        return (text if isinstance(text, str) else text(self)).format(
            scale=self.cell.scale,
            seeds=f"{seeds} seed{'' if seeds == 1 else 's'}",
            **{name: escape_rst(word) for name, word in words.items()},
        )

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        """The methods that are shown, in the order of the study."""
        return tuple(self.spec.methods(self))

    @cached_property
    def files(self) -> Mapping[str, Sequence[str]]:
        """The files it is made from, by what they hold; each says itself whose it is."""
        return self.spec.files(self)

    @property
    def titles(self) -> dict[str, str]:
        """Title of each method that is shown, by name."""
        return {method.name: method.title for method in self.methods}

    @property
    def labels(self) -> dict[str, str]:
        """The titles, each as one line without double spaces."""
        return {name: " ".join(title.split()) for name, title in self.titles.items()}

    @property
    def styles(self) -> dict[str, LineStyle]:
        """What each method that is shown looks like, by name: the same in every figure."""
        styles = method_styles(self.plan.named)
        return {method.name: styles[method.name] for method in self.methods}

    def runs(self, *, first_seed: bool = False) -> list[Run]:
        """Return the runs of the methods that are shown, of each all seeds or the first."""
        runs = [self.plan.runs_at(self.cell, method) for method in self.methods]
        return [run for own in runs for run in (own[:1] if first_seed else own)]

    def rows(self, name: str) -> pd.DataFrame:
        """Return the rows of a single file."""
        (path,) = self.files[name]
        return self.read(path)

    def selected(self, name: str, **values: str) -> pd.DataFrame:
        """Return the rows of a single file that are of the cell and of the methods.

        Args:
            name: of the file.
            values: what other columns have to hold.
        """
        rows = self.rows(name)
        for column, value in values.items():
            rows = rows[rows[column] == value]
        return select(rows, self.titles, self.cell)

    def clusters(self) -> pd.DataFrame:
        """Return the clustering scores of single networks; no rows if there are none."""
        frames = network_rows(self.files["clusters"], self.cell, self.titles, self.read)
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def arrays(self, name: str) -> dict[str, list[NetworkArrays]]:
        """Return the .npz files of one name by method, in the order of the methods."""
        return network_arrays(self.files[name], self.cell, self.titles)


def tested(item: Item[Any]) -> tuple[Method, ...]:
    """Return all methods that are tested in an item's cell."""
    return item.plan.methods_at(item.cell.regime, item.cell.scale)


@dataclass(frozen=True, kw_only=True)
class Spec(Generic[Made]):
    """A kind of table or figure."""

    folder: ClassVar[str]
    """Of its files, below a study's reports."""
    endings: ClassVar[tuple[str, ...]]
    """Of its files; the first is shown in Snakemake's report."""

    kind: str
    """The beginning of its files' names."""
    order: int
    """Where it stands among all kinds: the lower comes first."""
    files: Callable[[Item[Made]], Mapping[str, Sequence[str]]]
    """What it is made from, by name: files of the plan."""
    make: Callable[[Item[Made]], Made]
    caption: str | Callable[[Item[Made]], str] = ""
    """reStructuredText: what is shown, on how many images and seeds, what to look for. A
    template of `str.format` with testset, scale, regime, seeds, reference (of differences),
    reference_network (of `reference`) and the subject's fields. By default the file of the
    kind's name and the ending .rst, beside its module."""
    measured_on: Literal["test", "validation"] = "test"
    """The images behind its numbers: the line under it names these sets."""
    applies: Callable[[Plan, ReportCell], bool] = field(default=lambda plan, cell: True)
    methods: Callable[[Item[Made]], Sequence[Method]] = tested
    """What is shown, if it is any; by default all methods that are tested in the cell."""
    cells: Callable[[Plan], Iterator[ReportCell]] = Plan.cells
    """What there is one for each of; by default every regime, scale and test set."""
    suffix: Callable[[ReportCell], str] = field(default=lambda cell: cell.suffix)
    section: Callable[[ReportCell], str] = field(
        default=lambda cell: f"{cell.testset}, x{cell.scale}, {cell.regime}"
    )
    pictured: Callable[[Item[Made]], bool] = field(default=lambda item: False)
    """Whether a table has pictures in its header: they lie in a folder beside it."""
    subjects: Callable[[Plan], Mapping[str, Any]] | None = None
    """For a kind that makes several in each cell: what each is about, by its own kind."""

    def items(self, plan: Plan) -> Iterator[Item[Made]]:
        """Yield every table or figure of this kind that a study has."""
        subjects = {self.kind: None} if self.subjects is None else self.subjects(plan)
        for cell in self.cells(plan):
            if self.applies(plan, cell):
                items = [Item(self, plan, cell, *own) for own in subjects.items()]
                yield from (item for item in items if item.methods)


class TableSpec(Spec[Table]):
    """A kind of table."""

    folder = "tables"
    endings = ("html", "csv", "md", "tex")


class FigureSpec(Spec[Figure]):
    """A kind of figure."""

    folder = "figures"
    endings = ("png", "pdf")


WHOLE_STUDY = ReportCell("", 0, "")
"""The cell of what is about all of a study at once."""


def of_study(plan: Plan) -> Iterator[ReportCell]:
    """Yield the one cell of a kind that is about all of a study."""
    yield WHOLE_STUDY


def learned(item: Item[Any]) -> list[Method]:
    """Return the methods of an item's cell that learned their representation."""
    return [method for method in tested(item) if method.is_represented]


def represented(item: Item[Any]) -> tuple[Method, ...]:
    """Return what has representations to look at in an item's cell, untrained ones last."""
    return item.plan.represented_at(item.cell.regime, item.cell.scale)


def beside_untrained(item: Item[Any], names: Collection[str]) -> list[Method]:
    """Return some methods with representations, and the untrained encoder beside them."""
    found = [one for one in represented(item) if one.name in {*names, UNTRAINED}]
    order = {name: number for number, name in enumerate(names)}
    return sorted(found, key=lambda one: order.get(one.name, len(order)))


def networks(item: Item[Any]) -> list[Method]:
    """Return the methods of an item's cell without bicubic."""
    return [method for method in tested(item) if method.is_network]


def reference(item: Item[Any]) -> list[Method]:
    """Return the study's reference alone; of several sizes that of the last."""
    return reference_methods(item.plan.trained)[-1:]


def compared(item: Item[Any]) -> list[Method]:
    """Return the networks that are compared with the reference of their size."""
    known = references(item.plan)
    return [one for one in networks(item) if one.name in known]


def compared_rows(item: Item[Any]) -> pd.DataFrame:
    """Return the rows of paired.csv of `compared`, each method's against its reference."""
    known = references(item.plan)
    rows = item.rows("paired")
    own = rows["reference"] == rows["method"].map(known)
    return select(rows[own], item.titles, item.cell)


def statistics(*names: str) -> Callable[[Item[Any]], dict[str, list[str]]]:
    """Return a spec's `files` that are statistics of the whole study."""
    return lambda item: {name: [item.plan.statistics_file(name)] for name in names}


def scored_files(item: Item[Any]) -> dict[str, list[str]]:
    """Return the metrics, and single networks' scores where a representation is learned."""
    runs = [run for run in item.runs() if run.method.is_represented]
    return {
        "metrics": [item.plan.statistics_file("metrics")],
        "clusters": [item.plan.clusters_file(run, item.cell.testset) for run in runs],
    }
