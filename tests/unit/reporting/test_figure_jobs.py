"""Figures from files: each file says whose it is, whatever its place in a list."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from dasr.errors import UserError
from dasr.reporting import figure_jobs, figures
from dasr.reporting.figure_jobs import make_figure
from tests.unit.reporting.items import CELL, TITLES
from tests.unit.reporting.pictures import HISTORIES

pytestmark = pytest.mark.usefixtures("unsaved")

METHODS = {"dasr": 1.0, "no_ca": 2.0, "oracle": 3.0}
"""What every number of a method's files is."""
KEYS = {"regime": CELL.regime, "scale": CELL.scale, "testset": CELL.testset}
SCORES = ("ari", "nmi", "silhouette", "probe_accuracy")
TSNE = {"perplexity": 5.0, "seed": 0, "network_seed": 1}


def arrays(path: Path, method: str, seed: int = 1, /, **changes: Any) -> str:
    """Write an .npz file of one method; `changes` replace keys, None leaves them out."""
    value = METHODS[method]
    pixels = np.full((1, 8, 8, 3), int(value), np.uint8)
    contents = {
        **KEYS, "method": method, "seed": seed,
        "kernel_width_representation": np.array([[0.0], [0.2], [value], [value + 0.2]]),
        "kernel_width_label": np.array([0.0, 0.0, 1.0, 1.0]),
        "kernel_width_tsne": np.full((4, 2), value, np.float32),
        "image": np.array(["a"]), "lr": pixels[:, ::4, ::4] * 0, "hr": pixels * 0,
        "sr": pixels, "psnr_y_db": np.array([20.0 + value]), "whole0": pixels[0] * 0,
        "box": np.zeros((1, 4)), "kernel": np.eye(21), "degradation": "width 2.4",
        **changes,
    }  # fmt: skip
    np.savez(path, **{key: value for key, value in contents.items() if value is not None})
    return str(path)


def scores(path: Path, method: str, seed: int = 1, /, **changes: Any) -> str:
    numbers = dict.fromkeys(SCORES, METHODS[method] / 10)
    row = {**KEYS, "method": method, "seed": seed, "task": "kernel_width", **numbers}
    pd.DataFrame([{**row, **changes}]).to_csv(path, index=False)
    return str(path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Return the figures that are drawn."""
    kept: list[Figure] = []
    for name in (
        "plot_tsne_tasks",
        "plot_crops",
        "plot_distances",
        "plot_tsne",
        "plot_curves",
        "plot_sweep",
    ):
        plot = getattr(figures, name)
        monkeypatch.setattr(
            figure_jobs.figures, name, lambda *a, plot=plot, **k: kept.append(plot(*a, **k))
        )
    return kept


def titles(*methods: str) -> dict[str, str]:
    return {method: TITLES[method] for method in methods}


def test_projections_and_scores_meet_by_method(tmp_path: Path, drawn: list[Figure]) -> None:
    files = {
        "embeddings": [arrays(tmp_path / f"{m}.npz", m) for m in ("no_ca", "dasr")],
        "clusters": [scores(tmp_path / f"{m}.csv", m) for m in ("dasr", "no_ca")],
    }
    make_figure("tsne", files, CELL, titles("dasr", "no_ca"), TSNE, tmp_path / "tsne")
    first, second = drawn[0].axes
    assert (first.get_title(), second.get_title()) == ("DASR", "Without CA")
    for axes, value in ((first, 1.0), (second, 2.0)):
        np.testing.assert_array_equal(axes.collections[0].get_offsets(), value)
        assert f"ARI {value / 10:.2f}" in axes.get_xlabel()


@pytest.mark.parametrize("title", ["DASR", "A title of more than one " + "line " * 20])
def test_fig6_says_whose_it_is(title: str, tmp_path: Path, drawn: list[Figure]) -> None:
    tasks = ("kernel_width", "noise_level", "kernel")
    labels = {f"{task}_label": np.array([0.0, 0.0, 1.0, 1.0]) for task in tasks}
    points = {f"{task}_tsne": np.zeros((4, 2)) for task in tasks}
    names = {"kernel_names": np.array(["1", "2,1,10deg"])}
    files = {
        "embeddings": [arrays(tmp_path / "a.npz", "dasr", **labels, **points, **names)],
        "clusters": [scores(tmp_path / f"{task}.csv", "dasr", task=task) for task in tasks],
    }
    make_figure("fig6", files, CELL, {"dasr": title}, TSNE, tmp_path / "fig6")
    caption = drawn[0].get_suptitle()
    assert caption.startswith("DASR: t-SNE" if title == "DASR" else "A title of more")
    assert caption.endswith("t-SNE seed 0, networks of seed 1")
    assert max(map(len, caption.split("\n"))) <= 60


def test_crops_and_distances_are_of_the_method_in_the_file(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    paths = [arrays(tmp_path / f"{m}.npz", m) for m in ("oracle", "no_ca", "dasr")]
    settings = {"whole": False, "oracles": ["oracle"]}
    make_figure("crops", {"examples": paths}, CELL, titles(*METHODS), settings, tmp_path / "c")
    heads = {axes.get_title(): axes.get_xlabel() for axes in drawn[0].axes}
    assert [heads[title] for title in titles(*METHODS).values()] == [
        "21.00 dB", "22.00 dB", "23.00 dB"
    ]  # fmt: skip
    make_figure("distances", {"embeddings": paths}, CELL, titles(*METHODS), {}, tmp_path / "d")
    lines = {line.get_color(): line for line in drawn[1].axes[0].get_lines()[::2]}
    # places of the classes are `value` apart, their spread is 0.1
    for colour, value in zip(("#0072B2", "#D55E00", "#009E73"), METHODS.values(), strict=True):
        np.testing.assert_allclose(lines[colour].get_ydata(), [value / 0.1])


def test_encoder_stages_are_named_by_their_digest(tmp_path: Path, drawn: list[Figure]) -> None:
    joint = HISTORIES[HISTORIES["stage"] == "joint"]
    joint[joint["method"] == "dasr"].to_csv(tmp_path / "dasr.csv", index=False)
    joint[joint["method"] == "no_ca"].to_csv(tmp_path / "no_ca.csv", index=False)
    stages = {"bbb": ("dasr", 6.0), "aaa": ("no_ca", 8.0)}
    encoders = []
    for stage, (_, loss) in stages.items():
        history = HISTORIES[HISTORIES["stage"] == "encoder"].query("seed == 0")
        path = tmp_path / stage / "history.csv"
        path.parent.mkdir()
        history.drop(columns=["method", "regime"]).assign(contrastive=loss).to_csv(path)
        encoders.append(str(path))
    files = {
        "runs": [str(tmp_path / "no_ca.csv"), str(tmp_path / "dasr.csv")], "encoders": encoders
    }  # fmt: skip
    labels = {stage: method for stage, (method, _) in sorted(stages.items())}
    settings = {"queue_size": 8, "batch_size": 2, "encoders": labels}
    shown = titles("dasr", "no_ca")
    make_figure("curves", files, CELL, shown, settings, tmp_path / "curves")
    first = {line.get_color(): line for line in drawn[0].axes[0].get_lines()}
    np.testing.assert_allclose(first["#0072B2"].get_ydata(), 6.0)
    np.testing.assert_allclose(first["#D55E00"].get_ydata(), 8.0)
    settings["encoders"] = {"ccc": "dasr"}
    with pytest.raises(UserError, match=r"bbb/history\.csv: stage 'bbb' is none of"):
        make_figure("curves", files, CELL, shown, settings, tmp_path / "curves")


def test_a_sweep_of_networks_without_representation_shows_quality(
    tmp_path: Path, drawn: list[Figure]
) -> None:
    rows = [
        {
            **KEYS, "study": "s", "method": method, "seed": 1, "image": "a", "testset": testset,
            "psnr_y_db": psnr,
        }
        for method, psnr in (("bicubic", 20.0), ("a", 21.0), ("a-rate-2", 23.0), ("b", 99.0))
        for testset in (CELL.testset, "Other")
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "metrics.csv", index=False)
    files = {"metrics": str(tmp_path / "metrics.csv"), "clusters": []}
    values = {"a": 1.0000001, "a-rate-2": 2.0}
    settings = {"key": "training.rate", "values": values, "own": 1.0000001}
    shown = {"a": "A", "a-rate-2": "A, rate 2"}
    make_figure("sweep_rate", files, CELL, shown, settings, tmp_path / "sweep")
    (axes,) = drawn[0].axes
    assert [float(gain) for gain in axes.get_lines()[0].get_ydata()] == [1.0, 3.0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1.0000001", "2"]
    texts = [text.get_text() for text in drawn[0].legends[0].get_texts()]
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
    settings = {"whole": False, "oracles": []}
    with pytest.raises(UserError, match=message):
        make_figure(
            "crops",
            {"examples": paths},
            CELL,
            titles("dasr", "no_ca"),
            settings,
            tmp_path / "c",
        )


def test_a_method_without_a_file_and_scores_of_another(tmp_path: Path) -> None:
    shown, stem = titles("dasr", "no_ca"), tmp_path / "tsne"
    files = {
        "embeddings": [arrays(tmp_path / "a.npz", "dasr")],
        "clusters": [scores(tmp_path / "a.csv", "dasr")],
    }
    with pytest.raises(UserError, match="no file of 'no_ca' among"):
        make_figure("tsne", files, CELL, shown, TSNE, stem)
    files["embeddings"].append(arrays(tmp_path / "b.npz", "no_ca", 2))
    files["clusters"].append(scores(tmp_path / "b.csv", "no_ca"))
    with pytest.raises(UserError, match=r"b\.npz: no clustering scores of the same network"):
        make_figure("tsne", files, CELL, shown, TSNE, stem)
    files["clusters"][1] = scores(tmp_path / "b.csv", "no_ca", 2, testset="Set5")
    with pytest.raises(UserError, match=r"b\.csv: of testset 'Set5'"):
        make_figure("tsne", files, CELL, shown, TSNE, stem)
