"""Bicubic resizing against a slow second computation, and by hand."""

import numpy as np
import pytest
import torch

from dasr.degradation import bicubic_matrix, enlarge, resize
from dasr.degradation.resize import downsampling_matrix
from tests.unit.degradation import slow


@pytest.mark.parametrize(
    ("size_in", "size_out"), [(24, 12), (24, 8), (24, 6), (7, 21), (6, 12), (10, 13), (13, 10)]
)
def test_matrix_is_the_slow_one(size_in: int, size_out: int) -> None:
    expected = slow.bicubic_matrix(size_in, size_out)
    np.testing.assert_allclose(bicubic_matrix(size_in, size_out), expected, atol=1e-12)


def test_enlargement_weights_by_hand() -> None:
    # SR pixel 7 at x2 lies at LR 3.25: the cubic of distances 1.25, 0.25, 0.75, 1.75
    expected = [0, 0, -0.0703125, 0.8671875, 0.2265625, -0.0234375, 0, 0]
    np.testing.assert_allclose(bicubic_matrix(8, 16)[7], expected, atol=1e-12)


def test_images_are_resized_along_both_axes() -> None:
    images = torch.rand(2, 3, 12, 18, dtype=torch.float64, generator=torch.Generator())
    rows, columns = slow.bicubic_matrix(12, 6), slow.bicubic_matrix(18, 27)
    expected = np.einsum("yi,bcij,xj->bcyx", rows, images.numpy(), columns)
    np.testing.assert_allclose(resize(images, 6, 27).numpy(), expected, atol=1e-12)


def test_enlarging_keeps_a_flat_image_flat() -> None:
    flat = torch.full((1, 3, 5, 7), 93.0)
    torch.testing.assert_close(enlarge(flat, 3), torch.full((1, 3, 15, 21), 93.0))


def test_s_fold_keeps_the_first_of_every_scale_pixels() -> None:
    matrix = downsampling_matrix(9, 3, "s-fold")
    assert (matrix @ np.arange(9)).tolist() == [0, 3, 6]


def test_impossible_reductions_are_refused() -> None:
    with pytest.raises(ValueError, match="size 10 is not a multiple of scale 4"):
        downsampling_matrix(10, 4, "bicubic")
    with pytest.raises(ValueError, match="'nearest'"):
        downsampling_matrix(12, 4, "nearest")
