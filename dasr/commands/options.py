"""What the command lines share; imports no torch."""

import argparse
from pathlib import Path

OVERWRITE = "replace existing files; an input never is"
"""Help of the option of every command that writes files."""


def path_argument(text: str) -> Path:
    """Return a path of the command line.

    Raises:
        argparse.ArgumentTypeError: nothing, which would be the current folder, or a NUL.
    """
    if not text:
        raise argparse.ArgumentTypeError("an empty path")
    if "\0" in text:
        raise argparse.ArgumentTypeError(f"a NUL in the path {text!r}")
    return Path(text)
