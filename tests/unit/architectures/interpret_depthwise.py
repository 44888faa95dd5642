"""Run Triton's depth-wise convolution without a GPU: python interpret_depthwise.py in out.

A program of its own because Triton reads TRITON_INTERPRET when kernels are defined. Reads a
list of (x, kernels, gradient of the output), writes a list of (output, gradients of both).
"""

import sys

import torch

from dasr.architectures.depthwise_triton import fused
from dasr.architectures.layers import SLOPE

if __name__ == "__main__":
    results = []
    for x, kernels, grad in torch.load(sys.argv[1]):
        out = fused(x.requires_grad_(), kernels.requires_grad_(), SLOPE)
        results.append((out.detach(), *torch.autograd.grad(out, (x, kernels), grad)))
    torch.save(results, sys.argv[2])
