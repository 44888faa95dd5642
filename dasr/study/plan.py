"""The plan of a study's files: what is tested and reported, and where each result lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dasr.config import Study, StudyConfig, digest
from dasr.study.methods import Method, methods_of


@dataclass(frozen=True)
class ReportCell:
    """What one table or figure is about."""

    regime: str
    scale: int
    testset: str

    def __str__(self) -> str:
        """Return e.g. "Set14, x4, regime noise"."""
        return f"{self.testset}, x{self.scale}, regime {self.regime}"

    @property
    def suffix(self) -> str:
        """End of a file's name, e.g. "noise-x4-Set14"."""
        return f"{self.regime}-x{self.scale}-{self.testset}"


@dataclass(frozen=True)
class Run:
    """One network of a method, or bicubic enlargement at one scale."""

    method: Method
    regime: str
    scale: int
    seed: int

    @property
    def path(self) -> str:
        """Of its folder below a study's runs/, e.g. "dasr/noise/x4/seed1"."""
        return f"{self.method.name}/{self.regime}/x{self.scale}/seed{self.seed}"


@dataclass(frozen=True)
class Plan:
    """A checked study as methods, runs, report cells and files."""

    study: Study

    @property
    def config(self) -> StudyConfig:
        """The study's configuration."""
        return self.study.config

    @property
    def results(self) -> str:
        """Folder of results."""
        return f"results/{self.config.study}"

    @property
    def reports(self) -> str:
        """Folder of tables and figures."""
        return f"reports/{self.config.study}"

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        """All methods, in the order of tables."""
        return methods_of(self.study)

    def method(self, name: str) -> Method:
        """Return a method by name."""
        return next(method for method in self.methods if method.name == name)

    @cached_property
    def trained(self) -> tuple[Method, ...]:
        """The methods that the study trains."""
        return tuple(method for method in self.methods if method.is_trained)

    def methods_at(self, regime: str, scale: int) -> tuple[Method, ...]:
        """Return the methods that are tested on a regime's grid at a scale."""
        return tuple(method for method in self.methods if method.is_at(regime, scale))

    def cells(self) -> Iterator[ReportCell]:
        """Yield every combination of regime, scale and test set that is reported."""
        for regime in self.config.regimes:
            for scale in self.config.scales:
                for testset in self.config.test_sets:
                    yield ReportCell(regime.name, scale, testset.name)

    def runs(self) -> Iterator[Run]:
        """Yield every run: of each method, where it is tested, with each of its seeds."""
        for method in self.methods:
            for regime in self.config.regimes:
                for scale in self.config.scales:
                    if method.is_at(regime.name, scale):
                        for seed in method.seeds:
                            yield Run(method, regime.name, scale, seed)

    def runs_at(self, cell: ReportCell, method: Method) -> list[Run]:
        """Return the runs of a method on a report cell's grid, by seed."""
        return [Run(method, cell.regime, cell.scale, seed) for seed in method.seeds]

    def folder(self, run: Run) -> str:
        """Return the folder of a run's results."""
        return f"{self.results}/runs/{run.path}"

    def network_file(self, run: Run) -> str:
        """Return the network of a run."""
        return f"{self.folder(run)}/model.safetensors"

    def record_file(self, run: Run) -> str:
        """Return the record of a network: what it is, parameters, FLOPs."""
        return f"{self.folder(run)}/run.yaml"

    def history_file(self, run: Run) -> str:
        """Return the joint stage's history of a network that is trained here."""
        return f"{self.folder(run)}/history.csv"

    def metrics_file(self, run: Run, testset: str) -> str:
        """Return the rows of evaluation of a run on a test set."""
        return f"{self.folder(run)}/metrics/{testset}.csv"

    def examples_file(self, run: Run, testset: str) -> str:
        """Return the example crops of a run on a test set."""
        return f"{self.folder(run)}/examples/{testset}.npz"

    def embedding_file(self, run: Run, testset: str) -> str:
        """Return the representations of a network on a test set."""
        return f"{self.folder(run)}/embedding/{testset}.npz"

    def clusters_file(self, run: Run, testset: str) -> str:
        """Return the scores of a network's representations on a test set."""
        return f"{self.folder(run)}/embedding/{testset}_clusters.csv"

    def projection_file(self, run: Run, testset: str) -> str:
        """Return the representations of a network on a test set in the plane."""
        return f"{self.folder(run)}/embedding/{testset}_tsne.npz"

    def statistics_file(self, name: str) -> str:
        """Return a file of the whole study: metrics, summary, paired, clusters or costs."""
        return f"{self.results}/{name}.csv"

    def packed_files(self, kind: str, name: str) -> tuple[str, str]:
        """Return pixels and index of an image set; `kind` is "train" or "test"."""
        stem = f"{self.results}/data/{kind}/{name}"
        return f"{stem}.bin", f"{stem}.csv"

    def encoder_folder(self, run: Run) -> str | None:
        """Return the folder of the encoder stage that a network goes on from, if any.

        Methods whose encoder stages agree share one.
        """
        if not run.method.is_trained:
            return None
        stage = self.study.run(run.method.name, run.regime, run.scale, run.seed).encoder()
        return None if stage is None else f"{self.results}/encoders/{digest(stage)}"
