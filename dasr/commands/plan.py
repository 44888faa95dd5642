"""`dasr plan`: what a study will take and can see, as plain values and as text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dasr.devices import use_device
from dasr.forecast.detectable import IMAGES, SEEDS, Comparison, sizes_shown
from dasr.forecast.forecast import Forecast, forecast
from dasr.forecast.hours import Share
from dasr.forecast.room import MEGABYTE
from dasr.forecast.speed import ORIGINS
from dasr.forecast.trainings import Training
from dasr.reporting.published.protocols import require_grid
from dasr.statistics.intervals import LEVEL
from dasr.statistics.power import POWER
from dasr.study import Plan
from dasr.study.planning import checked_study

KINDS: dict[str, Callable[[Training], bool]] = {
    "networks": lambda one: one.method != "",
    "encoder_stages": lambda one: one.kind == "encoder",
    "part_stages": lambda one: one.stage.part is not None,
}
"""Trainings by what is counted."""
LEAST_WIDTH = 24
"""Of the column of methods, in characters."""


def plan_study(
    files: Sequence[Path], arguments: Sequence[str], cores: int, metrics: Path | None
) -> Forecast:
    """Return what a study of the project in the working directory will take and can see.

    Args:
        files: study files, as for Snakemake's `--configfile`.
        arguments: "key=value", as for Snakemake's `--config`.
        cores: for all jobs together.
        metrics: `metrics.csv` of an earlier study, or None for the study's own.

    Raises:
        UserError: the study or `metrics` is not what it should be, in one line.
    """
    use_device(1, gpu=False)  # small steps: a second thread would only wait
    study = checked_study(files, arguments)
    require_grid(study.config)
    return forecast(Plan(study), cores, metrics)


def planned_values(found: Forecast) -> dict[str, Any]:
    """Return a forecast as plain data, for JSON; what is not known is null."""
    config, hours = found.plan.config, found.hours
    disk = asdict(found.disk) | {"total": found.disk.total}
    return {
        "study": config.study,
        "title": config.title,
        **_counts(found),
        "hours": {
            "wall": hours.wall_hours,
            "cpu": hours.cpu_hours,
            "cores": hours.side.cores,
            "threads": hours.side.threads,
            "side_by_side": hours.side.by_side,
            "shares": [asdict(share) for share in hours.shares],
            "factors": {origin: list(pair) for origin, pair in hours.factors.items()},
            "sources": list(hours.sources),
        },
        "disk_mb": {name: size / MEGABYTE for name, size in disk.items()},
        "memory_mb": {
            "per_training": found.memory.per_training / MEGABYTE,
            "at_once": found.memory.at_once / MEGABYTE,
        },
        "unfinished_states_mb": found.memory.unfinished / MEGABYTE,
        "test_images": dict(found.test_images),
        "detectable": {
            "metrics": None if found.metrics is None else str(found.metrics),
            "claims": len(found.plan.study.claims),
            "power": POWER,
            "level": 1 - LEVEL,
            "comparisons": [_compared(found, one) for one in found.comparisons],
        },
        "notes": list(found.notes),
    }


def _counts(found: Forecast) -> dict[str, dict[str, int]]:
    return {
        key: {
            "trainings": len(own := [one for one in found.trainings if is_one(one)]),
            "finished": sum(one.finished for one in own),
            "steps_left": sum(one.steps for one in own),
        }
        for key, is_one in KINDS.items()
    }


def _compared(found: Forecast, one: Comparison) -> dict[str, Any]:
    claims = len(found.plan.study.claims)
    numbers = [(images, seeds) for images in _images(found) for seeds in _seeds(found)]
    return asdict(one) | {
        "smallest_difference_db": [
            {"images": images, "seeds": seeds, "db": one.smallest(images, seeds, claims)}
            for images, seeds in numbers
        ]
    }


def _images(found: Forecast) -> list[int]:
    own = [count for count in found.test_images.values() if count is not None]
    return sizes_shown(own, IMAGES)


def _seeds(found: Forecast) -> list[int]:
    return sizes_shown([len(found.plan.config.seeds)], SEEDS)


def plan_text(found: Forecast) -> str:
    """Return a forecast as text for a terminal."""
    config = found.plan.config
    parts = (_trainings(found), _room(found), _detectable(found), _notes(found))
    lines = [f"{config.study}: {config.title}", *(line for part in parts for line in part)]
    return "\n".join(lines) + "\n"


def _trainings(found: Forecast) -> Iterator[str]:
    counts, hours, side = _counts(found), found.hours, found.hours.side
    networks, encoders = counts["networks"], counts["encoder_stages"]
    parts = counts["part_stages"]
    of_parts = f"; of parts: {parts['trainings']} ({parts['finished']} finished)"
    yield (
        f"networks to train: {networks['trainings']} ({networks['finished']} finished); "
        f"shared encoder stages: {encoders['trainings']} ({encoders['finished']} finished)"
        f"{of_parts if parts['trainings'] else ''}"
    )
    yield ""
    width = max([LEAST_WIDTH, *(len(share.name) + 2 for share in hours.shares)])
    yield f"{'':{width}}{'finished':>10}{'steps left':>12}{'s/step':>9}{'CPU hours':>11}"
    yield from (_share_line(share, width) for share in hours.shares)
    yield ""
    if hours.cpu_hours is None or hours.wall_hours is None:
        yield "hours: not known"
    else:
        threads = "1 thread" if side.threads == 1 else f"{side.threads} threads"
        yield (
            f"hours: {hours.wall_hours:.3g} with {side.cores} cores, {side.by_side} at a time "
            f"with {threads} each ({hours.cpu_hours:.3g} CPU hours)"
        )
        yield "  if trainings side by side are as fast as alone; tests and tables come on top"
    for origin, (least, most) in hours.factors.items():
        scaled = "" if origin == "same step" else f", times {least:.2g} to {most:.2g}"
        yield f"  s/step {ORIGINS[origin]}{scaled}"
    if hours.sources:
        more = f" and {len(hours.sources) - 1} more" if len(hours.sources) > 1 else ""
        yield f"  from {hours.sources[0]}{more}"


def _share_line(share: Share, width: int) -> str:
    done = f"{share.finished}/{share.trainings}"
    seconds = "–" if share.step_seconds is None else f"{share.step_seconds:.4f}"
    hours = "–" if share.cpu_hours is None else f"{share.cpu_hours:.2f}"
    return f"{share.name:{width}}{done:>10}{share.steps:>12,}{seconds:>9}{hours:>11}"


def _room(found: Forecast) -> Iterator[str]:
    disk, memory = found.disk, found.memory
    parts = [
        f"{name.replace('_', ' ')} {_megabytes(size)}" for name, size in asdict(disk).items()
    ]
    yield f"disk: {_megabytes(disk.total)}, and tables and figures"
    yield f"  {', '.join(parts)}"
    if memory.per_training:
        yield (
            f"memory: {_megabytes(memory.per_training)} per training at most, "
            f"{_megabytes(memory.at_once)} at once; unfinished states take "
            f"{_megabytes(memory.unfinished)} on the disk"
        )


def _megabytes(size: float) -> str:
    megabytes = size / MEGABYTE
    return f"{megabytes / 1e3:.1f} GB" if megabytes >= 1e3 else f"{megabytes:.3g} MB"


def _detectable(found: Forecast) -> Iterator[str]:
    sets = ", ".join(
        f"{name} {'of unknown size' if count is None else f'of {count}'}"
        for name, count in found.test_images.items()
    )
    yield f"test images: {sets}; claims: {len(found.plan.study.claims)}"
    if not found.comparisons:
        return
    seeds, claims = _seeds(found), len(found.plan.study.claims)
    yield ""
    yield (
        f"smallest detectable difference in dB ({POWER:.0%} power, two-sided {1 - LEVEL:.0%} "
        f"at the strictest step of Holm over {claims} claims), by variances of "
        f"{found.metrics}:"
    )
    columns = "".join(f"{f'{number} seeds':>10}" for number in seeds)
    yield f"{'':44}{'images':>8}{columns}"
    for one in found.comparisons:
        sds = [variance**0.5 for variance in asdict(one.components).values()]
        name = f"{one.method} minus {one.reference}"
        spread = "sd {:.2f} images, {:.2f} seeds, {:.2f} rest".format(*sds)
        measured = f"{one.testset}, x{one.scale}, {one.regime}"
        labels = [name, f"  {measured}", f"  {spread}"]
        rows = [
            (images, [one.smallest(images, number, claims) for number in seeds])
            for images in _images(found)
        ]
        for label, (images, values) in _side_by_side(labels, rows):
            numbers = "".join(f"{value:>10.3f}" for value in values)
            yield f"{label:44}{images:>8}{numbers}".rstrip()


def _side_by_side(labels: list[str], rows: list[Any]) -> Iterator[tuple[str, Any]]:
    for number in range(max(len(labels), len(rows))):
        label = labels[number] if number < len(labels) else ""
        yield label, rows[number] if number < len(rows) else ("", [])


def _notes(found: Forecast) -> Iterator[str]:
    if found.notes:
        yield ""
    yield from (f"not known: {note}" for note in found.notes)
