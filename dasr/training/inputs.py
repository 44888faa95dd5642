"""What a job trains on, and how often it saves: from files and environment."""

import math
import os
from collections.abc import Sequence
from pathlib import Path

from dasr.data import PackedImages, open_packed
from dasr.data.digests import images_digest
from dasr.data.patches import PatchSampler
from dasr.errors import UserError


def open_sampler(
    pixels: Sequence[Path], index: Sequence[Path], patch_size: int
) -> tuple[PatchSampler, str]:
    """Return HR patches of a side in HR pixels, of packed images, and the images' digest."""
    return PatchSampler(open_sets(pixels, index), patch_size), images_digest(index)


def open_sets(pixels: Sequence[Path], index: Sequence[Path]) -> list[PackedImages]:
    """Return packed images, given the files of their pixels and indices."""
    return [open_packed(*files) for files in zip(pixels, index, strict=True)]


def checkpoint_seconds() -> float:
    """Return the seconds between two writings of an unfinished state.

    The environment variable DASR_CHECKPOINT_SECONDS sets them; they decide no bits.

    Raises:
        UserError: it is no number, or a negative one.
    """
    text = os.environ.get("DASR_CHECKPOINT_SECONDS", "15")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise UserError(f"DASR_CHECKPOINT_SECONDS: {text!r} is not a number of at least 0")
    return seconds
