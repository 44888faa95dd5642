"""PSNR and SSIM by the protocol of the paper."""

from dasr.evaluation.evaluate import bicubic, degraded_image, evaluate
from dasr.evaluation.examples import example_crops
from dasr.evaluation.metrics import psnr_y, ssim_y

__all__ = ["bicubic", "degraded_image", "evaluate", "example_crops", "psnr_y", "ssim_y"]
