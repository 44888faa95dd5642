"""One look for all figures."""

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from matplotlib.lines import Line2D
from PIL import Image

from dasr.reporting.drawing.style import (
    BASELINE,
    legend_above,
    method_handles,
    method_styles,
    new_figure,
    save_figure,
    styled,
)


def test_bicubic_is_dashed_black_and_takes_no_colour() -> None:
    first = method_styles({"bicubic": "B", "a": "A", "b": "B"})
    last = method_styles({"a": "A", "b": "B", "bicubic": "B"})
    assert first == last
    assert first["bicubic"] == BASELINE
    assert (BASELINE.color, BASELINE.linestyle) == ("black", "--")


def test_twenty_methods_are_told_apart() -> None:
    styles = method_styles({f"m{number}": "" for number in range(20)})
    looks = {(style.color, style.marker) for style in styles.values()}
    assert len(looks) == 20
    six = list(styles.values())[:6]
    assert len({style.color for style in six}) == len({style.marker for style in six}) == 6


def test_files_have_the_size_asked_for_and_always_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a_x4.0", "b"):
        with styled():
            figure = new_figure(3.5, 2.0)
            figure.subplots().plot([0, 1], [1, 2])
            save_figure(figure, tmp_path / name)
    with Image.open(tmp_path / "a_x4.0.png") as image:
        assert image.size == (1050, 600)
    assert (tmp_path / "a_x4.0.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a_x4.0.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert len(list(tmp_path.iterdir())) == 4


def test_style_is_put_back_and_sets_the_users_own_aside() -> None:
    with matplotlib.rc_context({"font.size": 30.0, "axes.facecolor": "red"}):
        with styled():
            assert matplotlib.rcParams["font.size"] == 8.0
            assert matplotlib.rcParams["axes.facecolor"] == "white"
        assert matplotlib.rcParams["font.size"] == 30.0


@pytest.mark.parametrize("width", [3.5, 7.16])
def test_a_legend_makes_its_own_room(width: float) -> None:
    titles = {f"m{number}": f"A rather long title, number {number}" for number in range(7)}
    with styled():
        figure = new_figure(width, 2.0)
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1])
        handles: list[Line2D] = method_handles(titles, method_styles(titles), lines=True)
        legend_above(figure, handles)
        figure.draw_without_rendering()
        legend = figure.legends[0].get_window_extent()
        panel = axes.get_window_extent()
    assert legend.y0 >= panel.y1
    assert legend.x0 >= 0
    assert legend.x1 <= figure.bbox.x1
    assert panel.height / figure.dpi > 1.2


def test_importing_figures_loads_no_torch_and_no_pyplot() -> None:
    program = (
        "import sys, dasr.reporting.figures, dasr.reporting.tables\n"
        "bad = {'torch', 'mlflow', 'snakemake', 'matplotlib.pyplot'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {bad}' if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
