"""PNG files of any bit depth, written by hand: Pillow writes no 16-bit RGB."""

import struct
import zlib
from pathlib import Path

import numpy as np

GREY, RGB, GREY_ALPHA, RGBA = 0, 2, 4, 6
"""Colour types."""


def write_png(
    path: Path, samples: np.ndarray, colour: int, bits: int = 16, key: tuple[int, ...] = ()
) -> Path:
    """Write (H, W, C) samples as a PNG; `key` is the transparent grey level or colour."""
    height, width = samples.shape[:2]
    rows = samples.reshape(height, -1)
    if bits == 16:
        packed = rows.astype(">u2").view(np.uint8)
    else:  # samples of fewer bits are packed into bytes, the first in the highest bits
        single = np.unpackbits(rows.astype(np.uint8)[:, :, None], axis=2)[:, :, -bits:]
        packed = np.packbits(single.reshape(height, -1), axis=1)
    filtered = np.concatenate([np.zeros((height, 1), np.uint8), packed], axis=1)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes())), (b"IEND", b"")]
    if key:
        chunks.insert(1, (b"tRNS", struct.pack(f">{len(key)}H", *key)))
    content = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    return path
