"""The authors' names and weights in terms of ours.

Their network is `G.*` (generator), `E.encoder_q.*` and `E.encoder_k.*` (query and key
encoder), `E.queue` and `E.queue_ptr`. Ours is `generator.*` and `encoder.*`, and while it
trains `key_encoder.*`, `queue` and `position`.
"""

import re
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

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

    Their modulation branch predicts coefficients by 1x1 convolutions of a 1x1 image, ours
    by linear layers; their queue position is a vector of one number.
    """
    ours = {}
    for name, tensor in theirs.items():
        here = our_name(name)
        if here is None:
            continue
        if ".conv_du." in name:
            tensor = tensor.flatten(start_dim=1)
        if name == "E.queue_ptr":
            tensor = tensor.reshape(())
        ours[here] = tensor
    return ours


def frozen_weights(shapes: Mapping[str, tuple[int, ...]], seed: int) -> dict[str, Tensor]:
    """Return the weights that the reference vectors were computed with.

    They are drawn in the order of the sorted names from NumPy's legacy stream, which is
    the same on every machine. The fixed mean shifts are not drawn; the key encoder is
    drawn like the others and then made equal to the query encoder.
    """
    stream = np.random.RandomState(seed)
    drawn = sorted(name for name in shapes if not re.fullmatch(FIXED, name))
    weights = {name: torch.from_numpy(_draw(stream, name, shapes[name])) for name in drawn}
    twins = {name: name.replace(".encoder_k.", ".encoder_q.") for name in drawn}
    return {name: weights[twin] for name, twin in twins.items()}


def _draw(stream: np.random.RandomState, name: str, shape: tuple[int, ...]) -> np.ndarray:
    kind = name.rpartition(".")[2]
    if kind in ("num_batches_tracked", "queue_ptr"):
        return np.zeros(shape, np.int64)
    if kind == "running_var":
        return (0.5 + stream.random_sample(shape)).astype(np.float32)
    normal: np.ndarray = np.asarray(stream.standard_normal(shape))
    if kind == "queue":
        normal = normal / np.linalg.norm(normal, axis=0, keepdims=True)
    elif kind in ("running_mean", "bias"):
        normal = 0.05 * normal
    elif len(shape) == 1:  # scale of a batch normalisation
        normal = 1.0 + 0.1 * normal
    else:
        normal = 0.7 * normal / np.sqrt(np.prod(shape[1:]))
    return normal.astype(np.float32)
