"""A first pass: against scipy, Pillow and loops by definition, and what it leaves alone."""

import math
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import correlate
from torch import Tensor

from dasr.config import Degradation, DegradationConfig, Kernel
from dasr.config.degradation import Reduction
from dasr.config.first_pass import FirstPass, FirstPassConfig
from dasr.degradation import (
    DegradationBatch,
    FirstPassBatch,
    blur_and_downsample,
    degrade,
    lr_images,
    sample_degradations,
)
from dasr.degradation.first_pass import after_first_pass, blur_and_reduce
from tests.tiny import images
from tests.unit.degradation import slow

WIDE = Kernel.of_width(1.7)
TURNED = Kernel(lambda_1=2.6, lambda_2=0.7, theta_deg=35.0)
RANGES = FirstPassConfig(
    blur="anisotropic",
    kernel_width=(0.2, 3.0),
    resize=(0.5, 1.5),
    noise_level=(0.0, 15.0),
    jpeg_quality=(30, 95),
)
CONFIG = DegradationConfig(kernel_width={2: (0.2, 2.0)}, noise_level=(0.0, 25.0))


def _hr(groups: int, height: int = 48, width: int = 34) -> Tensor:
    rng = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (groups, 2, 3, height, width), generator=rng).float()


def _blurred(plane: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Return (H, W) correlated by scipy; its "mirror" repeats no border pixel."""
    if kernel.lambda_1 == 0:
        return plane
    angle = math.radians(kernel.theta_deg)
    weights = slow.gaussian(kernel.lambda_1, kernel.lambda_2, angle)
    return correlate(plane, weights, mode="mirror")


def _resized(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    rows = slow.bicubic_matrix(plane.shape[0], height)
    return rows @ plane @ slow.bicubic_matrix(plane.shape[1], width).T


def _each(image: np.ndarray, function: object, *arguments: object) -> np.ndarray:
    return np.stack([function(plane, *arguments) for plane in image])  # type: ignore[operator]


def _compressed(image: np.ndarray, quality: int) -> np.ndarray:
    file = BytesIO()
    pixels = image.astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(pixels).save(file, format="jpeg", quality=quality, subsampling=2)
    return np.array(Image.open(BytesIO(file.getvalue()))).transpose(2, 0, 1).astype(float)


def _rounded(image: np.ndarray) -> np.ndarray:
    return image.round().clip(0, 255)


@pytest.mark.parametrize(
    ("blur", "factor"), [(WIDE, 0.6), (TURNED, 1.4), (Kernel.of_width(0.0), 0.5), (TURNED, 1.0)]
)
@pytest.mark.parametrize("second", [WIDE, TURNED])
def test_both_passes_are_their_definitions(blur: Kernel, factor: float, second: Kernel) -> None:
    hr = _hr(1)
    first = FirstPass(kernel=(blur.lambda_1, blur.lambda_2, blur.theta_deg), resize=factor)
    passed = after_first_pass(hr, FirstPassBatch.of([first]), torch.Generator())
    size = (round(48 * factor), round(34 * factor))
    assert passed[0].shape == (2, 3, *size)
    batch = DegradationBatch.of([Degradation(kernel=second, first_pass=first)])
    ours = blur_and_reduce(passed, batch, (24, 17))[0].numpy()
    for number, image in enumerate(hr[0].double().numpy()):
        expected = _each(_each(image, _blurred, blur), _resized, *size)
        np.testing.assert_array_equal(passed[0][number], passed[0][number].round())
        # a grey level where float32 rounds a tie to the other side
        close = np.abs(passed[0][number].numpy() - _rounded(expected)) < 0.5
        assert close.mean() > 0.999
        second_in = passed[0][number].double().numpy()
        expected = _each(_each(second_in, _blurred, second), _resized, 24, 17)
        np.testing.assert_allclose(ours[number], expected, atol=2e-3)


def test_images_are_compressed_after_rounding_and_before_the_second_pass() -> None:
    hr, plain = _hr(1), FirstPass(kernel_width=1.0, resize=0.7)
    batches = [FirstPassBatch.of([replace(plain, jpeg_quality=q)]) for q in (None, 40)]
    before, after = (after_first_pass(hr, one, torch.Generator())[0] for one in batches)
    for number in range(2):
        expected = _compressed(before[number].numpy(), 40)
        np.testing.assert_array_equal(after[number], expected)


def test_noise_of_a_first_pass_is_added_after_its_resize() -> None:
    flat = torch.full((3, 2, 3, 64, 64), 128.0)
    levels = (0.0, 4.0, 12.0)
    passes = [FirstPass(resize=1.5, noise_level=level) for level in levels]
    passed = after_first_pass(flat, FirstPassBatch.of(passes), torch.Generator().manual_seed(0))
    for level, group in zip(levels, passed, strict=True):
        assert group.shape == (2, 3, 96, 96)
        assert group.std().item() == pytest.approx(level, rel=0.03)
        neighbours = torch.corrcoef(
            torch.stack([group[..., 1:].flatten(), group[..., :-1].flatten()])
        )
        assert level == 0 or abs(neighbours[0, 1]) < 0.03  # a resize after it would blur it


@pytest.mark.parametrize("downsample", ["bicubic", "s-fold"])
@pytest.mark.parametrize("kernel", [WIDE, TURNED])
def test_a_pass_that_does_nothing_gives_the_simple_chain(
    kernel: Kernel, downsample: Reduction
) -> None:
    hr = _hr(2)
    nothing = FirstPassBatch.of([FirstPass()] * 2)
    passed = after_first_pass(hr, nothing, torch.Generator())
    assert torch.equal(torch.stack(passed), hr)
    one = Degradation(kernel=kernel, downsample=downsample)
    batch = DegradationBatch.of([one, one])
    ours = blur_and_reduce(passed, batch, (24, 17))
    torch.testing.assert_close(ours, blur_and_downsample(hr, batch, 2), atol=2e-4, rtol=0)


def test_a_pass_that_does_nothing_is_none_in_test_images_to_the_bit() -> None:
    hr = images(1, 50, 40)["image0"]
    plain = Degradation(kernel=WIDE, noise_level=5.0)
    nothing = replace(plain, first_pass=FirstPass())
    assert DegradationBatch.of([nothing]).first_pass is None
    made = [lr_images(hr, [one], 2, 0, "noise", "x") for one in (plain, nothing)]
    assert torch.equal(*made)


def test_a_batch_of_images_of_different_sizes_is_made_of_each_alone() -> None:
    hr = _hr(3)
    ones = [
        Degradation(kernel=kernel, first_pass=FirstPass(kernel_width=1.0, resize=factor))
        for kernel, factor in ((WIDE, 0.5), (TURNED, 1.3), (WIDE, 1.0))
    ]
    together = degrade(hr, DegradationBatch.of(ones), 2, torch.Generator())
    assert together.shape == (3, 2, 3, 24, 17)
    for number, one in enumerate(ones):
        batch = DegradationBatch.of([one])
        alone = degrade(hr[number : number + 1], batch, 2, torch.Generator())
        # an isotropic kernel among others is taken apart as they are
        assert (alone[0] - together[number]).abs().mean() < 0.01


def test_test_images_do_not_hang_on_each_other_and_share_a_first_pass() -> None:
    hr = images(1, 61, 47)["image0"]
    first = FirstPass(kernel=(2.0, 0.5, 30.0), resize=0.6, noise_level=9.0, jpeg_quality=50)
    grid = [
        Degradation(kernel=kernel, noise_level=level, first_pass=one)
        for kernel in (WIDE, TURNED)
        for level in (0.0, 8.0)
        for one in (None, first)
    ]
    together = lr_images(hr, grid, 2, 0, "noise", "x")
    alone = [lr_images(hr, [one], 2, 0, "noise", "x")[0] for one in grid]
    assert torch.equal(together, torch.stack(alone))
    assert together.shape == (8, 3, 30, 23)
    assert len({image.numpy().tobytes() for image in together}) == 8


def test_the_same_generator_gives_the_same_bits() -> None:
    config = replace(CONFIG, first_pass=RANGES, jpeg_quality=(30, 95))
    made = []
    for _ in range(2):
        rng = torch.Generator().manual_seed(7)
        made.append(degrade(_hr(4), sample_degradations(config, 2, 4, rng), 2, rng))
    assert torch.equal(*made)
    assert torch.equal(made[0], made[0].round().clamp(0, 255))


def test_ranges_are_drawn_uniformly_after_all_that_others_draw() -> None:
    drawn, states = [], []
    for config in (CONFIG, replace(CONFIG, first_pass=RANGES)):
        rng = torch.Generator().manual_seed(0)
        drawn.append(sample_degradations(config, 2, 4000, rng))
        states.append(rng.get_state())
    plain, passed = drawn
    assert plain.first_pass is None
    for name in ("lambda_1", "lambda_2", "theta", "noise_level"):
        assert torch.equal(getattr(plain, name), getattr(passed, name))
    assert not torch.equal(*states)
    first = passed.first_pass
    assert first is not None
    ends = {
        "lambda_1": (0.2, 3.0), "lambda_2": (0.2, 3.0), "theta": (0.0, math.pi),
        "noise_level": (0.0, 15.0), "resize": (0.5, 1.5),
    }  # fmt: skip
    for name, (low, high) in ends.items():
        values = getattr(first, name).double()
        assert low <= values.min() < low + 0.02 * (high - low)
        assert high - 0.02 * (high - low) < values.max() <= high
        assert values.mean().item() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))
    assert first.jpeg_quality is not None
    assert first.jpeg_quality.unique().tolist() == list(range(30, 96))
    assert not torch.equal(first.lambda_1, first.lambda_2)


# of 6 degradations after seed 5 and 6 x 2 x 3 x 96 x 96 whole numbers, at commit ef507af,
# before there was any first pass: first widths and level, sum of LR images
BEFORE = {
    "isotropic": (3.302281, 2.285499, 7.513996, 127.408997),
    "anisotropic": (3.302281, 2.285499, 10.907583, 127.482780),
}


@pytest.mark.parametrize("blur", list(BEFORE))
def test_regimes_without_a_first_pass_draw_what_they_drew(blur: str) -> None:
    config = DegradationConfig(
        kernel_width={4: (0.2, 4.0)},
        noise_level=(0.0, 25.0),
        blur=blur,  # type: ignore[arg-type]
    )
    rng = torch.Generator().manual_seed(5)
    hr = torch.randint(0, 256, (6, 2, 3, 96, 96), generator=rng).float()
    batch = sample_degradations(config, 4, 6, rng)
    lr_image = degrade(hr, batch, 4, rng)
    found = (*batch.lambda_1[:2].tolist(), batch.noise_level[0].item(), lr_image.mean().item())
    assert found == pytest.approx(BEFORE[blur], abs=1e-4)


def test_images_that_a_first_pass_leaves_too_small_are_refused() -> None:
    first = FirstPass(resize=0.5)
    batch = DegradationBatch.of([Degradation(kernel=WIDE, first_pass=first)])
    degrade(_hr(1, 22, 22), batch, 2, torch.Generator())
    with pytest.raises(ValueError, match="image of 10x10 pixels is too small"):
        degrade(_hr(1, 20, 20), batch, 2, torch.Generator())
    with pytest.raises(ValueError, match="size 23x22 is not a multiple of scale 2"):
        degrade(_hr(1, 22, 23), batch, 2, torch.Generator())
