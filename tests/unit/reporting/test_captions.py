"""Captions of the report: every kind of table and figure has its own, and shows words as they
are."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils.core import publish_parts
from jinja2 import Environment, UndefinedError

from dasr.reporting import figure_jobs
from dasr.reporting.figure_jobs import make_figure
from dasr.reporting.kinds import FIGURES, SWEEP, TABLES
from dasr.reporting.published.layouts import layout_of
from dasr.reporting.published.protocols import PICTURED, PROTOCOLS
from dasr.reporting.table_jobs import make_table
from dasr.statistics.summaries import summarise_clusters
from dasr.text import escape_markdown, escape_rst, markdown_paragraph, page_json
from tests.unit.reporting.frames import COSTS, isotropic, paired, summary
from tests.unit.reporting.items import CELL, TITLES
from tests.unit.reporting.test_infinite import clusters

REPORT = Path(__file__).resolve().parents[3] / "workflow" / "report"
CASES = [
    *(("table", kind) for kind in TABLES),
    *(("figure", kind) for kind in (*FIGURES, f"{SWEEP}temperature_dasr")),
    *(("papertable", f"{kind}-x4-Set14") for kind in ("table1", "table1_published")),
]
WORST = 'A_ *b* `c` |d| </script>\n\n.. raw:: html\n\n   <b id="broken">x</b>\n\n\\ {e} $f$'


def caption(about: str, kind: str, title: str = "DASR") -> str:
    """Return a caption's reStructuredText as Snakemake 9 renders it."""
    file = "paper_table" if about == "papertable" else about
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    job = SimpleNamespace(
        wildcards=SimpleNamespace(
            **{about: kind, "regime": "noise", "scale": 4, "testset": "S"}
        ),
        params=SimpleNamespace(
            seeds=3,
            reference=escape_rst(title),
            settings={"key": "contrastive.queue_size", "variant": "no_ca_"},
        ),
    )
    text = (REPORT / f"{file}.rst").read_text(encoding="utf-8")
    return environment.from_string(text).render(snakemake=job)


def page(text: str) -> str:
    """Return reStructuredText as HTML; what is not clean is an error."""
    options = {"halt_level": 2, "report_level": 2}
    return str(publish_parts(text, writer="html", settings_overrides=options)["body"])


def test_every_kind_has_a_caption_of_its_own() -> None:
    texts = [caption(about, kind) for about, kind in CASES]
    assert all(len(text) > 100 for text in texts)
    assert len(set(texts)) == len(CASES)
    assert "contrastive.queue_size of no_ca_, varied" in page("\n\n".join(texts))


@pytest.mark.parametrize("about", ["table", "figure"])
def test_a_kind_without_a_caption_is_an_error(about: str) -> None:
    with pytest.raises(UndefinedError, match="no_caption_of"):
        caption(about, "brand_new")


def test_these_are_the_kinds_that_are_made(tmp_path: Path) -> None:
    assert set(figure_jobs.DRAW) == set(FIGURES)
    with pytest.raises(KeyError, match="brand_new"):
        make_figure("brand_new", {}, CELL, {}, {}, tmp_path / "a")
    titles = {key: title for key, title in TITLES.items() if key != "oracle"}
    files = {}
    for name, frame in (
        ("summary", summary(isotropic(1.0), [0.0])), ("paired", paired(isotropic(1.0), [0.0])),
        ("clusters", summarise_clusters(clusters(0.5))), ("costs", COSTS),
    ):  # fmt: skip
        files[name] = str(tmp_path / f"{name}.csv")
        frame.to_csv(files[name], index=False)
    for kind in TABLES:
        make_table(kind, files, CELL, titles, dict.fromkeys(titles, "h"), [], tmp_path / kind)
        assert (tmp_path / f"{kind}.html").exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pictures_are_declared_where_there_are_some(protocol: str) -> None:
    frame = summary(isotropic(1.2), [0.0]).assign(testset="Set14")
    assert bool(layout_of(protocol, frame).pictures) == (protocol in PICTURED)


def test_words_in_a_caption_are_words() -> None:
    shown = page(caption("table", "paired", WORST))
    assert "<b" not in shown
    assert "</script>" not in shown
    plain = "A_ *b* `c` |d| &lt;/script&gt; .. raw:: html &lt;b id=&quot;broken&quot;&gt;"
    assert plain in shown
    assert r"\ {e} $f$" in shown


def test_words_in_a_script_do_not_end_it() -> None:
    text = page_json({"a": WORST, "b": "漢 <!--<script>"})
    assert "<" not in text
    assert "漢" in text
    assert json.loads(text)["a"] == WORST


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        ("# Big", r"\# Big"), ("- item", r"\- item"), ("1. one", r"1\. one"), ("===", r"\==="),
        ("[x](javascript:y)", r"[x\](javascript:y)"), ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("<b>\n*a*", r"\<b\> \*a\*"), ("1.5 dB & more", r"1\.5 dB & more"),
    ],
)  # fmt: skip
def test_words_in_markdown_are_words(text: str, paragraph: str) -> None:
    assert markdown_paragraph(text) == paragraph


def test_intervals_stay_readable_in_markdown() -> None:
    assert escape_markdown("-0.12 [-0.20, -0.04]") == "-0.12 [-0.20, -0.04]"
