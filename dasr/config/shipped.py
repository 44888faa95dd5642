"""Test images inside other packages' wheels, as data (shipped.yaml): sets without download."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from dasr.config.checks import require
from dasr.config.strict import from_dict
from dasr.config.yaml_files import read_yaml
from dasr.errors import UserError


@dataclass(frozen=True, kw_only=True)
class ShippedImage:
    """A picture inside a wheel."""

    name: str
    file: str
    """Path that begins with the name of the package, e.g. skimage/data/coins.png."""
    size: tuple[int, int]
    """Width and height in pixels."""
    what: str
    """What it shows."""
    pixels: str
    """SHA-256 of its pixels as RGB, (H, W, 3) bytes."""

    def __post_init__(self) -> None:
        """Refuse a digest that cannot be one."""
        found = re.fullmatch("[0-9a-f]{64}", self.pixels)
        require(found is not None, f"pixels: {self.pixels!r} is not 64 hexadecimal digits")

    def path(self) -> Path:
        """Return where the file is on this machine; its package is not imported.

        Raises:
            UserError: the package is not installed.
        """
        package, _, rest = self.file.partition("/")
        found = find_spec(package)
        if found is None or found.origin is None:
            raise UserError(f"{self.file}: the package {package!r} is not installed")
        return Path(found.origin).parent / rest

    def require_pixels(self, found: str) -> None:
        """Refuse other pixels: results would not be comparable with those of others.

        Args:
            found: SHA-256 of what the file holds.

        Raises:
            UserError: the file of another version of the package, or another decoder.
        """
        if found != self.pixels:
            raise UserError(
                f"{self.path()}: not the picture that this project tests on, but another "
                "version's: install the versions of requirements.txt"
            )


@cache
def shipped_sets() -> Mapping[str, tuple[ShippedImage, ...]]:
    """Return the images of each set by the set's source: "photos", "naturals"."""
    path = Path(__file__).with_suffix(".yaml")
    return MappingProxyType(
        {
            source: tuple(
                from_dict(ShippedImage, image, f"{path.name}: {source}") for image in images
            )
            for source, images in read_yaml(path).items()
        }
    )
