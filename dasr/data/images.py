"""Image files in, RGB arrays out; and the photographs that dependencies ship."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from dasr.data.pixels import Pixels
from dasr.errors import UserError

PHOTOS = (
    ("astronaut", "skimage/data/astronaut.png", (512, 512)),
    ("chelsea", "skimage/data/chelsea.png", (451, 300)),
    ("coffee", "skimage/data/coffee.png", (600, 400)),
    ("rocket", "skimage/data/rocket.jpg", (640, 427)),
    ("motorcycle", "skimage/data/motorcycle_left.png", (741, 500)),
    ("china", "sklearn/datasets/images/china.jpg", (640, 427)),
    ("flower", "sklearn/datasets/images/flower.jpg", (640, 427)),
)
"""The test set "Photos": name, file inside the installed packages, (width, height).

Every colour photograph of everyday scenes in the scikit-image and scikit-learn wheels;
their microscopy, retina and sky-survey images are left out.
"""


def read_image(path: Path) -> Pixels:
    """Return an image as RGB, shape (H, W, 3), [0, 255].

    Grey and palette images become RGB, 16-bit grey is scaled to 8 bits, CMYK is
    converted, an opaque alpha channel is dropped, and EXIF rotation is applied.

    Raises:
        UserError: the file is missing or no whole image, is (partly) transparent, or
            holds floating-point samples; the message names it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                file.load()
                image = ImageOps.exif_transpose(file)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except Exception as error:  # Pillow's decoders raise almost anything on bad bytes
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UserError(f"{path}: not a readable image: {reason}") from None
    return _to_rgb(image, path)


def _to_rgb(image: Image.Image, path: Path) -> Pixels:
    if image.mode.startswith("I"):  # 16-bit grey, whatever the byte order
        samples = np.asarray(image).astype(np.float64)
        if samples.min() < 0 or samples.max() > 65535:
            raise UserError(f"{path}: samples outside 0..65535 are not supported")
        grey = np.rint(samples / 257).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode == "F":
        raise UserError(f"{path}: floating-point samples are not supported")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        if np.asarray(image)[:, :, 3].min() < 255:
            raise UserError(f"{path}: transparent pixels have no colour; flatten it")
    return np.asarray(image.convert("RGB"))


def photo_files() -> list[tuple[str, Path]]:
    """Return name and path of each image of the set "Photos"."""
    import skimage
    import sklearn

    roots = {name: Path(module.__path__[0]) for name, module in
             (("skimage", skimage), ("sklearn", sklearn))}  # fmt: skip
    found = []
    for name, file, _ in PHOTOS:
        package, _, rest = file.partition("/")
        found.append((name, roots[package] / rest))
    return found
