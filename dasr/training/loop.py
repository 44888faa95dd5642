"""The two stages of training (paper, section 4.1), resumable to the bit."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dasr.config import EncoderConfig, RunConfig, digest
from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from dasr.model import DASR, Encoder, MomentumContrast
from dasr.seeds import generator, initialisation
from dasr.training import schedule
from dasr.training.batches import draw_batch
from dasr.training.handover import Handover
from dasr.training.hardware import arithmetic, float32_units, prepare
from dasr.training.losses import contrastive_loss, l1_loss
from dasr.training.progress import Progress
from dasr.training.state import TrainingState

HISTORY_ROWS = 250
"""A history has about so many rows, each the mean over an interval of steps."""

Losses = dict[str, Tensor]


@dataclass(frozen=True)
class Place:
    """Where a stage runs and keeps its unfinished state (dasr.training.handover)."""

    folder: Path
    context: str
    """Digest of what decides the weights beside the configuration: images and code."""
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    checkpoint_seconds: float = 15.0
    """Between two writings of the unfinished state."""

    def identity(self, config: EncoderConfig | RunConfig) -> str:
        """Return the digest that a state of this stage carries."""
        return digest([digest(config), self.context])


def train_encoder(config: EncoderConfig, sampler: PatchSampler, place: Place) -> TrainingState:
    """Return the encoder stage's final state: encoders, queue, optimizer.

    Args:
        config: the stage.
        sampler: HR patches.
        place: device and checkpoint.

    Raises:
        UserError: a loss became NaN or infinite.
    """
    contrast = build_contrast(build_encoder(config.encoder_features, config.seed), config)
    modules = torch.nn.ModuleDict({"contrast": contrast})
    state = TrainingState(prepare(modules, config, place.device))
    total = config.epochs * config.steps_per_epoch

    def step_losses(step: int) -> Losses:
        lr_images, _, _ = draw_batch(config, sampler, "encoder", step, place.device)
        with arithmetic(config, place.device):
            _, logits = contrast(lr_images[:, 0], lr_images[:, 1])
        return {"contrastive": contrastive_loss(logits)}

    def rate(step: int) -> float:
        if config.schedule == "cosine":
            return schedule.cosine_rate(config.learning_rate, step, total)
        epoch = step // config.steps_per_epoch
        return schedule.encoder_rate(config.learning_rate, epoch, config.decay_epochs)

    with float32_units(config.precision, place.device):
        _run(state, total, step_losses, rate, place, place.identity(config), {})
    return state


def train_network(
    run: RunConfig, sampler: PatchSampler, place: Place, encoder_state: Path | None
) -> tuple[DASR, TrainingState]:
    """Return the network after the joint stage, and the final state.

    Args:
        run: everything that decides the weights.
        sampler: HR patches.
        place: device and checkpoint.
        encoder_state: the finished encoder stage, for methods that have one.

    Raises:
        UserError: a loss became NaN or infinite, or checkpoint or encoder belong to
            another configuration.
    """
    training, weight = run.settings.training, run.settings.contrastive.weight
    network = build_network(run)
    modules = torch.nn.ModuleDict({"generator": network.generator})
    contrast = None
    if isinstance(network.encoder, Encoder):
        # also without a contrastive term: an encoder stage may have come before
        contrast = build_contrast(network.encoder, run)
        modules["contrast"] = contrast
    else:
        modules["encoder"] = network.encoder
    state = TrainingState(prepare(modules, training, place.device))
    stage = run.encoder()
    if stage is not None:
        assert encoder_state is not None, "this method has an encoder stage"
        state.adopt_encoder(encoder_state, place.identity(stage))
    total = training.joint_epochs * training.steps_per_epoch

    def step_losses(step: int) -> Losses:
        lr_images, hr, degradation = draw_batch(run, sampler, "joint", step, place.device)
        losses: Losses = {}
        logits = None
        with arithmetic(training, place.device):
            if contrast is not None and weight > 0:
                representation, logits = contrast(lr_images[:, 0], lr_images[:, 1])
            else:
                representation = network.represent(lr_images[:, 0], degradation)
            sr = network.generator(lr_images[:, 0], representation)
        if logits is not None:
            losses["contrastive"] = contrastive_loss(logits)
        return {"l1": l1_loss(sr, hr[:, 0]), **losses}

    def rate(step: int) -> float:
        if training.schedule == "cosine":
            return schedule.cosine_rate(training.joint_learning_rate, step, total)
        epoch = step // training.steps_per_epoch
        return schedule.joint_rate(
            training.joint_learning_rate, epoch, training.joint_decay_epochs
        )

    weights = {"contrastive": weight}
    with float32_units(training.precision, place.device):
        _run(state, total, step_losses, rate, place, place.identity(run), weights)
    return network, state


def build_encoder(features: int, seed: int) -> Encoder:
    """Return a freshly initialised encoder: the same for every variant of a seed."""
    with initialisation(seed, "encoder"):
        return Encoder(features)


def build_network(run: RunConfig) -> DASR:
    """Return a freshly initialised network."""
    with initialisation(run.seed, "generator"):
        network = DASR(run.settings.model, run.scale)
    if run.settings.model.representation == "learned":
        network.encoder = build_encoder(run.settings.model.encoder_features, run.seed)
    return network


def build_contrast(encoder: Encoder, config: EncoderConfig | RunConfig) -> MomentumContrast:
    """Return contrastive learning around an encoder, with a freshly drawn queue."""
    settings = config if isinstance(config, EncoderConfig) else config.settings.contrastive
    return MomentumContrast(
        encoder,
        queue_size=settings.queue_size,
        momentum=settings.momentum,
        temperature=settings.temperature,
        rng=generator(config.seed, "queue"),
    )


def _run(
    state: TrainingState,
    total: int,
    step_losses: Callable[[int], Losses],
    rate: Callable[[int], float],
    place: Place,
    identity: str,
    weights: dict[str, float],
) -> None:
    """Take the steps that are left, keeping history and checkpoint.

    Losses are read once an interval, so that nothing waits for the device inside a step;
    checkpoints fall on the ends of intervals, so that a row's mean never loses a part.
    """
    checkpoint = Handover(place.folder, identity, {}).state
    if checkpoint.exists():
        state.restore(checkpoint, identity)
    interval = max(1, -(-total // HISTORY_ROWS))
    progress = Progress(place.folder.name, total, state.step)
    saved = time.monotonic()
    try:
        while state.step < total:
            end = min(total, state.step - state.step % interval + interval)
            _interval(state, end, step_losses, rate, weights, progress)
            if time.monotonic() - saved > place.checkpoint_seconds or end == total:
                state.save(checkpoint, {"digest": identity})
                saved = time.monotonic()
    finally:
        progress.close()


def _interval(
    state: TrainingState,
    end: int,
    step_losses: Callable[[int], Losses],
    rate: Callable[[int], float],
    weights: dict[str, float],
    progress: Progress,
) -> None:
    rows, first = [], state.step
    while state.step < end:
        learning_rate = rate(state.step)
        for group in state.optimizer.param_groups:
            group["lr"] = learning_rate
        losses = step_losses(state.step)
        terms = [weights.get(name, 1.0) * value for name, value in losses.items()]
        state.optimizer.zero_grad(set_to_none=True)
        torch.stack(terms).sum().backward()
        state.optimizer.step()
        rows.append(torch.stack([value.detach() for value in losses.values()]))
        state.step += 1
    values = torch.stack(rows).double().cpu()
    finite = values.isfinite().all(dim=1)
    if not bool(finite.all()):
        step = first + int((~finite).int().argmax())
        raise UserError(
            f"loss is {dict(zip(losses, values[step - first].tolist(), strict=True))} at "
            f"step {step} with learning rate {rate(step):.3g}: lower the learning rate"
        )
    means = dict(zip(losses, values.mean(dim=0).tolist(), strict=True))
    state.history.append((state.step, learning_rate, *means.values()))
    progress.update(state.step, means, learning_rate)


def history_columns(stage: str, run: RunConfig | None = None) -> list[str]:
    """Return the names of a history's columns."""
    losses = ["contrastive"]
    if stage == "joint":
        assert run is not None
        contrastive = run.settings.contrastive.weight > 0
        losses = ["l1", "contrastive"] if contrastive else ["l1"]
    return ["step", "learning_rate", *losses]


def describe(run: RunConfig) -> dict[str, Any]:
    """Return what a network's card says of its training."""
    training = run.settings.training
    return {
        "method": run.method,
        "regime": run.regime,
        "scale": run.scale,
        "seed": run.seed,
        "degradation": run.degradation,
        "step": training.joint_epochs * training.steps_per_epoch,
        "digest": digest(run),
    }
