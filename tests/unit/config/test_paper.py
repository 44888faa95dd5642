"""`config/paper.yaml` merged over the default study is the paper's section 4.1."""

from pathlib import Path

import pytest

from dasr.config import (
    MethodConfig,
    Study,
    discover_variants,
    layered,
    load_study,
    read_yaml,
)
from dasr.training import schedule

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def paper() -> Study:
    base, over = (read_yaml(ROOT / f"config/{name}.yaml") for name in ("config", "paper"))
    config, _ = layered(base, over, ROOT / "config/budgets")
    return load_study(config, ROOT / "ablations", "config/paper.yaml")


def test_the_method_is_the_paper_s(paper: Study) -> None:
    # The dataclass defaults are checked against the published counts and vectors elsewhere;
    # the default study's small sizes and options must not leak into this one.
    assert paper.config.settings() == MethodConfig()
    training = paper.config.training
    steps = (training.encoder_epochs + training.joint_epochs) * training.steps_per_epoch
    assert steps == 582_000
    assert (training.batch_size, training.patch_size) == (32, 48)


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (1, 1e-3),
        (60, 1e-3),
        (61, 1e-4),
        (100, 1e-4),
        (101, 1e-4),
        (225, 1e-4),
        (226, 5e-5),
        (475, 2.5e-5),
        (600, 1.25e-5),
    ],
)
def test_learning_rate_of_an_epoch(paper: Study, epoch: int, expected: float) -> None:
    training = paper.config.training
    joint = epoch - 1 - training.encoder_epochs
    if joint < 0:
        peak, decay = training.encoder_learning_rate, training.encoder_decay_epochs
        rate = schedule.encoder_rate(peak, epoch - 1, decay)
    else:
        peak, decay = training.joint_learning_rate, training.joint_decay_epochs
        rate = schedule.joint_rate(peak, joint, decay)
    assert rate == pytest.approx(expected, rel=1e-12)


def test_regimes_are_the_paper_s(paper: Study) -> None:
    isotropic, general = (regime.train for regime in paper.config.regimes)
    assert isotropic.blur == "isotropic"
    assert isotropic.kernel_width == {2: (0.2, 2.0), 3: (0.2, 3.0), 4: (0.2, 4.0)}
    assert isotropic.noise_level == (0.0, 0.0)
    assert general.blur == "anisotropic"
    assert set(general.kernel_width.values()) == {(0.2, 4.0)}
    assert general.noise_level == (0.0, 25.0)
    assert {isotropic.downsample, general.downsample} == {"bicubic"}


def test_every_ablation_file_resolves(paper: Study) -> None:
    names = discover_variants(ROOT / "ablations")
    assert {"dasr", "no_contrastive", "no_da_conv", "no_ca", "ca_only", "oracle"} <= set(names)
