"""One look for all figures."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest
from PIL import Image

from dasr.reporting.drawing.panels import legend_above, method_handles, panel_grid
from dasr.reporting.drawing.style import (
    BASELINE,
    GREY,
    LineStyle,
    method_styles,
    save_figure,
    styled,
)
from dasr.study import Plan
from dasr.terms.columns import UNTRAINED
from tests.unit.reporting.items import FIGURE_SPECS, item_of, study


def styles(titles: dict[str, str]) -> dict[str, LineStyle]:
    return method_styles(Plan(study(titles)).methods)


def test_bicubic_is_dashed_black_and_takes_no_colour() -> None:
    found = styles({"dasr": "A", "b": "B"})
    assert found["bicubic"] == BASELINE
    assert (BASELINE.color, BASELINE.linestyle) == ("black", "--")
    assert found["dasr"].color != found["b"].color


def test_a_method_looks_the_same_wherever_it_is_drawn() -> None:
    shown = [item_of(FIGURE_SPECS[kind]).styles for kind in ("crops", "paired", "tsne")]
    assert shown[2].pop(UNTRAINED).color == GREY  # which is in no figure of images
    for styles_here in shown[1:]:
        assert styles_here.items() <= shown[0].items()


def test_twenty_methods_are_told_apart() -> None:
    titles = {"dasr": "D"} | {f"m{number}": f"M{number}" for number in range(19)}
    networks = [look for method, look in styles(titles).items() if method != "bicubic"]
    assert len({(style.color, style.marker) for style in networks}) == 20
    six = networks[:6]
    assert len({style.color for style in six}) == len({style.marker for style in six}) == 6


def test_files_have_the_size_asked_for_and_always_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a_x4.0", "b"):
        with styled():
            figure, ((axes,),) = panel_grid(1, 1, 2.0)
            axes.plot([0, 1], [1, 2])
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
    looks = {method: {"marker": "o"} for method in titles}
    with styled():
        figure, ((axes,),) = panel_grid(1, 1, 2.0, width=width)
        axes.plot([0, 1], [0, 1])
        legend_above(figure, method_handles(titles, looks))
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


def test_a_size_has_a_marker_and_a_variant_a_colour() -> None:
    plan = Plan(study({"dasr": "D", "no_ca": "N"}))
    found = [
        replace(method, name=f"{method.variant}-{size}", size=size)
        for size in ("s", "l")
        for method in plan.trained
    ]
    looks = method_styles(found)
    assert looks["dasr-s"].color == looks["dasr-l"].color != looks["no_ca-s"].color
    assert looks["dasr-s"].marker == looks["no_ca-s"].marker != looks["dasr-l"].marker
    assert len(set(looks.values())) == 4
