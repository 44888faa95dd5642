"""The command lines of `dasr report`, `verify`, `numbers`; imports no torch before it runs."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dasr.commands.options import OVERWRITE, add_command, path_argument

WRONG = 1
"""Exit code of what is compared and differs."""


def add_report_commands(commands: Any) -> None:
    """Add `report`, `verify` and `numbers` to the subparsers of `dasr`."""
    report = add_command(
        commands,
        "report",
        _report,
        "Take a finished study's tables and figures along, with all that tables are made from.",
        "dasr report config/table1.yaml --out reports/mine --figures paired curves",
    )
    report.add_argument(
        "files",
        type=path_argument,
        nargs="+",
        metavar="STUDY",
        help="study files, as after Snakemake's --configfile",
    )
    report.add_argument(
        "--config",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="as after Snakemake's --config",
    )
    report.add_argument("--out", type=path_argument, required=True, help="folder of the report")
    for what in ("tables", "figures"):
        report.add_argument(
            f"--{what}", nargs="*", metavar="KIND", help=f"kinds of {what}; all without"
        )
    report.add_argument("--overwrite", action="store_true", help=OVERWRITE)
    verify = add_command(
        commands,
        "verify",
        _verify,
        "Compute a report's statistics and tables again from its rows; code 1 if one differs.",
        "dasr verify reports/mine --network dasr/isotropic/x4/seed1",
    )
    verify.add_argument("report", type=path_argument, help="folder that dasr report has made")
    verify.add_argument(
        "--network", help="METHOD/REGIME/xSCALE/seedSEED: train it again and compare its bits"
    )
    numbers = add_command(
        commands,
        "numbers",
        _numbers,
        "Place marked numbers and tables in the project's Markdown from the files they name.",
        "dasr numbers --check",
    )
    numbers.add_argument(
        "files", type=path_argument, nargs="*", metavar="FILE", help="*.md; all without"
    )
    numbers.add_argument(
        "--check", action="store_true", help="change nothing; code 1 if one is wrong"
    )


def _report(options: argparse.Namespace) -> int:
    from dasr.commands.report import make_report, report_size
    from dasr.study import Plan
    from dasr.study.planning import planned_study

    plan = Plan(planned_study(options.files, options.config))
    report = make_report(
        plan,
        options.out,
        tables=options.tables,
        figures=options.figures,
        overwrite=options.overwrite,
    )
    print(f"{options.out}: {report_size(report):.1f} MB")
    return _compare(options.out)


def _verify(options: argparse.Namespace) -> int:
    code = _compare(options.report)
    if options.network is None:
        return code
    from dasr.commands.retrain import retrain
    from dasr.reporting.report_folder import ReportFolder

    with TemporaryDirectory() as folder:
        print(f"{options.network}: training it again", flush=True)
        retrained = retrain(ReportFolder(options.report), options.network, Path(folder))
    print(retrained, file=sys.stdout if retrained.equal else sys.stderr)
    return code if retrained.equal else WRONG


def _numbers(options: argparse.Namespace) -> int:
    from dasr.reporting.prose import place_numbers, prose_files, wrong_numbers

    files = options.files or prose_files()
    if options.check:
        wrong = wrong_numbers(files)
    else:
        replaced, wrong = place_numbers(files)
        for marker in replaced:
            print(marker)
    for marker in wrong:
        print(marker, file=sys.stderr)
    return WRONG if wrong else 0


def _compare(folder: Path) -> int:
    """Say what a report's rows give, and return the exit code."""
    from dasr.reporting.report_folder import ReportFolder
    from dasr.reporting.verification import verify
    from dasr.text import counted

    found = verify(ReportFolder(folder))
    print(f"{folder}: {counted(found.tables, 'table')} equal, {found.statistics} statistics")
    for line in found.outside:
        print(f"{folder}: not compared: {line}")
    for line in found.different:
        print(f"{folder}: {line}", file=sys.stderr)
    return WRONG if found.different else 0
