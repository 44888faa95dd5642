"""The encoder before any training: weights of its start, statistics of its batches."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dasr.architectures import calibration
from dasr.config import RunConfig, Stage
from dasr.config.embedded import representations
from dasr.config.embedding import EmbeddingConfig
from dasr.data import open_packed
from dasr.data.batches import Batch, draw_batch
from dasr.data.patches import PatchSampler
from dasr.evaluation import untrained
from dasr.evaluation.jobs import represent_untrained
from dasr.evaluation.untrained import untrained_encoder
from dasr.terms.keys import RunKeys
from dasr.training.step import new_learner
from tests.tiny import images, packed, run_config

CPU = torch.device("cpu")
WITHOUT_STAGE = {"contrastive": {"enabled": False}}


def stage_of(run: RunConfig) -> Stage:
    return run.encoder_stage() or run.joint_stage()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many batches of two images calibration takes."""
    monkeypatch.setattr(calibration, "CALIBRATION_PATCHES", 5)
    return 3


@pytest.fixture
def files(tmp_path: Path) -> dict[str, list[Path]]:
    for name in ("one", "other"):
        packed(tmp_path, images(3, 48, 48), name)
    return {
        "pixels": [tmp_path / "one.npy", tmp_path / "other.npy"],
        "index": [tmp_path / "one.csv", tmp_path / "other.csv"],
    }


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("options", [{}, WITHOUT_STAGE, {"seed": 7}])
def test_its_weights_are_those_that_training_starts_from(
    options: dict, files: dict[str, list[Path]]
) -> None:
    run = run_config(**options)
    found = untrained_encoder(stage_of(run), **files).encoder
    starts = [new_learner(run.joint_stage(), run.settings.model).network]
    if (stage := run.encoder_stage()) is not None:
        starts.append(new_learner(stage, None))  # type: ignore[arg-type]
    for start in starts:
        assert start is not None
        assert isinstance(start.encoder, nn.Module)
        expected = dict(start.encoder.named_parameters())
        assert expected.keys() == dict(found.named_parameters()).keys()
        for name, weight in found.named_parameters():
            assert torch.equal(weight, expected[name]), name
    another = untrained_encoder(stage_of(run_config(**{**options, "seed": 2})), **files).encoder
    assert not torch.equal(next(another.parameters()), next(found.parameters()))


def test_statistics_are_means_over_batches(few: int, files: dict[str, list[Path]]) -> None:
    stage = stage_of(run_config())
    seen: list[Tensor] = []

    def spy(*arguments: Any) -> Batch:
        batch = draw_batch(*arguments)
        seen.append(batch.lr_images[:, 0])
        return batch

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(untrained, "draw_batch", spy)
        encoder = untrained_encoder(stage, **files).encoder
    assert len(seen) == few
    assert not encoder.training
    first, norm = encoder.convs[0], encoder.convs[1]
    with torch.no_grad():
        maps = [first(patches) for patches in seen]
    means = torch.stack([one.mean(dim=(0, 2, 3)) for one in maps]).mean(dim=0)
    variances = torch.stack([one.var(dim=(0, 2, 3), unbiased=True) for one in maps]).mean(dim=0)
    torch.testing.assert_close(norm.running_mean, means, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(norm.running_var, variances, rtol=1e-4, atol=1e-4)


def test_a_training_that_learns_nothing_ends_with_it(files: dict[str, list[Path]]) -> None:
    # the training's own batches through its own encoder, as at rate zero
    stage = stage_of(run_config())
    found = untrained_encoder(stage, **files).encoder
    learner = new_learner(stage, None)
    assert isinstance(learner.encoder, nn.Module)
    sets = [open_packed(*pair) for pair in zip(files["pixels"], files["index"], strict=True)]
    sampler = PatchSampler(sets, stage.training.patch_size * stage.scale)
    layers = [one for one in learner.encoder.modules() if isinstance(one, nn.BatchNorm2d)]
    for layer in layers:
        layer.momentum = 0.01  # a mean over about a hundred batches
    with torch.no_grad():
        for step in range(400):
            learner.encoder(draw_batch(stage, sampler, step, CPU).lr_images[:, 0])
    own = [one for one in found.modules() if isinstance(one, nn.BatchNorm2d)]
    for one, other in zip(own, layers, strict=True):
        assert one.running_mean is not None
        assert other.running_mean is not None
        spread = other.running_var.sqrt()  # type: ignore[union-attr]
        assert float(((one.running_mean - other.running_mean).abs() / spread).max()) < 0.3


@pytest.mark.usefixtures("few")
def test_its_representations_are_written_like_a_networks(
    tmp_path: Path, files: dict[str, list[Path]]
) -> None:
    run = run_config()
    packed(tmp_path, images(2, 32, 40), "test")
    asked = representations(EmbeddingConfig(crop_size=8, crops_per_image=2), run.degradation)
    made = []
    for name in ("a.npz", "b.npz"):
        represent_untrained(
            RunKeys(study="s", method="untrained_encoder", regime="noisy", scale=2, seed=1),
            stage_of(run),
            asked,
            train_pixels=files["pixels"],
            train_index=files["index"],
            pixels=tmp_path / "test.npy",
            index=tmp_path / "test.csv",
            device=CPU,
            embedding_file=tmp_path / name,
        )
        with np.load(tmp_path / name) as file:
            made.append(dict(file))
    first, again = made
    assert (first["method"].item(), first["testset"].item()) == ("untrained_encoder", "test")
    assert first["kernel_width_representation"].shape == (2 * 2 * 4, 16)
    for key, values in first.items():
        assert np.array_equal(values, again[key]), key
    assert np.ptp(first["kernel_width_representation"], axis=0).min() > 0
