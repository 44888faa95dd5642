"""Which files of a study's networks are published."""

from dataclasses import dataclass

from dasr.study.parts import part_folders
from dasr.study.plan import Plan, Run
from dasr.study.records import HISTORY, encoder_history_file


@dataclass(frozen=True, kw_only=True)
class NetworkFiles:
    """The files of one network, as tracking reads them."""

    record: str
    network: str
    histories: dict[str, str]
    """By stage: "joint" of a network that is trained here, and the stages before it."""
    metrics: list[str]
    clusters: list[str]

    def all(self) -> list[str]:
        """Return every file."""
        return [
            self.record,
            self.network,
            *self.histories.values(),
            *self.metrics,
            *self.clusters,
        ]


def network_files(plan: Plan) -> list[NetworkFiles]:
    """Return the files of every network of a study."""
    return [_files(plan, run) for run in plan.runs("trained", "imported")]


def published_files(plan: Plan) -> list[str]:
    """Return every file of `network_files`, each once: encoder stages are shared."""
    files = [path for network in network_files(plan) for path in network.all()]
    return list(dict.fromkeys(files))


def _files(plan: Plan, run: Run) -> NetworkFiles:
    histories = {"joint": plan.history_file(run)} if run.method.is_trained else {}
    encoder = encoder_history_file(plan, run)
    if encoder is not None:
        histories["encoder"] = encoder
    for name, folder in part_folders(plan, run).items():
        histories[name] = f"{folder}/{HISTORY}"
    testsets = [item.name for item in plan.config.test_sets]
    return NetworkFiles(
        record=plan.record_file(run),
        network=plan.network_file(run),
        histories=histories,
        metrics=[plan.metrics_file(run, name) for name in testsets],
        clusters=[
            plan.clusters_file(run, name) for name in testsets if run.method.is_represented
        ],
    )
