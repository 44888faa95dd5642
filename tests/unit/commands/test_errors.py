"""What a user can get wrong: one line, code 2, no file, no traceback."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dasr.architectures import build_network
from dasr.checkpoint import save_network
from tests import tiny
from tests.unit.commands.conftest import Outcome, size_of

Run = Callable[..., Outcome]


def _refused(done: Outcome, *words: str) -> None:
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err


BROKEN = {
    "corrupt.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR rubbish",
    "zero.png": b"",
    "text.png": b"this is no image\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_images(dasr: Run, model: Path, tmp_path: Path, name: str) -> None:
    source, out = tmp_path / name, tmp_path / "out.png"
    source.write_bytes(BROKEN[name])
    _refused(dasr("upscale", "--model", model, source, "--out", out), name)
    _refused(dasr("degrade", "--scale", 2, source, "--out", out), name)
    _refused(dasr("score", source, source, "--scale", 2), name)
    assert not out.exists()


def test_one_broken_image_among_good_ones(
    dasr: Run, model: Path, photo: Path, tmp_path: Path
) -> None:
    (tmp_path / "zero.png").write_bytes(b"")
    out = tmp_path / "out"
    done = dasr("upscale", "--model", model, photo, tmp_path / "zero.png", "--out", out)
    _refused(done, "zero.png")
    assert not out.exists()


@pytest.mark.parametrize("mode", ["I;16", "P", "CMYK", "L", "RGBA"])
def test_other_kinds_of_images_are_taken(
    dasr: Run, model: Path, tmp_path: Path, mode: str
) -> None:
    source = tmp_path / ("image.tif" if mode == "CMYK" else "image.png")
    grey = np.arange(30 * 20, dtype=np.uint16).reshape(30, 20) * 100
    image = (
        Image.fromarray(grey) if mode == "I;16" else Image.new("RGB", (20, 30)).convert(mode)
    )
    image.save(source)
    out = tmp_path / "out.png"
    assert dasr("upscale", "--model", model, source, "--out", out).code == 0
    assert size_of(out) == (40, 60)


def test_transparent_image(dasr: Run, model: Path, tmp_path: Path) -> None:
    source = tmp_path / "glass.png"
    Image.new("RGBA", (20, 20), (9, 9, 9, 100)).save(source)
    _refused(
        dasr("upscale", "--model", model, source, "--out", tmp_path / "o.png"), "glass.png"
    )


def test_a_pixel_and_a_stamp(dasr: Run, model: Path, photo: Path, tmp_path: Path) -> None:
    pixel, stamp, out = tmp_path / "pixel.png", tmp_path / "stamp.png", tmp_path / "o.png"
    Image.new("RGB", (1, 1)).save(pixel)
    Image.new("RGB", (8, 8)).save(stamp)
    assert dasr("upscale", "--model", model, pixel, "--out", out).code == 0
    assert size_of(out) == (2, 2)
    out.unlink()
    for small in (pixel, stamp):
        blur = ["--scale", 4, "--kernel-width", 1]
        _refused(dasr("degrade", *blur, small, "--out", out), small.name)
        _refused(dasr("score", small, small, "--scale", 4), small.name)
    assert not out.exists()


OUT = ["{photo}", "--out", "{out}"]
DEGRADE, UPSCALE = ["degrade", "--scale=2"], ["upscale", "--model={model}"]
CALLS = {
    "scale 5": ["degrade", "--scale", "5", *OUT],
    "negative width": [*DEGRADE, "--kernel-width=-1", *OUT],
    "one zero width": [*DEGRADE, "--kernel", 1, 0, 0, *OUT],
    "negative noise": [*DEGRADE, "--noise-level=-1", *OUT],
    "not a number": ["degrade", "--scale", "two", *OUT],
    "bicubic at 5": ["upscale", "--method=bicubic", "--scale=5", *OUT],
    "no model": ["upscale", *OUT],
    "other scale": [*UPSCALE, "--scale=4", *OUT],
    "tile 0": [*UPSCALE, "--tile=0", *OUT],
    "tile without use": ["upscale", "--method=bicubic", "--scale=2", "--tile=9", *OUT],
    "missing image": [*UPSCALE, "nowhere.png", "--out", "{out}"],
    "missing model": ["upscale", "--model=nowhere.safetensors", *OUT],
    "image as model": ["upscale", "--model={photo}", *OUT],
    "jpeg out": [*UPSCALE, "{photo}", "--out", "{out}.jpg"],
    "own input": [*UPSCALE, "{photo}", "--out", "{folder}"],
    "unknown option": ["score", "{photo}", "{photo}", "--scale=2", "--fast"],
    "no command": [],
    "scale 1": ["score", "{photo}", "{photo}", "--scale", "1"],
}


@pytest.mark.parametrize("case", CALLS)
def test_bad_calls(dasr: Run, model: Path, photo: Path, tmp_path: Path, case: str) -> None:
    out = tmp_path / "out.png"
    names = {"photo": photo, "model": model, "out": out, "folder": tmp_path}
    _refused(dasr(*(str(word).format(**names) for word in CALLS[case])))
    assert not out.exists()


def test_truncated_model(dasr: Run, model: Path, photo: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.safetensors"
    half.write_bytes(model.read_bytes()[: model.stat().st_size // 2])
    _refused(dasr("upscale", "--model", half, photo, "--out", tmp_path / "o.png"), "half")
    _refused(dasr("info", half), "half")


def test_oracle_cannot_be_used(dasr: Run, photo: Path, tmp_path: Path) -> None:
    config, path = tiny.model_config(representation="oracle"), tmp_path / "o.safetensors"
    save_network(path, build_network(config, 2), {})
    _refused(dasr("upscale", "--model", path, photo, "--out", tmp_path / "o.png"), "oracle")


def test_unwritable_place(dasr: Run, model: Path, photo: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder is wanted")
    _refused(dasr("upscale", "--model", model, photo, "--out", blocked / "o.png"), "written")
    _refused(dasr("degrade", "--scale", 2, photo, "--out", blocked / "o.png"), "written")


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return (Path.write_text, (Path("exploded"), "code was run"))  # type: ignore[return-value]


def test_code_in_a_pickle_is_not_run(
    dasr: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bomb.pt").write_bytes(pickle.dumps({"G.head.0.weight": _Bomb()}))
    _refused(dasr("import-checkpoint", "bomb.pt", "out.safetensors"), "bomb.pt")
    assert not Path("exploded").exists()
    assert not Path("out.safetensors").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there(dasr: Run, model: Path, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "sr.png"
    done = dasr("upscale", "--model", model, photo, "--out", out, "--device", "cuda")
    _refused(done, "--device cuda: no CUDA device on this machine")
    assert not out.exists()
