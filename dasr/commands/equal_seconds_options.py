"""The command line of `dasr equal-seconds`; imports no torch before it runs."""

import argparse
from typing import Any

from dasr.commands.options import add_command, add_study_options

SUMMARY = "Find the joint steps at which a study's methods train for the same CPU seconds."
EXAMPLE = "dasr equal-seconds --write --configfile config/table2.yaml --config equal=seconds"


def add_equal_seconds_command(commands: Any) -> None:
    """Add `equal-seconds` to the subparsers of `dasr`."""
    command = add_command(commands, "equal-seconds", _equal_seconds, SUMMARY, EXAMPLE)
    add_study_options(command)
    command.add_argument(
        "--write",
        action="store_true",
        help="write the steps into config/budgets/seconds/STUDY.yaml",
    )


def _equal_seconds(options: argparse.Namespace) -> None:
    from dasr.commands.equal_seconds import find_steps

    for line in find_steps(options.configfile, options.config, write=options.write):
        print(line)
