"""The stages of training (paper, section 4.1), resumable to the bit."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import torch
from torch import Tensor

from dasr.architectures import Network
from dasr.config import ModelConfig, RunConfig, Stage
from dasr.data import PackedImages
from dasr.data.batches import Batch, draw_batch
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.training.checkpoints import Checkpoints
from dasr.training.context import FinishedStage, RunContext
from dasr.training.diagnosis import Diagnosis, Watched, complaint
from dasr.training.handover import Handover
from dasr.training.hardware import float32_units, prepare
from dasr.training.progress import Progress
from dasr.training.schedule import learning_rate
from dasr.training.state import TrainingState
from dasr.training.step import Learner, descend, new_learner, step_losses
from dasr.training.validation import validation_crops

logger = logging.getLogger(__name__)
Draw = Callable[[int], tuple[Batch, ...]]
"""From the number of a step to what it trains on, as `step_losses` takes it."""
HISTORY_ROWS = 250
"""A history has about so many rows, each the mean over an interval of steps."""


def train_encoder(
    stage: Stage,
    sampler: PatchSampler,
    context: RunContext,
    validation: Sequence[PackedImages] = (),
) -> TrainingState:
    """Return the encoder stage's final state: encoders, memory, optimizer.

    Its history begins with a row of step 0, before training.

    Args:
        stage: the stage.
        sampler: HR patches.
        context: device and checkpoint.
        validation: images that it is diagnosed on.

    Raises:
        UserError: a loss became NaN or infinite.
    """
    learner, state = _begin(stage, None, context)

    def draw(step: int) -> tuple[Batch, ...]:
        return (draw_batch(stage, sampler, step, context.device),)

    diagnosis = Diagnosis(stage, validation_crops(stage, validation))
    watched = None
    if diagnosis.columns:
        watched = Watched(diagnosis, learner)
    _train(learner, state, draw, context, context.identity(stage), watched)
    if found := complaint(state.history):
        logger.warning("%s", found)
    return state


def train_part(stage: Stage, sampler: PatchSampler, context: RunContext) -> TrainingState:
    """Return the final state of the stage of a part: the part, optimizer.

    Args:
        stage: the stage.
        sampler: HR patches.
        context: device and checkpoint.

    Raises:
        UserError: a loss became NaN or infinite.
    """
    learner, state = _begin(stage, None, context)

    def draw(step: int) -> tuple[Batch, ...]:
        return (draw_batch(stage, sampler, step, context.device),)

    _train(learner, state, draw, context, context.identity(stage))
    return state


def train_network(
    run: RunConfig,
    sampler: PatchSampler,
    context: RunContext,
    before: FinishedStage | None,
    contrast_sampler: PatchSampler | None = None,
    parts: Mapping[str, FinishedStage] = MappingProxyType({}),
) -> tuple[Network, TrainingState]:
    """Return the network after the joint stage, and the final state.

    Args:
        run: everything that decides the weights.
        sampler: HR patches.
        context: device and checkpoint.
        before: the finished encoder stage, for methods that have one.
        contrast_sampler: HR patches of the contrastive term, where it has its own.
        parts: the finished stages of the model's parts, by name.

    Raises:
        UserError: a loss became NaN or infinite, or checkpoint, encoder or part belong to
            another configuration.
    """
    stage = run.joint_stage()
    contrast = stage.own_contrast()
    learner, state = _begin(stage, run.settings.model, context)
    assert (before is None) == (run.encoder_stage() is None), "an encoder stage is missing"
    if before is not None:
        state.adopt_encoder(*before)
    assert learner.network is not None
    paths = learner.network.part_paths()
    assert parts.keys() == paths.keys() == run.part_stages().keys(), "a part is missing"
    for name, finished in parts.items():
        state.adopt_part(*finished, f"network.{paths[name]}")

    def draw(step: int) -> tuple[Batch, ...]:
        batch = draw_batch(stage, sampler, step, context.device)
        if contrast is None:
            return (batch,)
        assert contrast_sampler is not None, "the contrastive term has patches of its own"
        return (
            batch,
            draw_batch(contrast, contrast_sampler, step, context.device, "contrast"),
        )

    _train(learner, state, draw, context, context.identity(run))
    return learner.network, state


def _begin(
    stage: Stage, model: ModelConfig | None, context: RunContext
) -> tuple[Learner, TrainingState]:
    learner = new_learner(stage, model)
    parts = learner.compiled_parts() if stage.training.compile else []
    modules = prepare(learner.modules(), parts, stage.training, context.device)
    learner.settle()
    return learner, TrainingState(modules, rate_shares=learner.rate_shares())


def _train(
    learner: Learner,
    state: TrainingState,
    draw: Draw,
    context: RunContext,
    identity: str,
    watched: Watched | None = None,
) -> None:
    """Take the steps that are left, keeping history and checkpoint.

    Losses are read once an interval, so that nothing waits for the device inside a step;
    checkpoints fall on the ends of intervals, so that a row's mean never loses a part.
    """
    training = learner.stage.training
    checkpoint = Handover(context.folder, identity, {}).state
    if checkpoint.exists() and context.checkpoints.allow(checkpoint):
        state.restore(checkpoint, identity)
    total = training.total_steps
    interval = max(1, -(-total // HISTORY_ROWS))
    if watched is not None and watched.diagnosis.crops and not state.history:
        state.history.append(watched.start(lambda step: draw(step)[0].lr_images))
    progress = Progress(context.folder.name, total, state.step)
    saved, spent_before = time.monotonic(), state.cpu_seconds - time.process_time()
    try:
        with float32_units(training.precision, context.device):
            while state.step < total:
                end = min(total, state.step - state.step % interval + interval)
                row, views = _train_interval(learner, state, draw, context.checkpoints, end)
                if watched is not None:
                    row |= watched.after(views, -(-end // interval), -(-total // interval))
                state.history.append(row)
                progress.update(row)
                state.cpu_seconds = spent_before + time.process_time()
                if time.monotonic() - saved > context.checkpoint_seconds or end == total:
                    card = {"digest": identity, "cpu_seconds": state.cpu_seconds}
                    state.save(checkpoint, card)
                    saved = time.monotonic()
    finally:
        progress.close()


def _train_interval(
    learner: Learner, state: TrainingState, draw: Draw, checkpoints: Checkpoints, end: int
) -> tuple[dict[str, float], Tensor]:
    """Train up to step `end`; return the history's new row, and the last step's views."""
    stage, first = learner.stage, state.step
    weights = {"contrastive": stage.contrastive.weight}
    values, names = [], list[str]()
    for step in range(first, end):
        batches = draw(step)
        losses = step_losses(learner, *batches)
        descend(state.optimizer, losses, weights, learning_rate(stage, step))
        names = list(losses)
        values.append(torch.stack([value.detach() for value in losses.values()]))
        state.step += 1
        checkpoints.keep(learner.network, state.step)
    read = torch.stack(values).double().cpu()
    _require_finite(stage, read, names, first)
    means = dict(zip(names, read.mean(dim=0).tolist(), strict=True))
    row = {"step": state.step, "learning_rate": learning_rate(stage, end - 1), **means}
    return row, batches[0].lr_images


def _require_finite(stage: Stage, values: torch.Tensor, names: list[str], first: int) -> None:
    """Raise UserError with the first step of (steps, losses) that is not finite."""
    finite = values.isfinite().all(dim=1)
    if bool(finite.all()):
        return
    number = int((~finite).int().argmax())
    losses, step = dict(zip(names, values[number].tolist(), strict=True)), first + number
    raise UserError(
        f"loss is {losses} at step {step} with learning rate "
        f"{learning_rate(stage, step):.3g}: lower the learning rate"
    )
