"""The command line of `dasr equal-flops`; imports no torch before it runs."""

import argparse
from typing import Any

from dasr.commands.options import add_study_options

SUMMARY = "Find the sizes at which a variant has another method's FLOPs, for a study's model."
EXAMPLE = (
    "dasr equal-flops no_da_conv_equal_flops --write --configfile config/table1.yaml "
    "--config budget=paper"
)


def add_equal_flops_command(commands: Any) -> None:
    """Add `equal-flops` to the subparsers of `dasr`."""
    command: argparse.ArgumentParser = commands.add_parser(
        "equal-flops", help=SUMMARY, description=SUMMARY, epilog=f"Example: {EXAMPLE}"
    )
    command.add_argument(
        "variant",
        help="stem of a file in ablations/ that says equal_flops: {to: ..., vary: ...}",
    )
    add_study_options(command)
    command.add_argument(
        "--write", action="store_true", help="write the sizes into the variant's file"
    )
    command.set_defaults(run=_equal_flops)


def _equal_flops(options: argparse.Namespace) -> None:
    from dasr.commands.equal_flops import find_sizes

    for line in find_sizes(
        options.variant, options.configfile, options.config, write=options.write
    ):
        print(line)
