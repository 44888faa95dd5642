"""What a training is at a moment: saved whole, restored whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dasr.checkpoint import load_tensors, save_tensors
from dasr.errors import UserError

ADAM_STATE = ("step", "exp_avg", "exp_avg_sq")
PART = "part"
"""Among the modules of a part's stage: the part."""


@dataclass
class TrainingState:
    """Modules, optimizer, steps done and history.

    There is no generator among them: what a step draws derives from the seed and the
    step (`dasr.seeds`), so the step itself is the state of every random stream.
    """

    modules: nn.ModuleDict
    """Everything with weights or buffers; modules may share parameters."""
    step: int = 0
    history: list[dict[str, float]] = field(default_factory=list)
    """One row per interval: step, learning_rate, and the mean of each loss by its name."""
    rate_shares: Mapping[str, float] = field(default_factory=dict)
    """Shares of the learning rate, by the beginning of parameters' names; others have all."""
    cpu_seconds: float = 0.0
    """Of all threads, spent on the steps done; on the card of unfinished states alone, since
    finished ones have the same bytes each time."""

    def __post_init__(self) -> None:
        """Build Adam with the paper's betas over everything trainable."""
        self.parameters = {
            name: parameter
            for name, parameter in self.modules.named_parameters()
            if parameter.requires_grad
        }
        groups: dict[float, list[nn.Parameter]] = {}
        for name, parameter in self.parameters.items():
            groups.setdefault(self._rate_share(name), []).append(parameter)
        self.optimizer = torch.optim.Adam(
            [{"params": one, "rate_share": share} for share, one in groups.items()],
            betas=(0.9, 0.999),
            eps=1e-8,
            fused=True,
        )

    def _rate_share(self, name: str) -> float:
        shares = (s for start, s in self.rate_shares.items() if name.startswith(start))
        return next(shares, 1.0)

    def save(self, path: Path, card: dict[str, Any]) -> None:
        """Write the whole state and a card that says whose it is."""
        tensors = {f"module.{k}": v for k, v in self.modules.state_dict().items()}
        for name, parameter in self.parameters.items():
            for key, value in self.optimizer.state[parameter].items():
                tensors[f"adam.{key}.{name}"] = value
        columns = list(self.history[0]) if self.history else []
        if self.history:
            rows = [list(row.values()) for row in self.history]
            tensors["history"] = torch.tensor(rows, dtype=torch.float64)
        own = {"kind": "training state", "step": self.step, "history": columns}
        save_tensors(path, tensors, {**card, **own})

    def restore(self, path: Path, expected: str) -> None:
        """Continue from a file.

        Raises:
            UserError: the file belongs to another configuration.
        """
        tensors, card = load_tensors(path)
        if card.get("digest") != expected:
            raise UserError(
                f"{path}: made with configuration {card.get('digest')}, this run is "
                f"{expected}: remove the file to start anew"
            )
        modules = {
            name.removeprefix("module."): tensor
            for name, tensor in tensors.items()
            if name.startswith("module.")
        }
        self.modules.load_state_dict(modules)
        self._restore_adam(tensors)
        self.step = int(card["step"])
        self.cpu_seconds = float(card.get("cpu_seconds", 0.0))
        rows = tensors["history"].tolist() if card["history"] else []
        self.history = [dict(zip(card["history"], row, strict=True)) for row in rows]

    def adopt_encoder(self, path: Path, expected: str) -> None:
        """Take encoders, memory and their optimizer state from a finished encoder stage.

        What this stage does not go on with, such as the memory of a method without a
        contrastive term, is left.

        Raises:
            UserError: the file belongs to another configuration.
        """
        tensors, card = load_tensors(path)
        _require_digest(path, card, expected)
        mine = self.modules.state_dict()
        taken = {
            name.removeprefix("module."): tensor
            for name, tensor in tensors.items()
            if name.removeprefix("module.") in mine
        }
        self.modules.load_state_dict({**mine, **taken})
        self._restore_adam(tensors)

    def adopt_part(self, path: Path, expected: str, module: str) -> None:
        """Take a part of the network from its finished stage; its optimizer state is left.

        Args:
            path: file of that stage.
            expected: identity that the file has to carry.
            module: the part's name among the modules, e.g. "network.denoiser".

        Raises:
            UserError: the file belongs to another configuration.
        """
        tensors, card = load_tensors(path)
        _require_digest(path, card, expected)
        begin = f"module.{PART}."
        found = {
            name.removeprefix(begin): tensor
            for name, tensor in tensors.items()
            if name.startswith(begin)
        }
        self.modules.get_submodule(module).load_state_dict(found)

    def _restore_adam(self, tensors: dict[str, Tensor]) -> None:
        for name, parameter in self.parameters.items():
            found = {key: tensors.get(f"adam.{key}.{name}") for key in ADAM_STATE}
            if found["step"] is not None:
                self.optimizer.state[parameter] = {
                    key: _laid_out_like(parameter, value)
                    for key, value in found.items()
                    if value is not None
                }


def _require_digest(path: Path, card: dict[str, Any], expected: str) -> None:
    if card.get("digest") != expected:
        raise UserError(f"{path}: stage {card.get('digest')}, expected {expected}")


def _laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    """Return Adam's average in the memory layout of its parameter, which Adam relies on."""
    value = value.to(parameter.device)
    if value.shape != parameter.shape:  # the number of steps
        return value
    return torch.empty_like(parameter).copy_(value)
