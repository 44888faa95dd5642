"""Every kind of table and figure that is discovered keeps what the workflow counts on."""

import functools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pandas as pd
import pytest
from docutils.core import publish_parts
from jinja2 import Environment

from dasr.config import StudyConfig
from dasr.reporting import jobs
from dasr.reporting.figures import FIGURES
from dasr.reporting.outputs import (
    figure_items,
    input_files,
    output_files,
    reported_files,
    table_items,
)
from dasr.reporting.published.protocols import PROTOCOLS
from dasr.reporting.specs import Item
from dasr.reporting.tables import TABLES
from dasr.study import Plan, read_study, study_text
from dasr.study.records import digests_file, versions_file
from dasr.study.representations import represented_runs
from dasr.terms.columns import UNTRAINED
from dasr.terms.metrics import METRICS
from tests.unit.reporting.frames import inference
from tests.unit.reporting.items import CELL, CONFIG, TITLES, study

SPECS = [*TABLES, *FIGURES]
WORST = (
    'A_ *b* `c` |d| </script>\n\n.. raw:: html\n\n   <b id="x">x</b>\n\n\\ {{e}} {% f %} $g$'
)
METHODS = {
    **TITLES,
    "no_contrastive": "No contrast",
    "ca_only": "CA only",
    "no_da_conv": "No DA conv",
}
SWEPT = {"dasr-temperature-0.2": "Hot"}
EVERYTHING: dict[str, Any] = {
    "validation_sets": [{"name": "held", "source": "naturals"}],
    "embedding": {"kernels": [[2, 1, 10], [4, 1, 90]]},
    "seeds": list(range(5)),
    "checkpoints": [10],
    "sweeps": [{"variant": "dasr", "key": "contrastive.temperature", "values": [0.07, 0.2]}],
    "imported": [
        {
            "name": "theirs", "title": "Theirs", "regime": "noise", "stands_for": "dasr",
            "files": {4: "theirs.safetensors"},
        }
    ],
}  # fmt: skip
BLUR = {"kernel_widths": {4: [1.0, 2.0]}, "noise_levels": [0.0]}
ANISOTROPIC = {
    "blur": "anisotropic", "kernel_width": {4: [0.2, 4.0]}, "noise_level": [0.0, 25.0]
}  # fmt: skip


def plan(titles: dict[str, str] = METHODS, **config: Any) -> Plan:
    overrides = {"dasr-temperature-0.2": {"contrastive": {"temperature": 0.2}}}
    regimes = [{**CONFIG["regimes"][0], "train": ANISOTROPIC, **config.pop("regime", {})}]
    swept = SWEPT if "sweeps" in config else {}
    return Plan(study({**titles, **swept}, overrides, regimes=regimes, **config))


def everything(titles: dict[str, str] = METHODS) -> Iterator[Item[Any]]:
    """Yield items of every kind: those of one protocol each, and all others."""
    for protocol in PROTOCOLS:
        one = plan(titles, protocol=protocol, regime={"test": BLUR}, **EVERYTHING)
        for item in (*table_items(one), *figure_items(one)):
            if protocol == "table1" or item.kind.startswith(protocol):
                yield replace(item, read=functools.partial(read, one))


def read(one: Plan, path: str) -> pd.DataFrame:
    """Return what captions are written from: means over the grid, costs, gains."""
    frame = pd.DataFrame({"method": [method.name for method in one.methods]})
    frame = frame.assign(regime=CELL.regime, scale=4, testset="Set2", kernel="mean")
    numbers = dict.fromkeys(("psnr_y_db", "psnr_y_db_low", "psnr_y_db_high"), 27.0)
    costs = {"parameters": 1.0, "flops": 2.0, "cpu_seconds": float("nan")}
    if path.endswith("scaling.csv"):
        gains = {"gain_db": 0.1, "gain_db_low": 0.0, "gain_db_high": 0.2, "joint_steps": 10}
        whose = {"variant": "no_ca", "size": "", "having": "dasr", "lacking": "no_ca"}
        return frame[:1].assign(**gains, **whose, kernels="all", images=2, seeds=5)
    if path.endswith("inference.csv"):
        return inference({method.name: 5.0 for method in one.methods})
    return frame.assign(**(costs if path.endswith("costs.csv") else numbers))


ITEMS = {item.name: item for item in everything()}


def test_kinds_and_orders_are_unique() -> None:
    assert len({(spec.folder, spec.kind) for spec in SPECS}) == len(SPECS)
    assert len({(spec.folder, spec.order) for spec in SPECS}) == len(SPECS)
    stems = [item.stem for item in everything()]
    assert len(set(stems)) == len(stems)


def test_every_spec_applies_somewhere_and_few_to_bicubic_alone() -> None:
    assert {item.spec.kind for item in everything()} == {spec.kind for spec in SPECS}
    alone = plan({})
    kinds = {item.kind for item in (*table_items(alone), *figure_items(alone))}
    assert kinds == {metric.name for metric in METRICS} | {"grid", "psnr_vs_width", "crops"}


@pytest.mark.parametrize(
    ("titles", "config", "gone"),
    [
        ({"dasr": "D", "no_ca": "N"}, {}, {"fig3", "score_vs_psnr", "sweep_temperature"}),
        ({"dasr": "D"}, {"seeds": [1, 2]}, {"paired", "score_vs_psnr", "factorial"}),
        ({"oracle": "O"}, {"reference": "oracle"}, {"tsne", "distances", "clusters", "fig6"}),
        (METHODS, {"embedding": {}}, {"fig6"}),
        (METHODS, {}, {"encoder_stages"}),  # without validation images
        (METHODS, {"regime": {"train": {**ANISOTROPIC, "noise_level": [0, 0]}}}, {"fig6"}),
    ],
)
def test_kinds_that_do_not_apply_are_not_made(
    titles: dict[str, str], config: dict[str, Any], gone: set[str]
) -> None:
    kernels = {"embedding": EVERYTHING["embedding"], "seeds": [1, 2], **config}
    if len(titles) == 2:
        kernels["seeds"] = [1]
    one = plan(titles, **kernels)
    kinds = {item.kind for item in (*table_items(one), *figure_items(one))}
    assert not kinds & gone
    assert {"gain_heatmap", "curves", "hypotheses", "pareto", "costs"} <= kinds


def test_each_perplexity_has_a_figure_and_the_first_is_tsne() -> None:
    one = plan({"dasr": "D"}, embedding={"perplexity": [30.0, 5.0, 7.5]})
    items = [item for item in figure_items(one) if item.spec.kind == "tsne"]
    kinds = [item.kind for item in items]
    assert kinds == ["tsne", "tsne_perplexity_5", "tsne_perplexity_7.5"]
    for item, number in zip(items, ("30", "5", r"7\.5"), strict=True):
        assert f"at perplexity {number} (" in item.caption
        assert "distances between groups" in item.caption
    assert one.config.embedding.perplexities == (30.0, 5.0, 7.5)
    alone = plan({"dasr": "D"}, embedding={"perplexity": 12})
    assert alone.config.embedding.perplexities == (12.0,)


EMBEDDED = ("clusters", "tsne", "pca", "distances", "fig3", "fig6")


@pytest.mark.parametrize("kind", EMBEDDED)
def test_the_untrained_encoder_is_in_everything_about_representations(kind: str) -> None:
    (item,) = (one for one in everything() if one.kind == kind)
    assert item.methods[-1].name == UNTRAINED
    assert item.titles[UNTRAINED] == "Untrained encoder"
    assert UNTRAINED in item.styles
    assert "before any training" in item.caption or "what training starts from" in item.caption
    if kind not in ("clusters",):  # it has a file of its own
        assert any(f"/{UNTRAINED}/" in path for path in input_files([item]))


def test_the_untrained_encoder_is_in_nothing_about_images() -> None:
    for item in everything():
        if item.kind not in EMBEDDED and item.spec.kind != "tsne":
            assert UNTRAINED not in item.titles, item.kind


def page(text: str) -> str:
    """Return reStructuredText as HTML; what is not clean is an error."""
    options = {"halt_level": 2, "report_level": 2}
    return str(publish_parts(text, writer="html", settings_overrides=options)["body"])


@pytest.mark.parametrize("name", ITEMS)
def test_captions_are_sentences_with_values(name: str) -> None:
    caption = ITEMS[name].caption
    assert len(caption) > 100
    assert not {"{", "}"} & set(caption)
    assert "<p>" in page(caption)


def test_captions_are_told_apart() -> None:
    of_one = [item for item in everything() if not item.kind.startswith(tuple(PROTOCOLS))]
    assert len({item.caption for item in of_one}) == len(of_one)


@pytest.mark.parametrize("name", ITEMS)
def test_words_in_captions_are_words(name: str) -> None:
    worst = {item.name: item for item in everything(dict.fromkeys(METHODS, WORST))}
    # Snakemake takes a caption for a template
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    shown = page(environment.from_string(jobs.caption_text(worst[name])).render())
    assert "<b" not in shown
    assert "</script>" not in shown
    if name.startswith(("paired", "gain_heatmap", "fig6")):
        assert "A_ *b* `c` |d| &lt;/script&gt; .. raw:: html &lt;b id=" in shown
        assert r"\ {{e}} {% f %} $g$" in shown


def test_inputs_are_files_that_the_plan_gives() -> None:
    for item in everything():
        one, testset = item.plan, item.cell.testset
        names = ("metrics", "summary", "margins", "paired", "claims", "clusters", "costs")
        more = ("factorial", "encoder_stages", "scaling", "inference")
        known = {one.statistics_file(name) for name in (*names, *more)}
        for run in (*one.runs(), *represented_runs(one)):
            known |= {
                one.history_file(run), one.examples_file(run, testset),
                one.embedding_file(run, testset), one.clusters_file(run, testset),
                one.projection_file(run, testset), f"{one.encoder_folder(run)}/history.csv",
            }  # fmt: skip
            known |= {one.record_file(run), f"{one.encoder_folder(run)}/run.yaml"}
        known |= {digests_file(one), versions_file(one)}
        published = {path for path in item.files.get("published", ()) if path.endswith(".csv")}
        found = set(input_files([item]))
        assert found
        assert found <= known | published, item.name


def test_files_of_a_study_and_what_the_report_shows() -> None:
    one = plan(protocol="table3", **EVERYTHING)
    files = output_files(table_items(one))
    for name in ("psnr-noise-x4-Set2", "table3-x4-Set2", "table3_published-x4-Set2"):
        stem = f"reports/demo/tables/{name}"
        assert {f"{stem}.{end}" for end in ("csv", "md", "tex", "html")} <= set(files)
    folders = {path for path in files if path.endswith("_pictures")}
    assert len(folders) == 2
    assert "reports/demo/figures/sweep_temperature-noise-x4-Set2.pdf" in output_files(
        figure_items(one)
    )
    claims, stages, *shown = reported_files(table_items(one))
    assert claims["value"] == "reports/demo/tables/claims.html"  # of the study, not of a cell
    assert claims["subcategory"] == "Claims"
    assert stages["value"] == "reports/demo/tables/encoder_stages.html"
    assert shown[0]["value"] == "reports/demo/tables/psnr-noise-x4-Set2.html"
    assert shown[0]["caption"].endswith("/reports/demo/tables/psnr-noise-x4-Set2.rst")
    assert shown[0]["subcategory"] == "Set2, x4, noise"
    assert shown[0]["labels"] == {"table": "psnr"}


def test_protocols_are_those_of_study_files() -> None:
    names = get_args(get_args(get_type_hints(StudyConfig)["protocol"])[0])
    assert set(names) == set(PROTOCOLS)


def test_a_study_is_the_same_after_its_way_through_a_rule() -> None:
    one = plan(dict.fromkeys(METHODS, WORST), **EVERYTHING)
    again = Plan(read_study(study_text(one.study)))
    assert output_files(figure_items(again)) == output_files(figure_items(one))
    assert again.study == one.study


def test_planning_loads_no_slow_library() -> None:
    code = (
        "import sys, dasr.reporting.outputs; "
        "print([m for m in ('torch', 'scipy', 'sklearn', 'mlflow') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
