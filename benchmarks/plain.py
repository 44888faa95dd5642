"""Plain implementations: the direct algorithm, as anyone would write it in PyTorch.

They share weights and random numbers with ours, so that both can be compared.
"""

import numpy as np
import torch
import torch.nn.functional as F
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor, nn

from dasr.architectures import Network
from dasr.architectures.blocks import Block, ChannelBranch, DAConv, KernelBranch
from dasr.architectures.dasr import Generator
from dasr.degradation import DegradationBatch, enlarge, gaussian_2d

SLOPE = 0.1


def blur_and_downsample(hr: Tensor, degradation: DegradationBatch, scale: int) -> Tensor:
    """Dense 21x21 grouped convolution, then gather-and-sum bicubic; as degrade's first half."""
    b, n, c, height, width = hr.shape
    kernels = gaussian_2d(degradation.lambda_1, degradation.lambda_2, degradation.theta)
    images = hr.permute(1, 2, 0, 3, 4).reshape(n * c, b, height, width)
    padded = F.pad(images, (10, 10, 10, 10), mode="reflect")
    blurred = F.conv2d(padded, kernels[:, None], groups=b)
    reduced = _gather_bicubic(_gather_bicubic(blurred, scale).transpose(2, 3), scale)
    small = reduced.transpose(2, 3).reshape(n, c, b, height // scale, width // scale)
    return small.permute(2, 0, 1, 3, 4)


def _gather_bicubic(images: Tensor, scale: int) -> Tensor:
    """Reduce the last axis: gather the taps of every output pixel, weigh and sum."""
    size = images.shape[-1]
    centres = (torch.arange(size // scale) + 0.5) * scale - 0.5
    taps = centres.floor()[:, None] + torch.arange(-2 * scale, 2 * scale + 1)
    x = ((centres[:, None] - taps) / scale).abs()
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    weights = torch.where(x <= 1, near, torch.where(x <= 2, far, torch.zeros(())))
    weights = weights / weights.sum(dim=1, keepdim=True)
    return (images[..., taps.clamp(0, size - 1).long()] * weights).sum(dim=-1)


def super_resolve(generator: Generator, lr_image: Tensor, representation: Tensor) -> Tensor:
    """The generator in eager mode: a new tensor for every layer's output."""
    compressed = generator.compress(representation)
    shallow = generator.head(lr_image - generator.baseline.mean)
    out = shallow
    for group in generator.groups:
        inner = out
        for block in group.blocks:
            inner = _block(block, inner, compressed)
        out = group.conv(inner) + out
    out = generator.upsample(generator.body_conv(out) + shallow)
    if isinstance(generator.tail, nn.Conv2d):
        out = F.pixel_shuffle(out, generator.tail.factor)
        out = F.conv2d(out, generator.tail.weight, generator.tail.bias, padding=1)
    if generator.baseline.bicubic:
        return out + enlarge(lr_image, generator.baseline.scale)
    return out + generator.baseline.mean


def _block(block: Block, x: Tensor, compressed: Tensor) -> Tensor:
    out = F.leaky_relu(_da_conv(block.adaptive[0], x, compressed), SLOPE)
    out = F.leaky_relu(block.convs[0](out), SLOPE)
    out = F.leaky_relu(_da_conv(block.adaptive[1], out, compressed), SLOPE)
    return block.convs[1](out) + x


def _da_conv(layer: DAConv, x: Tensor, compressed: Tensor) -> Tensor:
    kernel, channel = layer.branches
    assert isinstance(kernel, KernelBranch)
    assert isinstance(channel, ChannelBranch)
    b, c, h, w = x.shape
    taps = kernel.kernel(compressed).view(b * c, 1, 3, 3)
    out = F.conv2d(x.reshape(1, b * c, h, w), taps, padding=1, groups=b * c)
    out = kernel.conv(F.leaky_relu(out.view(b, c, h, w), SLOPE))
    return out + x * channel.coefficients(compressed)[:, :, None, None]


def evaluate(network: Network, lr_images: Tensor, hr: np.ndarray, scale: int) -> list[float]:
    """One forward an image, scikit-image's metrics; return PSNR and SSIM of each."""
    scores = []
    target = _cropped_luma(hr, scale)
    for lr_image in lr_images:
        with torch.inference_mode():
            representation = network.encoder(lr_image[None])[0]
            sr = super_resolve(network.generator, lr_image[None], representation)
        pixels = sr[0].round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
        y = _cropped_luma(pixels, scale)
        ssim = structural_similarity(
            y, target, data_range=255, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False,
        )  # fmt: skip
        scores += [peak_signal_noise_ratio(target, y, data_range=255), float(ssim)]
    return scores


def _cropped_luma(pixels: np.ndarray, border: int) -> np.ndarray:
    luma = pixels.astype(np.float64) @ [65.738, 129.057, 25.064] / 256 + 16
    return luma[border:-border, border:-border]
