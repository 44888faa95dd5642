"""The learning rate as a pure function of the step."""

import math

from dasr.config import Stage

WARM_UP_SHARE = 0.04
"""Share of a stage that schedule "cosine" spends rising linearly from zero."""

ENCODER_DECAY = 0.1
JOINT_DECAY = 0.5


def encoder_rate(peak: float, epoch: int, decay_epochs: int) -> float:
    """Return the paper's rate of the encoder stage; epochs count from 0."""
    return peak * (ENCODER_DECAY if epoch >= decay_epochs else 1.0)


def joint_rate(peak: float, epoch: int, decay_epochs: int) -> float:
    """Return the paper's rate of the joint stage: halved every `decay_epochs`."""
    return float(peak * JOINT_DECAY ** (epoch // decay_epochs))


def cosine_rate(peak: float, step: int, total: int) -> float:
    """Return a rate that rises linearly, then falls to zero along half a cosine."""
    warm_up = max(1, round(WARM_UP_SHARE * total))
    if step < warm_up:
        return peak * (step + 1) / warm_up
    progress = (step - warm_up) / max(1, total - warm_up)
    return peak * 0.5 * (1 + math.cos(math.pi * progress))


def learning_rate(stage: Stage, step: int) -> float:
    """Return the learning rate of a step of a stage."""
    training = stage.training
    if training.schedule == "cosine":
        return cosine_rate(training.learning_rate, step, training.total_steps)
    by_steps = encoder_rate if stage.name == "encoder" else joint_rate
    epoch = step // training.steps_per_epoch
    return by_steps(training.learning_rate, epoch, training.decay_epochs)
