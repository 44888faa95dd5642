"""The plan of a study's files: what is tested and reported, and where each result lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dasr.config import (
    RegimeConfig,
    Study,
    StudyConfig,
    architecture_module,
    digest,
)
from dasr.config.architectures import modules_of_model
from dasr.study.factorial import Factorial, factorials
from dasr.study.methods import Method, methods_of, untrained_of

MANY_THREADS = 2
"""Of a training that shares the machine with few others."""


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
        """All methods that are tested, in the order of tables."""
        return methods_of(self.study)

    @cached_property
    def untrained(self) -> Method | None:
        """The encoder before any training, if the study trains one."""
        return untrained_of(self.study, self.methods)

    @property
    def named(self) -> tuple[Method, ...]:
        """All that results are named after: the methods, and the untrained encoder."""
        return self.methods if self.untrained is None else (*self.methods, self.untrained)

    def method(self, name: str) -> Method:
        """Return a method, or the untrained encoder, by name."""
        return next(method for method in self.named if method.name == name)

    @cached_property
    def trained(self) -> tuple[Method, ...]:
        """The methods that the study trains."""
        return tuple(method for method in self.methods if method.is_trained)

    def regime(self, name: str) -> RegimeConfig:
        """Return a regime by name."""
        return next(regime for regime in self.config.regimes if regime.name == name)

    def methods_at(self, regime: str, scale: int) -> tuple[Method, ...]:
        """Return the methods that are tested on a regime's grid at a scale."""
        return tuple(method for method in self.methods if method.is_at(regime, scale))

    def represented_at(self, regime: str, scale: int) -> tuple[Method, ...]:
        """Return what has representations to look at, the untrained encoder last."""
        here = [method for method in self.named if method.is_at(regime, scale)]
        return tuple(one for one in here if one.is_represented or one.kind == "untrained")

    def cells(self) -> Iterator[ReportCell]:
        """Yield every combination of regime, scale and test set that is reported."""
        for regime in self.config.regimes:
            for scale in self.config.scales:
                for testset in self.config.test_sets:
                    yield ReportCell(regime.name, scale, testset.name)

    def runs(self, *kinds: str) -> list[Run]:
        """Return the runs of each method, where it is tested, with each of its seeds.

        Args:
            kinds: "baseline", "imported", "trained"; all of them if none is given.
        """
        return [
            Run(method, regime.name, scale, seed)
            for method in self.methods
            if not kinds or method.kind in kinds
            for regime in self.config.regimes
            for scale in self.config.scales
            if method.is_at(regime.name, scale)
            for seed in method.seeds
        ]

    def run(self, method: str, regime: str, scale: int, seed: int) -> Run:
        """Return a run by its keys."""
        return Run(self.method(method), regime, scale, seed)

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

    def resampled_file(self, run: Run, testset: str) -> str:
        """Return the same scores of resampled images."""
        return f"{self.folder(run)}/embedding/{testset}_resampled.npz"

    def projection_file(self, run: Run, testset: str) -> str:
        """Return the representations of a network on a test set in the plane."""
        return f"{self.folder(run)}/embedding/{testset}_tsne.npz"

    def statistics_file(self, name: str) -> str:
        """Return a file of the whole study, by its name: see `dasr.statistics.jobs`."""
        return f"{self.results}/{name}.csv"

    def packed_file(self, kind: str, name: str, suffix: str) -> str:
        """Return pixels ("bin") or index ("csv") of a set; kinds: `dasr.study.images`."""
        return f"{self.results}/data/{kind}/{name}.{suffix}"

    def encoder_folder(self, run: Run) -> str | None:
        """Return the folder of the encoder stage that a network goes on from, if any.

        Methods whose encoder stages agree share one.
        """
        if not run.method.is_trained:
            return None
        stage = self.study.run(run.method.name, run.regime, run.scale, run.seed).encoder_stage()
        return None if stage is None else f"{self.results}/encoders/{digest(stage)}"

    def stage_folder(self, run: Run) -> str:
        """Return where a network's joint stage is kept, finished or not."""
        return f"{self.results}/stages/{run.path.replace('/', '-')}"

    def encoder_stage_folder(self, stage: str) -> str:
        """Return where an encoder stage is kept, given its digest."""
        return f"{self.results}/stages/encoder-{stage}"

    def metrics_files(self) -> list[str]:
        """Return the rows of evaluation of every run on every test set, bicubic last."""
        return [
            self.metrics_file(run, item.name)
            for kind in ("trained", "imported", "baseline")
            for run in self.runs(kind)
            for item in self.config.test_sets
        ]

    def record_files(self) -> list[str]:
        """Return the record of every network."""
        return [self.record_file(run) for run in self.runs("imported", "trained")]

    def encoder_record_file(self, run: Run) -> str | None:
        """Return the record of the encoder stage that a network goes on from, if any."""
        folder = self.encoder_folder(run)
        return None if folder is None else f"{folder}/run.yaml"

    def encoder_record_files(self) -> list[str]:
        """Return, for each of `record_files`, the record of its encoder stage; "" for none."""
        return [self.encoder_record_file(run) or "" for run in self.runs("imported", "trained")]

    @cached_property
    def factorials(self) -> tuple[Factorial, ...]:
        """The factorial designs that the trained methods form."""
        return factorials(self.trained)

    def encoder_states(self, run: Run) -> list[str]:
        """Return the finished encoder stage that a network goes on from, if there is one."""
        folder = self.encoder_folder(run)
        return [] if folder is None else [f"{folder}/state.safetensors"]

    def architectures(self, method: str) -> list[str]:
        """Return the modules that build a method's networks; none of bicubic."""
        own = self.method(method)
        if own.settings is not None:
            return modules_of_model(own.settings.model)
        return [] if own.architecture is None else [architecture_module(own.architecture)]

    def imported_file(self, method: str, scale: int) -> str:
        """Return the file that an imported network is read from."""
        return next(n.files[scale] for n in self.config.imported if n.name == method)

    def training_threads(self, cores: int | None) -> int:
        """Return how many threads a training has where no profile says it.

        One, where there are as many trainings as cores: that is a third faster than two at
        a time with two threads each (docs/performance.md). Bits depend on the number.

        Args:
            cores: of this machine for all jobs together; None on a cluster.
        """
        enough = cores is not None and len(self.runs("trained")) >= cores
        return 1 if enough else MANY_THREADS
