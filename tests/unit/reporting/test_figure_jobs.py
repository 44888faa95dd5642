"""Figures from files: each file says whose it is, whatever its place in a list."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from dasr.config import SweepConfig
from dasr.embedding.scores import COLUMNS
from dasr.errors import UserError
from dasr.reporting.drawing.style import save_figure, styled
from dasr.reporting.figures.curves import encoder_stages
from dasr.reporting.figures.tsne import Settings
from dasr.reporting.jobs import make_all
from dasr.statistics.jobs import read_rows
from dasr.study import Plan
from tests.unit.reporting.frames import cluster_summary
from tests.unit.reporting.items import (
    CELL,
    FIGURE_SPECS,
    TITLES,
    item_of,
    study,
    write_records,
)
from tests.unit.reporting.pictures import HISTORIES

pytestmark = pytest.mark.usefixtures("unsaved")

METHODS = {"dasr": 1.0, "no_ca": 2.0, "oracle": 3.0}
"""What every number of a method's files is."""
KEYS = {"regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset}


def arrays(path: Path, method: str, seed: int = 1, /, **changes: Any) -> str:
    """Write an .npz file of one method; `changes` replace keys, None leaves them out."""
    value = METHODS[method]
    pixels = np.full((1, 8, 8, 3), int(value), np.uint8)
    contents = {
        **KEYS, "method": method, "seed": seed,
        "kernel_width_representation": np.array([[0.0], [0.2], [value], [value + 0.2]]),
        "kernel_width_label": np.array([0.0, 0.0, 1.0, 1.0]),
        "kernel_width_tsne_30": np.full((4, 2), value, np.float32),
        "image": np.array(["a"]), "lr": pixels[:, ::4, ::4] * 0, "hr": pixels * 0,
        "sr": pixels, "psnr_y_db": np.array([20.0 + value]), "whole0": pixels[0] * 0,
        "box": np.zeros((1, 4)), "kernel": np.eye(21), "degradation": "width 2.4",
        **changes,
    }  # fmt: skip
    np.savez(path, **{key: value for key, value in contents.items() if value is not None})
    return str(path)


def scores(path: Path, method: str, seed: int = 1, /, **changes: Any) -> str:
    numbers = dict.fromkeys(COLUMNS, METHODS[method] / 10)
    row = {**KEYS, "method": method, "seed": seed, "task": "kernel_width", **numbers}
    pd.DataFrame([{**row, **changes}]).to_csv(path, index=False)
    return str(path)


def drawn(kind: str, files: dict[str, list[str]], *methods: str, **options: Any) -> Figure:
    """Return a figure of some methods, drawn from files."""
    if kind == "tsne":
        options["subject"] = Settings(30.0, "30")
    item = item_of(FIGURE_SPECS[kind], methods=methods, files=files, **options)
    with styled():
        return item.spec.make(replace(item, read=read_rows))


def test_projections_and_scores_meet_by_method(tmp_path: Path) -> None:
    files = {
        "projections": [arrays(tmp_path / f"{m}.npz", m) for m in ("no_ca", "dasr")],
        "clusters": [scores(tmp_path / f"{m}.csv", m) for m in ("dasr", "no_ca")],
    }
    first, second = drawn("tsne", files, "dasr", "no_ca").axes
    assert (first.get_title(), second.get_title()) == ("DASR", "Without CA")
    for axes, value in ((first, 1.0), (second, 2.0)):
        np.testing.assert_array_equal(axes.collections[0].get_offsets(), value)
        assert f"ARI {value / 10:.2f}" in axes.get_xlabel()


@pytest.mark.parametrize("title", ["DASR", "A title of more than one " + "line " * 20])
def test_fig6_says_whose_it_is(title: str, tmp_path: Path) -> None:
    tasks = ("kernel_width", "noise_level", "kernel")
    labels = {f"{task}_label": np.array([0.0, 0.0, 1.0, 1.0]) for task in tasks}
    points = {f"{task}_tsne_30": np.zeros((4, 2)) for task in tasks}
    names = {"kernel_names": np.array(["1", "2,1,10deg"])}
    files = {
        "projections": [arrays(tmp_path / "a.npz", "dasr", **labels, **points, **names)],
        "clusters": [scores(tmp_path / f"{task}.csv", "dasr", task=task) for task in tasks],
    }
    figure = drawn("fig6", files, "dasr", titles={"dasr": title})
    caption = figure.get_suptitle()
    assert figure.axes[0].get_ylabel().startswith("DASR" if title == "DASR" else "A title of")
    assert caption.startswith("t-SNE")
    assert caption.endswith("t-SNE seed 0, networks of seed 1")
    assert max(map(len, caption.split("\n"))) <= 60


def test_crops_and_distances_are_of_the_method_in_the_file(tmp_path: Path) -> None:
    paths = [arrays(tmp_path / f"{m}.npz", m) for m in ("oracle", "no_ca", "dasr")]
    figure = drawn("crops", {"examples": paths}, *METHODS)
    heads = {axes.get_title(): axes.get_xlabel() for axes in figure.axes}
    assert [heads[TITLES[name]] for name in METHODS] == ["21.00 dB", "22.00 dB", "23.00 dB"]
    figure = drawn("distances", {"embeddings": paths}, *METHODS)
    drawn_lines = figure.axes[0].get_lines()[::2]
    # centres of the classes are `value` apart, their spread is 0.1
    for line, value in zip(drawn_lines, METHODS.values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), [value / 0.1])


def test_encoder_stages_are_named_by_their_digest(tmp_path: Path) -> None:
    joint = HISTORIES[HISTORIES["stage"] == "joint"]
    plan = Plan(study({"dasr": "DASR", "no_ca": "Without CA"}, contrastive={"queue_size": 64}))
    alone = Plan(study({"dasr": "DASR"}))
    item = item_of(FIGURE_SPECS["curves"], plan=plan)
    (stage,) = set(encoder_stages(item).values())  # agreeing stages are trained once
    assert stage == "(shared encoder)"
    assert set(encoder_stages(replace(item, plan=alone)).values()) == {"dasr"}
    runs, encoders = [], []
    for method in ("no_ca", "dasr"):
        runs.append(str(tmp_path / f"{method}.csv"))
        joint[joint["method"] == method].to_csv(runs[-1], index=False)
    for seed, folder in enumerate(encoder_stages(item)):
        history = HISTORIES[HISTORIES["stage"] == "encoder"].query("seed == 0")
        history = history.assign(seed=seed, contrastive=6.0 + seed)
        path = tmp_path / Path(folder).name / "history.csv"
        path.parent.mkdir()
        history.drop(columns=["method", "regime"]).to_csv(path)
        encoders.append(str(path))
    files = {"runs": runs, "encoders": encoders}
    figure = drawn("curves", files, "dasr", "no_ca", plan=plan)
    losses = [np.unique(line.get_ydata()).tolist() for line in figure.axes[0].get_lines()]
    assert losses[:4] == [[6.0], [7.0], [8.0], [7.0]]  # of three seeds, then their mean
    assert stage in [text.get_text() for text in figure.legends[0].get_texts()]
    other = tmp_path / "bbb" / "history.csv"
    other.parent.mkdir()
    other.write_bytes(Path(encoders[0]).read_bytes())
    files["encoders"] = [str(other)]
    with pytest.raises(UserError, match=r"bbb/history\.csv: stage 'bbb' is none of"):
        drawn("curves", files, "dasr", "no_ca", plan=plan)


def test_a_sweep_of_networks_without_representation_shows_quality(tmp_path: Path) -> None:
    rows = [
        {
            **KEYS, "study": "s", "method": method, "seed": 1, "image": "a", "testset": testset,
            "psnr_y_db": psnr,
        }
        for method, psnr in (
            ("bicubic", 20.0), ("oracle", 21.0), ("oracle-joint_learning_rate-2", 23.0),
            ("b", 99.0),
        )
        for testset in (CELL.testset, "Other")
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "metrics.csv", index=False)
    cluster_summary(*[]).to_csv(tmp_path / "clusters.csv", index=False)
    files = {"metrics": [str(tmp_path / "metrics.csv")], "clusters": []}
    files["summary"] = [str(tmp_path / "clusters.csv")]
    key = "training.joint_learning_rate"
    sweep = SweepConfig(variant="oracle", key=key, values=(2.0,))
    faster = {"training": {"joint_learning_rate": 2.0}}
    titles = {"dasr": "D", "oracle": "O", "oracle-joint_learning_rate-2": "O, 2"}
    overrides = {"oracle-joint_learning_rate-2": faster}
    plan = Plan(study(titles, overrides, training={"joint_learning_rate": 1.0000001}))
    shown = ("oracle", "oracle-joint_learning_rate-2")
    figure = drawn("sweep", files, *shown, plan=plan, subject=sweep)
    (axes,) = figure.axes
    assert [float(gain) for gain in axes.get_lines()[0].get_ydata()] == [1.0, 3.0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1.0000001", "2"]
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["Mean gain (dB)", "the variant's own, 1.0000001"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"method": None},
            r"b\.npz: does not say whose it is, \['method'\] missing: delete it",
        ),
        ({"method": "oracle"}, r"b\.npz: of method 'oracle', which is none of"),
        ({"method": "dasr"}, r"b\.npz: of 'dasr', seed 1, as is .*a\.npz"),
        ({"scale": 2}, r"b\.npz: of scale 2, not of Set2, x4, regime noise"),
        ({"regime": "blur"}, r"b\.npz: of regime 'blur'"),
        ({"testset": "Set5"}, r"b\.npz: of testset 'Set5'"),
        ({"image": np.array(["b"])}, r"b\.npz: not the same image as in the other files"),
    ],
)
def test_a_file_in_the_wrong_place_is_named(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    paths = [
        arrays(tmp_path / "a.npz", "dasr"), arrays(tmp_path / "b.npz", "no_ca", **changes)
    ]  # fmt: skip
    with pytest.raises(UserError, match=message):
        drawn("crops", {"examples": paths}, "dasr", "no_ca")


def test_a_method_without_a_file_and_scores_of_another(tmp_path: Path) -> None:
    files = {
        "projections": [arrays(tmp_path / "a.npz", "dasr")],
        "clusters": [scores(tmp_path / "a.csv", "dasr")],
    }
    with pytest.raises(UserError, match="no file of 'no_ca' among"):
        drawn("tsne", files, "dasr", "no_ca")
    files["projections"].append(arrays(tmp_path / "b.npz", "no_ca", 2))
    files["clusters"].append(scores(tmp_path / "b.csv", "no_ca"))
    with pytest.raises(UserError, match=r"b\.npz: no clustering scores of the same network"):
        drawn("tsne", files, "dasr", "no_ca")
    files["clusters"][1] = scores(tmp_path / "b.csv", "no_ca", 2, testset="Set5")
    with pytest.raises(UserError, match=r"b\.csv: of testset 'Set5'"):
        drawn("tsne", files, "dasr", "no_ca")


def test_one_job_names_every_bad_file_and_makes_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    good = {"projections": [arrays(tmp_path / "a.npz", "dasr")]}
    good["clusters"] = [scores(tmp_path / "a.csv", "dasr")]
    items = []
    for number, seed in enumerate((1, 2, 2, 3)):
        files = dict(good)
        if seed > 1:
            bad = {"testset": f"Other{seed}"}
            files["projections"] = [arrays(tmp_path / f"bad{seed}.npz", "dasr", **bad)]
        settings = Settings(30.0, "30")
        item = item_of(FIGURE_SPECS["tsne"], files=files, methods=["dasr"], subject=settings)
        items.append(replace(item, kind=f"tsne{number}"))
        write_records(item)
    with pytest.raises(UserError) as error:
        make_all(items, save_figure)
    first, second = str(error.value).split("; ")  # the same fault is told once
    assert "of testset" in first
    assert "bad2.npz" in first
    assert "bad3.npz" in second
    made = {path.name for path in (tmp_path / "reports/demo/figures").iterdir()}
    assert {name.partition("-")[0] for name in made} == {"tsne0"}
    assert {Path(name).suffix for name in made} == {".png", ".pdf", ".rst"}


def test_faults_of_this_project_keep_their_traceback(tmp_path: Path) -> None:
    wrong = replace(FIGURE_SPECS["tsne"], make=lambda item: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_all([item_of(wrong)], save_figure)
