"""Training images, and a training of either stage in a folder of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dasr.config import RunConfig
from dasr.data import PackedImages
from dasr.data.patches import PatchSampler
from dasr.training.checkpoints import Checkpoints
from dasr.training.context import FinishedStage, RunContext
from dasr.training.loop import train_encoder, train_network
from dasr.training.state import TrainingState
from tests.tiny import images, packed

INPUTS = "these images"


@pytest.fixture
def new_sampler(tmp_path: Path) -> Callable[[RunConfig], PatchSampler]:
    """Makes samplers of the same three images."""
    three = packed(tmp_path, images(3, 24, 28))
    return lambda run: PatchSampler([three], run.settings.training.patch_size * run.scale)


Train = Callable[..., TrainingState]


def _of_side(sampler: PatchSampler, side: int) -> PatchSampler:
    """Return a sampler of patches of another side from the same images."""
    if sampler.patch_size == side:
        return sampler
    other = PatchSampler([], side)
    other._images = sampler._images
    return other


@pytest.fixture
def train(tmp_path: Path, new_sampler: Callable[[RunConfig], PatchSampler]) -> Train:
    """Trains one stage of a run; another `folder` is another, independent training."""

    def stage_of(
        run: RunConfig,
        stage: str,
        folder: str = "a",
        sampler: PatchSampler | None = None,
        validation: Sequence[PackedImages] = (),
        keep: Sequence[int] = (),
    ) -> TrainingState:
        sampler = new_sampler(run) if sampler is None else sampler
        context = RunContext(
            tmp_path / folder / stage,
            INPUTS,
            checkpoint_seconds=0.0,
            checkpoints=Checkpoints(tmp_path / folder / "kept", keep),
        )
        encoder = run.encoder_stage()
        if stage == "encoder":
            assert encoder is not None
            own = run.settings.training.of_stage("encoder").patch_size * run.scale
            return train_encoder(encoder, _of_side(sampler, own), context, validation)
        before = None
        if encoder is not None:
            state_file = tmp_path / "shared" / "encoder.safetensors"
            if not state_file.exists():
                state = stage_of(run, "encoder", "shared")
                state.save(state_file, {"digest": context.identity(encoder)})
            before = FinishedStage(state_file, context.identity(encoder))
        contrast = run.joint_stage().own_contrast()
        own_sampler = None
        if contrast is not None:
            own_sampler = _of_side(sampler, contrast.training.patch_size * run.scale)
        return train_network(run, sampler, context, before, own_sampler)[1]

    return stage_of
