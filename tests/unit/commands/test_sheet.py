"""`dasr sheet`: sheets, their page, and what is refused."""

import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image

from dasr.architectures import build_network
from dasr.checkpoint import load_network, save_network
from dasr.cli import Parser
from dasr.commands import sheet
from dasr.commands.sheet import make_sheets
from dasr.commands.sheet_figure import busiest_boxes
from dasr.commands.sheet_options import add_sheet_command
from dasr.degradation import to_pixels, to_tensor
from dasr.errors import UserError
from tests import tiny
from tests.unit.commands.conftest import pixels_of


class Links(HTMLParser):
    """Collects what a page shows and links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [unquote(value or "") for key, value in attrs if key in ("src", "href")]


def network_file(folder: Path, name: str, scale: int = 2, **card: Any) -> Path:
    torch.manual_seed(len(name))
    config, path = tiny.model_config(), folder / f"{name}.safetensors"
    save_network(path, build_network(config, scale), {"method": name, **card})
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return network_file(tmp_path, "no_contrastive")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what would have been drawn; files are empty."""
    calls: list[dict[str, Any]] = []

    def draw(name: str, lr_image: Any, results: Any, boxes: Any) -> None:
        calls.append({"name": name, "lr": lr_image, "results": results, "boxes": boxes})

    def save(figure: Any, stem: Path) -> None:
        stem.with_name(f"{stem.name}.png").touch()

    monkeypatch.setattr(sheet, "draw_sheet", draw)
    monkeypatch.setattr(sheet, "save_figure", save)
    return calls


def run(*arguments: object) -> None:
    """Call the command as `dasr sheet ...` would."""
    parser = Parser(prog="dasr")
    add_sheet_command(parser.add_subparsers(required=True))
    options = parser.parse_args(["sheet", *map(str, arguments)])
    options.run(options)


def test_a_sheet_an_image_and_a_page_with_all(
    tmp_path: Path, model: Path, other: Path, photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a street & a tree.png", "b.jpg"):
        Image.fromarray(pixels_of(photo)).save(folder / name)
    run(model, other, folder, "--out", out)
    assert "2 sheets" in capsys.readouterr().out
    names = {path.name for path in out.iterdir()}
    stems = ("a street & a tree", "b")
    sheets = {f"{stem}.{suffix}" for stem in stems for suffix in ("png", "pdf")}
    assert names == {"index.html", *sheets}
    links = Links()
    page = (out / "index.html").read_text()
    links.feed(page)
    assert set(links.found) == sheets
    assert "a street &amp; a tree" in page
    assert "no contrastive" in page


def test_networks_see_the_whole_image(
    tmp_path: Path, model: Path, other: Path, photo: Path, drawn: list[dict[str, Any]]
) -> None:
    make_sheets([model, other], [photo], tmp_path / "out", count=2, crop_size=16)
    (call,) = drawn
    assert call["name"] == "photo.png"
    assert list(call["results"]) == ["Bicubic", "dasr", "no contrastive"]
    lr_image = pixels_of(photo)
    assert np.array_equal(call["lr"], lr_image)
    for path, title in ((model, "dasr"), (other, "no contrastive")):
        with torch.inference_mode():
            sr = to_pixels(load_network(path)[0](to_tensor(lr_image)[None])[0], "a")
        assert np.array_equal(call["results"][title], sr)
    assert call["boxes"] == busiest_boxes(lr_image, 2, 16)


def test_a_small_image_has_small_boxes(
    tmp_path: Path, model: Path, drawn: list[dict[str, Any]]
) -> None:
    for name, size in (("pixel", (1, 1)), ("stamp", (10, 12))):
        Image.new("RGB", size).save(tmp_path / f"{name}.png")
    files = [tmp_path / "pixel.png", tmp_path / "stamp.png"]
    make_sheets([model], files, tmp_path / "out", count=3, crop_size=32)
    assert [{box.side for box in call["boxes"]} for call in drawn] == [{1}, {5}]
    assert [len(call["boxes"]) for call in drawn] == [1, 3]


@pytest.mark.parametrize(
    ("cards", "titles"),
    [
        ([{"seed": 1}, {"seed": 2}], ["dasr, seed 1", "dasr, seed 2"]),
        ([{"seed": 1, "regime": "a"}, {"seed": 1, "regime": "b"}], ["dasr, a", "dasr, b"]),
        ([{}, {}], None),
    ],
)
def test_networks_of_one_variant_are_told_apart(
    tmp_path: Path,
    photo: Path,
    drawn: list[dict[str, Any]],
    cards: list[dict[str, Any]],
    titles: list[str] | None,
) -> None:
    files = [
        network_file(tmp_path, f"n{number}", **{**card, "method": "dasr"})
        for number, card in enumerate(cards)
    ]
    make_sheets(files, [photo], tmp_path / "out")
    assert list(drawn[0]["results"])[1:] == (titles or [str(path) for path in files])


def test_the_separator_of_models_and_images_may_be_given(
    tmp_path: Path, model: Path, photo: Path, drawn: list[dict[str, Any]]
) -> None:
    run("--out", tmp_path / "out", model, "--", photo)
    assert drawn[0]["name"] == "photo.png"


def test_refused_before_anything_is_written(
    tmp_path: Path, model: Path, photo: Path, drawn: list[dict[str, Any]]
) -> None:
    out, broken, doubled = tmp_path / "out", tmp_path / "zero.png", tmp_path / "photo.jpg"
    broken.write_bytes(b"")
    Image.fromarray(pixels_of(photo)).save(doubled)
    config, oracle = tiny.model_config(representation="oracle"), tmp_path / "o.safetensors"
    save_network(oracle, build_network(config, 2), {"method": "oracle"})
    large = network_file(tmp_path, "large", scale=4)
    calls = {
        "zero.png": [model, photo, broken],
        "nowhere.png": [model, photo, "nowhere.png"],
        "two images would both": [model, photo, doubled],
        "scale 4, but": [model, large, photo],
        "o.safetensors: an oracle": [model, oracle, photo],
        "given twice": [model, model, photo],
        "give networks": [model],
        "import-checkpoint released.pt": [model, "released.pt", photo],
        "--boxes 5": [model, photo, "--boxes", 5],
        "--crop 0": [model, photo, "--crop", 0],
        "tile 0": [model, photo, "--tile", 0],
        "7 networks": [*[model] * 7, photo],
    }
    for words, arguments in calls.items():
        with pytest.raises(UserError) as caught:
            run(*arguments, "--out", out)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)
    assert not out.exists()
    assert drawn == []


def test_places_that_cannot_be_written(
    tmp_path: Path, model: Path, photo: Path, drawn: list[dict[str, Any]]
) -> None:
    before = photo.read_bytes()
    with pytest.raises(UserError, match="would replace its own input"):
        make_sheets([model], [photo], photo.parent)
    with pytest.raises(UserError, match="not a folder"):
        make_sheets([model], [photo], photo)
    assert photo.read_bytes() == before
    assert drawn == []


def test_a_full_disk_is_one_line(
    tmp_path: Path, model: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(figure: Figure, path: Path, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(UserError, match="photo: cannot be written: No space left"):
        make_sheets([model], [photo], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_no_gpu(tmp_path: Path, model: Path, photo: Path) -> None:
    with pytest.raises(UserError, match="--device cuda: no CUDA device"):
        make_sheets([model], [photo], tmp_path / "out", device="cuda")


def test_file_names_of_any_bytes(tmp_path: Path) -> None:
    sheets = [tmp_path / os.fsdecode(b"\xff <b>$.png"), tmp_path / "a.b.png"]
    text = sheet._page(sheets, {"x": tmp_path / os.fsdecode(b"\xfe.safetensors")})
    page = Links()
    page.feed(text.encode().decode())
    assert [name.replace("\ufffd", "?") for name in page.found] == [
        "? <b>$.png", "? <b>$.pdf", "a.b.png", "a.b.pdf"
    ]  # fmt: skip
    assert "%FF" in text
    assert "? &lt;b&gt;$" in text
