"""The command line of `dasr new-architecture`; imports no torch."""

import argparse
from pathlib import Path
from typing import Any

from dasr.commands.options import add_command

SUMMARY = "Start a network of your own: modules, a variant and a test, all of which work."


def add_new_architecture_command(commands: Any) -> None:
    """Add `new-architecture` to the subparsers of `dasr`."""
    command = add_command(
        commands, "new-architecture", _new, SUMMARY, "dasr new-architecture mynet"
    )
    command.add_argument("name", help="of the architecture, its modules and its variant")


def _new(options: argparse.Namespace) -> None:
    from dasr.commands.new_architecture import TEMPLATES, new_architecture

    name = options.name
    *written, listed = new_architecture(name, Path.cwd())
    for path in written:
        print(path)
    test = TEMPLATES["test.py.j2"].format(name)
    print(f"{listed}: knows it")
    print(f"next: python -m pytest {test} tests/unit/architectures/test_contract.py -k {name}")
    print("then: docs/own_network.md")
