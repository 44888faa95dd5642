"""Networks as files: what comes back, and what is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from dasr import checkpoint
from dasr.architectures import Network, build_network
from dasr.checkpoint import load_network, load_tensors, save_network, save_tensors
from dasr.config import DegradationConfig, to_dict
from dasr.errors import UserError
from tests.tiny import model_config

MODEL = model_config(bicubic_skip=True, upsampler="single")


def _saved(path: Path) -> Network:
    network = build_network(MODEL, 3)
    save_network(path, network, {"method": "dasr", "step": 7})
    return network


def test_network_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    saved = _saved(path).eval()
    loaded, card = load_network(path)
    lr_image = torch.rand(1, 3, 9, 9) * 255
    with torch.no_grad():
        assert torch.equal(loaded(lr_image), saved(lr_image))
    assert not loaded.training
    assert (card["method"], card["step"], card["scale"]) == ("dasr", 7, 3)
    assert card["model"]["upsampler"] == "single"


def test_card_may_hold_configurations(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    degradation = DegradationConfig(kernel_width={2: (0.2, 2.0)})
    save_tensors(path, {"x": torch.arange(6).view(2, 3).T}, {"degradation": degradation})
    tensors, card = load_tensors(path)
    assert tensors["x"].tolist() == [[0, 3], [1, 4], [2, 5]]
    assert card["degradation"]["noise_level"] == [0.0, 0.0]


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"model\.safetensors: no such file"):
        load_network(tmp_path / "model.safetensors")


@pytest.mark.parametrize("length", [0, 100, -1])
def test_truncated_file_is_named(tmp_path: Path, length: int) -> None:
    path = tmp_path / "model.safetensors"
    _saved(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(UserError, match=r"model\.safetensors: not a whole safetensors"):
        load_network(path)


def test_file_of_another_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"x": torch.zeros(1)}, path)
    with pytest.raises(UserError, match=r"model\.safetensors: .*not written by this"):
        load_network(path)


def test_training_state_is_no_network(tmp_path: Path) -> None:
    path = tmp_path / "state.safetensors"
    save_tensors(path, {"x": torch.zeros(1)}, {"kind": "training state"})
    with pytest.raises(UserError, match=r"state\.safetensors: holds a 'training state'"):
        load_network(path)


def test_tensors_that_do_not_fit_the_card_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    card = {"kind": "network", "scale": 3, "model": model_config(num_groups=2)}
    save_tensors(path, build_network(MODEL, 3).state_dict(), card)
    with pytest.raises(UserError, match=r"model\.safetensors: model: num_groups is 2"):
        load_network(path)


@pytest.mark.parametrize("card", [{"kind": "network"}, {"kind": "network", "model": {}}])
def test_card_without_sizes_is_refused(tmp_path: Path, card: dict[str, object]) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"x": torch.zeros(1)}, path, metadata={"dasr": json.dumps(card)})
    with pytest.raises(UserError, match=r"model\.safetensors"):
        load_network(path)


def _with_card(path: Path, card: object) -> Path:
    """Write a good network's tensors under another card, given as JSON text or a value."""
    text = card if isinstance(card, str) else json.dumps(card)
    save_file(build_network(MODEL, 3).state_dict(), path, metadata={"dasr": text})
    return path


SIZES = to_dict(MODEL)
DEEP = "[" * 100_000
NOT_CARDS = {
    "a list": ([1], "is no mapping but a list"),
    "null": (None, "is no mapping but a NoneType"),
    "text": ('"network"', "is no mapping but a str"),
    "no JSON": ("{kind: network", "is not JSON"),
    "nested": (DEEP, "is not JSON"),
    "a long number": ("[" + "9" * 5000 + "]", "is not JSON"),
}


@pytest.mark.parametrize("case", NOT_CARDS)
def test_what_is_no_card_is_refused(tmp_path: Path, case: str) -> None:
    card, told = NOT_CARDS[case]
    path = _with_card(tmp_path / "m.safetensors", card)
    for load in (load_network, load_tensors):
        with pytest.raises(UserError, match=rf"m\.safetensors: the card inside {told}"):
            load(path)


@pytest.mark.parametrize("scale", ["4", 4.0, 3.0, True, None, float("nan"), [3], 10**30])
def test_scale_is_a_whole_number(tmp_path: Path, scale: object) -> None:
    card = {"kind": "network", "scale": scale, "model": SIZES}
    path = _with_card(tmp_path / "m.safetensors", card)
    with pytest.raises(
        UserError, match=r"m\.safetensors: scale: .* is not one of \[2, 3, 4\]$"
    ):
        load_network(path)


@pytest.mark.parametrize("size", [10**7, 10**30, 1e30, "8", [8], True])
@pytest.mark.parametrize(
    "key",
    ["num_groups", "num_blocks", "num_features", "encoder_features", "compressed_features"],
)
def test_sizes_are_those_of_the_tensors(tmp_path: Path, key: str, size: object) -> None:
    """Without allocating anything: 10**7 features would be terabytes."""
    card = {"kind": "network", "scale": 3, "model": {**SIZES, key: size}}
    path = _with_card(tmp_path / "m.safetensors", card)
    with pytest.raises(UserError, match=rf"m\.safetensors: model: {key}") as refused:
        load_network(path)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("model", [[], None, "x", {"num_groups": [[[[]]]]}, {"extra": 1}])
def test_model_that_is_none_is_refused(tmp_path: Path, model: object) -> None:
    card = {"kind": "network", "scale": 3, "model": model}
    path = _with_card(tmp_path / "m.safetensors", card)
    with pytest.raises(UserError, match=r"m\.safetensors: model: "):
        load_network(path)


@pytest.mark.parametrize(
    ("name", "tensor", "told"),
    [
        ("generator.head.bias", torch.zeros(()), r"generator\.head\.bias is \(\), not \(8,\)"),
        ("generator.head.bias", torch.zeros(8, dtype=torch.int32), "is torch.int32"),
        ("generator.head.weight", torch.zeros(()), r"generator\.head\.weight is \(\), not"),
        ("generator.extra", torch.zeros(1), r"unexpected generator\.extra"),
        (
            "generator.head.weight",
            torch.zeros(10**9, 0),
            "num_features is 8, but .* 1000000000",
        ),
    ],
)
def test_crafted_tensors_are_named(
    tmp_path: Path, name: str, tensor: torch.Tensor, told: str
) -> None:
    path = tmp_path / "m.safetensors"
    card = {"kind": "network", "scale": 3, "model": SIZES}
    tensors = {**build_network(MODEL, 3).state_dict(), name: tensor}
    save_file(tensors, path, metadata={"dasr": json.dumps(card)})
    with pytest.raises(UserError, match=told):
        load_network(path)


def test_empty_tensors_make_no_large_network(tmp_path: Path) -> None:
    """A tensor without elements may say any size, and the card may agree with it."""
    path = tmp_path / "m.safetensors"
    for size in (10**6, 10**9, 10**12):
        card = {"kind": "network", "scale": 3, "model": {**SIZES, "num_features": size}}
        tensors = {
            **build_network(MODEL, 3).state_dict(),
            "generator.head.weight": torch.zeros(size, 0),
        }
        save_file(tensors, path, metadata={"dasr": json.dumps(card)})
        with pytest.raises(UserError, match=r"m\.safetensors: "):
            load_network(path)


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """safetensors has an error of its own for it."""

    def refuse(*arguments: object, **options: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(checkpoint, "save_file", refuse)
    with pytest.raises(UserError, match=r"a\.safetensors: cannot be written: .*No space left"):
        save_tensors(tmp_path / "a.safetensors", {"a": torch.ones(1)}, {})
    assert not list(tmp_path.iterdir())


def test_a_card_of_an_older_version_is_read_in_todays_words(tmp_path: Path) -> None:
    """Without an architecture, and with `variant` where there is now `method`."""
    path, network = tmp_path / "m.safetensors", build_network(MODEL, 3)
    sizes = {key: value for key, value in SIZES.items() if key != "architecture"}
    card = {"kind": "network", "scale": 3, "model": sizes, "variant": "no_ca", "seed": 2}
    save_tensors(path, network.state_dict(), card)
    found, told = load_network(path)
    assert found.config == MODEL
    assert (told["method"], told["seed"], "variant" in told) == ("no_ca", 2, False)


def test_an_unknown_architecture_is_one_line(tmp_path: Path) -> None:
    card = {"kind": "network", "scale": 3, "model": {**SIZES, "architecture": "daser"}}
    path = _with_card(tmp_path / "m.safetensors", card)
    told = r"m\.safetensors: model: architecture: got 'daser' \(did you mean 'dasr'\?\)"
    with pytest.raises(UserError, match=told):
        load_network(path)


def test_names_of_groups_and_blocks_make_no_large_network(tmp_path: Path) -> None:
    """A name for each of 400 groups and 400 blocks is none for each pair of them."""
    path, empty = tmp_path / "m.safetensors", torch.zeros(0)
    names = [f"generator.groups.{n}.conv.bias" for n in range(400)]
    names += [f"generator.groups.0.blocks.{n}.convs.0.bias" for n in range(400)]
    model = {**SIZES, "num_groups": 400, "num_blocks": 400}
    tensors = {**build_network(MODEL, 3).state_dict(), **dict.fromkeys(names, empty)}
    save_tensors(path, tensors, {"kind": "network", "scale": 3, "model": model})
    with pytest.raises(UserError, match="num_blocks is 400, but its tensors have 1"):
        load_network(path)
