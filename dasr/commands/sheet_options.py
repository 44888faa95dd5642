"""The command line of `dasr sheet`; imports no torch before it runs."""

import argparse
from typing import Any

from dasr.commands.options import OVERWRITE, add_command, path_argument
from dasr.errors import UserError

SUMMARY = "Compare networks on real images: one sheet of crops an image."
EXAMPLE = "dasr sheet a.safetensors b.safetensors photos/ --out sheets/"
RELEASED = (".pt", ".pth")


def add_sheet_command(commands: Any) -> None:
    """Add `sheet` to the subparsers of `dasr`."""
    command = add_command(commands, "sheet", _sheet, SUMMARY, EXAMPLE)
    command.add_argument(
        "files",
        type=path_argument,
        nargs="+",
        metavar="MODEL|IMAGE",
        help="networks (*.safetensors, all of one scale), then image files or folders",
    )
    command.add_argument(
        "--out", type=path_argument, required=True, help="folder of the sheets"
    )
    command.add_argument("--boxes", type=int, default=3, help="places an image, 1 to 4 (3)")
    command.add_argument("--crop", type=int, default=32, help="their side in LR pixels (32)")
    command.add_argument("--tile", type=int, help="side of a tile in LR pixels (192)")
    command.add_argument(
        "--self-ensemble", action="store_true", help="average over eight flips, 8 times slower"
    )
    command.add_argument("--overwrite", action="store_true", help=OVERWRITE)
    command.add_argument("--device", choices=["cpu", "cuda"], default="cpu")


def _sheet(options: argparse.Namespace) -> None:
    models = [path for path in options.files if path.suffix.lower() == ".safetensors"]
    images = [path for path in options.files if path not in models]
    for path in images:
        if path.suffix.lower() in RELEASED:
            raise UserError(f"{path}: convert it first: dasr import-checkpoint {path} ...")
    if not models or not images:
        raise UserError("give networks (*.safetensors) and images or folders of them")
    from dasr.commands.sheet import make_sheets
    from dasr.commands.upscale import TILE

    sheets = make_sheets(
        models,
        images,
        options.out,
        tile=TILE if options.tile is None else options.tile,
        self_ensemble=options.self_ensemble,
        device=options.device,
        count=options.boxes,
        crop_size=options.crop,
        overwrite=options.overwrite,
    )
    print(f"{options.out / 'index.html'}: {len(sheets)} sheet{'s' if len(sheets) > 1 else ''}")
