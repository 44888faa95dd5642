"""What a step trains on: HR patches and LR images made of them."""

from typing import NamedTuple

import torch
from torch import Tensor

from dasr.config import Stage
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, degrade, sample_degradations
from dasr.seeds import generator


class Batch(NamedTuple):
    """Two patches of each of B images."""

    lr_images: Tensor
    """(B, 2, 3, h, w), [0, 255]."""
    hr: Tensor
    """(B, 2, 3, H, W), [0, 255]."""
    degradation: DegradationBatch
    """Of both patches of an image. On the CPU, so that deciding by its values waits for
    nothing; whoever needs one on the device copies its few numbers."""


def draw_batch(stage: Stage, sampler: PatchSampler, step: int, device: torch.device) -> Batch:
    """Return what one step trains on.

    Args:
        stage: its seed and name, and the step, decide everything that is drawn.
        sampler: HR patches.
        step: number of the step.
        device: where LR images are made. A GPU draws the noise itself, from a generator of
            its own: other noise than a CPU's, but the same at every start.
    """
    count = stage.training.batch_size
    rng = generator(stage.seed, stage.name, step)
    hr = sampler.sample(count, rng)
    degradation = sample_degradations(stage.degradation, stage.scale, count, rng)
    noise_rng = rng
    if device.type != "cpu":
        hr = hr.pin_memory().to(device, non_blocking=True)
        noise_rng = generator(stage.seed, stage.name, step, "noise", device=device)
    lr_images = degrade(hr, degradation, stage.scale, noise_rng)
    return Batch(lr_images, hr, degradation)
