"""How long a study trains: steps that are left, and what each takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dasr.forecast.speed import Measured, Origin, StepTime, step_time
from dasr.forecast.steps import StepCosts, step_key
from dasr.forecast.trainings import Training

SHARED_STAGES = "{} stages"
"""Name of the share of shared stages of one name, e.g. "encoder stages"."""
"""What they are called where networks go by their method."""


@dataclass(frozen=True)
class Side:
    """How trainings share the cores."""

    cores: int
    threads: int
    """Of one training."""

    @property
    def by_side(self) -> int:
        """How many trainings run at once."""
        return max(1, self.cores // self.threads)


@dataclass(frozen=True)
class Share:
    """The trainings of a method, or the encoder stages."""

    name: str
    trainings: int
    finished: int
    steps: int
    """That are left, of all of them."""
    step_seconds: float | None
    """CPU seconds a step, their mean; None if nothing is left, or nothing is measured."""
    cpu_hours: float | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Hours:
    """How long the trainings of a study take."""

    side: Side
    shares: tuple[Share, ...]
    cpu_hours: float | None
    """None if nothing is measured in the precision of a training."""
    wall_hours: float | None
    """With trainings side by side, at least the longest chain of stages."""
    factors: dict[Origin, tuple[float, float]]
    """The smallest and the largest number that something measured was multiplied by."""
    sources: tuple[str, ...]


def hours_of(
    trainings: Sequence[Training], side: Side, measured: Sequence[Measured], costs: StepCosts
) -> Hours:
    """Return how long trainings take.

    Assumes that each of the trainings side by side is as fast as alone, that a training with
    several threads keeps all of them busy, and that seconds grow with arithmetic: of networks
    much smaller than those that were measured that is too little, since a step has fixed
    costs.
    """
    times: dict[str, StepTime | None] = {}
    for one in trainings:
        key = step_key(one.stage, one.model)
        if one.steps and key not in times:
            times[key] = step_time(one.stage, one.model, side.threads, measured, costs)
    groups = defaultdict[str, list[Training]](list)
    for one in trainings:
        groups[one.method or SHARED_STAGES.format(one.kind)].append(one)
    shares = tuple(_share(name, group, times) for name, group in groups.items())
    spent = [share.cpu_hours for share in shares if share.steps]
    known = [hours for hours in spent if hours is not None]
    whole = sum(known) if len(known) == len(spent) else None
    used = {source for time in times.values() if time for source in time.sources}
    wall = None if whole is None else _wall_hours(trainings, times, side, whole)
    return Hours(side, shares, whole, wall, _factors(times.values()), tuple(sorted(used)))


def _factors(times: Iterable[StepTime | None]) -> dict[Origin, tuple[float, float]]:
    by_origin = defaultdict[Origin, list[float]](list)
    for time in times:
        if time is not None:
            by_origin[time.origin].append(time.factor)
    return {origin: (min(values), max(values)) for origin, values in by_origin.items()}


def _share(name: str, group: Sequence[Training], times: Mapping[str, StepTime | None]) -> Share:
    left = [one for one in group if one.steps]
    steps = sum(one.steps for one in left)
    found = [(one.steps, times[step_key(one.stage, one.model)]) for one in left]
    known = [(steps, time) for steps, time in found if time is not None]
    seconds = sum(steps * time.seconds for steps, time in known)
    complete = bool(steps) and len(known) == len(found)
    return Share(
        name=name,
        trainings=len(group),
        finished=sum(one.finished for one in group),
        steps=steps,
        step_seconds=seconds / steps if complete else None,
        cpu_hours=seconds / 3600 if complete else None,
        origins=tuple(sorted({time.origin for _, time in known})),
    )


def _wall_hours(
    trainings: Iterable[Training],
    times: Mapping[str, StepTime | None],
    side: Side,
    cpu_hours: float,
) -> float:
    """Return the hours of a full machine, or of the longest chain if that is longer."""
    shared, longest = dict[str, float](), 0.0
    for one in trainings:
        time = times.get(step_key(one.stage, one.model))
        hours = one.steps * time.seconds / 3600 if time and one.steps else 0.0
        if not one.method:
            shared.update(dict.fromkeys(one.after, hours))
            longest = max(longest, hours)
            continue
        before = max((shared.get(name, 0.0) for name in one.after), default=0.0)
        longest = max(longest, before + hours)
    return max(cpu_hours / side.by_side, longest) / side.threads
