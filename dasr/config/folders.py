"""Image folders: found and listed before anything is planned, without opening a file."""

from pathlib import Path

from dasr.config.errors import ConfigError
from dasr.config.schema import ImageSetConfig

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def image_files(image_set: ImageSetConfig, data_root: Path) -> list[Path]:
    """Return the files of a set with source "folder"; no files for other sources.

    Raises:
        ConfigError: the folder is missing, or holds no image file.
    """
    if image_set.source != "folder":
        return []
    return list_images(data_root / image_set.folder)


def list_images(folder: Path) -> list[Path]:
    """Return the image files of a folder, sorted by name.

    Raises:
        ConfigError: the folder is missing, or holds no image file.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such image folder")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        raise ConfigError(f"{folder}: no image; looked for {', '.join(SUFFIXES)}")
    stems = [path.stem for path in files]
    doubled = sorted({stem for stem in stems if stems.count(stem) > 1})
    if doubled:
        raise ConfigError(f"{folder}: two images are called {doubled[0]!r}")
    return files
