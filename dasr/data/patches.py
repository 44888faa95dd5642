"""Training patches: two or more from each of a batch of images (paper, section 4.1)."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from dasr.data.packed import PackedImages
from dasr.errors import UserError
from dasr.pixels import TURNS, Pixels, turned


class PatchSampler:
    """Draws HR patches uniformly over images, positions, flips and transposes."""

    def __init__(self, sets: Sequence[PackedImages], patch_size: int) -> None:
        """Sample patches of side `patch_size` HR pixels from all images of some sets.

        Raises:
            UserError: an image is smaller than a patch.
        """
        self.patch_size = patch_size
        self._images: list[Pixels] = []  # views: the pixels stay on disk
        for images in sets:
            for number, name in enumerate(images.names):
                image = images[number]
                height, width = image.shape[:2]
                if min(height, width) < patch_size:
                    raise UserError(
                        f"training image {name!r} of set {images.name!r} is "
                        f"{width}x{height}; an HR patch needs {patch_size} pixels a side"
                    )
                self._images.append(image)

    def sample(self, count: int, rng: torch.Generator, each: int = 2) -> Tensor:
        """Return patches of `count` images, `each` from each.

        Returns:
            shape (count, each, 3, patch, patch), float32, [0, 255].
        """
        p = self.patch_size
        chosen = torch.randint(len(self._images), (count,), generator=rng).tolist()
        corners = torch.rand((count, each, 2), generator=rng).tolist()
        turns = torch.randint(TURNS, (count, each), generator=rng).tolist()
        batch = np.empty((count, each, p, p, 3), np.uint8)
        for i, number in enumerate(chosen):
            image = self._images[number]
            height, width = image.shape[:2]
            for j in range(each):
                y = int(corners[i][j][0] * (height - p + 1))
                x = int(corners[i][j][1] * (width - p + 1))
                batch[i, j] = turned(image[y : y + p, x : x + p], turns[i][j], (0, 1))
        return torch.from_numpy(batch).permute(0, 1, 4, 2, 3).contiguous().float()
