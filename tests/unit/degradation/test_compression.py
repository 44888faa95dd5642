"""JPEG compression after the noise: against Pillow by hand."""

from io import BytesIO

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dasr.config import Degradation, DegradationConfig, Kernel
from dasr.degradation import DegradationBatch, degrade, lr_images, sample_degradations
from tests.tiny import images

WIDTH = Kernel.of_width(1.2)
WIDTHS = {2: (0.2, 2.0)}
RANGE = DegradationConfig(kernel_width=WIDTHS, noise_level=(0.0, 25.0), jpeg_quality=(30, 95))
NO_RANGE = DegradationConfig(kernel_width=WIDTHS, noise_level=(0.0, 25.0))


def _by_hand(lr_image: Tensor, quality: int) -> np.ndarray:
    file = BytesIO()
    pixels = lr_image.numpy().astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(pixels, "RGB").save(file, format="jpeg", quality=quality, subsampling=2)
    decoded = Image.open(BytesIO(file.getvalue()))
    assert not decoded.getexif()
    return np.array(decoded).transpose(2, 0, 1)


def _hr(groups: int) -> Tensor:
    rng = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (groups, 2, 3, 48, 34), generator=rng).float()


def _batch(*qualities: int | None) -> DegradationBatch:
    return DegradationBatch.of(
        [Degradation(kernel=WIDTH, noise_level=8.0, jpeg_quality=q) for q in qualities]
    )


def test_is_pillows_encoder_after_noise_and_rounding() -> None:
    hr, qualities = _hr(4), (30, None, 95, 1)
    plain = degrade(hr, _batch(None, None, None, None), 2, torch.Generator().manual_seed(1))
    ours = degrade(hr, _batch(*qualities), 2, torch.Generator().manual_seed(1))
    for group, quality in enumerate(qualities):
        for number in range(2):
            lr_image = plain[group, number]
            expected = lr_image.numpy() if quality is None else _by_hand(lr_image, quality)
            assert np.array_equal(ours[group, number].numpy(), expected)
    assert torch.equal(ours, ours.round())
    assert (ours.shape, ours.dtype, ours.device) == (plain.shape, plain.dtype, plain.device)
    errors = (ours - plain).abs().mean(dim=(1, 2, 3, 4))
    assert errors[1] == 0
    assert errors[2] < errors[0] < errors[3]


def test_the_same_noise_gives_the_same_bits() -> None:
    hr, batch = _hr(1), _batch(50)
    first, again = (degrade(hr, batch, 2, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first, again)


def test_test_images_of_a_grid_do_not_hang_on_each_other() -> None:
    hr = images(1, 40, 40)["image0"]
    grid = [Degradation(kernel=WIDTH, noise_level=5.0, jpeg_quality=q) for q in (30, 60)]
    both = lr_images(hr, grid, 2, 0, "noise", "image0")
    alone = [lr_images(hr, [one], 2, 0, "noise", "image0")[0] for one in grid]
    assert torch.equal(both, torch.stack(alone))
    assert not torch.equal(both[0], both[1])


def test_uncompressed_batches_hold_no_quality() -> None:
    assert _batch(None, None).jpeg_quality is None
    mixed = _batch(None, 60).jpeg_quality
    assert mixed is not None
    assert mixed.tolist() == [0, 60]


def test_qualities_are_drawn_after_all_else_and_only_where_there_are_some() -> None:
    states, drawn = [], []
    for config in (NO_RANGE, RANGE):
        rng = torch.Generator().manual_seed(0)
        drawn.append(sample_degradations(config, 2, 4000, rng))
        states.append(rng.get_state())
    plain, compressed = drawn
    assert plain.jpeg_quality is None
    assert torch.equal(plain.lambda_1, compressed.lambda_1)
    assert torch.equal(plain.noise_level, compressed.noise_level)
    by_hand = torch.Generator().manual_seed(0)
    for _ in range(2):  # one width and one level for each image
        torch.rand(4000, generator=by_hand)
    assert torch.equal(states[0], by_hand.get_state())
    assert not torch.equal(*states)
    qualities = compressed.jpeg_quality
    assert qualities is not None
    assert qualities.unique().tolist() == list(range(30, 96))
    assert abs(qualities.float().mean().item() - 62.5) < 1.3  # four standard errors
