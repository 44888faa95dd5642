"""What configuration and the images' sizes already decide, found before anything is trained.

Planning asks as far as it knows the images, `check_data` once all of them are packed.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dasr.config.crops import crop_corners
from dasr.config.doubles import same_kernels, same_numbers, same_passes, same_values
from dasr.config.embedded import classes
from dasr.config.first_pass import RESIZE, smallest_side
from dasr.config.models.base import OF_IMAGES
from dasr.config.schema import ImageSetConfig
from dasr.config.shipped import shipped_sets
from dasr.config.study import Study
from dasr.errors import UserError
from dasr.terms.metrics import METRICS


class ImageSize(NamedTuple):
    """An image of a set: its name, and its sides in pixels."""

    name: str
    height: int
    width: int


Sets = Mapping[str, Sequence[ImageSize]]
"""The images of each set, by the set's name."""


@dataclass(frozen=True, kw_only=True)
class ImageDemands:
    """What a study asks of the number and the sizes of its images."""

    scales: tuple[int, ...]
    patches: dict[str, dict[int, int]]
    """Side of the largest patch in HR pixels, by training set and scale; empty if nothing is
    trained."""
    classes: dict[int, int]
    """Fewest classes of a task, by scale; lacks scales at which nothing is embedded."""
    crop_size: int
    crops_per_image: int
    perplexity: float
    """The largest."""
    first_resize: float = 1.0
    """The smallest factor of a first pass of test images."""


def demands_of(study: Study) -> ImageDemands:
    """Return what a study asks of its images."""
    config = study.config
    learned = any(v.settings.model.representation in OF_IMAGES for v in study.variants)
    embedded = {(r.name, s) for r in config.regimes for s in config.scales if learned}
    embedded |= {
        (network.regime, scale)
        for network, model in zip(config.imported, study.imported, strict=True)
        for scale in network.files
        if model.representation in OF_IMAGES
    }
    counts = {
        regime.name: min(map(len, classes(config.embedding, regime.train).values()))
        for regime in config.regimes
    }
    return ImageDemands(
        scales=config.scales,
        patches=_patches(study),
        classes={
            scale: min(counts[regime] for regime, at in embedded if at == scale)
            for scale in sorted({at for _, at in embedded})
        },
        crop_size=config.embedding.crop_size,
        crops_per_image=config.embedding.crops_per_image,
        perplexity=max(config.embedding.perplexities),
        first_resize=min(
            (one.resize for regime in config.regimes for one in regime.test.first_passes),
            default=1.0,
        ),
    )


def _patches(study: Study) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for run in study.runs():
        own = run.joint_stage().own_contrast()
        drawn = [(stage.name, stage) for stage in run.stages()]
        drawn += [] if own is None else [("encoder", own)]
        for name, stage in drawn:
            side = stage.training.patch_size * run.scale
            for item in study.config.sets_of_stage(name):
                sides = found.setdefault(item.name, {})
                sides[run.scale] = max(side, sides.get(run.scale, 0))
    return found


def complaints(demands: ImageDemands, train: Sets, test: Sets) -> list[str]:
    """Return a line for everything that the images' number and sizes make impossible."""
    found = [line for name, images in train.items() for line in _small(demands, name, images)]
    for name, images in test.items():
        lines = [line for image in images for line in _too_small(demands, name, image)]
        found += lines or _too_few(demands, name, images)
    return found


def study_complaints(study: Study) -> list[str]:
    """Return a line for everything that configuration alone makes impossible."""
    config, found = study.config, list[str]()
    for regime in config.regimes:
        key = f"regimes: {regime.name}: test"
        for scale in config.scales:
            found += same_kernels(regime.test.at_scale(scale), f"{key}: x{scale}")
        found += same_values(regime.test, key)
        found += same_passes(regime.test, key)
    found += _hidden_from_oracle(study)
    embedding = config.embedding
    found += same_numbers(embedding.kernel_widths, "embedding: kernel_widths")
    found += same_values(embedding, "embedding")
    found += same_kernels(embedding.kernel_classes(), "embedding: kernels")
    known = [
        {item.name: sizes for item in sets if (sizes := known_sizes(item)) is not None}
        for sets in (config.all_train_sets, config.test_sets)
    ]
    return found + complaints(demands_of(study), *known)


def _hidden_from_oracle(study: Study) -> list[str]:
    """Return a line for each method that would have to encode what it cannot, when tested."""
    oracles = [
        one.name for one in study.variants if one.settings.model.representation == "oracle"
    ]
    passed = [
        regime.name
        for regime in study.config.regimes
        if any(one.acts for one in regime.test.first_passes)
    ]
    return [
        f"{oracle}: representation: oracle encodes kernel and noise level, but not first_pass, "
        f"which regime {regime} tests with"
        for oracle in oracles
        for regime in passed
    ]


def known_sizes(image_set: ImageSetConfig) -> list[ImageSize] | None:
    """Return the images of a set that is generated or shipped; None of a folder."""
    if image_set.source == "folder":
        return None
    if image_set.source == "dead_leaves":
        side = image_set.image_size
        return [ImageSize(f"{n:05d}", side, side) for n in range(image_set.num_images)]
    shipped = shipped_sets()[image_set.source]
    return [ImageSize(image.name, image.size[1], image.size[0]) for image in shipped]


def refuse(found: Sequence[str], rest: str = "") -> None:
    """Raise the first of some complaints; if there are more, log all of them.

    Args:
        found: complaints, a line each.
        rest: where the user finds the others, e.g. ", all in the log".

    Raises:
        UserError: there is a complaint.
    """
    if not found:
        return
    more = len(found) - 1
    if more:
        for line in found:
            logging.getLogger(__name__).info("%s", line)
    raise UserError(found[0] + (f" (and {more} more{rest})" if more else ""))


def _small(demands: ImageDemands, set_name: str, images: Iterable[ImageSize]) -> Iterator[str]:
    """Yield the training images that are smaller than a patch."""
    patches = demands.patches.get(set_name, {})
    if not patches:
        return
    scale = max(patches, key=lambda at: patches[at])
    side = patches[scale]
    for image in images:
        if min(image.height, image.width) < side:
            yield (
                f"training image {set_name}/{image.name} is {image.width}x{image.height}: "
                f"training.patch_size needs {side} HR pixels a side at x{scale}"
            )


def _too_small(demands: ImageDemands, set_name: str, image: ImageSize) -> Iterator[str]:
    """Yield what a test image is too small for: one line, of the scale that needs most."""
    widest = max(METRICS, key=lambda metric: metric.window)
    window = f"{widest.name.upper()}'s window inside the border"
    needs = [(widest.window + 2 * scale, scale, window) for scale in demands.scales] + [
        (demands.crop_size * scale, scale, f"embedding.crop_size {demands.crop_size}")
        for scale in demands.classes
    ]
    factor = demands.first_resize
    passed = f"the blur after a first pass of {RESIZE.label}{factor:g}"
    needs += [(smallest_side(factor), scale, passed) for scale in demands.scales]
    short = [
        need for need in needs if min(image.height, image.width) // need[1] * need[1] < need[0]
    ]
    if short:
        side, scale, reason = max(short)
        side = -(-side // scale) * scale  # what the scale does not divide is cut off
        yield (
            f"test image {set_name}/{image.name} is {image.width}x{image.height}: "
            f"{reason} needs {side} pixels a side at x{scale}"
        )


def _too_few(demands: ImageDemands, set_name: str, images: Iterable[ImageSize]) -> list[str]:
    """Return what a test set has too few crops for: at most one line."""
    images = list(images)
    for scale, count in demands.classes.items():
        crops = sum(
            len(
                crop_corners(
                    image.height // scale,
                    image.width // scale,
                    demands.crop_size,
                    demands.crops_per_image,
                )
            )
            for image in images
        )
        counted = f"test set {set_name}: {crops} crops at x{scale}"
        if crops < 2:
            return [f"{counted}: clustering needs two; raise embedding.crops_per_image"]
        if demands.perplexity >= crops * count:
            return [
                f"{counted} of {count} classes are {crops * count} points: "
                f"embedding.perplexity {demands.perplexity:g} must be below that; "
                "lower it or raise embedding.crops_per_image"
            ]
    return []
