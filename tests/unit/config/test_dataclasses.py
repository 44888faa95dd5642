"""What the dataclasses refuse, and how they name things."""

import dataclasses
import math
from typing import Any

import pytest

from dasr.config import (
    KERNEL_SIZE,
    ContrastiveConfig,
    DASRConfig,
    DegradationConfig,
    EmbeddingConfig,
    GridConfig,
    ImageSetConfig,
    Kernel,
    MethodConfig,
    RegimeConfig,
    TrainingConfig,
)
from dasr.config.kernel import MAX_WIDTH
from tests.tiny import run_config

ORACLE = DASRConfig(representation="oracle")
NO_CONTRAST = ContrastiveConfig(enabled=False)
BATCH = ContrastiveConfig(negatives="batch", queue_size=None, momentum=None)


def test_queue_is_a_multiple_of_the_batch() -> None:
    queue = ContrastiveConfig(queue_size=96)
    MethodConfig(contrastive=queue, training=TrainingConfig(batch_size=32))
    with pytest.raises(ValueError, match=r"queue_size 96 .* multiple of .*batch_size 36"):
        MethodConfig(contrastive=queue, training=TrainingConfig(batch_size=36))


def test_oracle_has_no_encoder_to_train() -> None:
    MethodConfig(model=ORACLE, contrastive=NO_CONTRAST)
    with pytest.raises(ValueError, match=r"oracle.*set contrastive\.enabled to false"):
        MethodConfig(model=ORACLE)


@pytest.mark.parametrize(
    ("contrastive", "training", "told"),
    [
        ({"weight": 0.0}, {"encoder_epochs": 0}, "neither stage has a contrastive loss"),
        ({}, {"joint_encoder_rate_share": 0.0}, r"kept still learns nothing.*set it to 0"),
        ({"joint_patches": "own", "weight": 0.0}, {}, "joint_patches 'own': the joint stage"),
        (
            {},
            {"encoder_epochs": 0, "joint_encoder_rate_share": 0.5},
            "without an encoder stage",
        ),
        ({}, {"encoder_batch_size": 36}, r"multiple of the encoder stage's batch_size 36"),
        ({"positives": "other_image"}, {"encoder_batch_size": 1}, "no other image"),
    ],
)
def test_contrast_that_would_do_nothing_is_refused(
    contrastive: dict, training: dict, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        MethodConfig(
            contrastive=ContrastiveConfig(**contrastive), training=TrainingConfig(**training)
        )
    off = ContrastiveConfig(**{**contrastive, "enabled": False})
    MethodConfig(contrastive=off, training=TrainingConfig(**training))


@pytest.mark.parametrize("key", ["queue_size", "momentum"])
def test_a_batch_of_negatives_has_no_queue(key: str) -> None:
    without = {"queue_size": None, "momentum": None}
    with pytest.raises(ValueError, match=rf"{key} .* with negatives 'batch'"):
        ContrastiveConfig(
            negatives="batch", **{**without, key: 0.5 if key == "momentum" else 8}
        )
    with pytest.raises(ValueError, match=rf"{key} None with negatives 'queue'"):
        ContrastiveConfig(**{key: None})


def test_negatives_of_a_query_are_counted() -> None:
    assert ContrastiveConfig().negatives_of_query(32) == 8192
    assert BATCH.negatives_of_query(64) == 63
    hard = dataclasses.replace(BATCH, hard_negatives=2)
    assert hard.negatives_of_query(64) == 65


def test_representation_that_nobody_reads_is_refused() -> None:
    DASRConfig(kernel_branch=False, channel_branch=False, concatenation=True)
    with pytest.raises(ValueError, match="nothing would read the representation"):
        DASRConfig(kernel_branch=False, channel_branch=False)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (DASRConfig, "reduction", 0),
        (ContrastiveConfig, "weight", -0.1),
        (ContrastiveConfig, "temperature", 0.0),
        (ContrastiveConfig, "momentum", 1.0),
        (ContrastiveConfig, "queue_size", 0),
        (TrainingConfig, "joint_epochs", 0),
        (TrainingConfig, "encoder_epochs", -1),
        (TrainingConfig, "joint_learning_rate", 0.0),
        (TrainingConfig, "encoder_learning_rate", float("nan")),
        (TrainingConfig, "joint_decay_epochs", 0),
        (GridConfig, "noise_levels", ()),
        (GridConfig, "noise_levels", (-5.0,)),
        (GridConfig, "noise_levels", (999.0,)),
        (GridConfig, "noise_levels", (0.0, float("nan"))),
        (GridConfig, "kernel_widths", {4: (-1.0,)}),
        (GridConfig, "kernel_widths", {4: (8.0,)}),
        (GridConfig, "kernel_widths", {4: (float("inf"),)}),
        (EmbeddingConfig, "kernel_widths", (1.2, 1.2)),
        (EmbeddingConfig, "kernel_widths", (1.2, 8.0)),
        (EmbeddingConfig, "perplexity", ()),
        (EmbeddingConfig, "perplexity", (30.0, 0.0)),
        (EmbeddingConfig, "perplexity", (30.0, 5.0, 30.0)),
        (EmbeddingConfig, "kernel_widths", (1.2, float("nan"))),
        (EmbeddingConfig, "noise_levels", (0.0, 1e300)),
        (EmbeddingConfig, "fixed_kernel_width", -1.0),
        (EmbeddingConfig, "fixed_kernel_width", 1e300),
        (EmbeddingConfig, "fixed_noise_level", 999.0),
        (EmbeddingConfig, "seed", -1),
        (EmbeddingConfig, "seed", 2**32),
        (EmbeddingConfig, "crop_size", 0),
    ],
)
def test_impossible_value_is_refused_by_name(kind: type, field: str, value: Any) -> None:
    word = "widths" if field == "kernel_widths" else field
    with pytest.raises(ValueError, match=word):
        kind(**{field: value})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kernel_width": {}}, "kernel_width is empty"),
        ({"kernel_width": {5: (0.2, 4.0)}}, "scale 5"),
        ({"kernel_width": {4: (0.0, 4.0)}}, "0 < low"),
        ({"kernel_width": {4: (4.0, 0.2)}}, "low <= high"),
        ({"kernel_width": {4: (0.2, 8.0)}}, "kernel_width: 8 .* at most 5"),
        ({"kernel_width": {4: (0.2, float("inf"))}}, "kernel_width: inf"),
        ({"kernel_width": {4: (float("nan"), 4.0)}}, "0 < low"),
        ({"noise_level": (5.0, 0.0)}, "noise_level"),
        ({"noise_level": (0.0, 999.0)}, "noise_level: 999 .* at most 127.5"),
        ({"noise_level": (0.0, float("nan"))}, "noise_level"),
    ],
)
def test_bad_training_range_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        DegradationConfig(**{"kernel_width": {4: (0.2, 4.0)}, **changes})


def test_kernel_labels() -> None:
    assert Kernel(lambda_1=1.2, lambda_2=1.2).label == "1.2"
    assert Kernel(lambda_1=2.0, lambda_2=0.2, theta_deg=10.0).label == "2,0.2,10deg"


def test_kernel_with_one_zero_width_is_refused() -> None:
    with pytest.raises(ValueError, match="one zero width"):
        Kernel(lambda_1=2.0, lambda_2=0.0)


@pytest.mark.parametrize("bad", [-1.0, 8.0, 1e300, float("inf"), float("nan")])
def test_kernel_takes_what_its_pixels_can_hold(bad: float) -> None:
    Kernel(lambda_1=5.0, lambda_2=0.2, theta_deg=180.0)
    with pytest.raises(ValueError, match="kernel widths"):
        Kernel(lambda_1=2.0, lambda_2=bad)
    if bad not in (-1.0, 8.0):
        with pytest.raises(ValueError, match="theta"):
            Kernel(lambda_1=2.0, lambda_2=1.0, theta_deg=bad)


def test_the_widest_kernel_still_acts_by_its_name() -> None:
    """A Gaussian cut off at c has variance 1 - 2 c phi(c) / (2 Phi(c) - 1)."""
    cut = (KERNEL_SIZE / 2) / MAX_WIDTH
    inside = math.erf(cut / math.sqrt(2))
    density = math.exp(-(cut**2) / 2) / math.sqrt(2 * math.pi)
    assert math.sqrt(1 - 2 * cut * density / inside) >= 0.89  # a kernel of width 8: 0.67


def test_grid_lists_isotropic_kernels_of_the_scale_first() -> None:
    grid = GridConfig(kernel_widths={2: (0.0,), 4: (1.2,)}, kernels=((2.0, 1.0, 10.0),))
    assert [kernel.label for kernel in grid.at_scale(4)] == ["1.2", "2,1,10deg"]
    assert [kernel.label for kernel in grid.at_scale(3)] == ["2,1,10deg"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"kernel_widths": {4: (0.2, 4.0)}}, None),
        ({"kernel_widths": {4: (0.2, 4.5)}}, (0.2, 4.0)),
        ({"kernel_widths": {2: (4.5,), 4: (0.2,)}}, None),
        # among anisotropic kernels there is no axis of widths to shade
        ({"kernel_widths": {4: (4.5,)}, "kernels": ((2.0, 1.0, 10.0),)}, None),
    ],
)
def test_widths_of_training_are_shaded_where_the_grid_goes_beyond(
    test: dict[str, Any], expected: tuple[float, float] | None
) -> None:
    train = DegradationConfig(kernel_width={4: (0.2, 4.0)})
    regime = RegimeConfig(name="blur", train=train, test=GridConfig(**test))
    assert regime.widths_beyond(4) == expected


@pytest.mark.parametrize(
    "options",
    [
        {"source": "dead_leaves", "num_images": 3, "image_size": 64, "seed": 5},
        {"source": "photos"},
        {"source": "folder", "folder": "benchmark/Set5/HR"},
    ],
)
def test_image_set_takes_the_options_of_its_source(options: dict[str, Any]) -> None:
    ImageSetConfig(name="mine", **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"source": "dead_leaves", "image_size": 64}, "num_images 0"),
        ({"source": "dead_leaves", "num_images": 3}, "image_size 0"),
        ({"source": "photos", "num_images": 3}, "num_images 3"),
        ({"source": "photos", "seed": 1}, "seed"),
        ({"source": "photos", "folder": "x"}, "folder 'x'"),
        ({"source": "folder"}, "folder ''"),
        ({"source": "folder", "folder": "x", "image_size": 64}, "image_size 64"),
        ({"source": "photos", "name": "../up"}, "'../up'"),
    ],
)
def test_image_set_refuses_options_it_would_ignore(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ImageSetConfig(**{"name": "mine", **options})


def test_patch_that_the_blur_cannot_pad_is_refused() -> None:
    run_config(training={"patch_size": 6})  # 12 HR pixels at x2
    with pytest.raises(ValueError, match="HR patches of 10 pixels"):
        run_config(training={"patch_size": 5})


def test_configurations_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        MethodConfig().training = TrainingConfig()  # type: ignore[misc]
