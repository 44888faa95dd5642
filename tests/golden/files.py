"""What a folder of reference vectors holds; the tests are parametrised by it."""

import json
import re
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]


def scales(folder: Path, kind: str) -> list[int]:
    """Return the scales of the files `<kind>_x<scale>.npz` of a folder."""
    names = [path.stem for path in folder.glob(f"{kind}_x*.npz")]
    found = [re.fullmatch(rf"{kind}_x(\d+)", name) for name in names]
    return sorted(int(match[1]) for match in found if match)


def missing_files(folder: Path) -> list[str]:
    """Return what the tests need and the folder lacks."""
    if not folder.is_dir():
        return ["such folder"]
    needed = {"degradation.npz": (folder / "degradation.npz").is_file()}
    for kind in ("model", "training"):
        found = scales(folder, kind)
        needed[f"{kind}_x*.npz"] = bool(found)
        for scale in found:
            name = f"state_dict_x{scale}.json"
            needed[name] = (folder / name).is_file()
    return [name for name, there in needed.items() if not there]


def load(path: Path) -> Arrays:
    """Return all arrays of a file."""
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def names(path: Path, pattern: str) -> list[str]:
    """Return the names of a file's arrays that match a pattern, without reading them."""
    with np.load(path, allow_pickle=False) as arrays:
        return [name for name in arrays.files if re.fullmatch(pattern, name)]


def shapes(folder: Path, scale: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the authors' network by its own names."""
    text = (folder / f"state_dict_x{scale}.json").read_text(encoding="utf-8")
    return {name: tuple(shape) for name, shape in json.loads(text).items()}
