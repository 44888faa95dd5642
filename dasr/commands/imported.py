"""A network from elsewhere as a method of a study."""

from pathlib import Path

import yaml

from dasr.architectures import Network
from dasr.cards import network_card
from dasr.checkpoint import load_network, save_network
from dasr.errors import UserError
from dasr.files import write_text
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
        run_file: YAML: method, regime, scale, seed 0, parameters, flops and source.

    Raises:
        UserError: no such network, one of another scale, or one that is given the true
            degradation, which nobody has outside the study that trained it.
    """
    network = _read(source)
    if network.scale != scale:
        raise UserError(f"{source}: a network for x{network.scale}, not x{scale}")
    if network.config.representation == "oracle":
        raise UserError(f"{source}: its representation is 'oracle'")
    card = network_card(network, method=name, regime=regime, seed=0, source=source.name)
    write_text(run_file, yaml.safe_dump(card, sort_keys=False))
    save_network(network_file, network, card)


def _read(source: Path) -> Network:
    if source.suffix != ".safetensors":
        return read_released(source)
    return load_network(source)[0]
