"""What every metric does, and PSNR and SSIM against computations of their own."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from scipy.signal import convolve2d
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from dasr.evaluation.metrics import image_quality, measured
from dasr.evaluation.reference import Reference, luma, planes
from dasr.terms.metrics import METRICS, PSNR_Y, RANKING, SSIM_Y, Metric


def psnr_y(sr: np.ndarray, hr: np.ndarray, scale: int) -> float:
    return image_quality(sr, hr, scale, [PSNR_Y])["psnr_y_db"]


def ssim_y(sr: np.ndarray, hr: np.ndarray, scale: int) -> float:
    return image_quality(sr, hr, scale, [SSIM_Y])["ssim_y"]


def _pair(height: int = 40, width: int = 36) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    hr = rng.integers(0, 256, (height, width, 3))
    sr = np.clip(hr + rng.integers(-30, 31, hr.shape), 0, 255)
    return sr.astype(np.uint8), hr.astype(np.uint8)


def _luma(pixel: np.ndarray, divisor: float) -> float:
    r, g, b = (float(value) for value in pixel)
    return 16 + (65.738 * r + 129.057 * g + 25.064 * b) / divisor


def _y(image: np.ndarray, border: int, divisor: float) -> np.ndarray:
    height, width = image.shape[:2]
    rows, columns = range(border, height - border), range(border, width - border)
    return np.array([[_luma(image[y, x], divisor) for x in columns] for y in rows])


def test_luma_of_black_and_white() -> None:
    ends = luma(np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8))[0]
    assert ends.tolist() == pytest.approx([16.0, 16 + 255 * 219.859 / 256])


@pytest.mark.parametrize("scale", [2, 4])
def test_psnr_by_its_definition(scale: int) -> None:
    sr, hr = _pair()
    mean_square = ((_y(sr, scale, 256) - _y(hr, scale, 256)) ** 2).mean()
    expected = 20 * math.log10(255 / math.sqrt(mean_square))
    assert psnr_y(sr, hr, scale) == pytest.approx(expected, abs=1e-9)


def test_psnr_of_a_uniform_error_by_hand() -> None:
    # one grey level in all channels is 219.859 / 256 in Y
    hr = np.full((20, 20, 3), 100, np.uint8)
    expected = 20 * math.log10(255 * 256 / 219.859)
    assert psnr_y(hr + np.uint8(1), hr, 2) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("scale", [2, 4])
def test_ssim_by_its_definition(scale: int) -> None:
    sr, hr = _pair()
    offsets = np.arange(-5, 6)
    taps = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(taps, taps) / taps.sum() ** 2

    def local(values: np.ndarray) -> np.ndarray:
        return convolve2d(values, window, mode="valid")

    x, y = _y(sr, scale, 255), _y(hr, scale, 255)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mx, my = local(x), local(y)
    vx, vy, vxy = local(x * x) - mx**2, local(y * y) - my**2, local(x * y) - mx * my
    quality = (2 * mx * my + c1) * (2 * vxy + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    assert ssim_y(sr, hr, scale) == pytest.approx(quality.mean(), abs=2e-7)


@pytest.mark.parametrize(("height", "width"), [(19, 40), (50, 51), (86, 139)])
def test_both_are_scikit_images(height: int, width: int) -> None:
    # one, one whole and several stripes of rows; a flat part, and a bright one
    rng = np.random.default_rng(1)
    hr = rng.normal(0, 1, (height, width, 3)).cumsum(0).cumsum(1) * 2 + 120
    hr[:, : width // 3] = 250
    hr = np.clip(hr, 0, 255).round().astype(np.uint8)
    srs = [np.clip(hr + rng.normal(0, sd, hr.shape), 0, 255).round() for sd in (0.4, 4, 40)]
    reference = Reference(hr, 4)
    batch = torch.from_numpy(np.stack(srs).astype(np.uint8)).permute(0, 3, 1, 2)
    inner = (slice(4, -4), slice(4, -4))
    for sr, quality in zip(srs, measured(reference.compare(batch)), strict=True):
        ys = [luma(image.astype(np.uint8)[inner]) for image in (hr, sr)]
        expected = peak_signal_noise_ratio(*ys, data_range=255)
        assert quality["psnr_y_db"] == pytest.approx(expected, abs=1e-9)
        ys = [luma(image.astype(np.uint8)[inner], 255.0) for image in (hr, sr)]
        options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
        expected = structural_similarity(*ys, data_range=255, **options)
        assert quality["ssim_y"] == pytest.approx(expected, abs=2e-7)


def test_border_does_not_count() -> None:
    sr, hr = _pair()
    spoilt = sr.copy()
    spoilt[:4], spoilt[-4:], spoilt[:, :4], spoilt[:, -4:] = 0, 255, 0, 255
    assert psnr_y(spoilt, hr, 4) == psnr_y(sr, hr, 4)
    assert ssim_y(spoilt, hr, 4) == ssim_y(sr, hr, 4)
    assert psnr_y(spoilt, hr, 3) < psnr_y(sr, hr, 3)


def test_equal_images() -> None:
    _, hr = _pair()
    assert psnr_y(hr, hr, 2) == math.inf
    assert ssim_y(hr, hr, 2) == 1.0


def test_what_cannot_be_compared_is_refused() -> None:
    sr, hr = _pair()
    with pytest.raises(ValueError, match="shapes must be equal"):
        psnr_y(sr[1:], hr, 2)
    ssim_y(sr[:19, :19], hr[:19, :19], 4)
    with pytest.raises(ValueError, match="too small"):
        ssim_y(sr[:18], hr[:18], 4)
    with pytest.raises(ValueError, match="too small"):
        psnr_y(sr[:8], hr[:8], 4)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_is_a_number_an_image_that_prefers_the_better_image(metric: Metric) -> None:
    sr, hr = _pair()
    near = np.where(np.arange(36)[:, None] < 18, hr, sr)  # the left half is exact
    batch = torch.cat([planes(image.astype(np.uint8)) for image in (sr, near, hr)])
    rows = measured(Reference(hr, 2).compare(batch), [metric])
    values = [row[metric.column] for row in rows]
    assert all(isinstance(value, float) for value in values)
    assert values == sorted(values, reverse=not metric.larger_is_better)
    assert np.isfinite(values[:2]).all()
    assert len(set(values)) == 3


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.caption.strip().endswith(".")
    assert metric.unit == "" or metric.column.endswith(f"_{metric.unit.lower()}")
    assert metric.unit in metric.title
    assert metric.window % 2 == 1
    assert metric.decimals > 0


def test_metrics_have_columns_of_their_own() -> None:
    for key in ("name", "column", "title", "short"):
        assert len({getattr(metric, key) for metric in METRICS}) == len(METRICS)
    assert RANKING in METRICS
    assert RANKING.larger_is_better  # what gains and differences are read by


def test_what_is_kept_of_the_hr_image_changes_nothing() -> None:
    sr, hr = _pair(60, 50)
    reference = Reference(hr, 4)
    first, again = (measured(reference.compare(planes(sr))) for _ in range(2))
    assert first == again == [image_quality(sr, hr, 4)]


def test_a_record_without_a_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from dasr.evaluation import metrics

    lacking = dataclasses.replace(PSNR_Y, name="lpips", column="lpips")
    monkeypatch.setattr(metrics, "METRICS", (*METRICS, lacking))
    with pytest.raises(LookupError, match=r"\['lpips'\].*record.*module"):
        metrics._measures()
