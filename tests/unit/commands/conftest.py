"""Tiny networks and images on disk, and the command line called in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dasr.architectures import build_network
from dasr.checkpoint import save_network
from dasr.cli import main
from tests import tiny


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def size_of(path: Path) -> tuple[int, int]:
    """Return width and height of an image file."""
    with Image.open(path) as image:
        return image.size


def pixels_of(path: Path) -> np.ndarray:
    """Return the samples of an image file."""
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.fixture
def dasr(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return a function that runs `dasr ...` and gives back code and output."""

    def run(*arguments: object) -> Outcome:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a colour image of 60x48 pixels with structure."""
    y, x = np.mgrid[:48, :60]
    image = np.stack([y * 5, x * 4, (x * y) % 256], axis=2).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(image).save(path)
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return the file of a random x2 network."""
    torch.manual_seed(0)
    config = tiny.model_config()
    path = tmp_path / "model.safetensors"
    save_network(path, build_network(config, 2), {"method": "dasr"})
    return path
