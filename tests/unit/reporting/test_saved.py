"""Every figure is written for real, without a warning, in the size of a paper's column."""

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from PIL import Image

from dasr.reporting.drawing import style
from tests.unit.reporting.drawn import (
    plot_crops,
    plot_curves,
    plot_gain_heatmap,
    plot_paired,
    plot_psnr_vs_width,
    plot_tsne,
)
from tests.unit.reporting.frames import isotropic, paired, summary
from tests.unit.reporting.items import CELL, TITLES
from tests.unit.reporting.pictures import HISTORIES, example, projection

ISOTROPIC = isotropic(1.0, 2.0)
ANISOTROPIC = [(2.0, 0.2, 0.0), (4.0, 2.0, 135.0)]
LEVELS = [0.0, 5.0]
TASKS = {"kernel_width": projection(0.2, 1.2), "noise_level": projection(0.0, 5.0)}
FULL, COLUMN = 2148, 1050
FIGURES: dict[str, tuple[int, Callable[[Path], Figure]]] = {
    "psnr": (
        FULL,
        lambda stem: plot_psnr_vs_width(summary(ISOTROPIC, LEVELS), TITLES, stem, CELL),
    ),
    "psnr, one noise level": (
        COLUMN,
        lambda stem: plot_psnr_vs_width(summary(ISOTROPIC, [0.0]), TITLES, stem, CELL),
    ),
    "psnr, anisotropic": (
        FULL,
        lambda stem: plot_psnr_vs_width(summary(ANISOTROPIC, LEVELS), TITLES, stem, CELL),
    ),
    "heat map": (
        COLUMN,
        lambda stem: plot_gain_heatmap(
            summary(ISOTROPIC, LEVELS), TITLES, stem, CELL, method="dasr"
        ),
    ),
    "paired": (
        FULL,
        lambda stem: plot_paired(paired(ISOTROPIC, LEVELS), TITLES, stem, CELL),
    ),
    "t-SNE": (
        FULL,
        lambda stem: plot_tsne(
            {method: TASKS for method in ("dasr", "no_ca", "oracle")}, TITLES, stem
        ),
    ),
    "curves": (
        FULL,
        lambda stem: plot_curves(HISTORIES, TITLES, stem),
    ),
    "crops": (FULL, lambda stem: plot_crops([example("a")], TITLES, stem)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_written(name: str, tmp_path: Path) -> None:
    width, draw = FIGURES[name]
    figure = draw(tmp_path / "figure")
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    with Image.open(tmp_path / "figure.png") as image:
        assert image.size[0] == width
        assert image.size[1] == pytest.approx(figure.get_size_inches()[1] * 300, abs=1)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failed_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(figure: Figure, path: Path, **options: object) -> None:
        path.write_bytes(b"half a file")
        raise OSError("no space left")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OSError, match="no space"):
        style.save_figure(Figure(figsize=(1.0, 1.0)), tmp_path / "figure")
    assert list(tmp_path.iterdir()) == []
