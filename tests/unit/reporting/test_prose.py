"""Numbers in Markdown that are placed from files, and found where they are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dasr.cli import main
from dasr.reporting.prose import place_numbers, prose_files, wrong_numbers

ROOT = Path(__file__).resolve().parents[3]
ROWS = """method,kernel,noise_level,gain_db,low_db,high_db,seeds
dasr,mean,,0.7149,0.61,0.82,3
dasr,"2,1,10deg",10.0,-0.004,-0.2,inf,3
dasr,1.2,5.0,1.25,,,3
no_ca,mean,,0.4,0.3,0.5,3
"""
JSON = '{"machine": {"threads": 2}, "entries": [{"name": "a step, x4", "seconds": 1234.5}]}'
TABLE = """A caption

| Method | ![k](x_pictures/k.png) k |
| :--- | ---: |
| DASR | 1.0 |

A note.
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes reports/x/README.md beside files that it cites."""
    monkeypatch.chdir(tmp_path)
    folder = Path("reports/x")
    (folder / "tables").mkdir(parents=True)
    (folder / "rows.csv").write_text(ROWS)
    (folder / "b.json").write_text(JSON)
    (folder / "tables/psnr.md").write_text(TABLE)

    def readme(text: str) -> Path:
        (folder / "README.md").write_text(text)
        return folder / "README.md"

    return readme


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("rows.csv method=dasr kernel=mean gain_db .2f", "0.71"),
        ("rows.csv method=dasr kernel=2,1,10deg gain_db +.2f", "+0.00"),
        ("rows.csv method=dasr noise_level=10 -gain_db low_db .3f", None),
        (
            'rows.csv method=dasr kernel=2,1,10deg low_db high_db "[{:.1f}, {:.1f}]"',
            "[−0.2, ∞]",
        ),
        ("rows.csv kernel=1.2 low_db .2f", "–"),
        ("rows.csv method=no_ca -high_db .1f", "−0.5"),
        ("rows.csv method=dasr max(gain_db) .1f", "1.2"),
        ("rows.csv noise_level= range(gain_db) .2f", "0.31"),
        ("rows.csv method!=dasr seeds d", "3"),
        ("rows.csv kernel=mean method=no_ca gain_db minus kernel=mean method=dasr gain_db .2f",
         "−0.31"),
        ("b.json machine.threads d", "2"),
        ('b.json "entries.a step, x4.seconds" ,.0f', "1,234"),
        ('rows.csv method=no_ca method "{}"', "no_ca"),
    ],
)  # fmt: skip
def test_what_a_marker_is_replaced_by(asked: str, shown: str | None, write: Write) -> None:
    file = write(f"It is <!--n reports/x/{asked}-->?<!--/n--> dB.\n")
    _, faults = place_numbers([file])
    if shown is None:
        assert "for 1 columns, and 2 are named" in str(faults[0])
        return
    assert file.read_text() == f"It is <!--n reports/x/{asked}-->{shown}<!--/n--> dB.\n"
    assert wrong_numbers([file]) == faults == []


def test_a_wrong_number_is_found_with_its_line(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    right = "a <!--n rows method=no_ca gain_db .1f-->0.4<!--/n-->"
    text = (
        f"<!--source rows reports/x/rows.csv-->\n\n{right}\n\n{right.replace('0.4', '0.5')}\n"
    )
    file = write(text)
    assert main(["numbers", "--check"]) == 1
    printed = capsys.readouterr()
    assert printed.err == "reports/x/README.md:5: '0.5', but its source has '0.4'\n"
    assert file.read_text() == text  # nothing is written
    assert main(["numbers"]) == 0
    assert file.read_text() == text.replace("0.5", "0.4")
    assert main(["numbers", "--check"]) == 0


def test_a_changed_file_makes_its_numbers_wrong(write: Write) -> None:
    file = write("a <!--n reports/x/rows.csv method=no_ca gain_db .1f-->0.4<!--/n-->\n")
    assert wrong_numbers([file]) == []
    Path("reports/x/rows.csv").write_text(ROWS.replace("no_ca,mean,,0.4", "no_ca,mean,,0.6"))
    assert [one.line for one in wrong_numbers([file])] == [1]
    Path("reports/x/rows.csv").unlink()
    (gone,) = wrong_numbers([file])
    assert "reports/x/rows.csv: no such file" in str(gone)


def test_a_source_stands_for_a_file_and_what_follows_it(write: Write) -> None:
    file = write(
        '<!--source step reports/x/b.json\n  "entries.a step, x4"-->\n'
        "<!--source means reports/x/rows.csv kernel=mean-->\n\n"
        "a <!--n step seconds .1f--><!--/n-->, <!--n means method=dasr gain_db\nminus "
        "method=no_ca gain_db .2f--><!--/n-->\n"
    )
    place_numbers([file])
    assert "-->1234.5<!--/n-->" in file.read_text()
    assert "-->0.31<!--/n-->" in file.read_text()


def test_a_table_is_taken_over_without_its_caption(write: Write) -> None:
    file = write("Before.\n\n<!--table reports/x/tables/psnr.md-->old<!--/table-->\n\nAfter.\n")
    place_numbers([file])
    placed = TABLE.split("\n\n", 1)[1].replace("(x_pictures", "(tables/x_pictures")
    marked = f"<!--table reports/x/tables/psnr.md-->\n\n{placed}\n<!--/table-->"
    assert file.read_text() == f"Before.\n\n{marked}\n\nAfter.\n"
    assert wrong_numbers([file]) == []
    Path("reports/x/tables/psnr.md").write_text(TABLE.replace("1.0", "1.1"))
    (wrong,) = wrong_numbers([file])
    found, expected = str(wrong).split(", but its source has ")
    assert "| DASR | 1.0 |" in found  # of long texts, what stands around the difference
    assert "| DASR | 1.1 |" in expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a <!--n reports/x/rows.csv gain_db .1f-->1<!--/n-->", "4 rows: name more keys"),
        ("a <!--n reports/x/rows.csv method=x gain_db .1f-->1<!--/n-->", "no such row"),
        ("a <!--n reports/x/rows.csv method=no_ca gain .1f-->1<!--/n-->", "no column 'gain'"),
        (
            "a <!--n reports/x/rows.csv methods=no_ca gain_db .1f-->1<!--/n-->",
            "column 'methods'",
        ),
        ("a <!--n reports/x/rows.csv max(method) .1f-->1<!--/n-->", "no numbers"),
        ("a <!--n reports/x/rows.csv sum(seeds) .1f-->1<!--/n-->", "sum(seeds): no column"),
        ("a <!--n reports/x/rows.csv method=no_ca gain_db .1q-->1<!--/n-->", ".1q: "),
        ("a <!--n reports/x/rows.csv gain_db-->1<!--/n-->", "too few words"),
        ('a <!--n reports/x/rows.csv "gain_db .1f-->1<!--/n-->', "No closing quotation"),
        ("a <!--n reports/x/b.json machine.cores d-->1<!--/n-->", "'cores' is not there"),
        ("a <!--n reports/x/b.json machine.threads d-->1", "no whole marker begins or ends"),
        ("a 1<!--/n-->", "no whole marker begins or ends"),
        ("a <!--n-->1<!--/n-->", "no whole marker begins or ends"),
        ("<!--n reports/x/b.json machine.threads d-->2<!--/n--> a", "beginning of a line"),
        ("<!--table reports/x/b.json-->2<!--/table--> a", "no table in it"),
    ],
)
def test_what_cannot_be_placed_is_said_and_left(text: str, fault: str, write: Write) -> None:
    file = write(f"First line.\n\n{text}\n")
    _, faults = place_numbers([file])
    assert str(faults[0]).startswith("reports/x/README.md:3: ")
    assert fault in str(faults[0])
    assert file.read_text() == f"First line.\n\n{text}\n"


def test_markers_in_code_are_text(write: Write) -> None:
    marker = "<!--n nowhere.csv a .1f-->1<!--/n-->"
    assert wrong_numbers([write(f"`{marker}`\n\n```\n{marker}\n<!--n\n```\n")]) == []


def test_the_numbers_of_this_project_are_those_of_their_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    files = prose_files()
    assert {Path("README.md"), Path("reports/bsds400/README.md")} <= set(files)
    assert [str(one) for one in wrong_numbers(files)] == []
