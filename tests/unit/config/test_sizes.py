"""Sizes of a study's model, and steps whose networks are kept."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Study, load_study
from dasr.errors import UserError
from tests.sized import MODEL, SIZES, VARIANTS, sized_ablations


@pytest.fixture(autouse=True)
def _ablations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sized_ablations(tmp_path / "variants")
    monkeypatch.chdir(tmp_path)


def _load(**changes: Any) -> Study:
    mapping = {
        "study": "demo",
        "title": "Demo",
        "variants": VARIANTS,
        "seeds": [1, 2],
        "scales": [4],
        "regimes": [
            {
                "name": "blur",
                "train": {"kernel_width": {4: [0.2, 4.0]}},
                "test": {"kernel_widths": {4: [0.2, 1.8, 3.4]}},
            }
        ],
        "train_sets": [
            {"name": "leaves", "source": "dead_leaves", "num_images": 2, "image_size": 96}
        ],
        "test_sets": [{"name": "Photos", "source": "photos"}],
        "model": MODEL,
        "contrastive": {"queue_size": 64},
        "training": {
            "batch_size": 8,
            "patch_size": 16,
            "steps_per_epoch": 10,
            "joint_epochs": 4,
        },
        "sizes": SIZES,
        **changes,
    }
    return load_study(mapping, Path("variants"), "study.yaml")


def test_every_variant_is_there_at_every_size() -> None:
    study = _load()
    files = ("dasr", "no_contrastive", "no_da_conv_equal_flops", "oracle")
    assert [one.name for one in study.variants] == [
        f"{file}-{size}" for size in ("depth2", "depth4") for file in files
    ]
    deep = study.variant("no_contrastive-depth4")
    assert deep.title == "No contrastive loss, 4 blocks"
    assert not deep.settings.contrastive.enabled
    assert (deep.settings.model.num_blocks, deep.settings.model.num_features) == (4, 38)  # type: ignore[attr-defined]
    assert deep.settings.model.encoder_features == 32  # type: ignore[attr-defined]


def test_equal_flops_finds_the_entry_of_each_size() -> None:
    study = _load()
    found = {
        size: study.variant(f"no_da_conv_equal_flops-{size}").settings_at(4).model
        for size in ("depth2", "depth4")
    }
    assert {size: one.num_features for size, one in found.items()} == {  # type: ignore[attr-defined]
        "depth2": 37,
        "depth4": 29,
    }
    other = {**SIZES[1], "model": {"num_blocks": 4, "num_features": 11}}
    with pytest.raises(
        UserError, match="no sizes for this study's model at x4: run dasr equal"
    ):
        _load(sizes=[SIZES[0], other])


def test_sizes_of_a_seed_share_their_encoder_stages() -> None:
    # dasr and no_da_conv_equal_flops have one; the two others train none
    assert len(_load().encoders()) == 2  # a seed each
    wide = {**SIZES[1], "model": {"num_blocks": 4, "encoder_features": 16}}
    variants = ["dasr", "no_contrastive"]
    assert len(_load(variants=variants, sizes=[SIZES[0], wide]).encoders()) == 4


def test_claims_are_within_a_size() -> None:
    claims = _load().claims
    assert {(one.method, one.relation, one.reference) for one in claims} == {
        (f"{name}-{size}", relation, f"dasr-{size}")
        for size in ("depth2", "depth4")
        for name, relation in (
            ("no_contrastive", "worse"),
            ("no_da_conv_equal_flops", "worse"),
            ("oracle", "better"),
        )
    }
    (one,) = _load(claims=[{"variant": "oracle-depth4", "kernel_widths": [3.4]}]).claims
    assert (one.reference, one.relation) == ("dasr-depth4", "better")
    alone = _load(variants=["dasr"]).claims
    assert [(one.method, one.reference) for one in alone] == [
        ("dasr-depth2", "bicubic"),
        ("dasr-depth4", "bicubic"),
    ]


SWEEP = {"variant": "dasr", "key": "contrastive.temperature", "values": [0.1]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sweeps": [SWEEP]}, "study.yaml: sizes and sweeps: a study has one of them"),
        ({"protocol": "table1"}, "study.yaml: sizes and protocol: a study has one of them"),
        (
            {"sizes": [SIZES[0], SIZES[0]]},
            r"sizes: a name is there twice: \['depth2', 'depth2'\]",
        ),
        (
            {"sizes": [SIZES[0], {**SIZES[0], "name": "again"}]},
            "study.yaml: sizes: depth2 and again are the same model",
        ),
        (
            {"sizes": [{**SIZES[0], "model": {"num_block": 2}}]},
            r"study.yaml: sizes: depth2: model: unknown key 'num_block' \(did you mean",
        ),
        ({"sizes": [{**SIZES[0], "model": {}}]}, "sizes.*: depth2: model is empty"),
        ({"sizes": [{**SIZES[0], "title": " "}]}, "title ' ' is empty"),
        ({"checkpoints": [20, 10]}, r"checkpoints \[20, 10\]: not positive and ascending"),
        ({"checkpoints": [0, 10]}, r"checkpoints \[0, 10\]: not positive and ascending"),
        ({"checkpoints": [10, 10]}, r"checkpoints: a name is there twice: \[10, 10\]"),
        (
            {"checkpoints": [10, 40]},
            r"checkpoints: \[40\]: dasr-depth2 has 40 joint steps, and its last network is",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        _load(**changes)
    assert "\n" not in str(caught.value)


RIVAL = """\
title: Plain
hypothesis: H
rival: true
overrides:
  model: {architecture: srresnet}
  contrastive: {enabled: false}
"""
FITTED = """\
equal_flops:
  to: dasr
  vary: [num_blocks]
  sizes:
    - model: {num_groups: 1, num_blocks: 2, num_features: 49, encoder_features: 32,
              compressed_features: 32, bicubic_skip: true, upsampler: single}
      by_scale: {4: {num_blocks: 2}}
    - model: {num_groups: 1, num_blocks: 4, num_features: 38, encoder_features: 32,
              compressed_features: 32, bicubic_skip: true, upsampler: single}
      by_scale: {4: {num_blocks: 3}}
"""


def test_a_network_that_no_size_changes_is_refused() -> None:
    file = Path("variants/plain.yaml")
    file.write_text(RIVAL, encoding="utf-8")
    with pytest.raises(UserError, match="sizes: plain is the same at depth2 and depth4: give"):
        _load(variants=["dasr", "plain"])
    file.write_text(RIVAL + FITTED, encoding="utf-8")
    plain = _load(variants=["dasr", "plain"]).variants[1::2]
    assert [(one.name, one.settings_at(4).model.blocks) for one in plain] == [
        ("plain-depth2", 2),
        ("plain-depth4", 3),
    ]


def test_no_sizes_leave_everything_as_it_is() -> None:
    study = _load(sizes=[])
    assert [one.name for one in study.variants] == [
        "dasr", "no_contrastive", "no_da_conv_equal_flops", "oracle"
    ]  # fmt: skip
    assert {claim.reference for claim in study.claims} == {"dasr"}
