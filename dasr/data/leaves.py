"""Dead leaves: training images made from a seed, with the statistics of photographs.

Opaque disks occlude each other; their radii have density r**-3, which gives the edges and
the 1/f spectrum of natural images at every scale (Lee, Mumford and Huang, 2001). Each
disk carries a colour, correlated between channels as in photographs, and a texture, since
disks of one flat colour teach a network nothing about fine detail. Images are painted at
twice the size and averaged down, so that edges are antialiased.

Every disk draws colour and texture for itself: nothing is common to an image, or the
degradation encoder would tell images apart by it instead of by their degradation.
"""

import numpy as np
from numpy.typing import NDArray

from dasr.config import digest

Floats = NDArray[np.float32]

OVERSAMPLING = 2
RADIUS_RANGE = (20.0, 800.0)
"""In oversampled pixels."""
COVERAGE = 3.0
"""Mean number of disks over a pixel; what stays bare shows the background."""
LUMINANCE = (115.0, 30.0)
"""Mean and standard deviation of disks' grey levels."""
CHROMA = 28.0
"""Mean spread along both colour axes in grey levels."""
CHROMA_SHAPE = 2.0
"""Of the gamma distribution of disks' spreads: skewed, so that most disks are nearly grey
and a few are vivid, as in photographs."""
CONTRAST = 28.5
"""Mean texture amplitude of disks in grey levels, before the largest are cut off."""
CONTRAST_SHAPE = 3.0
"""Of its gamma distribution: hardly any disk is quite smooth, and a few are rough."""
MAX_CONTRAST = 60.0
"""In grey levels: at twice this amplitude a texture on medium grey fills 0..255."""
TEXTURE_SIZE = 1024
TEXTURE_SLOPES = (0.8, 1.2, 1.6)
"""Exponents a of textures' amplitude spectra 1/f**a, on both sides of photographs', which
are near 1.1."""
TEXTURE_GRAINS = ((1, 0.0), (4, 0.0), (4, 0.6), (4, 1.2), (4, 2.1))
"""How many times longer than wide a texture's grain is, and its angle in radians: one
without a direction and four directions."""
CHROMA_MIX = np.array(
    [[1.0, 0.45, 0.18], [1.0, -0.05, -0.30], [1.0, -0.50, 0.25]], dtype=np.float32
)
"""Columns: luminance, red-blue axis, green-magenta axis (opponent colours)."""


def dead_leaves(size: int, seed: int, index: int) -> NDArray[np.uint8]:
    """Return image `index` of the collection `seed`, shape (size, size, 3), [0, 255]."""
    words = [int(digest(["dead leaves", seed, index]), 16), seed, index]
    rng = np.random.default_rng(words)
    side = size * OVERSAMPLING
    textures = _texture_bank()
    canvas = np.empty((side, side, 3), np.float32)
    canvas[:] = _colours(rng, 1)[0]
    radii = _radii(rng, side)
    margin = radii[:, None]
    centres = rng.uniform(-margin, side + margin, (len(radii), 2)).astype(np.float32)
    colours = _colours(rng, len(radii))
    contrast = _texture_contrast(rng, len(radii))
    windows = rng.integers(0, TEXTURE_SIZE, (len(radii), 2))
    kinds = rng.integers(0, len(textures), len(radii))
    for i in range(len(radii)):
        texture = textures[kinds[i]]
        _paint(canvas, centres[i], radii[i], colours[i], contrast[i], texture, windows[i])
    folded = canvas.reshape(size, OVERSAMPLING, size, OVERSAMPLING, 3)
    reduced: Floats = folded.mean(axis=(1, 3)) + 0.5
    return np.clip(reduced, 0, 255).astype(np.uint8)


def _radii(rng: np.random.Generator, side: int) -> Floats:
    """Return radii of density r**-3 for the wanted coverage, in painting order."""
    low, high = RADIUS_RANGE
    most = int(COVERAGE * (side + 2 * high) ** 2 / (np.pi * low**2))
    squares = 1 / (low**-2 - rng.random(most) * (low**-2 - high**-2))
    # centres reach a radius beyond the border: the share of a disk that falls inside
    share = np.pi * squares / (side + 2 * np.sqrt(squares)) ** 2
    count = int(np.searchsorted(share.cumsum(), COVERAGE)) + 1
    return np.sqrt(squares[:count]).astype(np.float32)


def _colours(rng: np.random.Generator, count: int) -> Floats:
    """Return colours, (count, 3): wide in luminance, narrow and correlated in chroma."""
    axes = rng.standard_normal((count, 3)).astype(np.float32)
    axes[:, 0] = LUMINANCE[0] + LUMINANCE[1] * axes[:, 0]
    axes[:, 1:] *= rng.gamma(CHROMA_SHAPE, CHROMA / CHROMA_SHAPE, (count, 2)).astype(np.float32)
    return np.asarray(np.clip(axes @ CHROMA_MIX.T, 0, 255), dtype=np.float32)


def _texture_contrast(rng: np.random.Generator, count: int) -> Floats:
    """Return each disk's texture amplitude in grey levels, from almost smooth to rough."""
    contrast = rng.gamma(CONTRAST_SHAPE, CONTRAST / CONTRAST_SHAPE, count)
    return np.minimum(contrast, MAX_CONTRAST).astype(np.float32)


def _texture_bank() -> list[Floats]:
    """Return tileable textures of unit variance: isotropic and oriented 1/f**a noise."""
    if not _BANK:
        rng = np.random.default_rng(0)
        frequency = np.fft.fftfreq(TEXTURE_SIZE)
        fy, fx = np.meshgrid(frequency, frequency, indexing="ij")
        for slope in TEXTURE_SLOPES:
            for stretch, angle in TEXTURE_GRAINS:
                along = np.cos(angle) * fx + np.sin(angle) * fy
                across = -np.sin(angle) * fx + np.cos(angle) * fy
                radius = np.hypot(along * stretch, across)
                radius[0, 0] = np.inf
                spectrum = np.fft.fft2(rng.standard_normal(fx.shape)) * radius**-slope
                field = np.fft.ifft2(spectrum).real
                field = (field / field.std()).astype(np.float32)
                _BANK.append(np.tile(field, (2, 2)))  # windows may run over the edge
    return _BANK


_BANK: list[Floats] = []


def _paint(
    canvas: Floats,
    centre: Floats,
    radius: float,
    colour: Floats,
    contrast: float,
    texture: Floats,
    window: NDArray[np.int64],
) -> None:
    """Paint one textured disk over the canvas, in place."""
    side = canvas.shape[0]
    y0, x0 = max(0, int(centre[0] - radius)), max(0, int(centre[1] - radius))
    y1 = min(side, int(centre[0] + radius) + 2)
    x1 = min(side, int(centre[1] + radius) + 2)
    if y0 >= y1 or x0 >= x1:
        return
    dy = np.arange(y0, y1, dtype=np.float32) - centre[0]
    dx = np.arange(x0, x1, dtype=np.float32) - centre[1]
    inside = (dy * dy)[:, None] + (dx * dx) <= radius * radius
    y, x = window
    shown = texture[y : y + y1 - y0, x : x + x1 - x0]
    values = (contrast * shown)[:, :, None] + colour
    np.copyto(canvas[y0:y1, x0:x1], values, where=inside[:, :, None])
