"""Published numbers as data: some of them typed by hand from the papers."""

import subprocess
import sys

import pytest

from dasr.config import Kernel
from dasr.errors import UserError
from dasr.reporting.published.protocols import (
    PROTOCOLS,
    paper_table_names,
    require_grid,
)
from dasr.reporting.published.rows import (
    COLUMNS,
    published_for,
    published_marks,
    published_names,
    read_published,
)

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
    rows = read_published(protocol)
    keys = ["method", "scale", "testset", "lambda_1", "lambda_2", "theta_deg", "noise_level"]
    found = rows.set_index(keys)["psnr_y_db"]
    assert found.loc[(method, scale, testset, *where)] == psnr


def test_gaussian8_is_one_mean_a_set() -> None:
    rows = read_published("gaussian8").set_index(["method", "testset"])
    assert rows["psnr_y_db"]["DASR", "Set14"] == 28.11
    assert rows["psnr_y_db"]["Bicubic", "Manga109"] == 21.50
    assert rows[["kernel_width", "lambda_1", "noise_level"]].isna().all(axis=None)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_number_has_one_place_and_a_source(protocol: str) -> None:
    rows = read_published(protocol)
    assert list(rows) == COLUMNS
    assert not rows.duplicated(COLUMNS[:-2]).any()
    assert rows["source"].str.contains("Wang et al., CVPR 2021, Table|KDSR").all()
    assert rows["psnr_y_db"].between(20, 39).all()


def test_counts_are_those_of_the_tables() -> None:
    # 8 methods x 5 widths; (5 + 4 + 5) methods x 4 sets x 4 widths; 4 x 3 x 9; 7 x 5 sets
    assert [len(read_published(name)) for name in PROTOCOLS] == [40, 224, 108, 35]


def test_variants_have_published_names() -> None:
    methods = ["bicubic", "ca_only", "no_ca", "dasr", "released"]
    assert published_names("table1", methods, {"released": "dasr"}) == {
        "no_ca": "Model 3",
        "dasr": "Model 4 (DASR)",
        "released": "Model 4 (DASR)",
    }
    assert published_names("table2", methods, {}) == {"bicubic": "Bicubic", "dasr": "DASR"}
    assert published_names("table3", ["oracle", "bicubic"], {}) == {}


def test_published_rows_of_methods() -> None:
    rows = published_for("table1", ["released", "ca_only"], {"released": "no_da_conv"})
    assert set(rows["method"]) == {"released"}
    assert set(rows["published_method"]) == {"Model 2"}
    assert rows["psnr_y_db"].tolist() == [28.49, 28.38, 27.99, 27.54, 26.72]
    assert published_for("table3", ["oracle"], {}).empty


def test_check_marks() -> None:
    marks = published_marks()
    assert marks["no_contrastive"] == (False, True, True, False)
    assert marks["no_da_conv"] == (True, False, False, False)
    assert marks["no_ca"] == (True, True, False, False)
    assert marks["dasr"] == (True, True, True, False)
    assert marks["oracle"] == (None, True, True, True)
    assert "ca_only" not in marks


def test_names_of_tables() -> None:
    assert paper_table_names("table1", [4], ["Set14", "Set5"]) == [
        "table1-x4-Set14",
        "table1_published-x4-Set14",
        "table1-x4-Set5",
        "table1_published-x4-Set5",
    ]
    assert paper_table_names("table2", [2, 4], ["Set14", "Set5"]) == [
        "table2-x2",
        "table2_published-x2",
        "table2-x4",
        "table2_published-x4",
    ]
    assert paper_table_names("table3", [4], ["Set5"])[0] == "table3-x4-Set5"
    assert paper_table_names("gaussian8", [4], ["Set5"])[1] == "gaussian8_published-x4"


def test_unknown_protocols_are_refused_by_name() -> None:
    message = "protocol 'table4'; allowed: .*gaussian8"
    with pytest.raises(UserError, match=message):
        paper_table_names("table4", [4], ["Set5"])
    with pytest.raises(UserError, match=message):
        read_published("table4")


def test_grids_without_a_place_are_refused() -> None:
    disk, line = Kernel(lambda_1=2, lambda_2=2), Kernel(lambda_1=2, lambda_2=1, theta_deg=10)
    require_grid("table3", [disk, line], [0, 5])
    for protocol in ("table1", "table2", "gaussian8"):
        require_grid(protocol, [disk], [0])
        with pytest.raises(UserError, match=f"protocol {protocol}: kernel 2,1,10deg"):
            require_grid(protocol, [disk, line], [0])
        with pytest.raises(UserError, match=r"noise_levels \[0.0, 5.0\]; allowed: \[0.0\]"):
            require_grid(protocol, [disk], [0, 5])


def test_planning_a_workflow_imports_nothing_slow() -> None:
    code = (
        "import sys, dasr.reporting.published.protocols; "
        "print([m for m in ('torch', 'pandas', 'numpy', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
