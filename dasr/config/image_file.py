"""The one way to open an image file: regular, of a format that is read, one picture."""

import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dasr.errors import UserError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
"""What Pillow may try. It goes by content, and some of its other formats start programs."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "a device"),
)


def require_regular(path: Path) -> None:
    """Refuse what is no regular file, without opening it: a pipe would wait for ever.

    Raises:
        UserError: what is there instead, or that nothing is.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        what = "a link to nothing" if path.is_symlink() else "no such file"
        raise UserError(f"{path}: {what}") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{path}: cannot be read: {reason}") from None
    if not stat.S_ISREG(mode):
        kind = next((name for is_kind, name in KINDS if is_kind(mode)), "something else")
        raise UserError(f"{path}: {kind}, not a regular file")


@contextmanager
def open_image(path: Path) -> "Iterator[Image.Image]":
    """Yield an image whose header is read; its pixels are read by `load`.

    Raises:
        UserError: no regular file, none of `FORMATS`, an animation or several pages, more
            pixels than Pillow takes for honest, or anything that a decoder raises inside
            the block; the message names the file.
    """
    from PIL import Image, UnidentifiedImageError  # here: most studies read no header

    require_regular(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                _require_one(image, path)
                yield image
    except UserError:
        raise
    except UnidentifiedImageError:
        allowed = ", ".join(FORMATS)
        raise UserError(
            f"{path}: not a readable image: none of {allowed}, or a kind of them that Pillow "
            "does not know"
        ) from None
    except Exception as error:  # Pillow's decoders raise almost anything on bad bytes
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{path}: not a readable image: {reason}") from None


def _require_one(image: "Image.Image", path: Path) -> None:
    """Refuse animations and several pages: which picture is meant is not known.

    A camera's JPEG with previews behind the picture (MPO) is one picture to every reader.
    """
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":
        what = "pages" if image.format == "TIFF" else "frames of an animation"
        raise UserError(f"{path}: holds {frames} {what}: save the one that is meant")
