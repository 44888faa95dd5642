"""Degrade, score, import, describe: one file or pair of files at a time."""

from pathlib import Path
from typing import Any

from dasr.architectures import count_flops, count_parameters
from dasr.cards import network_card
from dasr.checkpoint import content_digest, load_network, load_tensors, save_network
from dasr.commands.outputs import require_new, writing
from dasr.commands.upscale import save_png
from dasr.config import SCALES, Degradation
from dasr.data import read_image
from dasr.degradation import lr_images, to_pixels
from dasr.errors import UserError
from dasr.evaluation.metrics import image_quality
from dasr.pixels import crop_to_multiple
from dasr.released import read_released
from dasr.terms.metrics import METRICS


def degrade_file(
    source: Path,
    out: Path,
    degradation: Degradation,
    *,
    scale: int,
    seed: int = 0,
    overwrite: bool = False,
) -> None:
    """Write the LR version of an HR image as PNG.

    The image is cropped to a multiple of the scale first. Noise depends on the seed and
    the settings, not on the file's name. An existing file is only replaced with
    `overwrite`, and the HR image never.

    Raises:
        UserError: an unreadable or too small image, a value out of range, or a result
            that exists already.
    """
    _require_scale(scale)
    if out.suffix.lower() != ".png":
        raise UserError(f"--out {out}: the result is PNG: name it *.png")
    require_new([out], [source], overwrite=overwrite)
    try:
        lr_image = lr_images(read_image(source), [degradation], scale, seed, "degrade")[0]
    except ValueError as error:
        raise UserError(f"{source}: {error}") from None
    save_png(to_pixels(lr_image, str(source)), out)


def score_files(sr_file: Path, hr_file: Path, *, scale: int) -> dict[str, float]:
    """Return all metrics of an SR image against its HR image, by their columns.

    The HR image is cropped to a multiple of the scale, as it was before degradation.

    Raises:
        UserError: unreadable images, different sizes, or too small ones.
    """
    _require_scale(scale)
    sr, hr = read_image(sr_file), crop_to_multiple(read_image(hr_file), scale)
    if sr.shape != hr.shape:
        raise UserError(
            f"{sr_file}: {sr.shape[1]}x{sr.shape[0]} pixels, but {hr_file} has "
            f"{hr.shape[1]}x{hr.shape[0]} (cropped to a multiple of {scale})"
        )
    widest = max(METRICS, key=lambda metric: metric.window)
    if min(hr.shape[:2]) < widest.window + 2 * scale:
        window = f"{widest.name.upper()}'s window"
        raise UserError(f"{hr_file}: too small for a border of {scale} and {window}")
    return image_quality(sr, hr, scale)


def import_checkpoint(source: Path, out: Path, *, overwrite: bool = False) -> int:
    """Convert the authors' released checkpoint to this project's file; return its scale.

    Raises:
        UserError: not a released checkpoint, a result that exists already, or an
            unwritable place.
    """
    if out.suffix != ".safetensors":
        raise UserError(f"{out}: name it *.safetensors")
    require_new([out], [source], overwrite=overwrite)
    network = read_released(source)
    card = network_card(
        network, method="dasr", regime="released by the authors", seed=0, source=source.name
    )
    with writing(out):
        save_network(out, network, card)
    return network.scale


def weights_digest(path: Path) -> str:
    """Return the SHA-256 of a network's weights, whatever its card says.

    Raises:
        UserError: not a file of this project.
    """
    return content_digest(load_tensors(path)[0])


def describe_file(path: Path) -> dict[str, Any]:
    """Return a file's card; of a network also its parameters, FLOPs and weights' digest.

    Networks of the same weights have the same `weights_sha256`, whatever their cards say.

    Raises:
        UserError: not a file of this project.
    """
    tensors, card = load_tensors(path)
    if card.get("kind") != "network":
        return card
    network = load_network(path)[0]
    counted = {"parameters": count_parameters(network), "flops": count_flops(network)}
    return {**card, **counted, "weights_sha256": content_digest(tensors)}


def _require_scale(scale: int) -> None:
    if scale not in SCALES:
        raise UserError(f"scale {scale} is not one of {list(SCALES)}")
