"""A network from elsewhere as a method of a study."""

from pathlib import Path

import yaml

from dasr.checkpoint import load_network, save_network
from dasr.config import ModelConfig, from_dict, git_commit
from dasr.errors import UserError
from dasr.files import write_text
from dasr.model import DASR, count_flops, count_parameters
from dasr.released import read_released


def import_network(
    source: Path, *, name: str, regime: str, scale: int, network_file: Path, run_file: Path
) -> None:
    """Write a network and its record where evaluation and statistics look for them.

    Args:
        source: the authors' released checkpoint, or a `model.safetensors` of any study.
        name: the method's name in this study.
        regime: the regime on whose grid it is tested.
        scale: what the study takes it for.
        network_file: the network, safetensors.
        run_file: YAML: variant, regime, scale, seed 0, parameters, flops and source.

    Raises:
        UserError: no such network, one of another scale, or one that is given the true
            degradation, which nobody has outside the study that trained it.
    """
    network, model = _read(source)
    if network.generator.scale != scale:
        raise UserError(f"{source}: a network for x{network.generator.scale}, not x{scale}")
    if model.representation != "learned":
        raise UserError(f"{source}: its representation is {model.representation!r}")
    card = {
        "method": name,
        "regime": regime,
        "scale": scale,
        "seed": 0,
        "parameters": count_parameters(network),
        "flops": count_flops(network),
        "source": source.name,
        "commit": git_commit(),
    }
    write_text(run_file, yaml.safe_dump(card, sort_keys=False))
    save_network(network_file, network, model, card)


def _read(source: Path) -> tuple[DASR, ModelConfig]:
    if source.suffix != ".safetensors":
        return read_released(source), ModelConfig()
    network, card = load_network(source)
    return network, from_dict(ModelConfig, card["model"], f"{source}: model")
