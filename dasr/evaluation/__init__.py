"""PSNR and SSIM by the protocol of the paper."""

from dasr.evaluation.evaluate import bicubic, evaluate, test_lr_image
from dasr.evaluation.examples import example_crops
from dasr.evaluation.metrics import psnr_y, ssim_y

__all__ = ["bicubic", "evaluate", "example_crops", "psnr_y", "ssim_y", "test_lr_image"]
