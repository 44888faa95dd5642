"""The commands on good input."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio

from dasr.checkpoint import load_network
from dasr.commands.upscale import network_upscaler
from dasr.degradation import to_pixels, to_tensor
from dasr.terms.metrics import METRICS
from tests.unit.commands.conftest import Outcome, pixels_of, size_of

Run = Callable[..., Outcome]


def test_upscale_writes_what_the_network_says(
    dasr: Run, model: Path, photo: Path, tmp_path: Path
) -> None:
    assert dasr("upscale", "--model", model, photo, "--out", tmp_path / "sr.png").code == 0
    network, _ = load_network(model)
    with torch.inference_mode():
        expected = to_pixels(network(to_tensor(pixels_of(photo))[None])[0], "a")
    assert np.array_equal(pixels_of(tmp_path / "sr.png"), expected)


def test_upscale_takes_folders(dasr: Run, model: Path, photo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.png", "b.jpg"):
        Image.fromarray(pixels_of(photo)).save(folder / name)
    assert dasr("upscale", "--model", model, folder, "--out", tmp_path / "out").code == 0
    sizes = {p.name: size_of(p) for p in (tmp_path / "out").iterdir()}
    assert sizes == {"a.png": (120, 96), "b.png": (120, 96)}


def test_tiles_leave_no_seams(model: Path, photo: Path) -> None:
    network, _ = load_network(model)
    lr_image = to_tensor(pixels_of(photo))[None]
    with torch.inference_mode():
        whole = network_upscaler(network, tile=1000)(lr_image)
        # This network's receptive field ends within 16 pixels: overlap makes tiles exact.
        tiled = network_upscaler(network, tile=17, overlap=16)(lr_image)
        seamed = network_upscaler(network, tile=17, overlap=0)(lr_image)
    assert torch.allclose(whole, tiled, atol=1e-3)
    assert not torch.allclose(whole, seamed, atol=1e-1)


def test_self_ensemble_is_the_mean_of_eight(model: Path, photo: Path) -> None:
    network, _ = load_network(model)
    lr_image = to_tensor(pixels_of(photo))[None]
    with torch.inference_mode():
        found = network_upscaler(network, self_ensemble=True)(lr_image)
        total = torch.zeros_like(found)
        for quarter in range(4):
            for mirror in (False, True):
                turned = torch.rot90(lr_image, quarter, (-2, -1))
                turned = turned.flip(-1) if mirror else turned
                sr = network(turned)[0]
                sr = sr.flip(-1) if mirror else sr
                total += torch.rot90(sr, -quarter, (-2, -1))
    assert torch.allclose(found, total / 8, atol=1e-3)


def test_degrade_upscale_score(dasr: Run, photo: Path, tmp_path: Path) -> None:
    lr_image, sr = tmp_path / "lr.png", tmp_path / "sr.png"
    settings = ["--scale", 3, "--kernel-width", 1.2, "--noise-level", 5, "--seed", 7]
    assert dasr("degrade", *settings, photo, "--out", lr_image).code == 0
    assert size_of(lr_image) == (20, 16)
    bicubic = ["--method", "bicubic", "--scale", 3]
    assert dasr("upscale", *bicubic, lr_image, "--out", sr).code == 0
    done = dasr("score", sr, photo, "--scale", 3, "--json")
    scores = json.loads(done.out)
    y = [
        (pixels_of(p)[3:-3, 3:-3].astype(float) @ [65.738, 129.057, 25.064]) / 256
        for p in (sr, photo)
    ]
    expected = peak_signal_noise_ratio(y[1], y[0], data_range=255)
    assert scores["psnr_y_db"] == pytest.approx(expected, abs=1e-9)
    assert 0 < scores["ssim_y"] < 1


def test_degrade_noise_follows_the_seed(dasr: Run, photo: Path, tmp_path: Path) -> None:
    results = []
    for number, seed in enumerate((1, 1, 2)):
        out = tmp_path / f"{number}.png"
        settings = ["--scale", 2, "--kernel", 2, 0.5, 30, "--noise-level", 10]
        assert dasr("degrade", *settings, "--seed", seed, photo, "--out", out).code == 0
        results.append(pixels_of(out))
    assert np.array_equal(results[0], results[1])
    assert not np.array_equal(results[0], results[2])


def test_degrade_compresses_what_it_would_write(dasr: Run, photo: Path, tmp_path: Path) -> None:
    plain, compressed, expected = (tmp_path / f"{name}.png" for name in ("a", "b", "c"))
    settings = ["--scale", 2, "--kernel-width", 1.2]
    assert dasr("degrade", *settings, photo, "--out", plain).code == 0
    options = [*settings, "--jpeg-quality", 40, photo]
    assert dasr("degrade", *options, "--out", compressed).code == 0
    with Image.open(plain) as image:
        image.save(tmp_path / "by_hand.jpg", quality=40, subsampling="4:2:0")
    assert np.array_equal(pixels_of(compressed), pixels_of(tmp_path / "by_hand.jpg"))
    assert dasr("degrade", *options, "--out", expected).code == 0
    assert compressed.read_bytes() == expected.read_bytes()


def test_equal_images_have_no_finite_psnr(dasr: Run, photo: Path) -> None:
    done = dasr("score", photo, photo, "--scale", 2, "--json")
    scores = json.loads(done.out)
    assert list(scores) == [metric.column for metric in METRICS]
    assert (scores["psnr_y_db"], scores["ssim_y"]) == (None, 1.0)


def test_info_prints_the_card(dasr: Run, model: Path) -> None:
    card = json.loads(dasr("info", model).out)
    assert card["scale"] == 2
    assert card["method"] == "dasr"
    network, _ = load_network(model)
    assert card["parameters"] == sum(p.numel() for p in network.parameters())
    assert card["flops"] > 0
