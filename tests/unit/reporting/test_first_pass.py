"""Test images after a first pass in statistics, tables and figures: none are averaged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.text import Text

from dasr.config import DegradationConfig, GridConfig, RegimeConfig, digest
from dasr.config.claims import Claim
from dasr.config.first_pass import FirstPass
from dasr.errors import UserError
from dasr.evaluation.evaluate import bicubic, evaluate
from dasr.reporting.published.protocols import require_grid
from dasr.reporting.rows import conditions, grid_cells, grid_means
from dasr.statistics.claims import verdicts
from dasr.statistics.jobs import gather, write_statistics
from tests.tiny import images, packed
from tests.unit.reporting.drawn import plot_gain_heatmap, plot_paired, plot_psnr_vs_width
from tests.unit.reporting.frames import COSTS, isotropic, paired, summary
from tests.unit.reporting.items import CELL, CONFIG, TITLES, study
from tests.unit.reporting.tabled import grid_table, psnr_table

PASS = FirstPass(kernel_width=1.2, resize=0.7, noise_level=5.0, jpeg_quality=60)
LABELS = ("blur 1.2, x0.7, noise 5, JPEG quality 60", "none")
BOUNDS = ("both_low_db", "both_high_db")


def _with_passes(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a frame's cells after two first passes, 1 dB apart, and its means of the grid."""
    cells, parts = grid_cells(frame), []
    for number, label in enumerate(LABELS):
        parts.append(cells.assign(first_pass=label))
        parts[-1][[*columns]] += number
    return pd.concat([*parts, grid_means(frame)], ignore_index=True)


SUMMARY = _with_passes(summary(isotropic(1.0, 2.0), [0.0, 5.0]), "psnr_y_db")


def _overlaps(figure: Figure, texts: list[Text]) -> bool:
    figure.canvas.draw()
    boxes = [one.get_window_extent() for one in texts if one.get_text()]
    return any(
        one.overlaps(other) for number, one in enumerate(boxes) for other in boxes[:number]
    )


def test_each_combination_has_its_own_panel_whose_title_keeps_clear(tmp_path: Path) -> None:
    found = conditions(SUMMARY)
    assert [" ".join(one.title.split()) for one in found] == [
        f"First pass {label} Noise level {level}" for label in LABELS for level in (0, 5)
    ]
    for one in found:
        assert not one.rows.duplicated(["method", "kernel"]).any()
    figure = plot_psnr_vs_width(SUMMARY, TITLES, tmp_path / "psnr", CELL)
    lines = [figure.axes[number].get_lines()[0].get_ydata() for number in (0, 2)]
    np.testing.assert_allclose(np.asarray(lines[1]) - np.asarray(lines[0]), 1.0)
    assert not _overlaps(figure, [axes.title for axes in figure.axes[:4]])
    frame = _with_passes(paired(isotropic(1.0, 2.0), [0.0, 5.0]), "difference_db", *BOUNDS)
    figure = plot_paired(frame, TITLES, tmp_path / "paired", CELL)
    assert not _overlaps(figure, [axes.title for axes in figure.axes])


def test_the_heat_map_has_a_column_a_combination(tmp_path: Path) -> None:
    frame = _with_passes(summary(isotropic(1.0, 2.0), [0.0, 5.0]), "gain_db")
    figure = plot_gain_heatmap(frame, TITLES, tmp_path / "heat", CELL, method="dasr")
    axes = figure.axes[0]
    np.testing.assert_allclose(axes.get_images()[0].get_array(), [[2, 2, 3, 3]] * 2)
    labels = [" ".join(tick.get_text().split()) for tick in axes.get_xticklabels()]
    of_pass = LABELS[0].replace(",", "")
    assert labels == [f"{of_pass} 0", f"{of_pass} 5", "none 0", "none 5"]
    assert axes.get_xlabel() == "First pass\nNoise level (grey levels of 0..255)"
    assert not _overlaps(figure, [*axes.get_xticklabels()])


def test_tables_have_a_row_or_a_column_a_first_pass() -> None:
    table = grid_table(SUMMARY, TITLES, CELL)
    assert list(table.header[:3]) == ["Kernel", "First pass", "Noise"]
    keys = [tuple(str(getattr(cell, "text", cell)) for cell in row[:3]) for row in table.rows]
    assert len(set(keys)) == len(keys) == 2 * 2 * 2 + 1
    assert ("width 1", LABELS[0], "5") in keys
    assert keys[-1] == ("mean", "", "")
    header = psnr_table(SUMMARY, TITLES, COSTS, CELL).header
    assert {"width 1", "noise 5", *(f"first pass {label}" for label in LABELS)} <= set(header)


def test_a_published_layout_has_no_place_for_a_first_pass() -> None:
    (regime,) = CONFIG["regimes"]
    test = {**regime["test"], "noise_levels": [0.0], "first_passes": [{"resize": 0.5}]}
    passed = study(regimes=[{**regime, "test": test}], protocol="table3")
    with pytest.raises(UserError, match=r"table3: first_passes \[x0.5\]; allowed: none"):
        require_grid(passed.config)


def test_statistics_of_evaluated_images_keep_first_passes_apart(tmp_path: Path) -> None:
    """A study of two regimes, of which one has first passes."""
    set2, files, grids = packed(tmp_path, images(2, 40, 32), "Set2"), [], {}
    for name, passes in {"passed": (PASS, FirstPass()), "plain": ()}.items():
        regime = RegimeConfig(
            name=name,
            train=DegradationConfig(kernel_width={2: (0.2, 2.0)}),
            test=GridConfig(kernel_widths={2: (1.2,)}, first_passes=passes),
        )
        grids[name] = regime.test_degradations(2)
        cpu = torch.device("cpu")
        rows = evaluate(
            bicubic(2), set2, grids[name], scale=2, seed=0, device=cpu, method="bicubic"
        )
        assert ("first_pass" in rows) == (name == "passed")
        for method, seed, gain in (("bicubic", 0, 0.0), ("dasr", 1, 1.0), ("no_ca", 1, 0.5)):
            keys = {"study": "s", "method": method, "regime": name, "scale": 2, "seed": seed}
            files.append(tmp_path / f"{method}-{name}.csv")
            own = rows.assign(**keys, psnr_y_db=rows["psnr_y_db"] + gain)
            own.to_csv(files[-1], index=False)
    metrics = gather(files)
    own = metrics[metrics["method"] == "bicubic"].set_index("image")
    simple = own[own["first_pass"] == "none"]["psnr_y_db"]
    assert simple.to_dict() == own[own["regime"] == "plain"]["psnr_y_db"].to_dict()
    write_statistics(
        metrics, gather([]), [], [], {"no_ca": "dasr"}, ["dasr", "no_ca"], [["dasr", "no_ca"]],
        [], {}, tmp_path / "out",
    )  # fmt: skip
    found = pd.read_csv(tmp_path / "out/summary.csv").query("method == 'dasr'")
    for label in LABELS:
        rows = metrics[(metrics["first_pass"] == label) & (metrics["method"] == "dasr")]
        (mean,) = found[found["first_pass"] == label]["psnr_y_db"]
        assert mean == pytest.approx(rows["psnr_y_db"].mean())
    assert found.groupby("regime").size().to_dict() == {"passed": 3, "plain": 2}
    margins = pd.read_csv(tmp_path / "out/margins.csv").query("method == 'dasr'")
    assert margins["first_pass"].dropna().tolist() == list(LABELS)
    _claim_of_one_first_pass(metrics, grids["passed"][:1])


def _claim_of_one_first_pass(metrics: pd.DataFrame, cells: tuple) -> None:
    """A claim about one first pass averages its cells alone."""
    worse = metrics["method"].eq("no_ca") & metrics["first_pass"].eq("none")
    changed = metrics.assign(psnr_y_db=metrics["psnr_y_db"] - 7.0 * worse)
    claim = Claim(
        method="no_ca", relation="worse", reference="dasr", regime="passed", scale=2,
        testset="Set2", margin_db=0.1, cells=cells, whole_grid=False,
    )  # fmt: skip
    (row,) = verdicts(changed, [claim], ["dasr", "no_ca"], {digest(claim): 0}).to_dict(
        "records"
    )
    assert row["difference_db"] == pytest.approx(-0.5)
    assert row["cells"] == f"width 1.2, first pass {LABELS[0]}, noise 0"
