"""What a step trains on: HR patches and LR images made of them."""

from typing import NamedTuple

import torch
from torch import Tensor

from dasr.config import Stage
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, degrade, sample_degradations
from dasr.seeds import generator

PAIR = 2
"""Patches of an image that are degraded alike: the first is the query, the other its key."""


class Batch(NamedTuple):
    """V views of each of B images: a pair that is degraded alike, then hard negatives."""

    lr_images: Tensor
    """(B, V, 3, h, w), [0, 255]."""
    hr: Tensor
    """(B, V, 3, H, W), [0, 255]."""
    degradation: DegradationBatch
    """Of the pairs. On the CPU, so that deciding by its values waits for nothing; whoever
    needs one on the device copies its few numbers."""


def draw_batch(
    stage: Stage, sampler: PatchSampler, step: int, device: torch.device, purpose: str = ""
) -> Batch:
    """Return what one step trains on.

    Args:
        stage: its seed and name, and the step, decide everything that is drawn.
        sampler: HR patches.
        step: number of the step.
        device: where LR images are made. A GPU draws the noise itself, from a generator of
            its own: other noise than a CPU's, but the same at every start.
        purpose: of a second batch of the same step, e.g. "contrast".
    """
    count, contrast = stage.training.batch_size, stage.contrastive
    hard = contrast.hard_negatives if contrast.shares_patches else 0
    parts = (stage.seed, stage.name, step, *([purpose] if purpose else []))
    rng = generator(*parts)
    hr = sampler.sample(count, rng, PAIR + hard)
    if contrast.shares_patches and contrast.positives == "other_image":
        hr[:, 1] = hr[:, 1].roll(1, dims=0)
    degradation = sample_degradations(stage.degradation, stage.scale, count, rng)
    noise_rng = rng
    if device.type != "cpu":
        hr = hr.pin_memory().to(device, non_blocking=True)
        noise_rng = generator(*parts, "noise", device=device)
    lr_images = degrade(hr[:, :PAIR], degradation, stage.scale, noise_rng)
    if hard:
        others = sample_degradations(stage.degradation, stage.scale, count * hard, rng)
        rest = hr[:, PAIR:].flatten(0, 1)[:, None]  # each a group of its own
        made = degrade(rest, others, stage.scale, noise_rng)
        lr_images = torch.cat([lr_images, made.view(count, hard, *made.shape[2:])], dim=1)
    return Batch(lr_images, hr, degradation)
