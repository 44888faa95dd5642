"""Titles and file names in figures: shown as they are, whatever is in them."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from dasr.commands.sheet_figure import busiest_boxes
from dasr.reporting.drawing.style import save_figure, styled
from dasr.reporting.drawing.text import drawable, wrapped
from tests.unit.reporting.drawn import (
    plot_crops,
    plot_curves,
    plot_distances,
    plot_gain_heatmap,
    plot_paired,
    plot_psnr_vs_width,
    plot_sheet,
    plot_tsne,
    plot_tsne_tasks,
)
from tests.unit.reporting.frames import isotropic, paired, summary
from tests.unit.reporting.items import CELL, TITLES
from tests.unit.reporting.pictures import HISTORIES, example, projection

MARKUP = r"$x_1^{ \frac{ % # & < > \ _^"
WORDS = {
    **TITLES,
    "dasr": f"{MARKUP} {'a long title ' * 30}",
    "no_ca": "_begins \udcff 漢字\ufeff\x07",
    "oracle": "",
}
TASKS = {"kernel_width": projection(0.2, 1.2), "noise_level": projection(0.0, 5.0)}
PIXELS = np.arange(3 * 24 * 24, dtype=np.uint8).reshape(24, 24, 3)


def figures(stem: Path) -> list[Figure]:
    grid = summary(isotropic(1.0, 2.0), [0.0])
    crop = example(MARKUP)
    points = (np.arange(8.0)[:, None].astype(np.float32), np.repeat([0.2, 1.2], 4))
    return [
        plot_psnr_vs_width(grid, WORDS, stem, CELL),
        plot_gain_heatmap(grid, WORDS, stem, CELL, method="dasr"),
        plot_paired(paired(isotropic(1.0, 2.0), [0.0]), WORDS, stem, CELL),
        plot_tsne(dict.fromkeys(("dasr", "no_ca"), TASKS), WORDS, stem, caption=MARKUP),
        plot_tsne_tasks({WORDS["dasr"]: TASKS}, stem, caption=MARKUP),
        plot_curves(HISTORIES, WORDS, stem),
        plot_distances({"dasr": {"kernel_width": [points]}}, WORDS, stem),
        plot_crops([crop], WORDS, stem),
        plot_sheet(
            f"{MARKUP}\n\udcff.png", PIXELS, {WORDS["dasr"]: PIXELS.repeat(2, 0).repeat(2, 1)},
            busiest_boxes(PIXELS, 1, 8), stem,
        ),
    ]  # fmt: skip


@pytest.mark.usefixtures("unsaved")
def test_every_figure_draws_words_as_words(tmp_path: Path) -> None:
    for figure in figures(tmp_path / "figure"):
        texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
        assert not any(text.get_parse_math() for text in texts)
        shown = "".join(text.get_text() for text in texts)
        assert r"$x_1^{" in shown
        assert not {"\udcff", "漢", "\ufeff", "\x07"} & set(shown)


@pytest.mark.usefixtures("unsaved")
def test_no_panel_is_squeezed_away(tmp_path: Path) -> None:
    grid, stem = summary(isotropic(1.0, 2.0), [0.0]), tmp_path / "figure"
    for figure in (
        plot_gain_heatmap(grid, WORDS, stem, CELL, method="dasr"),
        plot_paired(paired(isotropic(1.0, 2.0), [0.0]), WORDS, stem, CELL),
    ):
        figure.draw_without_rendering()  # warnings are errors
        axes = figure.axes[0].get_window_extent().transformed(figure.dpi_scale_trans.inverted())
        assert axes.height > 0.5


def test_both_formats_hold_them(tmp_path: Path) -> None:
    with styled():
        figure = Figure(figsize=(2.0, 1.0))
        figure.suptitle(f"{MARKUP} \ufeff 漢")
        save_figure(figure, tmp_path / "a")
    assert figure.get_suptitle() == f"{MARKUP} □ □"
    assert {path.name for path in tmp_path.iterdir()} == {"a.png", "a.pdf"}


def test_a_character_without_a_glyph_is_a_box() -> None:
    font = FontProperties()
    assert drawable("ρ −0.1 ° ± ∞\nλ", font) == "ρ −0.1 ° ± ∞\nλ"
    assert drawable("漢\x00\udc80\t\ufeff", font) == "□□□□□"


def test_words_that_share_room_with_panels_have_a_few_lines() -> None:
    assert wrapped("one two three four", 5) == "one\ntwo\nthree\nfour"
    # titles of swept values differ at their end
    assert wrapped(f"{'one ' * 9}temperature 0.2", 14, 2) == "one one one …\nperature 0.2"
    assert wrapped("abcdefgh", 1, 9) == "ab\ncd\nef\ngh"
