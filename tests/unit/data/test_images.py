"""Image files of every kind become RGB, or an error that names the file."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dasr.data import read_image
from dasr.errors import UserError


def _colours(height: int = 5, width: int = 7) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def test_rgb_comes_back_as_it_was(tmp_path: Path) -> None:
    Image.fromarray(_colours()).save(tmp_path / "a.png")
    pixels = read_image(tmp_path / "a.png")
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, _colours())


def test_grey_is_repeated(tmp_path: Path) -> None:
    grey = _colours()[:, :, 0]
    Image.fromarray(grey).save(tmp_path / "a.png")
    assert np.array_equal(read_image(tmp_path / "a.png"), np.stack([grey] * 3, axis=2))


def test_palette_gives_its_colours(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 0])
    image.putdata([1, 0])
    image.save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png").tolist() == [[[200, 100, 0], [10, 20, 30]]]


def test_opaque_alpha_is_dropped(tmp_path: Path) -> None:
    opaque = np.dstack([_colours(), np.full((5, 7), 255, np.uint8)])
    Image.fromarray(opaque).save(tmp_path / "a.png")
    assert np.array_equal(read_image(tmp_path / "a.png"), _colours())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_refused(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGBA", (4, 4), (200, 100, 50, 255))
    image.putpixel((2, 1), (200, 100, 50, 254))
    if mode == "P":
        image = Image.new("P", (4, 4))
        image.putpalette([1, 2, 3])
        image.info["transparency"] = 0
    image.convert(mode).save(tmp_path / "ghost.png")
    with pytest.raises(UserError, match=r"ghost\.png: transparent"):
        read_image(tmp_path / "ghost.png")


def test_sixteen_bit_grey_is_divided_by_257(tmp_path: Path) -> None:
    samples = np.array([[0, 100 * 257, 33000, 33050, 65535]], np.uint16)
    Image.fromarray(samples).save(tmp_path / "a.png")
    # 33000 / 257 = 128.4 and 33050 / 257 = 128.6
    assert read_image(tmp_path / "a.png")[0, :, 0].tolist() == [0, 100, 128, 129, 255]


def test_cmyk_is_converted(tmp_path: Path) -> None:
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "a.tif")
    assert read_image(tmp_path / "a.tif")[3, 3].tolist() == [255, 0, 0]


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to look at it
    Image.fromarray(_colours()).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_image(tmp_path / "a.png"), np.rot90(_colours(), -1))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_that_are_no_grey_levels_are_refused(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (4, 4))
    if mode == "I":
        image.putpixel((0, 0), 70_000)
    image.save(tmp_path / "odd.tif")
    with pytest.raises(UserError, match=r"odd\.tif: "):
        read_image(tmp_path / "odd.tif")


@pytest.mark.parametrize("kind", ["truncated", "empty", "text", "folder", "missing"])
def test_what_is_no_image_is_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bad.png"
    if kind == "truncated":
        Image.fromarray(_colours(64, 64)).save(path)
        path.write_bytes(path.read_bytes()[:4000])
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("not an image", encoding="utf-8")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(UserError, match=r"bad\.png: ") as error:
        read_image(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_animations_and_pages_are_refused(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), (level, 0, 0)) for level in (10, 90)]
    path = tmp_path / "many.png"
    frames[0].save(path, format=kind, save_all=True, append_images=frames[1:])
    told = "none of PNG" if kind == "GIF" else "holds 2 (pages|frames)"
    with pytest.raises(UserError, match=rf"many\.png: .*{told}"):
        read_image(path)


def test_a_cameras_jpeg_with_a_preview_is_one_picture(tmp_path: Path) -> None:
    picture, preview = (Image.new("RGB", (8, 8), (level,) * 3) for level in (200, 30))
    picture.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[preview])
    assert read_image(tmp_path / "a.jpg")[4, 4].tolist() == [200, 200, 200]


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n%%EOF\n"


def test_postscript_never_reaches_ghostscript(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*arguments: object, **options: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr("PIL.EpsImagePlugin.Ghostscript", start)
    monkeypatch.setattr("subprocess.Popen", start)
    (tmp_path / "x.png").write_bytes(EPS)
    with pytest.raises(UserError, match=r"x\.png: not a readable image: none of PNG"):
        read_image(tmp_path / "x.png")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("pipe", "a pipe, not a regular file"),
        ("device", "a device, not a regular file"),
        ("folder", "a folder, not a regular file"),
        ("link", "a link to nothing"),
        ("nul", "embedded null byte"),
        ("long", "File name too long"),
    ],
)
def test_only_regular_files_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, told: str
) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was opened"))
    path = {"nul": tmp_path / "a\0.png", "long": tmp_path / ("x" * 300 + ".png")}.get(kind)
    path = path or tmp_path / "x.png"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(UserError, match=told):
        read_image(path)
