"""Contrastive learning (paper, section 3.1): key encoder, memory, comparison, loss, apart."""

from dasr.training.contrast.compare import (
    Comparison,
    compare_in_batch,
    compare_with_queue,
    logits_in_batch,
)
from dasr.training.contrast.loss import contrastive_logits, contrastive_loss
from dasr.training.contrast.memory import Memory
from dasr.training.contrast.momentum import KeyEncoder

__all__ = [
    "Comparison",
    "KeyEncoder",
    "Memory",
    "compare_in_batch",
    "compare_with_queue",
    "contrastive_logits",
    "contrastive_loss",
    "logits_in_batch",
]
