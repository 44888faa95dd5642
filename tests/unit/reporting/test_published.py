"""Published numbers as data: some of them typed by hand from the papers."""

from typing import Any

import pytest

from dasr.config import Kernel
from dasr.errors import UserError
from dasr.reporting.published.protocols import (
    PROTOCOLS,
    require_cells,
    require_grid,
)
from dasr.reporting.published.rows import COLUMNS, check_marks, published_names, read_published
from dasr.study import Method, Plan
from tests.unit.reporting.items import overrides_of, study

TABLE1, TABLE2, TABLE3 = (PROTOCOLS[f"table{number}"] for number in (1, 2, 3))
TYPED = [
    ("table1", "Model 1", 4, "Set14", (3.4, 3.4, 0, 0), 26.79),
    ("table1", "Model 4 (DASR)", 4, "Set14", (3.4, 3.4, 0, 0), 27.58),
    ("table1", "Model 5 (oracle degradation)", 4, "Set14", (0.2, 0.2, 0, 0), 28.60),
    ("table2", "Bicubic", 4, "Set5", (0, 0, 0, 0), 28.42),
    ("table2", "DASR", 2, "Urban100", (1.8, 1.8, 0, 0), 28.95),
    ("table2", "IKC", 4, "Set14", (3.6, 3.6, 0, 0), 26.81),
    ("table3", "DASR", 4, "Set14", (4, 4, 180, 10), 24.43),
    ("table3", "DnCNN+IKC", 4, "Set14", (3.5, 1.5, 30, 5), 24.87),
]


@pytest.mark.parametrize(("protocol", "method", "scale", "testset", "where", "psnr"), TYPED)
def test_numbers_are_those_of_the_paper(
    protocol: str,
    method: str,
    scale: int,
    testset: str,
    where: tuple[float, ...],
    psnr: float,
) -> None:
    rows = read_published(PROTOCOLS[protocol])
    keys = ["method", "scale", "testset", "lambda_1", "lambda_2", "theta_deg", "noise_level"]
    found = rows.set_index(keys)["psnr_y_db"]
    assert found.loc[(method, scale, testset, *where)] == psnr


def test_gaussian8_is_one_mean_a_set() -> None:
    rows = read_published(PROTOCOLS["gaussian8"]).set_index(["method", "testset"])
    assert rows["psnr_y_db"]["DASR", "Set14"] == 28.11
    assert rows["psnr_y_db"]["Bicubic", "Manga109"] == 21.50
    assert rows[["kernel_width", "lambda_1", "noise_level"]].isna().all(axis=None)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_number_has_one_place_and_a_source(protocol: str) -> None:
    rows = read_published(PROTOCOLS[protocol])
    assert list(rows) == COLUMNS
    assert not rows.duplicated(COLUMNS[:-2]).any()
    assert rows["source"].str.contains("Wang et al., CVPR 2021, Table|KDSR").all()
    assert rows["psnr_y_db"].between(20, 39).all()


def test_counts_are_those_of_the_tables() -> None:
    # 8 methods x 5 widths; (5 + 4 + 5) methods x 4 sets x 4 widths; 4 x 3 x 9; 7 x 5 sets
    assert [len(read_published(one)) for one in PROTOCOLS.values()] == [40, 224, 108, 35]


def methods(*names: str, released_as: str = "dasr") -> tuple[Method, ...]:
    """Return bicubic, the imported network "released", and variants of these names."""
    imported = {
        "name": "released", "title": "Released", "regime": "noise",
        "stands_for": released_as, "files": {4: "a.safetensors"},
    }  # fmt: skip
    return Plan(study({name: name for name in names}, imported=[imported])).methods


def test_variants_have_published_names() -> None:
    found = methods("ca_only", "no_ca", "dasr")
    assert published_names(TABLE1, found) == {
        "no_ca": "Model 3",
        "dasr": "Model 4 (DASR)",
        "released": "Model 4 (DASR)",
    }
    names = {"bicubic": "Bicubic", "dasr": "DASR", "released": "DASR"}
    assert published_names(TABLE2, found) == names
    assert published_names(TABLE3, methods("oracle", released_as="other")) == {}
    rivals = {"bicubic": "Bicubic", "rcan_bicubic": "RCAN"}
    assert published_names(TABLE2, methods("rcan", "rcan_bicubic", released_as="x")) == rivals


def test_check_marks_of_published_rows() -> None:
    variants = ("no_contrastive", "no_da_conv", "no_ca", "dasr", "oracle")
    marks = check_marks(TABLE1, methods(*variants, released_as="no_da_conv"))
    assert marks["no_contrastive"] == (False, True, True, False)
    assert marks["no_da_conv"] == (True, False, False, False)
    assert marks["no_ca"] == (True, True, False, False)
    assert marks["dasr"] == (True, True, True, False)
    assert marks["oracle"] == (None, True, True, True)
    assert marks["released"] == marks["no_da_conv"]
    assert marks["bicubic"] == (None, None, None, None)


@pytest.mark.parametrize(
    ("overrides", "marks"),
    [
        ({}, (True, True, True, False)),
        ({"contrastive": {"weight": 0.0}}, (True, True, True, False)),
        (
            {"contrastive": {"enabled": False}},
            (False, True, True, False),
        ),
        (
            {"model": {"kernel_branch": False, "channel_branch": False, "concatenation": True}},
            (True, False, False, False),
        ),
        (overrides_of("oracle"), (None, True, True, True)),
        (
            {
                "model": {"architecture": "srresnet"},
                "contrastive": {"enabled": False},
            },
            (False, False, False, False),
        ),
    ],
)
def test_check_marks_of_what_is_not_published_are_its_settings(
    overrides: dict[str, Any], marks: tuple[bool | None, ...]
) -> None:
    one = Plan(study({"dasr": "D", "mine": "M"}, {"mine": overrides}))
    assert check_marks(TABLE1, one.methods)["mine"] == marks


def test_grids_without_a_place_are_refused() -> None:
    disk, line = Kernel(lambda_1=2, lambda_2=2), Kernel(lambda_1=2, lambda_2=1, theta_deg=10)
    require_cells(TABLE3, [disk, line], [0, 5])
    for name in ("table1", "table2", "gaussian8"):
        require_cells(PROTOCOLS[name], [disk], [0])
        with pytest.raises(UserError, match=f"protocol {name}: kernel 2,1,10deg"):
            require_cells(PROTOCOLS[name], [disk, line], [0])
        with pytest.raises(UserError, match=r"noise_levels \[0.0, 5.0\]; allowed: \[0.0\]"):
            require_cells(PROTOCOLS[name], [disk], [0, 5])


def test_a_study_is_held_to_its_protocol() -> None:
    require_grid(study().config)  # two noise levels, but no protocol
    with pytest.raises(UserError, match="protocol table2: noise_levels"):
        require_grid(study(protocol="table2").config)
