"""Kernels, LR images, bicubic enlargement and metrics against the authors' code."""

import numpy as np
import torch
from torch import Tensor

from dasr.config import Degradation, Kernel
from dasr.degradation import DegradationBatch, degrade, enlarge, gaussian_1d, gaussian_2d
from dasr.evaluation.metrics import image_quality
from tests.golden.files import Arrays

WRONG_SHARE = 5e-4
"""Share of samples that may be one grey level off, though always one sample.

The vectors were rounded from float32. Where the exact value lies within 1e-4 of a half,
float32 rounds it either way, by the order of its sums; a small image has 1944 samples.
"""


def _kernel(label: str) -> Kernel:
    """Return the kernel of a label "iso_<width>" or "aniso_<l1>_<l2>_<theta>"."""
    kind, *numbers = label.split("_")
    values = [float(number) for number in numbers]
    if kind == "iso":
        return Kernel(lambda_1=values[0], lambda_2=values[0])
    return Kernel(lambda_1=values[0], lambda_2=values[1], theta_deg=values[2])


def _cropped(hr: np.ndarray, scale: int) -> np.ndarray:
    height, width = (side // scale * scale for side in hr.shape[:2])
    return hr[:height, :width]


def _scale(text: str) -> int:
    return int(text.removeprefix("x"))


def _vectors(*values: float) -> list[Tensor]:
    return [torch.tensor([value], dtype=torch.float64) for value in values]


def test_kernel(degradation_arrays: Arrays, kernel_array: str) -> None:
    kernel = _kernel(kernel_array.removeprefix("kernel_"))
    angle = np.deg2rad(kernel.theta_deg)
    square = gaussian_2d(*_vectors(kernel.lambda_1, kernel.lambda_2, angle))[0]
    theirs = degradation_arrays[kernel_array]
    assert np.abs(square.numpy() - theirs).max() <= 1e-6
    if kernel.lambda_1 == kernel.lambda_2:
        taps = gaussian_1d(*_vectors(kernel.lambda_1))[0].numpy()
        assert np.abs(np.outer(taps, taps) - theirs).max() <= 1e-6


def test_lr_image(degradation_arrays: Arrays, lr_array: str) -> None:
    difference = _lr_difference(degradation_arrays, lr_array, torch.float64)
    assert difference.max() <= 1
    assert (difference > 0).sum() <= max(1, WRONG_SHARE * difference.size)


def test_all_lr_images_in_float32(degradation_arrays: Arrays) -> None:
    names = [name for name in degradation_arrays if name.startswith("lr_x")]
    parts = [_lr_difference(degradation_arrays, n, torch.float32).ravel() for n in names]
    difference = np.concatenate(parts)
    assert difference.max() <= 1
    assert (difference > 0).mean() <= WRONG_SHARE


def _lr_difference(arrays: Arrays, name: str, dtype: torch.dtype) -> np.ndarray:
    _, scale_text, mode, label = name.split("_", 3)
    scale = _scale(scale_text)
    hr = torch.from_numpy(_cropped(arrays["hr"], scale).copy()).permute(2, 0, 1)
    one = Degradation(kernel=_kernel(label), downsample=mode)
    group = hr.to(dtype)[None, None]
    ours = degrade(group, DegradationBatch.of([one]), scale, torch.Generator())[0, 0]
    assert ours.shape == arrays[name].shape
    return np.abs(ours.numpy() - arrays[name].astype(float))


def test_bicubic_enlargement(degradation_arrays: Arrays, enlarged_array: str) -> None:
    _, _, scale_text, label = enlarged_array.split("_", 3)
    lr_image = torch.from_numpy(degradation_arrays[f"lr_{scale_text}_bicubic_{label}"])
    ours = enlarge(lr_image.float(), _scale(scale_text)).numpy()
    assert np.abs(ours - degradation_arrays[enlarged_array]).max() <= 1e-3


def test_psnr(degradation_arrays: Arrays, psnr_array: str) -> None:
    ours = image_quality(*_rounded_enlargement(degradation_arrays, psnr_array))
    assert abs(ours["psnr_y_db"] - degradation_arrays[psnr_array]) <= 1e-3


def test_ssim(degradation_arrays: Arrays, ssim_array: str) -> None:
    ours = image_quality(*_rounded_enlargement(degradation_arrays, ssim_array))
    assert abs(ours["ssim_y"] - degradation_arrays[ssim_array]) <= 1e-4


def _rounded_enlargement(arrays: Arrays, name: str) -> tuple[np.ndarray, np.ndarray, int]:
    _, scale_text, label = name.split("_", 2)
    scale = _scale(scale_text)
    enlarged = arrays[f"bicubic_sr_{scale_text}_{label}"].transpose(1, 2, 0)
    sr = np.clip(np.round(enlarged), 0, 255).astype(np.uint8)
    return sr, _cropped(arrays["hr"], scale), scale
