"""Everything that can be said of a study before it is started, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dasr.config import ImageSetConfig
from dasr.config.benchmarks import benchmark_at
from dasr.config.complaints import ImageSize
from dasr.errors import UserError
from dasr.forecast.detectable import Comparison, comparisons, pairs_of_claims
from dasr.forecast.hours import Hours, Side, hours_of
from dasr.forecast.image_sizes import set_sizes
from dasr.forecast.room import Disk, Memory, disk_of, memory_of
from dasr.forecast.speed import measured_steps
from dasr.forecast.steps import StepCosts
from dasr.forecast.trainings import Training, trainings_of
from dasr.study import Plan
from dasr.study.images import data_root

RESULTS, BENCHMARKS = Path("results"), Path("reports/benchmarks")


@dataclass(frozen=True)
class Forecast:
    """What a study will take and can see."""

    plan: Plan
    trainings: Sequence[Training]
    hours: Hours
    disk: Disk
    memory: Memory
    test_images: Mapping[str, int | None]
    """How many, by test set; None where the set is neither there nor one of the field's."""
    metrics: Path | None
    """The file that variances are from; None if there is none."""
    comparisons: Sequence[Comparison]
    notes: Sequence[str]
    """What is not known, and why: a sentence each."""


def forecast(plan: Plan, cores: int, metrics: Path | None) -> Forecast:
    """Return what a study will take and can see; nothing is written or started.

    Args:
        plan: of the study, whose images need not be there.
        cores: of this machine, for all jobs together.
        metrics: of an earlier study; by default the study's own, if it has been run.

    Raises:
        UserError: `metrics` is no such file.
    """
    notes, costs = list[str](), StepCosts()
    trainings = trainings_of(plan)
    train = _sizes(plan.config.all_train_sets, "training", data_root(plan), notes)
    test = _sizes(plan.config.test_sets, "test", data_root(plan), notes)
    threads = min(plan.training_threads(cores), cores)
    measured = measured_steps(RESULTS, BENCHMARKS, costs)
    hours = hours_of(trainings, Side(cores, threads), measured, costs)
    if hours.cpu_hours is None:
        notes.append("hours: nothing is measured in the precision of these trainings")
    own = Path(plan.statistics_file("metrics"))
    if metrics is None and own.is_file():
        metrics = own
    return Forecast(
        plan=plan,
        trainings=trainings,
        hours=hours,
        disk=disk_of(plan, trainings, train, test, costs),
        memory=memory_of(trainings, hours.side.by_side, costs),
        test_images=_counts(plan.config.test_sets, test),
        metrics=metrics,
        comparisons=_comparisons(plan, metrics, own, notes),
        notes=notes,
    )


def _sizes(
    sets: Sequence[ImageSetConfig], kind: str, root: Path, notes: list[str]
) -> dict[str, Sequence[ImageSize] | None]:
    """Return the images of each set by its name; say of those that are not known why."""
    found = dict[str, Sequence[ImageSize] | None]()
    for item in sets:
        try:
            found[item.name] = set_sizes(item, root)
            reason = f"no {root / item.folder} yet, and nobody has listed its sizes"
        except UserError as error:
            found[item.name], reason = None, str(error)
        if found[item.name] is None:
            notes.append(f"{kind} set {item.name} is not counted in the room on disk: {reason}")
    return found


def _counts(
    sets: Sequence[ImageSetConfig], sizes: Mapping[str, Sequence[ImageSize] | None]
) -> dict[str, int | None]:
    """Return how many images each set has; of the field's also without their sizes."""
    counts = dict[str, int | None]()
    for item in sets:
        known, benchmark = sizes[item.name], benchmark_at(item.folder)
        if known is not None:
            counts[item.name] = len(known)
        elif benchmark is not None:
            whole = benchmark.images - len(item.exclude)
            counts[item.name] = len(item.only) or whole
        else:
            counts[item.name] = None
    return counts


def _comparisons(
    plan: Plan, metrics: Path | None, own: Path, notes: list[str]
) -> list[Comparison]:
    """Return the variances of what the study claims, as far as some rows tell them."""
    subject = "smallest detectable differences"
    if metrics is None:
        notes.append(f"{subject}: no {own} yet; --metrics takes that of another study")
        return []
    pairs = pairs_of_claims(plan)
    found = comparisons(metrics, pairs, [method.name for method in plan.trained])
    known = {(one.method, one.reference) for one in found}
    lacking = [f"{method} and {reference}" for method, reference in pairs
               if (method, reference) not in known]  # fmt: skip
    if lacking:
        notes.append(
            f"{subject}: {metrics} has not both of {'; '.join(lacking)} with two seeds and "
            "two images"
        )
    return found
