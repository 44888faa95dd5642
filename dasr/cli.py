"""The command line `dasr`: own images, and what a study's files need."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from dasr.commands.degrade_options import add_degrade_command
from dasr.commands.equal_flops_options import add_equal_flops_command
from dasr.commands.equal_seconds_options import add_equal_seconds_command
from dasr.commands.new_architecture_options import add_new_architecture_command
from dasr.commands.options import OVERWRITE, add_command, path_argument
from dasr.commands.plan_options import add_plan_command
from dasr.commands.report_options import add_report_commands
from dasr.commands.sheet_options import add_sheet_command
from dasr.errors import EXIT_CODE, UserError, user_line
from dasr.terms.metrics import METRICS


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with code 2."""
        message = message if len(message) <= 300 else f"{message[:300]} ..."
        print(f"error: {message} (see {self.prog} --help)", file=sys.stderr)
        sys.exit(EXIT_CODE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    0, 1 where a command that compares has found a difference, 2 for what a user can mend.
    """
    _print_any_name()
    options = _parser().parse_args(arguments)
    try:
        code = options.run(options) or 0
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough
        _discard_output()
        return 141
    except Exception as error:
        line = user_line(error)
        if line is None:
            raise
        print(line, file=sys.stderr)
        _discard_output()
        return EXIT_CODE
    return int(code)


def _print_any_name() -> None:
    """Let files be printed whose names are no text in the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Keep Python from failing a second time at its end, over output that nobody takes."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _upscale(options: argparse.Namespace) -> None:
    from dasr.commands import upscale

    if options.method == "bicubic":
        if options.model is not None or options.scale is None:
            raise UserError("--method bicubic takes --scale and no --model")
        if options.self_ensemble or options.tile is not None:
            raise UserError("--tile and --self-ensemble have no effect on bicubic")
        enlarge = upscale.bicubic_upscaler(options.scale)
    else:
        if options.model is None:
            raise UserError("--model is missing (or --method bicubic --scale S)")
        enlarge = upscale.load_upscaler(
            options.model,
            tile=upscale.TILE if options.tile is None else options.tile,
            self_ensemble=options.self_ensemble,
            scale=options.scale,
            device=options.device,
        )
    keep = [] if options.model is None else [options.model]
    upscale.upscale_files(
        enlarge, options.images, options.out, overwrite=options.overwrite, keep=keep
    )


def _score(options: argparse.Namespace) -> None:
    from dasr.commands.files import score_files

    quality = score_files(options.sr, options.hr, scale=options.scale)
    if options.json:
        # JSON has no infinity: the PSNR of equal images is null
        finite = {k: v if v < float("inf") else None for k, v in quality.items()}
        print(json.dumps(finite))
    else:
        print("  ".join(metric.shown(quality[metric.column]) for metric in METRICS))


def _import(options: argparse.Namespace) -> None:
    from dasr.commands.files import import_checkpoint

    scale = import_checkpoint(options.checkpoint, options.out, overwrite=options.overwrite)
    print(f"{options.out}: DASR x{scale}")


def _info(options: argparse.Namespace) -> None:
    from dasr.commands.files import describe_file

    print(json.dumps(describe_file(options.file), indent=1))


def _data(options: argparse.Namespace) -> None:
    from dasr.commands.data import check_sets, fetch_sets

    (check_sets if options.check else fetch_sets)(options.sets, options.data_root)


def _parser() -> Parser:
    parser = Parser(prog="dasr", description="Blind super-resolution: own images, studies.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_upscale(commands)
    add_degrade_command(commands)
    score = _add(commands, "score", _score, "dasr score sr.png hr.png --scale 4")
    score.add_argument("sr", type=path_argument, help="super-resolved image")
    score.add_argument("hr", type=path_argument, help="its HR image")
    score.add_argument("--scale", type=int, required=True, help="border and crop")
    score.add_argument("--json", action="store_true", help="print one JSON object")
    released = _add(
        commands,
        "import-checkpoint",
        _import,
        "dasr import-checkpoint model_600.pt x4.safetensors",
    )
    released.add_argument("checkpoint", type=path_argument, help="the authors' file")
    released.add_argument("out", type=path_argument, help="*.safetensors")
    released.add_argument("--overwrite", action="store_true", help=OVERWRITE)
    info = _add(commands, "info", _info, "dasr info model.safetensors")
    info.add_argument("file", type=path_argument, help="network or training state")
    data = _add(commands, "data", _data, "dasr data Set5 Set14")
    data.add_argument("sets", nargs="*", metavar="SET", help="names; all if none is given")
    data.add_argument(
        "--data-root", type=path_argument, default=Path("data"), help="folder (data)"
    )
    data.add_argument(
        "--check",
        action="store_true",
        help="verify, download nothing; code 2 if one is missing or wrong",
    )
    add_sheet_command(commands)
    add_plan_command(commands)
    add_equal_flops_command(commands)
    add_equal_seconds_command(commands)
    add_new_architecture_command(commands)
    add_report_commands(commands)
    return parser


def _add_upscale(commands: Any) -> None:
    upscale = _add(
        commands, "upscale", _upscale, "dasr upscale --model x4.safetensors photos/ --out big/"
    )
    upscale.add_argument("images", type=path_argument, nargs="+", help="image files or folders")
    upscale.add_argument("--out", type=path_argument, required=True, help="folder or *.png")
    upscale.add_argument("--model", type=path_argument, help="a network's safetensors file")
    upscale.add_argument("--method", choices=["network", "bicubic"], default="network")
    upscale.add_argument("--scale", type=int, help="for bicubic; else the network's own")
    upscale.add_argument("--tile", type=int, help="side of a tile in LR pixels (192)")
    upscale.add_argument(
        "--self-ensemble", action="store_true", help="average over eight flips, 8 times slower"
    )
    upscale.add_argument("--overwrite", action="store_true", help=OVERWRITE)
    upscale.add_argument("--device", choices=["cpu", "cuda"], default="cpu")


def _add(commands: Any, name: str, run: Any, example: str) -> argparse.ArgumentParser:
    summaries = {
        "upscale": "Enlarge images with a network or by bicubic interpolation.",
        "score": f"{' and '.join(metric.short for metric in METRICS)} of an SR image.",
        "import-checkpoint": "Convert the authors' released checkpoint.",
        "info": "Print a file's card, parameters and FLOPs.",
        "data": "Download and verify the image sets of the field.",
    }
    return add_command(commands, name, run, summaries[name], example)


if __name__ == "__main__":
    sys.exit(main())
