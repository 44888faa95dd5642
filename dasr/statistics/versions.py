"""What computed a study's statistics: tables and figures name it, other versions may round."""

from importlib.metadata import version
from pathlib import Path

import yaml

from dasr.config import git_commit
from dasr.files import write_text

LIBRARIES = ("numpy", "pandas", "scipy")
"""What adds up, groups and writes the rows."""


def library_versions() -> dict[str, str]:
    """Return the installed version of each of `LIBRARIES`."""
    return {name: version(name) for name in LIBRARIES}


def write_versions(path: Path) -> None:
    """Write commit and library versions as YAML."""
    record = {"commit": git_commit(), **library_versions()}
    write_text(path, yaml.safe_dump(record, sort_keys=False))
