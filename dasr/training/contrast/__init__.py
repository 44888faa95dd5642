"""Momentum contrast (MoCo; paper, section 3.1): memory, key encoder and loss, apart."""

from dasr.training.contrast.loss import contrastive_logits, contrastive_loss
from dasr.training.contrast.memory import Memory
from dasr.training.contrast.momentum import KeyEncoder

__all__ = ["KeyEncoder", "Memory", "contrastive_logits", "contrastive_loss"]
