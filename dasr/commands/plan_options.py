"""The command line of `dasr plan`; imports no torch before it runs."""

import argparse
import json
import os
from typing import Any

from dasr.commands.options import path_argument
from dasr.errors import UserError

SUMMARY = "Say what a study will take and what it can see; starts and writes nothing."
EXAMPLE = (
    "dasr plan config/table1.yaml --config budget=paper --metrics results/main/metrics.csv"
)


def add_plan_command(commands: Any) -> None:
    """Add `plan` to the subparsers of `dasr`."""
    command: argparse.ArgumentParser = commands.add_parser(
        "plan", help=SUMMARY, description=SUMMARY, epilog=f"Example: {EXAMPLE}"
    )
    command.add_argument(
        "files",
        type=path_argument,
        nargs="*",
        metavar="STUDY_FILE",
        help="as Snakemake's --configfile; the default study if none is given",
    )
    command.add_argument(
        "--config",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="as Snakemake's --config, e.g. budget=paper",
    )
    command.add_argument(
        "--metrics",
        type=path_argument,
        help="metrics.csv of an earlier study, for its variances (this study's own, if any)",
    )
    command.add_argument(
        "--cores", type=int, help="of all jobs together (those that this process may use)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_plan)


def _plan(options: argparse.Namespace) -> None:
    wrong = [text for text in options.config if "=" not in text]
    if wrong:
        raise UserError(f"--config: {wrong[0]!r} is not key=value")
    cores = len(os.sched_getaffinity(0)) if options.cores is None else options.cores
    if cores < 1:
        raise UserError(f"--cores {cores}: at least 1")
    from dasr.commands.plan import plan_study, plan_text, planned_values

    found = plan_study(options.files, options.config, cores, options.metrics)
    if options.json:
        print(json.dumps(planned_values(found), indent=1))
    else:
        print(plan_text(found), end="")
