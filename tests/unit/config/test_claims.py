"""What a study claims: said in its file, or one claim per method."""

from pathlib import Path
from typing import Any

import pytest

from dasr.config import Study, load_study
from dasr.errors import UserError

FILE = "title: T{name}\nhypothesis: H\noverrides: {overrides}\n{more}"


@pytest.fixture
def ablations(tmp_path: Path) -> Path:
    folder = tmp_path / "ablations"
    folder.mkdir()
    files = {
        "dasr": ("{}", ""),
        "no_ca": ("{model: {channel_branch: false}}", ""),
        "oracle": (
            "{model: {representation: oracle}, contrastive: {enabled: false}}",
            "expected: better",
        ),
    }
    for name, (overrides, more) in files.items():
        text = FILE.format(name=name, overrides=overrides, more=more)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _load(ablations: Path, **changes: Any) -> Study:
    mapping = {
        "study": "demo",
        "title": "Demo",
        "variants": ["dasr", "no_ca", "oracle"],
        "seeds": [1, 2],
        "scales": [4],
        "regimes": [
            {
                "name": "noisy",
                "train": {"kernel_width": {2: [0.2, 2.0], 4: [0.2, 4.0]}},
                "test": {
                    "kernel_widths": {2: [1.2], 4: [1.2, 2.4]},
                    "kernels": [[2.0, 1.0, 30.0]],
                    "noise_levels": [0.0, 10.0],
                },
            }
        ],
        "train_sets": [
            {"name": "leaves", "source": "dead_leaves", "num_images": 2, "image_size": 64}
        ],
        "test_sets": [
            {"name": "Photos", "source": "photos"},
            {"name": "Leaves", "source": "dead_leaves", "num_images": 2, "image_size": 64},
        ],
        **changes,
    }
    return load_study(mapping, ablations, "study.yaml")


def test_a_study_that_says_nothing_claims_what_its_variants_say(ablations: Path) -> None:
    claims = _load(ablations, scales=[2, 4]).claims
    told = [(c.method, c.relation, c.reference, c.scale, c.testset, c.about) for c in claims]
    assert told == [
        ("no_ca", "worse", "dasr", 2, "Photos", "grid mean"),
        ("oracle", "better", "dasr", 2, "Photos", "grid mean"),
        ("no_ca", "worse", "dasr", 4, "Photos", "grid mean"),
        ("oracle", "better", "dasr", 4, "Photos", "grid mean"),
    ]
    assert {claim.margin_db for claim in claims} == {0.1}
    assert [len(claim.cells) for claim in claims] == [4, 4, 6, 6]


def test_a_reference_alone_is_claimed_to_beat_bicubic(ablations: Path) -> None:
    (claim,) = _load(ablations, variants=["dasr"]).claims
    assert (claim.method, claim.relation, claim.reference) == ("dasr", "better", "bicubic")


def test_a_study_can_claim_nothing(ablations: Path) -> None:
    assert _load(ablations, claims=[]).claims == ()


@pytest.mark.parametrize(
    ("chosen", "count", "about"),
    [
        ({"kernel_widths": [2.4], "noise_levels": [10.0]}, 1, "width 2.4, noise 10"),
        ({"kernel_widths": [1.2, 2.4]}, 4, "width 1.2 and 2.4, noise 0 and 10"),
        ({"kernels": [[2.0, 1.0, 30.0]]}, 2, "kernel 2, 1, 30°, noise 0 and 10"),
        ({"noise_levels": [0.0, 10.0]}, 6, "grid mean"),
    ],
)
def test_a_claim_is_about_cells_of_the_grid(
    ablations: Path, chosen: dict[str, Any], count: int, about: str
) -> None:
    asked = {"variant": "no_ca", "testset": "Leaves", "margin_db": 0.2, **chosen}
    (claim,) = _load(ablations, claims=[asked]).claims
    assert (len(claim.cells), claim.about, claim.testset) == (count, about, "Leaves")
    assert (claim.relation, claim.reference, claim.margin_db) == ("worse", "dasr", 0.2)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"variant": "no_such"}, r"variant: unknown 'no_such'; allowed: \['dasr'"),
        ({"variant": "bicubic"}, "variant: 'bicubic' can be a reference alone"),
        ({"variant": "dasr"}, "variant: 'dasr' against itself"),
        ({"variant": "no_ca", "reference": "x"}, "reference: unknown 'x'"),
        ({"variant": "no_ca", "testset": "Set5"}, r"testset: unknown 'Set5'; allowed: \['Ph"),
        ({"variant": "no_ca", "regime": "x"}, r"regime: unknown 'x'; allowed: \['noisy'\]"),
        ({"variant": "no_ca", "scale": 3}, r"scale: unknown 3; allowed: \[4\]"),
        ({"variant": "no_ca", "kernel_widths": [3.0]}, "kernel_widths: 3 is not in the test"),
        ({"variant": "no_ca", "noise_levels": [5.0]}, "noise_levels: 5 is not in the test"),
        ({"variant": "no_ca", "jpeg_qualities": [40]}, "jpeg_qualities: 40 is not in the"),
        ({"variant": "no_ca", "margin_db": 0.0}, "margin_db 0 must be positive"),
        ({"variant": "no_ca", "relation": "best"}, "relation"),
        ({"variant": "no_ca", "star": 1}, "star"),
    ],
)
def test_what_cannot_be_claimed_is_refused(
    ablations: Path, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=rf"study\.yaml: claims.*{message}"):
        _load(ablations, claims=[asked])


def test_a_claim_twice_is_refused_and_one_elsewhere_is_not(ablations: Path) -> None:
    one = {"variant": "no_ca"}
    with pytest.raises(UserError, match="no_ca against dasr: a claim twice"):
        _load(ablations, claims=[one, {**one, "margin_db": 0.3}])
    assert len(_load(ablations, claims=[one, {**one, "testset": "Leaves"}]).claims) == 2


def test_with_several_scales_a_claim_says_which(ablations: Path) -> None:
    with pytest.raises(UserError, match=r"scale: say which of \[2, 4\]"):
        _load(ablations, scales=[2, 4], claims=[{"variant": "no_ca"}])
