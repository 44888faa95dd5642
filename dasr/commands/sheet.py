"""Comparison sheets: real images beside what several networks make of them."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import torch
from tqdm import tqdm

from dasr.checkpoint import load_network
from dasr.commands.outputs import require_new, writing
from dasr.commands.sheet_figure import busiest_boxes, draw_sheet
from dasr.commands.upscale import (
    TILE,
    Upscaler,
    bicubic_upscaler,
    network_upscaler,
    require_device,
)
from dasr.config import list_images
from dasr.data import read_image
from dasr.degradation import to_pixels, to_tensor
from dasr.errors import UserError
from dasr.files import write_text
from dasr.reporting.drawing.style import save_figure, styled
from dasr.templates import rendered

MAX_MODELS = 6
"""More would leave crops of less than 0.7 inches."""
BOXES = (1, 4)
NAMING = (
    ("method",),
    ("method", "seed"),
    ("method", "regime"),
    ("method", "regime", "seed"),
)
"""Keys of a card that a network is called by: the first that tell all networks apart."""


def make_sheets(
    models: Sequence[Path],
    inputs: Sequence[Path],
    out: Path,
    *,
    tile: int = TILE,
    self_ensemble: bool = False,
    device: str = "cpu",
    count: int = 3,
    crop_size: int = 32,
    overwrite: bool = False,
) -> list[Path]:
    """Write a sheet an image, as PNG and PDF, and `index.html` with all; return the PNGs.

    A sheet shows the image with its busiest places numbered, and for each place LR,
    bicubic and every network. There is no reference, so there are no scores. Networks and
    images are all read before the first is enlarged, and nothing is written before that.

    Args:
        models: networks' files, all of one scale.
        inputs: image files and folders.
        out: a folder.
        tile: side of a tile in LR pixels.
        self_ensemble: average each network over the eight flips and transposes.
        device: where to run the networks, "cpu" or "cuda".
        count: places an image, 1 to 4; small images may have room for fewer.
        crop_size: their side in LR pixels, at most half the image's shorter side.
        overwrite: whether existing files may be replaced; never an image or a network.

    Raises:
        UserError: a file or value that cannot be used, two images of one name, networks
            of different scales, a sheet that exists already, or an unwritable place.
    """
    if not BOXES[0] <= count <= BOXES[1] or crop_size < 1:
        raise UserError(
            f"--boxes {count} must be {BOXES[0]} to {BOXES[1]}, --crop {crop_size} positive"
        )
    files = _images(inputs, out)
    for model in models:
        _require_text(model)
    sheets = [out / f"{file.stem}.png" for file in files]
    written = [*sheets, *(sheet.with_suffix(".pdf") for sheet in sheets), out / "index.html"]
    require_new(written, [*files, *models], overwrite=overwrite)
    enlargers = _enlargers(models, tile=tile, self_ensemble=self_ensemble, device=device)
    _require_folder(out)
    for file in tqdm(files, unit="image", disable=None):
        _make_sheet(file, enlargers, out / file.stem, count, crop_size)
    titles = list(enlargers)[1:]  # without bicubic
    write_text(out / "index.html", _page(sheets, dict(zip(titles, models, strict=True))))
    return sheets


def _make_sheet(
    file: Path, enlargers: Mapping[str, Upscaler], stem: Path, count: int, crop_size: int
) -> None:
    lr_image = read_image(file)
    tensor = to_tensor(lr_image)[None]
    with torch.inference_mode():
        results = {
            title: to_pixels(enlarge(tensor), f"{title}: {file}")
            for title, enlarge in enlargers.items()
        }
    side = min(crop_size, max(1, min(lr_image.shape[:2]) // 2))
    boxes = busiest_boxes(lr_image, count, side)
    with styled(), writing(stem):
        save_figure(draw_sheet(file.name, lr_image, results, boxes), stem)


def _enlargers(
    models: Sequence[Path], *, tile: int, self_ensemble: bool, device: str
) -> dict[str, Upscaler]:
    """Return bicubic and the networks by title."""
    if not 1 <= len(models) <= MAX_MODELS:
        raise UserError(f"{len(models)} networks: a sheet has 1 to {MAX_MODELS}")
    require_device(device)
    cards: list[dict[str, Any]] = []
    upscalers: list[Upscaler] = []
    for path in models:
        network, card = load_network(path)
        if card["scale"] != (cards or [card])[0]["scale"]:
            raise UserError(
                f"{path}: a network of scale {card['scale']}, but {models[0]} has scale "
                f"{cards[0]['scale']}: a sheet compares one scale"
            )
        try:
            own = network_upscaler(network.to(device), tile=tile, self_ensemble=self_ensemble)
        except UserError as error:
            raise UserError(f"{path}: {error}") from None
        cards.append(card)
        upscalers.append(_on(device, own))
    networks = dict(zip(_titles(models, cards), upscalers, strict=True))
    return {"Bicubic": bicubic_upscaler(cards[0]["scale"]), **networks}


def _on(device: str, upscale: Upscaler) -> Upscaler:
    return lambda lr_image: upscale(lr_image.to(device))


def _titles(models: Sequence[Path], cards: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each network: of its card if that tells them apart, else its path."""
    for keys in NAMING:
        if any(key not in card for card in cards for key in keys):
            continue
        titles = [
            ", ".join(f"seed {card[key]}" if key == "seed" else str(card[key]) for key in keys)
            for card in cards
        ]
        titles = [title.replace("_", " ") for title in titles]
        if len(set(titles)) == len(titles):
            return titles
    paths = [str(path) for path in models]
    for path in paths:
        if paths.count(path) > 1:
            raise UserError(f"{path}: given twice")
    return paths


def _images(inputs: Sequence[Path], out: Path) -> list[Path]:
    """Return the image files, each read once; refuse two sheets in one place."""
    files = [
        file for path in inputs for file in (list_images(path) if path.is_dir() else [path])
    ]
    if not files:
        raise UserError("no image is given")
    stems = [file.stem for file in files]
    for file in files:
        _require_text(file)
        read_image(file)
        target = out / f"{file.stem}.png"
        if stems.count(file.stem) > 1:
            raise UserError(f"{file}: two images would both have the sheet {target}")
    return files


def _require_text(file: Path) -> None:
    """Raise UserError for a name that no page can show: bytes that are no UTF-8."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        raise UserError(f"{file}: the name is not UTF-8: rename it") from None


def _require_folder(out: Path) -> None:
    """Raise UserError unless sheets can be written to a folder; it is made at need."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "not a folder" if out.exists() else error.strerror
        raise UserError(f"--out {out}: cannot be written: {reason}") from None
    if not os.access(out, os.W_OK):
        raise UserError(f"--out {out}: cannot be written: no permission")


def _page(sheets: Sequence[Path], models: Mapping[str, Path]) -> str:
    """Return a whole HTML page that shows the sheets beside it."""
    links = {
        sheet.stem: [
            quote(os.fsencode(sheet.with_name(f"{sheet.stem}{end}").name))
            for end in (".png", ".pdf")
        ]
        for sheet in sheets
    }
    networks = {title: str(path) for title, path in models.items()}
    return rendered(__package__, "sheet.html.j2", networks=networks, links=links)
