"""The authors' released checkpoints: read safely, renamed, checked key by key.

Their files are PyTorch archives with the generator as `G.*` and the query encoder as
`E.encoder_q.*`; key encoder and queue are not in them. What this project calls each tensor
is a table of patterns; shapes agree but for the modulation branch, whose 1x1 convolutions
of a 1x1 image are linear layers here.
"""

import pickle
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dasr.architectures import Network, build_network
from dasr.config import SCALES, DASRConfig, require_regular
from dasr.errors import UserError

_BLOCK = r"G\.body\.(\d+)\.body\.(\d+)\."
_BLOCK_HERE = r"generator.groups.\1.blocks.\2."

NAMES: tuple[tuple[str, str], ...] = (
    (r"E\.encoder_q\.E\.(.+)", r"encoder.convs.\1"),
    (r"E\.encoder_q\.mlp\.(.+)", r"encoder.mlp.\1"),
    (r"E\.encoder_k\.E\.(.+)", r"key_encoder.convs.\1"),
    (r"E\.encoder_k\.mlp\.(.+)", r"key_encoder.mlp.\1"),
    (r"E\.queue", r"queue"),
    (r"E\.queue_ptr", r"position"),
    (r"G\.head\.0\.(.+)", r"generator.head.\1"),
    (r"G\.compress\.(.+)", r"generator.compress.\1"),
    (_BLOCK + r"da_conv1\.(kernel|conv)\.(.+)", _BLOCK_HERE + r"adaptive.0.branches.0.\3.\4"),
    (_BLOCK + r"da_conv2\.(kernel|conv)\.(.+)", _BLOCK_HERE + r"adaptive.1.branches.0.\3.\4"),
    (
        _BLOCK + r"da_conv1\.ca\.conv_du\.(.+)",
        _BLOCK_HERE + r"adaptive.0.branches.1.coefficients.\3",
    ),
    (
        _BLOCK + r"da_conv2\.ca\.conv_du\.(.+)",
        _BLOCK_HERE + r"adaptive.1.branches.1.coefficients.\3",
    ),
    (_BLOCK + r"conv1\.(.+)", _BLOCK_HERE + r"convs.0.\3"),
    (_BLOCK + r"conv2\.(.+)", _BLOCK_HERE + r"convs.1.\3"),
    (r"G\.body\.(\d+)\.body\.\d+\.(weight|bias)", r"generator.groups.\1.conv.\2"),
    (r"G\.body\.\d+\.(weight|bias)", r"generator.body_conv.\1"),
    (r"G\.tail\.0\.(.+)", r"generator.upsample.\1"),
    (r"G\.tail\.1\.(.+)", r"generator.tail.\1"),
)
"""Patterns of the authors' names and what we call them; each name matches one row."""

FIXED = r"G\.(sub|add)_mean\.(weight|bias)"
"""Convolutions that shift by the DIV2K mean: constants here, not weights."""


WANTED = "the authors' model_*.pt, with tensors G.* and E.*"
OTHERS = {
    "params_ema": "a file of BasicSR",
    "params": "a file of BasicSR",
    "state_dict": "a training checkpoint of another program",
    "model": "a training checkpoint of another program",
    "optimizer": "a training checkpoint of another program",
    "param_groups": "the state of an optimizer",
    "encoder.mlp.0.weight": "a network of this project, which needs no import",
}
"""What a file is, by a name that is in it."""


def our_name(name: str) -> str | None:
    """Return our name of one of the authors' tensors; None for the fixed mean shifts.

    Raises:
        ValueError: their network has no tensor of that name.
    """
    if re.fullmatch(FIXED, name):
        return None
    for pattern, replacement in NAMES:
        match = re.fullmatch(pattern, name)
        if match:
            return match.expand(replacement)
    raise ValueError(f"{name!r} is no tensor of the released DASR network")


def our_tensors(theirs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the authors' tensors by our names and in our shapes.

    Raises:
        ValueError: their network has no tensor of some name.
    """
    ours = {}
    for name, tensor in theirs.items():
        here = our_name(name)
        if here is None:
            continue
        # other shapes stay as they are, to be named where shapes are compared
        if ".conv_du." in name and tensor.dim() == 4:
            tensor = tensor.flatten(start_dim=1)
        if name == "E.queue_ptr" and tensor.numel() == 1:
            tensor = tensor.reshape(())
        ours[here] = tensor
    return ours


def read_released(path: Path) -> Network:
    """Return the network of a released checkpoint, in evaluation mode.

    Raises:
        UserError: missing, truncated, with anything but tensors inside (nothing in it is
            run), or with missing, unexpected or misshapen tensors, all of them named.
    """
    theirs = _load(path)
    unknown = [name for name in theirs if not _is_known(name)]
    released = {name: value for name, value in theirs.items() if name not in unknown}
    ours = our_tensors(released)
    scale = _scale(ours, path)
    network = build_network(DASRConfig(), scale)
    expected = network.state_dict()
    missing = sorted(expected.keys() - ours.keys())
    surplus = [name for name in released if (our_name(name) or "") not in {"", *expected}]
    problems = [f"missing {_listed(missing)}"] if missing else []
    problems += [f"unexpected {_listed(unknown + surplus)}"] if unknown + surplus else []
    shapes = [
        f"{name} is {tuple(ours[name].shape)}, expected {tuple(expected[name].shape)}"
        for name in sorted(expected.keys() & ours.keys())
        if ours[name].shape != expected[name].shape
    ]
    problems += shapes
    problems += [
        f"{name} is {ours[name].dtype}, expected {expected[name].dtype}"
        for name in sorted(expected.keys() & ours.keys())
        if ours[name].is_floating_point() != expected[name].is_floating_point()
    ]
    if problems:
        raise UserError(f"{path}: not a released DASR x{scale}: {'; '.join(problems)}")
    network.load_state_dict(ours)
    return network.eval()


def _load(path: Path) -> dict[str, Tensor]:
    require_regular(path)
    _require_stored(path)
    try:
        with warnings.catch_warnings(action="ignore"):  # the error below says it
            loaded: Any = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise UserError(
            f"{path}: holds more than tensors, or is no PyTorch file; nothing in it was run"
        ) from None
    except Exception as error:  # archive readers raise almost anything on bad bytes
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(f"{path}: not a whole PyTorch checkpoint: {reason}") from None
    if not isinstance(loaded, dict) or not loaded:
        raise UserError(f"{path}: expected tensors by name, got {type(loaded).__name__}")
    for key, what in OTHERS.items():
        if key in loaded:
            raise UserError(f"{path}: holds {key!r}: {what}; wanted: {WANTED}")
    for name, value in loaded.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise UserError(f"{path}: {str(name)[:80]!r} is not a named tensor")
        _require_plain(name, value, path)
    if any(name.startswith("module.") for name in loaded):
        what = "the names of PyTorch's DataParallel begin with 'module.'"
        raise UserError(f"{path}: {what}: save network.module.state_dict(); wanted: {WANTED}")
    return loaded


def _require_stored(path: Path) -> None:
    """Refuse archives larger than their file: PyTorch compresses nothing.

    Raises:
        UserError: the file's size and what it would become.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise UserError(f"{path}: not a whole PyTorch checkpoint: {error}") from None
    if unpacked > path.stat().st_size:
        raise UserError(f"{path}: would unpack to {unpacked} bytes: no PyTorch checkpoint")


def _require_plain(name: str, tensor: Tensor, path: Path) -> None:
    """Refuse tensors that are not numbers in memory, one after the other.

    A sparse, quantised or repeated (stride 0) tensor is a few bytes in the file and any
    number of gigabytes once it is copied.
    """
    plain = (
        type(tensor) in (Tensor, nn.Parameter)
        and tensor.layout == torch.strided
        and tensor.device.type == "cpu"
        and not tensor.is_quantized
        and not tensor.is_complex()
        and tensor.nbytes <= tensor.untyped_storage().nbytes()
    )
    if not plain:
        shape = tuple(tensor.shape)
        raise UserError(f"{path}: {name} {shape} is sparse, quantised, repeated or complex")


def _is_known(name: str) -> bool:
    try:
        our_name(name)
    except ValueError:
        return False
    return True


def _scale(ours: Mapping[str, Tensor], path: Path) -> int:
    """Return the scale from the upsampler: one or two stages, and their widths."""
    stages = [ours.get(f"generator.upsample.{number}.weight") for number in (0, 2)]
    if stages[0] is None:
        raise UserError(f"{path}: no upsampler (G.tail.0.*): not a released DASR network")
    features = DASRConfig().num_features
    rows = stages[0].shape[0] if stages[0].dim() else 0
    factor = round((rows / features) ** 0.5)
    scale = factor * (2 if stages[1] is not None else 1)
    if scale not in SCALES:
        raise UserError(f"{path}: an upsampler of scale {scale}; allowed: {list(SCALES)}")
    return scale


def _listed(names: list[str]) -> str:
    return f"{len(names)}: {', '.join(sorted(names))}"
