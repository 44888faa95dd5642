"""The two stages of training (paper, section 4.1), resumable to the bit."""

import time

import torch

from dasr.architectures import Network
from dasr.config import ModelConfig, RunConfig, Stage
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.training.batches import draw_batch
from dasr.training.context import FinishedStage, RunContext
from dasr.training.handover import Handover
from dasr.training.hardware import float32_units, prepare
from dasr.training.progress import Progress
from dasr.training.schedule import learning_rate
from dasr.training.state import TrainingState
from dasr.training.step import Learner, descend, new_learner, step_losses

HISTORY_ROWS = 250
"""A history has about so many rows, each the mean over an interval of steps."""


def train_encoder(stage: Stage, sampler: PatchSampler, context: RunContext) -> TrainingState:
    """Return the encoder stage's final state: encoders, memory, optimizer.

    Args:
        stage: the stage.
        sampler: HR patches.
        context: device and checkpoint.

    Raises:
        UserError: a loss became NaN or infinite.
    """
    learner, state = _begin(stage, None, context)
    _train(learner, state, sampler, context, context.identity(stage))
    return state


def train_network(
    run: RunConfig, sampler: PatchSampler, context: RunContext, before: FinishedStage | None
) -> tuple[Network, TrainingState]:
    """Return the network after the joint stage, and the final state.

    Args:
        run: everything that decides the weights.
        sampler: HR patches.
        context: device and checkpoint.
        before: the finished encoder stage, for methods that have one.

    Raises:
        UserError: a loss became NaN or infinite, or checkpoint or encoder belong to
            another configuration.
    """
    learner, state = _begin(run.joint_stage(), run.settings.model, context)
    assert (before is None) == (run.encoder_stage() is None), "an encoder stage is missing"
    if before is not None:
        state.adopt_encoder(*before)
    _train(learner, state, sampler, context, context.identity(run))
    assert learner.network is not None
    return learner.network, state


def _begin(
    stage: Stage, model: ModelConfig | None, context: RunContext
) -> tuple[Learner, TrainingState]:
    learner = new_learner(stage, model)
    parts = learner.compiled_parts() if stage.training.compile else []
    modules = prepare(learner.modules(), parts, stage.training, context.device)
    return learner, TrainingState(modules)


def _train(
    learner: Learner,
    state: TrainingState,
    sampler: PatchSampler,
    context: RunContext,
    identity: str,
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
    progress = Progress(context.folder.name, total, state.step)
    saved, spent_before = time.monotonic(), state.cpu_seconds - time.process_time()
    try:
        with float32_units(training.precision, context.device):
            while state.step < total:
                end = min(total, state.step - state.step % interval + interval)
                row = _train_interval(learner, state, sampler, context, end)
                progress.update(row)
                state.cpu_seconds = spent_before + time.process_time()
                if time.monotonic() - saved > context.checkpoint_seconds or end == total:
                    card = {"digest": identity, "cpu_seconds": state.cpu_seconds}
                    state.save(checkpoint, card)
                    saved = time.monotonic()
    finally:
        progress.close()


def _train_interval(
    learner: Learner,
    state: TrainingState,
    sampler: PatchSampler,
    context: RunContext,
    end: int,
) -> dict[str, float]:
    """Train up to step `end`; return the history's new row."""
    stage, first = learner.stage, state.step
    weights = {"contrastive": stage.contrastive.weight}
    values, names = [], list[str]()
    for step in range(first, end):
        batch = draw_batch(stage, sampler, step, context.device)
        losses = step_losses(learner, batch)
        descend(state.optimizer, losses, weights, learning_rate(stage, step))
        names = list(losses)
        values.append(torch.stack([value.detach() for value in losses.values()]))
        state.step += 1
        context.checkpoints.keep(learner.network, state.step)
    read = torch.stack(values).double().cpu()
    _require_finite(stage, read, names, first)
    means = dict(zip(names, read.mean(dim=0).tolist(), strict=True))
    row = {"step": state.step, "learning_rate": learning_rate(stage, end - 1), **means}
    state.history.append(row)
    return row


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
