"""Queries, their keys and their negatives: what a contrastive loss compares.

Shapes: B images, V views of each (the query, its key, hard negatives), D numbers in a
representation and in a projection, K negatives that are common to all queries.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from dasr.config import ContrastiveConfig
from dasr.training.contrast.loss import contrastive_logits, unit_vectors
from dasr.training.contrast.memory import Memory
from dasr.training.contrast.momentum import KeyEncoder


class Comparison(NamedTuple):
    """What came of the views of a step."""

    representation: Tensor
    """Of the queries, (B, D)."""
    logits: Tensor
    """(B, 1 + negatives of a query), the positive in column 0."""


def compare_with_queue(
    encoder: nn.Module,
    key_encoder: KeyEncoder,
    memory: Memory,
    views: Tensor,
    config: ContrastiveConfig,
) -> Comparison:
    """Compare queries with keys of earlier steps (paper, section 3.1).

    The key encoder follows before it encodes, and the memory takes the keys up after they
    were compared with what it held: both are changed here, and nowhere else.

    Args:
        encoder: of the queries.
        key_encoder: of keys and hard negatives, which no gradient reaches.
        memory: of the keys of earlier steps.
        views: LR patches, (B, V, 3, h, w), [0, 255].
        config: temperature and number of hard negatives.
    """
    representation, projection = encoder(views[:, 0])
    key_encoder.follow(encoder)
    negatives = memory.negatives()
    queries = unit_vectors(projection, negatives)
    keys = unit_vectors(key_encoder(views[:, 1:].flatten(0, 1)), negatives)
    keys = keys.view(len(views), -1, keys.shape[1])  # (B, V - 1, D)
    logits = contrastive_logits(queries, keys[:, 0], negatives, config.temperature)
    if config.hard_negatives:
        hard = _own_logits(queries, keys[:, 1:], config.temperature)
        logits = torch.cat([logits, hard], dim=1)
    memory.enqueue(keys[:, 0])
    return Comparison(representation, logits)


def compare_in_batch(
    encoder: nn.Module, views: Tensor, config: ContrastiveConfig
) -> Comparison:
    """Compare queries with the keys of the step's other images; not in the paper.

    One encoder sees all views at once, and gradients go through queries and keys.

    Args:
        encoder: of all views.
        views: LR patches, (B, V, 3, h, w), [0, 255].
        config: temperature and number of hard negatives.
    """
    count = len(views)
    representation, projection = encoder(views.flatten(0, 1))
    unit = unit_vectors(projection, next(encoder.parameters()))
    unit = unit.view(count, -1, unit.shape[1])  # (B, V, D)
    queries, keys = unit[:, 0], unit[:, 1]
    logits = logits_in_batch(queries, keys, config.temperature)
    if config.hard_negatives:
        hard = _own_logits(queries, unit[:, 2:], config.temperature)
        logits = torch.cat([logits, hard], dim=1)
    return Comparison(representation.view(count, -1, representation.shape[1])[:, 0], logits)


def logits_in_batch(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Return logits, (B, B), of each query's own key and, from column 1, of the others.

    Args:
        queries: (B, D), unit vectors.
        keys: (B, D), unit vectors.
        temperature: divisor of the cosines.
    """
    count = len(queries)
    with torch.autocast(queries.device.type, enabled=False):
        cosines = queries @ keys.T
    other = ~torch.eye(count, dtype=torch.bool, device=queries.device)
    others = cosines[other].view(count, count - 1)
    return torch.cat([cosines.diagonal()[:, None], others], dim=1) / temperature


def _own_logits(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Return logits, (B, n), of queries (B, D) and keys of their own, (B, n, D)."""
    with torch.autocast(queries.device.type, enabled=False):
        cosines: Tensor = (keys * queries[:, None]).sum(dim=2)
    return cosines / temperature
