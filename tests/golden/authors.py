"""The weights that the reference vectors were computed with."""

import re
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from dasr.released import FIXED


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
