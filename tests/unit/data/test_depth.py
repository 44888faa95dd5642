"""Samples of 16 bits: read whole, rounded once, and refused where Pillow would guess."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from dasr.data import read_image
from dasr.errors import UserError
from tests.unit.data.pngs import GREY, GREY_ALPHA, RGB, RGBA, write_png


def _deep(channels: int) -> np.ndarray:
    return np.random.default_rng(channels).integers(0, 65536, (9, 7, channels), np.uint16)


def _rounded(samples: np.ndarray) -> np.ndarray:
    """Return the nearest of 256 levels in whole numbers: 257 * level is exact."""
    return ((samples.astype(int) * 2 + 257) // 514).astype(np.uint8)


def test_sixteen_bit_rgb_png_is_rounded_and_not_truncated(tmp_path: Path) -> None:
    samples = _deep(3)
    samples[0, 0] = (
        33000,
        33050,
        65534,
    )  # 128.4, 128.6 and nearly 255; truncated: 128, 129, 255
    samples[0, 1] = (255, 65280, 128)  # 0.99, 254.01, 0.498; truncated: 0, 255, 0
    found = read_image(write_png(tmp_path / "a.png", samples, RGB))
    assert found[0, 0].tolist() == [128, 129, 255]
    assert found[0, 1].tolist() == [1, 254, 0]
    assert np.array_equal(found, _rounded(samples))


def test_opaque_sixteen_bit_alpha_is_dropped(tmp_path: Path) -> None:
    for colour, channels in ((RGBA, 4), (GREY_ALPHA, 2)):
        samples = _deep(channels)
        samples[:, :, -1] = 65535
        found = read_image(write_png(tmp_path / "a.png", samples, colour))
        assert np.array_equal(found, np.broadcast_to(_rounded(samples[:, :, :-1]), (9, 7, 3)))
        samples[3, 2, -1] = 65534  # 255 in its upper byte
        write_png(tmp_path / "ghost.png", samples, colour)
        with pytest.raises(UserError, match=r"ghost\.png: transparent"):
            read_image(tmp_path / "ghost.png")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sixteen_bit_rgb_tiff_in_every_byte_order(
    tmp_path: Path, order: str, compression: str | None
) -> None:
    path, samples = tmp_path / "a.tif", _deep(3)
    options = {"photometric": "rgb", "byteorder": order, "compression": compression}
    tifffile.imwrite(path, samples, rowsperstrip=4, **options)
    assert np.array_equal(read_image(path), _rounded(samples))


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_white_is_zero_is_no_negative(tmp_path: Path, compression: str | None) -> None:
    path, grey = tmp_path / "a.tif", _deep(1)[:, :, 0]
    tifffile.imwrite(path, 65535 - grey, photometric="miniswhite", compression=compression)
    assert np.array_equal(read_image(path)[:, :, 0], _rounded(grey))


@pytest.mark.parametrize(
    ("colour", "bits", "used"),
    [(GREY, 16, (300,)), (GREY, 4, (15,)), (GREY, 2, (3,)), (RGB, 16, (1, 2, 3))],
)
def test_a_transparent_level_is_refused_where_it_is_used(
    tmp_path: Path, colour: int, bits: int, used: tuple[int, ...]
) -> None:
    samples = np.zeros((4, 6, len(used)), np.uint16)
    unused = read_image(write_png(tmp_path / "a.png", samples, colour, bits, key=used))
    assert not unused.any()
    samples[1, 2] = used
    write_png(tmp_path / "ghost.png", samples, colour, bits, key=used)
    with pytest.raises(UserError, match=r"ghost\.png: transparent"):
        read_image(tmp_path / "ghost.png")


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_fill_the_range(tmp_path: Path, bits: int) -> None:
    levels = np.arange(2**bits)[None, :, None]
    found = read_image(write_png(tmp_path / "a.png", levels, GREY, bits))
    assert found[0, :, 0].tolist() == [level * 255 // (2**bits - 1) for level in range(2**bits)]


ODD = {
    "in separate planes": (_deep(3).transpose(2, 0, 1), {"planarconfig": "separate"}),
    "signed": (_deep(1)[:, :, 0].astype(np.int16), {}),
    "floating-point": (_deep(1)[:, :, 0].astype(np.float32), {}),
    "32 bits a sample": (_deep(1)[:, :, 0].astype(np.uint32), {}),
    "16-bit CMYK": (_deep(4), {"photometric": "separated"}),
}


@pytest.mark.parametrize("case", ODD)
def test_other_samples_are_refused_by_name(tmp_path: Path, case: str) -> None:
    path, (samples, options) = tmp_path / "odd.tif", ODD[case]
    photometric = "rgb" if 3 in samples.shape else "minisblack"
    # compressed, since Pillow reads separate planes of such files wrongly, without a word
    tifffile.imwrite(
        path, samples, **{"photometric": photometric, "compression": "zlib", **options}
    )
    with pytest.raises(UserError, match=r"odd\.tif: ") as refused:
        read_image(path)
    assert case in str(refused.value)


def test_sixteen_bits_are_turned_too(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to look at it
    grey = np.array([[0, 257], [514, 771], [1028, 1285]], np.uint16)
    Image.fromarray(grey).save(tmp_path / "a.png", exif=exif)
    assert read_image(tmp_path / "a.png")[:, :, 0].tolist() == [[4, 2, 0], [5, 3, 1]]
