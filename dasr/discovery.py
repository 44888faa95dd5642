"""Components that are found by their file: a module in a package is all that one needs."""

import importlib
import pkgutil
from types import ModuleType


def modules_of(package: str) -> list[ModuleType]:
    """Return the public modules of a package, imported, in the order of their names.

    `dasr.config.provenance` counts all of them for whoever imports a package that calls this
    with its own `__name__`.

    Args:
        package: full name, e.g. "dasr.embedding.scores".
    """
    path = importlib.import_module(package).__path__
    names = sorted(item.name for item in pkgutil.iter_modules(path))
    return [
        importlib.import_module(f"{package}.{name}")
        for name in names
        if not name.startswith("_")
    ]
