"""SRMD, IKC and DnCNN: sizes against published ones, and who is told what in training."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from dasr.architectures import build_network, build_part, count_parameters
from dasr.architectures.dncnn import Denoised
from dasr.architectures.estimates import Predictor
from dasr.architectures.ikc import IKC
from dasr.architectures.srmd import SRMD
from dasr.config import Degradation, Kernel
from dasr.config.models.denoiser import DenoiserConfig
from dasr.config.models.ikc import IKCConfig
from dasr.config.models.srmd import SRMDConfig
from dasr.config.models.srresnet import SRResNetConfig
from dasr.degradation import DegradationBatch, blur_and_downsample

BINARY = 1024
"""The paper's tables give parameters in thousands and millions of this."""
SMALL_SRMD: dict[str, Any] = {"num_layers": 3, "num_features": 8, "predictor_features": 4}
SMALL_IKC: dict[str, Any] = {
    "num_blocks": 1,
    "num_features": 8,
    "sft_features": 4,
    "predictor_features": 4,
    "corrector_features": 4,
    "iterations": 3,
}


def _batch(*widths: float, noise: float = 0.0) -> DegradationBatch:
    return DegradationBatch.of(
        [Degradation(kernel=Kernel.of_width(width), noise_level=noise) for width in widths]
    )


def _images(count: int) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(1)
    lr_image = torch.rand(count, 3, 12, 12, generator=rng) * 255
    return lr_image, torch.rand(count, 3, 24, 24, generator=rng) * 255


def test_published_parameters() -> None:
    """SRMDNF: 1.55 M (theirs); the others as the paper's Table 3 rounds them."""
    srmdnf = build_network(SRMDConfig(representation="oracle"), 4)
    assert count_parameters(srmdnf) == 1_552_048
    assert count_parameters(srmdnf) / BINARY / 1000 == pytest.approx(1.5, abs=0.05)
    assert count_parameters(Predictor(10, 64)) / BINARY == pytest.approx(420, abs=5)
    ikc = build_network(IKCConfig(), 4)
    assert count_parameters(ikc) / BINARY / 1000 == pytest.approx(5.2, abs=0.05)
    dncnn = build_part(DenoiserConfig(), 4)
    assert count_parameters(dncnn) / BINARY == pytest.approx(650, abs=5)  # type: ignore[arg-type]


def test_srmd_by_hand() -> None:
    """Code as constant maps beside the centred image; convolutions, ReLUs, a shuffle."""
    network = build_network(SRMDConfig(**SMALL_SRMD, bicubic_skip=False), 2).eval()
    assert isinstance(network, SRMD)
    lr_image, _ = _images(2)
    code = torch.randn(2, 15)
    mean = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)
    maps = code[:, :, None, None].expand(2, 15, 12, 12)
    x = torch.cat([lr_image / 255 - mean, maps], dim=1)
    first, _, second, _, third = network.generator.convs
    x = third(F.relu(second(F.relu(first(x)))))
    expected = 255 * (F.pixel_shuffle(x, 2) + mean)
    torch.testing.assert_close(network.restore(lr_image, code), expected, rtol=0, atol=1e-3)


def test_srmd_restores_by_the_true_code_and_predicts_beside_it() -> None:
    network = build_network(SRMDConfig(**SMALL_SRMD), 2)
    assert isinstance(network, SRMD)
    assert network.predictor is not None
    (lr_image, hr), truth = _images(2), _batch(0.5, 2.0)
    losses = network.losses(lr_image, hr, truth)
    true = network.codes(truth)
    assert losses["l1"] == (network.restore(lr_image, true) - hr).abs().mean()
    error = (network.predictor(lr_image) - true).square().mean()
    torch.testing.assert_close(losses["code"], error)
    losses["l1"].backward()
    assert all(parameter.grad is None for parameter in network.predictor.parameters())


def test_an_srmd_with_a_noise_map_is_told_the_noise() -> None:
    network = build_network(SRMDConfig(**SMALL_SRMD, noise_map=True), 2)
    assert isinstance(network, SRMD)
    code = network.codes(_batch(1.0, noise=25.5))
    assert code.shape == (1, 16)
    assert code[0, -1].item() == pytest.approx(0.1)


def test_ikc_corrects_what_it_predicted_by_what_that_restores() -> None:
    network = build_network(IKCConfig(**SMALL_IKC), 2).eval()
    assert isinstance(network, IKC)
    assert network.corrector is not None
    lr_image, _ = _images(2)
    with torch.no_grad():
        code = network.predictor(lr_image)
        for _ in range(3):
            sr = network.restorer(lr_image, code).clamp(0, 255)
            code = code + network.corrector(sr, code)
        torch.testing.assert_close(network.represent(lr_image, None), code)
        torch.testing.assert_close(network(lr_image), network.restorer(lr_image, code))


def test_ikcs_corrections_are_steps_of_their_own() -> None:
    """No gradient goes from a correction to the prediction, nor to the restorer."""
    network = build_network(IKCConfig(**SMALL_IKC), 2)
    assert isinstance(network, IKC)
    (lr_image, hr), truth = _images(2), _batch(0.5, 2.0)
    losses = network.losses(lr_image, hr, truth)
    assert losses.keys() == {"predicted", "corrected"}
    losses["corrected"].backward()
    for part in (network.predictor, network.restorer):
        assert all(parameter.grad is None for parameter in part.parameters())
    assert network.corrector is not None
    assert all(one.grad is not None for one in network.corrector.parameters())
    without = build_network(IKCConfig(**{**SMALL_IKC, "iterations": 0}), 2)
    assert without.losses(lr_image, hr, truth).keys() == {"predicted"}


def test_dncnns_target_is_the_image_before_its_noise() -> None:
    part = build_part(DenoiserConfig(num_layers=3, num_features=4), 2)
    (noisy, hr), truth = _images(2), _batch(0.8, 1.6, noise=20.0)
    clean = blur_and_downsample(hr[:, None], truth, 2)[:, 0].round().clamp(0, 255)
    expected = ((part(noisy) - clean) / 255).square().mean()
    torch.testing.assert_close(part.losses(noisy, hr, truth)["denoising"], expected)


def test_a_network_behind_a_denoiser_trains_without_it_and_is_used_with_it() -> None:
    model = SRMDConfig(
        **SMALL_SRMD,
        representation="oracle",
        denoise_first="dncnn",
        denoiser_layers=3,
        denoiser_features=4,
    )
    network = build_network(model, 2).eval()
    assert isinstance(network, Denoised)
    (lr_image, hr), truth = _images(2), _batch(0.5, 2.0, noise=10.0)
    behind = network.network
    assert network.losses(lr_image, hr, truth)["l1"] == behind.losses(lr_image, hr, truth)["l1"]
    with torch.no_grad():
        denoised = network.denoiser(lr_image)
        assert not torch.equal(denoised, lr_image)
        torch.testing.assert_close(network(lr_image, truth), behind(denoised, truth))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_layers": 1}, "num_layers must be at least 2"),
        ({"code_length": 0}, "code_length must be positive"),
        ({"noise_map": True, "denoise_first": "dncnn"}, "noise_map: behind a denoiser"),
        ({"denoiser_layers": 5}, "denoiser_layers 5 without denoise_first"),
        ({"denoise_first": "dncnn", "denoiser_layers": 2}, "denoiser_layers must be at least"),
    ],
)
def test_what_cannot_be_built_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SRMDConfig(**changes)


def test_no_denoiser_before_a_learned_representation() -> None:
    from dasr.config import DASRConfig

    with pytest.raises(ValueError, match="a learned representation tells noise by itself"):
        DASRConfig(denoise_first="dncnn")
    assert SRResNetConfig(denoise_first="dncnn").parts.keys() == {"denoiser"}
