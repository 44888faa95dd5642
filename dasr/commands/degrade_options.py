"""The command line of `dasr degrade`; imports no torch before it runs."""

import argparse
import dataclasses
from typing import Any, get_args

from dasr.commands.options import OVERWRITE, add_command, path_argument
from dasr.config import Degradation, Kernel
from dasr.config.checks import require_values
from dasr.config.degradation import Reduction
from dasr.config.first_pass import FirstPass
from dasr.errors import UserError
from dasr.terms.quantities import QUANTITIES

SUMMARY = "Make the LR version of an HR image by the paper's degradation."
EXAMPLE = "dasr degrade --scale 4 --kernel-width 2.4 --noise-level 10 hr.png --out lr.png"
FIRST = "first_"
"""Begins the names of a first pass's options: "--first-kernel-width"."""


def add_degrade_command(commands: Any) -> None:
    """Add `degrade` to the subparsers of `dasr`."""
    degrade = add_command(commands, "degrade", _degrade, SUMMARY, EXAMPLE)
    degrade.add_argument("image", type=path_argument, help="HR image")
    degrade.add_argument("--out", type=path_argument, required=True, help="*.png")
    degrade.add_argument("--scale", type=int, required=True)
    degrade.add_argument("--overwrite", action="store_true", help=OVERWRITE)
    kernel = degrade.add_mutually_exclusive_group()
    kernel.add_argument(
        "--kernel-width", type=float, default=0.0, help="HR pixels, at most 5; 0: no blur"
    )
    kernel.add_argument(
        "--kernel",
        type=float,
        nargs=3,
        metavar=("LAMBDA_1", "LAMBDA_2", "THETA"),
        help="widths in HR pixels and angle in degrees",
    )
    fields = {field.name: field for field in dataclasses.fields(Degradation)}
    for one in QUANTITIES:
        field = fields[one.name]
        degrade.add_argument(one.option, default=field.default, **field.metadata)
    degrade.add_argument("--downsample", choices=get_args(Reduction), default="bicubic")
    degrade.add_argument("--seed", type=int, default=0, help="of the noise")
    before = degrade.add_argument_group("first pass, before the kernel")
    for first in dataclasses.fields(FirstPass):
        name = f"{FIRST}{first.name}"
        before.add_argument(f"--{name.replace('_', '-')}", dest=name, **first.metadata)


def _degrade(options: argparse.Namespace) -> None:
    from dasr.commands.files import degrade_file

    first, second, theta = options.kernel or (options.kernel_width, options.kernel_width, 0.0)
    values = {one.name: getattr(options, one.name) for one in QUANTITIES}
    try:
        kernel = Kernel(lambda_1=first, lambda_2=second, theta_deg=theta)
        for one in QUANTITIES:
            if values[one.name] is not None:
                require_values(one, one.option, values[one.name])
        degradation = Degradation(
            kernel=kernel,
            downsample=options.downsample,
            first_pass=_first_pass(options),
            **values,
        )
    except ValueError as error:
        raise UserError(str(error)) from None
    degrade_file(
        options.image,
        options.out,
        degradation,
        scale=options.scale,
        seed=options.seed,
        overwrite=options.overwrite,
    )


def _first_pass(options: argparse.Namespace) -> FirstPass | None:
    """Return the first pass that options give.

    Raises:
        ValueError: a value that none can have; the message begins with the option.
    """
    given = {
        field.name: value
        for field in dataclasses.fields(FirstPass)
        if (value := getattr(options, f"{FIRST}{field.name}")) is not None
    }
    if not given:
        return None
    given = {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}
    try:
        return FirstPass(**given)
    except ValueError as error:
        raise ValueError(f"first pass: {error}") from None
