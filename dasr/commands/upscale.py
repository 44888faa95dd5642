"""Super-resolution of images of any size: whole or by tiles, optionally self-ensembled."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from dasr.architectures import Network
from dasr.checkpoint import load_network
from dasr.commands.outputs import require_new, writing
from dasr.config import SCALES, list_images, require_regular
from dasr.data import read_image
from dasr.degradation import enlarge, to_pixels, to_tensor
from dasr.errors import UserError
from dasr.files import replacing
from dasr.pixels import Pixels

TILE = 192
"""Default side of a tile in LR pixels."""
OVERLAP = 32
"""LR pixels that a tile sees beyond its own on each side."""

Upscaler = Callable[[Tensor], Tensor]
"""LR image (1, 3, h, w) in [0, 255] -> SR image (3, H, W), not rounded."""


def network_upscaler(
    network: Network, *, tile: int = TILE, overlap: int = OVERLAP, self_ensemble: bool = False
) -> Upscaler:
    """Return a function that enlarges one LR image with a network.

    Args:
        network: in evaluation mode.
        tile: side of a tile in LR pixels; memory grows with its square.
        overlap: context of a tile in LR pixels.
        self_ensemble: average over the eight flips and transposes (8 times the cost).

    Raises:
        UserError: an oracle network, or a tile or overlap that is not positive.
    """
    if network.config.representation == "oracle":
        raise UserError(
            "an oracle network needs the true degradation and cannot be used on images"
        )
    if tile < 1 or overlap < 0:
        raise UserError(f"tile {tile} must be positive and overlap {overlap} at least 0")

    def upscale(lr_image: Tensor) -> Tensor:
        if not self_ensemble:
            return _by_tiles(network, lr_image, tile, overlap)
        total: Tensor | None = None
        for turn in range(8):
            sr = _by_tiles(network, _turn(lr_image, turn), tile, overlap)
            back = _turn_back(sr, turn)
            total = back if total is None else total + back
        assert total is not None
        return total / 8

    return upscale


def bicubic_upscaler(scale: int) -> Upscaler:
    """Return bicubic enlargement as an upscaler.

    Raises:
        UserError: a scale that is not 2, 3 or 4.
    """
    if scale not in SCALES:
        raise UserError(f"scale {scale} is not one of {list(SCALES)}")
    return lambda lr_image: enlarge(lr_image, scale)[0]


def load_upscaler(
    model: Path, *, tile: int, self_ensemble: bool, scale: int | None, device: str
) -> Upscaler:
    """Return the upscaler of a network's file.

    Raises:
        UserError: no network's file, a network of another scale than asked for, or no
            such device.
    """
    require_device(device)
    network, card = load_network(model)
    if scale is not None and scale != card["scale"]:
        raise UserError(f"{model}: a network of scale {card['scale']}, asked for {scale}")
    upscale = network_upscaler(network.to(device), tile=tile, self_ensemble=self_ensemble)
    return lambda lr_image: upscale(lr_image.to(device))


def require_device(device: str) -> None:
    """Raise UserError for "cuda" on a machine without it."""
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: no CUDA device on this machine")


def upscale_files(
    upscale: Upscaler,
    inputs: Sequence[Path],
    out: Path,
    *,
    overwrite: bool = False,
    keep: Sequence[Path] = (),
) -> list[Path]:
    """Enlarge image files or folders of them; return the PNG files written.

    All inputs are read once before the first is enlarged, so that a broken one is found
    before hours of work and nothing is written.

    Args:
        upscale: what enlarges one image.
        inputs: image files and folders.
        out: a folder, or for a single image a file named *.png.
        overwrite: whether results may replace existing files; never an input.
        keep: what else may not be replaced, such as the network's file.

    Raises:
        UserError: an unreadable image, two images of one name, a result that exists
            already, or an unwritable place.
    """
    files = [file for path in inputs for file in _files(path)]
    targets = _targets(files, out)
    require_new(targets, [*files, *keep], overwrite=overwrite)
    for file in files:
        read_image(file)
    _require_writable(targets[0].parent)
    for file, target in zip(tqdm(files, unit="image", disable=None), targets, strict=True):
        with torch.inference_mode():
            sr = upscale(to_tensor(read_image(file))[None])
        save_png(to_pixels(sr, str(file)), target)
    return targets


def save_png(image: Pixels, path: Path) -> None:
    """Write an image, (H, W, 3) uint8, as PNG, whole or not at all.

    Raises:
        UserError: the place cannot be written.
    """
    with writing(path), replacing(path) as temporary:
        Image.fromarray(image).save(temporary, format="PNG")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return list_images(path)
    require_regular(path)
    return [path]


def _targets(files: Sequence[Path], out: Path) -> list[Path]:
    if out.suffix.lower() == ".png" and not out.is_dir():
        if len(files) > 1:
            raise UserError(f"--out {out}: {len(files)} images need a folder")
        return [out]
    if out.suffix and not out.is_dir():
        raise UserError(f"--out {out}: results are PNG: name a folder or *.png")
    targets = [out / f"{file.stem}.png" for file in files]
    for file, target in zip(files, targets, strict=True):
        if targets.count(target) > 1:
            raise UserError(f"{file}: two inputs would both be written to {target}")
    return targets


def _require_writable(folder: Path) -> None:
    """Raise UserError unless files can be made in a folder; it is made at need."""
    probe = folder / ".dasr-writable"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()


def _by_tiles(network: Network, lr_image: Tensor, tile: int, overlap: int) -> Tensor:
    """Return SR, (3, H, W); the representation is that of the whole image."""
    scale = network.scale
    representation = network.represent(lr_image, None)
    height, width = lr_image.shape[-2:]
    sr = torch.empty(3, height * scale, width * scale, device=lr_image.device)
    for y, y_from, y_to in _spans(height, tile, overlap):
        for x, x_from, x_to in _spans(width, tile, overlap):
            part = network.restore(lr_image[:, :, y_from:y_to, x_from:x_to], representation)
            top, left = (y.start - y_from) * scale, (x.start - x_from) * scale
            rows, columns = len(y) * scale, len(x) * scale
            inner = part[0, :, top : top + rows, left : left + columns]
            sr[:, y.start * scale : y.stop * scale, x.start * scale : x.stop * scale] = inner
    return sr


def _spans(size: int, tile: int, overlap: int) -> Iterator[tuple[range, int, int]]:
    """Yield the tiles of an axis: own pixels, and the first and last pixel seen."""
    for start in range(0, size, tile):
        own = range(start, min(start + tile, size))
        yield own, max(0, own.start - overlap), min(size, own.stop + overlap)


def _turn(image: Tensor, turn: int) -> Tensor:
    """Return one of the eight flips and transposes of (..., H, W)."""
    if turn & 1:
        image = image.flip(-1)
    if turn & 2:
        image = image.flip(-2)
    return image.transpose(-1, -2) if turn & 4 else image


def _turn_back(image: Tensor, turn: int) -> Tensor:
    if turn & 4:
        image = image.transpose(-1, -2)
    if turn & 2:
        image = image.flip(-2)
    return image.flip(-1) if turn & 1 else image
