"""Patches: pairs from one image, anywhere in it, turned in eight ways."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dasr.data.patches import PatchSampler
from dasr.errors import UserError
from tests.tiny import packed

PATCH = 4


@pytest.fixture
def sampler(tmp_path: Path) -> PatchSampler:
    """A sampler of two sets whose pixels say where they are: (row, column, image)."""
    sets = []
    for name, numbers in (("first", (0, 1)), ("second", (2,))):
        images = {}
        for number in numbers:
            rows, columns = np.mgrid[0 : 7 + number, 0:9]
            image = np.stack([rows, columns, np.full_like(rows, number)], axis=2)
            images[f"image{number}"] = image.astype(np.uint8)
        sets.append(packed(tmp_path, images, name))
    return PatchSampler(sets, PATCH)


def _draw(sampler: PatchSampler, count: int, seed: int = 0) -> torch.Tensor:
    return sampler.sample(count, torch.Generator().manual_seed(seed))


def test_shape_type_and_determinism(sampler: PatchSampler) -> None:
    patches = _draw(sampler, 5)
    assert patches.shape == (5, 2, 3, PATCH, PATCH)
    assert patches.dtype == torch.float32
    assert torch.equal(patches, _draw(sampler, 5))
    assert not torch.equal(patches, _draw(sampler, 5, seed=1))


def test_patches_of_a_pair_come_from_one_image(sampler: PatchSampler) -> None:
    number = _draw(sampler, 300)[:, :, 2]
    assert torch.equal(number.amax(dim=(1, 2, 3)), number.amin(dim=(1, 2, 3)))
    assert number.unique().tolist() == [0, 1, 2]
    shares = torch.bincount(number[:, 0, 0, 0].long()) / 300
    assert ((shares - 1 / 3).abs() < 0.11).all()  # four standard errors


def test_patches_are_whole_squares_of_the_image(sampler: PatchSampler) -> None:
    for patch in _draw(sampler, 50).flatten(0, 1):
        rows, columns = patch[0].unique(), patch[1].unique()
        assert rows.diff().tolist() == columns.diff().tolist() == [1.0] * (PATCH - 1)
        places = {(row, column) for row, column in patch[:2].flatten(1).T.tolist()}
        assert len(places) == PATCH**2


def test_patches_reach_every_border(sampler: PatchSampler) -> None:
    patches = _draw(sampler, 600).flatten(0, 1)
    for number in range(3):
        mine = patches[patches[:, 2, 0, 0] == number]
        assert sorted(mine[:, 0].unique().tolist()) == list(range(7 + number))
        assert sorted(mine[:, 1].unique().tolist()) == list(range(9))


def test_all_flips_and_transposes_occur(sampler: PatchSampler) -> None:
    patches = _draw(sampler, 200).flatten(0, 1)
    down = patches[:, :2, 1, 0] - patches[:, :2, 0, 0]
    right = patches[:, :2, 0, 1] - patches[:, :2, 0, 0]
    turns, counts = torch.cat([down, right], dim=1).unique(dim=0, return_counts=True)
    assert len(turns) == 8
    assert counts.min() > 400 / 8 / 2


def test_image_smaller_than_a_patch_is_named(tmp_path: Path) -> None:
    images = packed(tmp_path, {"tiny": np.zeros((8, 12, 3), np.uint8)}, "mine")
    PatchSampler([images], 8)
    with pytest.raises(UserError, match=r"'tiny' of set 'mine' is 12x8.* 9 pixels"):
        PatchSampler([images], 9)
