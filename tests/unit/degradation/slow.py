"""Blur and bicubic resizing again: slow loops, straight from the definitions."""

import math

import numpy as np


def _cubic(x: float) -> float:
    """Keys (1981), equation 4 with a = -1/2."""
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    if x < 2:
        return ((-0.5 * x + 2.5) * x - 4) * x + 2
    return 0.0


def bicubic_matrix(size_in: int, size_out: int) -> np.ndarray:
    """Return the matrix of antialiased bicubic resizing with clamped indices."""
    step = size_in / size_out
    width = max(step, 1.0)
    matrix = np.zeros((size_out, size_in))
    for out in range(size_out):
        centre = (out + 0.5) * step - 0.5
        for tap in range(math.floor(centre - 3 * width), math.ceil(centre + 3 * width) + 1):
            column = min(max(tap, 0), size_in - 1)
            matrix[out, column] += _cubic((tap - centre) / width)
        matrix[out] /= matrix[out].sum()
    return matrix


def gaussian(l1: float, l2: float, theta: float, size: int = 21) -> np.ndarray:
    """Return a kernel by its density, pixel by pixel, from the inverse covariance."""
    turn = np.array([[math.cos(theta), -math.sin(theta)], [math.sin(theta), math.cos(theta)]])
    inverse = np.linalg.inv(turn @ np.diag([l1**2, l2**2]) @ turn.T)
    kernel = np.zeros((size, size))
    for y in range(size):
        for x in range(size):
            place = np.array([x - size // 2, y - size // 2])
            kernel[y, x] = math.exp(-0.5 * place @ inverse @ place)
    return kernel / kernel.sum()


def blur(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return a (H, W) image correlated with a kernel, reflected at its borders."""
    pad = len(kernel) // 2
    padded = np.pad(image, pad, mode="reflect")
    out = np.zeros(image.shape)
    for y in range(len(kernel)):
        for x in range(len(kernel)):
            out += kernel[y, x] * padded[y : y + image.shape[0], x : x + image.shape[1]]
    return out


def reduce(image: np.ndarray, scale: int, downsample: str) -> np.ndarray:
    """Return a (H, W) image at 1 / scale of its size."""
    if downsample == "s-fold":
        return image[::scale, ::scale]
    height, width = image.shape
    rows = bicubic_matrix(height, height // scale)
    return rows @ image @ bicubic_matrix(width, width // scale).T
