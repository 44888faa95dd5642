"""Compressed test images in statistics, tables and figures: no two qualities are averaged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from dasr.config import DegradationConfig, GridConfig, RegimeConfig
from dasr.errors import UserError
from dasr.evaluation.evaluate import bicubic, evaluate
from dasr.reporting.published.protocols import require_grid
from dasr.reporting.rows import conditions, grid_cells, grid_means
from dasr.statistics.jobs import gather, write_statistics
from tests.tiny import images, packed
from tests.unit.reporting.drawn import plot_gain_heatmap, plot_paired, plot_psnr_vs_width
from tests.unit.reporting.frames import COSTS, isotropic, paired, summary
from tests.unit.reporting.items import CELL, CONFIG, TITLES, study
from tests.unit.reporting.tabled import grid_table, psnr_table

QUALITIES = (40, 80)
BOUNDS = ("both_low_db", "both_high_db")


def _at_qualities(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a frame's cells at two qualities, 1 dB apart, and its means over the grid."""
    cells, parts = grid_cells(frame), []
    for number, quality in enumerate(QUALITIES):
        parts.append(cells.assign(jpeg_quality=float(quality)))
        parts[-1][[*columns]] += number
    return pd.concat([*parts, grid_means(frame)], ignore_index=True)


SUMMARY = _at_qualities(summary(isotropic(1.0, 2.0), [0.0, 5.0]), "psnr_y_db")


def test_each_combination_has_its_own_panel(tmp_path: Path) -> None:
    found = conditions(SUMMARY)
    titles = [
        f"Noise level {level}\nJPEG quality {quality}"
        for level in (0, 5)
        for quality in QUALITIES
    ]
    assert [one.title for one in found] == titles
    for one in found:
        assert not one.rows.duplicated(["method", "kernel"]).any()
    figure = plot_psnr_vs_width(SUMMARY, TITLES, tmp_path / "psnr", CELL)
    assert [axes.get_title() for axes in figure.axes[:4]] == titles
    lines = [axes.get_lines()[0].get_ydata() for axes in figure.axes[:2]]
    np.testing.assert_allclose(np.asarray(lines[1]) - np.asarray(lines[0]), 1.0)


def test_differences_have_a_panel_a_combination(tmp_path: Path) -> None:
    frame = _at_qualities(paired(isotropic(1.0, 2.0), [0.0]), "difference_db", *BOUNDS)
    figure = plot_paired(frame, TITLES, tmp_path / "paired", CELL)
    assert [axes.get_title() for axes in figure.axes] == [
        "Noise level 0\nJPEG quality 40", "Noise level 0\nJPEG quality 80", "",
    ]  # fmt: skip


def test_the_heat_map_has_a_column_a_combination(tmp_path: Path) -> None:
    frame = _at_qualities(summary(isotropic(1.0, 2.0), [0.0, 5.0]), "gain_db")
    axes = plot_gain_heatmap(frame, TITLES, tmp_path / "heat", CELL, method="dasr").axes[0]
    np.testing.assert_allclose(axes.get_images()[0].get_array(), [[2, 3, 2, 3]] * 2)
    labels = [tick.get_text() for tick in axes.get_xticklabels()]
    assert labels == ["0\n40", "0\n80", "5\n40", "5\n80"]
    assert axes.get_xlabel().startswith("Noise level (grey levels of 0..255)\nJPEG quality (")


def test_tables_have_a_row_or_a_column_a_quality() -> None:
    table = grid_table(SUMMARY, TITLES, CELL)
    assert list(table.header[:3]) == ["Kernel", "Noise", "JPEG quality"]
    keys = [tuple(str(getattr(cell, "text", cell)) for cell in row[:3]) for row in table.rows]
    assert len(set(keys)) == len(keys) == 2 * 2 * 2 + 1
    assert ("width 1", "5", "80") in keys
    assert keys[-1] == ("mean", "", "")
    one_level = SUMMARY[SUMMARY["noise_level"] != 5.0]
    header = psnr_table(one_level, TITLES, COSTS, CELL).header
    assert "width 1, JPEG quality 40" in header
    header = psnr_table(SUMMARY, TITLES, COSTS, CELL).header
    assert {"width 1", "noise 5", "JPEG quality 40", "JPEG quality 80"} <= set(header)


def test_a_published_layout_has_no_place_for_compression() -> None:
    (regime,) = CONFIG["regimes"]
    test = {**regime["test"], "noise_levels": [0.0], "jpeg_qualities": [40]}
    compressed = study(regimes=[{**regime, "test": test}], protocol="table3")
    with pytest.raises(UserError, match=r"table3: jpeg_qualities \[40\]; allowed: none"):
        require_grid(compressed.config)


def _regime(qualities: tuple[int, ...]) -> RegimeConfig:
    return RegimeConfig(
        name="r",
        train=DegradationConfig(kernel_width={2: (0.2, 2.0)}),
        test=GridConfig(kernel_widths={2: (1.2,)}, jpeg_qualities=qualities),
    )


def test_statistics_of_evaluated_images_keep_qualities_apart(tmp_path: Path) -> None:
    """A study of two regimes, of which one is compressed."""
    set2, files = packed(tmp_path, images(2, 32, 32), "Set2"), []
    for regime, qualities in {"jpeg": QUALITIES, "plain": ()}.items():
        rows = evaluate(
            bicubic(2),
            set2,
            _regime(qualities).test_degradations(2),
            scale=2,
            seed=0,
            device=torch.device("cpu"),
            method="bicubic",
        )
        assert ("jpeg_quality" in rows) == (regime == "jpeg")
        for method, seed, gain in (("bicubic", 0, 0.0), ("dasr", 1, 1.0), ("no_ca", 1, 0.5)):
            keys = {"study": "s", "method": method, "regime": regime, "scale": 2, "seed": seed}
            files.append(tmp_path / f"{method}-{regime}.csv")
            own = rows.assign(**keys, psnr_y_db=rows["psnr_y_db"] + gain)
            own.to_csv(files[-1], index=False)
    own, out = ["dasr", "no_ca"], tmp_path / "out"
    write_statistics(
        gather(files), gather([]), [], [], {"no_ca": "dasr"}, own, [own], [], {}, out
    )
    found = pd.read_csv(tmp_path / "out/summary.csv")
    metrics = gather(files)
    for quality in QUALITIES:
        own = metrics[(metrics["jpeg_quality"] == quality) & (metrics["method"] == "dasr")]
        (mean,) = found[
            (found["jpeg_quality"] == quality) & (found["method"] == "dasr")
        ].psnr_y_db
        assert mean == pytest.approx(own["psnr_y_db"].mean())
    counts = found[found["method"] == "dasr"].groupby("regime").size()
    assert counts.to_dict() == {"jpeg": 3, "plain": 2}  # cells, and the mean of the grid
    np.testing.assert_allclose(found[found["method"] == "dasr"]["gain_db"], 1.0)
    differences = pd.read_csv(tmp_path / "out/paired.csv")
    of_reference = differences[differences["reference"] == "dasr"]
    np.testing.assert_allclose(of_reference["difference_db"], -0.5)
    assert len(of_reference) == 5
    margins = pd.read_csv(tmp_path / "out/margins.csv")
    by_quality = margins[(margins["method"] == "dasr") & margins["jpeg_quality"].notna()]
    assert by_quality["jpeg_quality"].tolist() == list(map(float, QUALITIES))
