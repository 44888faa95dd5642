"""An encoder that comes from a stage of its own: kept still, slowed, or with own patches."""

import pytest
import torch
from torch import Tensor

from dasr.training.state import TrainingState
from tests.tiny import run_config
from tests.unit.training.conftest import Train

PREFIX = "network.encoder."
BATCH = {"negatives": "batch", "queue_size": None, "momentum": None}


def _encoder(state: TrainingState) -> dict[str, Tensor]:
    tensors = state.modules.state_dict()
    return {name: tensor for name, tensor in tensors.items() if name.startswith(PREFIX)}


def test_kept_still_it_is_what_its_stage_made_of_it(train: Train) -> None:
    run = run_config(contrastive={"weight": 0.0}, training={"joint_encoder_rate_share": 0.0})
    before, after = train(run, "encoder", "shared"), train(run, "joint")
    kept = _encoder(after)
    assert len(kept) > 20
    for name, tensor in _encoder(before).items():
        assert torch.equal(tensor, kept[name]), name  # statistics of normalisation too
    assert not any(name.startswith(PREFIX) for name in after.parameters)
    assert {tuple(row) for row in after.history} == {("step", "learning_rate", "l1")}


def test_kept_still_it_conditions_as_it_will_in_use(train: Train) -> None:
    run = run_config(contrastive={"weight": 0.0}, training={"joint_encoder_rate_share": 0.0})
    network = train(run, "joint").modules["network"]
    assert network.training
    lr_image = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 255
    inside = network.represent(lr_image, None)
    assert torch.equal(inside, network.eval().represent(lr_image, None))


def test_a_share_of_the_rate_is_a_share_of_every_step(train: Train) -> None:
    # Adam's first step is the learning rate, whatever the gradient
    one_step = {"joint_epochs": 1, "steps_per_epoch": 1, "encoder_epochs": 1}
    moved = {}
    for share in (1.0, 0.25):
        run = run_config(training={**one_step, "joint_encoder_rate_share": share})
        before, after = train(run, "encoder", f"e{share}"), train(run, "joint", f"{share}")
        name = "network.encoder.mlp.2.bias"
        moved[share] = after.modules.state_dict()[name] - before.modules.state_dict()[name]
        generator = "network.generator.head.bias"
        (rate,) = (
            group["lr"]
            for group in after.optimizer.param_groups
            if any(one is after.parameters[generator] for one in group["params"])
        )
        assert rate == pytest.approx(1e-4)
    assert moved[1.0].abs().max() > 0
    torch.testing.assert_close(moved[0.25], moved[1.0] / 4, rtol=1e-2, atol=1e-9)


def test_own_patches_leave_those_of_l1_alone(train: Train) -> None:
    sizes = {"encoder_batch_size": 3, "encoder_patch_size": 12, "encoder_epochs": 0}
    one_step = {**sizes, "joint_epochs": 1, "steps_per_epoch": 1}
    states = [
        train(run_config(contrastive={**BATCH, **own}, training=one_step), "joint", folder)
        for folder, own in (("a", {"joint_patches": "own"}), ("b", {}))
    ]
    shared, own = states[1].history[0], states[0].history[0]
    assert own["l1"] == pytest.approx(shared["l1"], rel=1e-3)  # normalised by other batches
    assert own["contrastive"] != shared["contrastive"]


def test_own_patches_need_images_of_their_own(train: Train) -> None:
    run = run_config(
        contrastive={**BATCH, "joint_patches": "own"},
        training={"encoder_batch_size": 3, "encoder_patch_size": 12},
    )
    own = run.joint_stage().own_contrast()
    assert own is not None
    assert (own.training.batch_size, own.training.patch_size) == (3, 12)
    assert own.name == "joint"
    assert own.own_contrast() is None
    assert {"l1", "contrastive"} < set(train(run, "joint").history[0])
