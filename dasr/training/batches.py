"""What a step trains on: HR patches and LR images made of them."""

import torch
from torch import Tensor

from dasr.config import EncoderConfig, RunConfig
from dasr.data.patches import PatchSampler
from dasr.degradation import DegradationBatch, degrade, sample_degradations
from dasr.seeds import generator


def draw_batch(
    config: EncoderConfig | RunConfig,
    sampler: PatchSampler,
    stage: str,
    step: int,
    device: torch.device,
) -> tuple[Tensor, Tensor, DegradationBatch]:
    """Return LR (B, 2, 3, h, w), HR (B, 2, 3, H, W) and degradations of one step.

    Images are on the device. The degradations stay on the CPU, so that deciding by their
    values waits for nothing; whoever needs one on the device copies its few numbers.

    Args:
        config: the stage; its seed, stage and step decide everything that is drawn.
        sampler: HR patches.
        stage: "encoder" or "joint".
        step: number of the step.
        device: where LR images are made. A GPU draws the noise itself, from a generator of
            its own: other noise than a CPU's, but the same at every start.
    """
    size = config if isinstance(config, EncoderConfig) else config.settings.training
    rng = generator(config.seed, stage, step)
    hr = sampler.sample(size.batch_size, rng)
    degradation = sample_degradations(config.degradation, config.scale, size.batch_size, rng)
    noise_rng = rng
    if device.type != "cpu":
        hr = hr.pin_memory().to(device, non_blocking=True)
        noise_rng = generator(config.seed, stage, step, "noise", device=device)
    return degrade(hr, degradation, config.scale, noise_rng), hr, degradation
