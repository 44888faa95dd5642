"""The line under tables and figures that says where their numbers come from."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from dasr.errors import UserError
from dasr.reporting.drawing.style import DPI, save_figure, styled
from dasr.reporting.provenance import provenance_line
from dasr.reporting.specs import Item, statistics
from dasr.reporting.tabulating.model import Cell, Table
from dasr.reporting.tabulating.writing import write_table
from dasr.study import Plan
from tests.unit.reporting.items import (
    CELL,
    FIGURE_SPECS,
    TABLE_SPECS,
    TITLES,
    item_of,
    study,
    write_records,
)

LINE = (
    "Study demo: tested on Set2 (2 images, bbbbbbbb); seeds 1, 2, 3, trained on train (400 "
    "images, aaaaaaaa) at commit 01234567; rows: summary.csv"
)
NETWORKS = [name for name in TITLES if name != "bicubic"]


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _item(kind: str = "grid", **options: Any) -> Item[Any]:
    return item_of({**TABLE_SPECS, **FIGURE_SPECS}[kind], methods=NETWORKS, **options)


def _line(item: Item[Any], commits: Mapping[str, str] | None = None) -> str:
    write_records(item, **(commits or {}))
    return provenance_line(item)


def test_a_line_says_images_seeds_commit_digests_and_rows() -> None:
    assert _line(_item()) == LINE


@pytest.mark.parametrize(
    ("commits", "said"),
    [
        ({"no_ca": "89abcdef0123"}, "at commits 01234567 and 89abcdef; reported at 01234567"),
        ({"no_ca": "89abcdef0123", "oracle": "fedcba987654"}, "at 3 commits; reported at"),
        ({"versions": "89abcdef0123-dirty"}, "at commit 01234567; reported at 89abcdef-dirty;"),
        ({"versions": "unknown"}, "reported at unknown"),
    ],
)
def test_other_commits_are_said(commits: dict[str, str], said: str) -> None:
    assert said in _line(_item(), commits)


def test_an_encoder_stage_of_another_commit_is_one_more() -> None:
    item = _item()
    write_records(item)
    (stage, *_) = Path("results/demo/encoders").glob("*/run.yaml")
    stage.write_text("commit: 89abcdef0123\n")
    assert "at commits 89abcdef and 01234567" in provenance_line(item)


def test_a_figure_of_the_first_seed_names_that_seed_alone() -> None:
    line = _line(_item("crops"))
    assert "; seed 1, trained on" in line
    assert line.endswith("rows: runs/*/examples/Set2.npz")


def test_the_reference_stands_behind_differences_without_being_shown() -> None:
    item = replace(_item("paired"), spec=TABLE_SPECS["paired"])
    assert "dasr" not in item.titles
    line = _line(item, {"dasr": "89abcdef0123"})
    assert "at commits 01234567 and 89abcdef;" in line


def test_bicubic_alone_was_not_trained() -> None:
    item = item_of(TABLE_SPECS["grid"], {}, plan=Plan(study({})), methods=["bicubic"])
    assert _line(item) == (
        "Study demo: tested on Set2 (2 images, bbbbbbbb); reported at 01234567; "
        "rows: summary.csv"
    )


def test_tables_of_all_sets_and_published_rows() -> None:
    sets = [{"name": name, "source": "photos"} for name in ("Set2", "Set3")]
    package = "../dasr/reporting/published/table1.csv"
    plan = Plan(study(test_sets=sets))
    item = _item("grid", plan=plan, cell=replace(CELL, testset=""))
    files = {**statistics("summary")(item), "published": [package]}
    item = replace(item, spec=replace(item.spec, files=lambda item: files))
    line = _line(item)
    assert "tested on Set2 (2 images, bbbbbbbb) and Set3 (1 image, cccccccc)" in line
    assert line.endswith("rows: summary.csv, published/table1.csv")


def test_a_missing_record_is_named() -> None:
    item = _item()
    write_records(item)
    Path("results/demo/runs/no_ca/noise/x4/seed2/run.yaml").unlink()
    with pytest.raises(UserError, match=r"no_ca/noise/x4/seed2/run\.yaml"):
        provenance_line(item)


def test_every_text_of_a_table_has_the_line_and_its_csv_stays_tidy() -> None:
    table = Table("A", pd.DataFrame({"a": [1]}), ["H"], [[Cell("1")]], ["r"], note="N")
    write_table(table, Path("t"), "from_here")
    assert Path("t.md").read_text().endswith("\n\nN\n\nfrom\\_here\n")
    assert "% N\n% from_here\n" in Path("t.tex").read_text()
    assert '<p class="provenance">from_here</p>' in Path("t.html").read_text()
    assert Path("t.csv").read_text() == "a\n1\n"


@pytest.mark.parametrize("width", [2.0, 7.16])
def test_the_line_is_below_the_drawing_and_in_the_metadata(width: float) -> None:
    with styled():
        for name, line in (("bare", ""), ("told", LINE)):
            figure = Figure(figsize=(width, 1.5), layout="constrained")
            figure.subplots().plot([1, 2])
            figure.supxlabel("below the panel")
            save_figure(figure, Path(name), line)
    with Image.open("bare.png") as bare, Image.open("told.png") as told:
        assert told.info["Description"] == LINE
        assert told.width == bare.width
        added = told.height - bare.height
        assert added > 0.08 * DPI  # room for a line of 5 points
        above = told.convert("L").crop((0, 0, told.width, bare.height))
        assert above.tobytes() == bare.convert("L").tobytes()  # nothing of it has moved
        strip = told.convert("L").crop((0, bare.height, told.width, told.height))
        left, top, right, bottom = strip.point(lambda grey: 255 * (grey < 250)).getbbox() or ()
        assert 0 < left < right < told.width  # as wide as it is, nothing is cut off
        assert 0 < top < bottom < added
    assert b"Study demo" in Path("told.pdf").read_bytes()


def test_the_same_figure_gives_the_same_bytes() -> None:
    for name in ("a", "b"):
        with styled():
            save_figure(Figure(figsize=(2.0, 1.0)), Path(name), LINE)
    for ending in ("png", "pdf"):
        assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()
