"""PSNR and SSIM on Y, by the protocol of the paper's released code.

SR and HR are rounded to whole grey levels, `scale` pixels are cropped from every border,
and the metrics compare the luma of BT.601. scikit-image computes both.
"""

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

Floats = NDArray[np.float64]

BT601 = np.array([65.738, 129.057, 25.064])


def luma(rgb: NDArray[np.uint8], divisor: float = 256.0) -> Floats:
    """Return BT.601 luma, (H, W), in [16, 235], of (H, W, 3) in [0, 255].

    The exact divisor is 256. The released code divides by 255 in SSIM (and only there),
    which stretches Y by 0.4 %; SSIM here follows it, so that the numbers compare.
    """
    return np.asarray(rgb.astype(np.float64) @ BT601 / divisor + 16.0)


def _crop(image: NDArray[np.uint8], border: int) -> NDArray[np.uint8]:
    return image[border:-border, border:-border]


def psnr_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], scale: int) -> float:
    """Return the PSNR of Y in dB; infinite for equal images.

    Args:
        sr: (H, W, 3), [0, 255].
        hr: the same shape.
        scale: pixels cropped from each border.

    Raises:
        ValueError: shapes differ, or nothing is left inside the border.
    """
    _check(sr, hr, scale)
    sr_y, hr_y = luma(_crop(sr, scale)), luma(_crop(hr, scale))
    if np.array_equal(sr_y, hr_y):
        return float("inf")
    return float(peak_signal_noise_ratio(hr_y, sr_y, data_range=255))


def ssim_y(sr: NDArray[np.uint8], hr: NDArray[np.uint8], scale: int) -> float:
    """Return the SSIM of Y: 11x11 Gaussian window of sigma 1.5, valid region.

    Args:
        sr: (H, W, 3), [0, 255].
        hr: the same shape.
        scale: pixels cropped from each border.

    Raises:
        ValueError: shapes differ, or the window does not fit inside the border.
    """
    _check(sr, hr, scale + 5)
    sr_y, hr_y = luma(_crop(sr, scale), 255.0), luma(_crop(hr, scale), 255.0)
    return float(
        structural_similarity(
            hr_y,
            sr_y,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            K1=0.01,
            K2=0.03,
        )
    )


def _check(sr: NDArray[np.uint8], hr: NDArray[np.uint8], border: int) -> None:
    if sr.shape != hr.shape:
        raise ValueError(f"SR is {sr.shape} and HR is {hr.shape}: shapes must be equal")
    if min(hr.shape[:2]) <= 2 * border:
        raise ValueError(f"image {hr.shape} is too small for a border of {border} pixels")
