"""Folders that look like the field's image sets, and archives of images."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from dasr.config.benchmarks import BenchmarkSet
from dasr.config.folders import HEADERS


def png(width: int, height: int, seed: int | None = None) -> bytes:
    """Return the bytes of an image: black, or random grey levels."""
    levels = np.zeros((height, width, 3), np.uint8)
    if seed is not None:
        levels = np.random.default_rng(seed).integers(0, 256, levels.shape, np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "PNG")
    return buffer.getvalue()


def picture(height: int, width: int, seed: int) -> np.ndarray:
    """Return an image with structure at all scales, different for every seed."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cells in (3, 6, 12, 24, 48):
        noise = Image.fromarray(rng.integers(0, 256, (cells, cells, 3), np.uint8))
        total += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC))
    return (total / 5).astype(np.uint8)


def fill(benchmark: BenchmarkSet, data_root: Path) -> Path:
    """Put black images of the right names and sizes where a set belongs; return the folder.

    The files of a set whose sizes are not known, or of DF2K, whose headers are not read
    before anything is planned, are 8x8. DF2K's are links to one file.
    """
    folder = data_root / benchmark.folder
    folder.mkdir(parents=True)
    sizes = {image.name: (image.width, image.height) for image in benchmark.known}
    names = benchmark.stems or [f"volume{n:03d}" for n in range(benchmark.images)]
    usual = benchmark.sizes[0] if benchmark.sizes else (8, 8)
    contents = {size: png(*size) for size in {usual, *sizes.values()}}
    first = folder / f"{names[0]}.png"
    for name in names:
        path = folder / f"{name}.png"
        if benchmark.images > HEADERS and path != first:
            path.hardlink_to(first)
        else:
            path.write_bytes(contents[sizes.get(name, usual)])
    return folder
