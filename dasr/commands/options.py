"""What the command lines share; imports no torch."""

import argparse
from pathlib import Path
from typing import Any

OVERWRITE = "replace existing files; an input never is"
"""Help of the option of every command that writes files."""


def add_command(
    commands: Any, name: str, run: Any, summary: str, example: str
) -> argparse.ArgumentParser:
    """Return a new command of `dasr`.

    Args:
        commands: the subparsers.
        name: of the command.
        run: called with the options; it returns an exit code, or None for 0.
        summary: what it does.
        example: of a call.
    """
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=summary, epilog=f"Example: {example}"
    )
    command.set_defaults(run=run)
    return command


def add_study_options(command: argparse.ArgumentParser) -> None:
    """Add the options that name a study as Snakemake does."""
    command.add_argument(
        "--configfile",
        type=path_argument,
        nargs="+",
        default=[],
        help="study files, as given to Snakemake (the default study)",
    )
    command.add_argument(
        "--config",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="as given to Snakemake, e.g. budget=paper",
    )


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
