"""What a study has to train, and what counts as finished: a real training says it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dasr.config import ImageSetConfig, source_digest
from dasr.data import pack, read_set
from dasr.forecast.trainings import trainings_of
from dasr.study import Plan
from dasr.training.early_jobs import run_encoder_stage
from dasr.training.jobs import run_joint_stage

PlanStudy = Callable[..., Plan]
LEAVES = ImageSetConfig(
    name="leaves", source="dead_leaves", num_images=4, image_size=96, seed=1
)


@pytest.fixture
def trained(planned: PlanStudy) -> Plan:
    """The plan of the study after its first encoder stage, as the workflow trains it."""
    plan = planned()
    pixels, index = (
        Path(plan.packed_file("train", "leaves", suffix)) for suffix in ("bin", "csv")
    )
    pack("leaves", read_set(LEAVES, Path("data")), pixels, index)
    name, stage = next(iter(plan.study.encoders().items()))
    folder = Path(f"{plan.results}/encoders/{name}")
    run_encoder_stage(
        stage,
        pixels=[pixels],
        index=[index],
        folder=Path(plan.encoder_stage_folder(name)),
        source=source_digest(Path("workflow/scripts/train_encoder.py")),
        device=torch.device("cpu"),
        state_file=folder / "state.safetensors",
        history_file=folder / "history.csv",
        run_file=folder / "run.yaml",
    )
    return plan


def _finished(plan: Plan) -> list[bool]:
    return [one.finished for one in trainings_of(plan)]


def test_every_training_is_counted_once(planned: PlanStudy) -> None:
    found = trainings_of(planned())
    assert [(one.kind, one.method, one.stage.seed) for one in found] == [
        ("encoder", "", 1),
        ("encoder", "", 2),
        ("joint", "dasr", 1),
        ("joint", "dasr", 2),
        ("joint", "no_contrastive", 1),
        ("joint", "no_contrastive", 2),
    ]
    assert [one.steps for one in found] == [10, 10, 20, 20, 20, 20]
    assert [one.after for one in found[:2]] == [one.after for one in found[2:4]]
    assert found[0].after != found[1].after
    assert {one.after for one in found[4:]} == {()}


def test_what_is_trained_is_finished(trained: Plan) -> None:
    assert _finished(trained) == [True] + 5 * [False]
    assert [one.steps for one in trainings_of(trained)][:2] == [0, 10]


def test_images_may_be_unpacked_but_no_others(trained: Plan) -> None:
    index = Path(trained.packed_file("train", "leaves", "csv"))
    kept = index.read_bytes()
    index.unlink()
    assert _finished(trained)[0]
    pixels = index.with_suffix(".bin")
    other = ImageSetConfig(
        name="leaves", source="dead_leaves", num_images=4, image_size=96, seed=2
    )
    pack("leaves", read_set(other, Path("data")), pixels, index)
    assert not _finished(trained)[0]
    index.write_bytes(kept)
    assert _finished(trained)[0]


def test_other_settings_are_not_finished(trained: Plan, planned: PlanStudy) -> None:
    assert not any(_finished(planned("training={encoder_epochs: 3}")))


def test_other_code_is_not_finished(trained: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dasr.forecast.trainings._source", lambda *_: "other code")
    assert not any(_finished(trained))


def test_half_a_stage_is_not_finished(trained: Plan) -> None:
    name = next(iter(trained.study.encoders()))
    manifest = Path(trained.encoder_stage_folder(name), "finished/manifest.json")
    manifest.write_text(manifest.read_text(encoding="utf-8")[:20], encoding="utf-8")
    assert not any(_finished(trained))


def test_sizes_are_counted_and_share_their_encoders(planned: PlanStudy) -> None:
    sizes = (
        "sizes=[{name: a, title: A, model: {num_blocks: 1}},"
        " {name: b, title: B, model: {num_blocks: 2}}]"
    )
    found = trainings_of(planned(sizes))
    assert [one.kind for one in found] == ["encoder"] * 2 + ["joint"] * 8
    assert {one.method for one in found if one.kind == "joint"} == {
        "dasr-a", "no_contrastive-a", "dasr-b", "no_contrastive-b"
    }  # fmt: skip
    assert {one.after for one in found if one.method.startswith("dasr")} == {
        one.after for one in found if one.kind == "encoder"
    }


def test_a_training_that_kept_no_networks_is_not_finished(planned: PlanStudy) -> None:
    plan = planned()
    run = plan.runs("trained")[2]  # of no_contrastive, which needs no encoder stage
    pixels, index = (
        Path(plan.packed_file("train", "leaves", suffix)) for suffix in ("bin", "csv")
    )
    pack("leaves", read_set(LEAVES, Path("data")), pixels, index)

    def train(steps: list[int]) -> None:
        run_joint_stage(
            plan.study.run(run.method.name, run.regime, run.scale, run.seed),
            pixels=[pixels],
            index=[index],
            encoder_pixels=[pixels],
            encoder_index=[index],
            encoder_state=None,
            encoder_source="",
            folder=Path(plan.stage_folder(run)),
            source=source_digest(Path("workflow/scripts/train.py"), "dasr.architectures.dasr"),
            device=torch.device("cpu"),
            network_file=Path(plan.network_file(run)),
            history_file=Path(plan.history_file(run)),
            run_file=Path(plan.record_file(run)),
            checkpoint_files={n: Path(plan.folder(run), f"step{n}.safetensors") for n in steps},
        )

    def finished(*arguments: str) -> bool:
        found = trainings_of(planned(*arguments))
        return any(one.finished for one in found if one.method == "no_contrastive")

    train([])
    assert finished()
    assert not finished("checkpoints=[5]")
    train([5, 10])
    assert finished("checkpoints=[5]")
    assert finished()
