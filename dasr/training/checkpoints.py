"""Networks of steps before the last, kept on the way through a joint stage.

Which steps are kept decides no weights: it is no part of a stage's identity. A network is
written as its step ends, before any later state of the training: whoever goes on from a state
finds the networks of all steps before it, or, if it was saved by a training that kept others,
trains anew.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dasr.architectures import Network
from dasr.checkpoint import load_tensors, save_network
from dasr.training.handover import link

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoints:
    """The steps whose networks are kept, and where."""

    folder: Path = Path()
    """`Handover.checkpoints` of the stage."""
    steps: Collection[int] = ()
    card: Callable[[Network, int], Mapping[str, Any]] = field(default=lambda network, step: {})
    """Card of the network of a step."""

    def file(self, step: int) -> Path:
        """Return the network of a step."""
        return self.folder / f"{step_name(step)}.safetensors"

    def allow(self, state: Path) -> bool:
        """Return whether a training can go on from a state: all before it has been kept."""
        reached = int(load_tensors(state)[1]["step"])
        lacking = [own for own in self.steps if own <= reached and not self.file(own).is_file()]
        if lacking:
            logger.warning("%s: no network of step %d: trained anew", state, lacking[0])
        return not lacking

    def keep(self, network: Network | None, step: int) -> None:
        """Write the network that a step has ended with, if it is one of those to keep."""
        if network is not None and step in self.steps:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_network(self.file(step), network, dict(self.card(network, step)))

    def hand_over(self, files: Mapping[str, Path]) -> None:
        """Put every network where the finished files are, and keep it here until they are.

        Args:
            files: paths by `step_name`, others among them.
        """
        for step in self.steps:
            link(self.file(step), files[step_name(step)])


def step_name(step: int) -> str:
    """Return what the network of a step is called among a stage's files, and its own file."""
    return f"step{step}"
