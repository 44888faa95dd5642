"""What a step of a training takes, measured by short trainings of several methods in turns."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from dasr.architectures import Network
from dasr.config import RunConfig, Stage, digest
from dasr.data import PackedImages, open_packed, pack
from dasr.data.leaves import dead_leaves
from dasr.data.patches import PatchSampler
from dasr.training.checkpoints import Checkpoints
from dasr.training.context import FinishedStage, RunContext
from dasr.training.loop import train_encoder, train_network, train_part

ROUNDS = 5
"""Of short trainings: every stage of every method has one in each."""
STEPS = 8
"""Of a short training."""
FIRST_STEPS = 3
"""Of these, not counted: they build kernels and allocate."""
IMAGES = 4
"""Packed dead leaves: what is in an image does not decide what a step takes."""

StageSeconds = dict[str, float]
"""CPU seconds of a step, by the name of the stage."""


@dataclass(frozen=True)
class StepClock(Checkpoints):
    """Keeps no network, but the CPU seconds of the process at the end of every step."""

    ends: list[float] = field(default_factory=list)

    def keep(self, network: Network | None, step: int) -> None:
        """Note the time that a step has ended at."""
        self.ends.append(time.process_time())

    def counted(self) -> list[float]:
        """Return the CPU seconds of the steps that count."""
        return [after - before for before, after in pairwise(self.ends[FIRST_STEPS - 1 :])]


def step_seconds(runs: Sequence[RunConfig], rounds: int = ROUNDS) -> list[StageSeconds]:
    """Return the CPU seconds of a step of each stage of each training: medians.

    A stage that several share is measured once a round. Validation images, which encoder
    stages are diagnosed on, take no part.

    Args:
        runs: of a study; what else of them is the same is measured as often as it is there.
        rounds: of short trainings.
    """
    short = [shortened(run) for run in runs]
    found: dict[str, list[float]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        images = _images(Path(folder), short)
        for number in range(rounds):
            _measure_round(short, images, Path(folder) / f"round{number}", found)
    return [
        {stage.name: statistics.median(found[key]) for key, stage in _keyed(run)}
        for run in short
    ]


def shortened(run: RunConfig) -> RunConfig:
    """Return a training whose stages have `STEPS` steps each, every step as before."""
    training = run.settings.training
    changed = replace(
        training,
        steps_per_epoch=STEPS,
        joint_steps_per_epoch=None,
        encoder_epochs=min(1, training.encoder_epochs),
        joint_epochs=1,
        parts={name: replace(one, epochs=1) for name, one in training.parts.items()},
    )
    settings = replace(run.settings, training=changed)
    return replace(run, method="", regime="", seed=0, settings=settings)


def _keyed(run: RunConfig) -> Iterator[tuple[str, Stage]]:
    """Yield the stages of a training with what their seconds are filed under."""
    for stage in run.stages():
        yield digest(run if stage.name == "joint" else stage), stage


def _measure_round(
    runs: Iterable[RunConfig],
    images: Sequence[PackedImages],
    folder: Path,
    found: dict[str, list[float]],
) -> None:
    """Train every stage once, and add the seconds of its steps."""
    finished: dict[str, FinishedStage] = {}
    for run in runs:
        before = dict[str, FinishedStage]()
        for key, stage in _keyed(run):
            clock = StepClock()
            context = RunContext(folder / key, "", checkpoints=clock)
            sampler = PatchSampler(images, stage.training.patch_size * stage.scale)
            if stage.name == "joint":
                own, encoder = _own_sampler(stage, images), before.pop("encoder", None)
                train_network(run, sampler, context, encoder, own, before)
            else:
                if key not in finished:
                    finished[key] = _train_alone(stage, sampler, context)
                before[stage.name] = finished[key]
            found[key] += clock.counted()


def _train_alone(stage: Stage, sampler: PatchSampler, context: RunContext) -> FinishedStage:
    """Train an encoder, or another part, and return its stage."""
    identity = context.identity(stage)
    train = train_encoder if stage.part is None else train_part
    state = train(stage, sampler, context)
    path = context.folder / "alone.safetensors"
    state.save(path, {"digest": identity})
    return FinishedStage(path, identity)


def _own_sampler(stage: Stage, images: Sequence[PackedImages]) -> PatchSampler | None:
    """Return what draws the patches of a contrastive term that has its own."""
    contrast = stage.own_contrast()
    if contrast is None:
        return None
    return PatchSampler(images, contrast.training.patch_size * stage.scale)


def _images(folder: Path, runs: Iterable[RunConfig]) -> list[PackedImages]:
    """Return images as large as the largest patches need."""
    sides = [stage.training.patch_size * stage.scale for run in runs for stage in run.stages()]
    pixels, index = folder / "images.bin", folder / "images.csv"
    leaves = ((f"{number}", dead_leaves(2 * max(sides), 0, number)) for number in range(IMAGES))
    pack("images", leaves, pixels, index)
    return [open_packed(pixels, index)]
