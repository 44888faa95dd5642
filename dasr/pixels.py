"""Images in memory: arrays of grey levels, and what is done to them without torch."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB, (H, W, 3), [0, 255]."""
Array = TypeVar("Array", bound=NDArray[np.generic])
TURNS = 8
"""Ways to lay a square upon itself: flips and quarter turns."""


def crop_to_multiple(image: Pixels, scale: int) -> Pixels:
    """Return the image without its last rows and columns that the scale cannot divide."""
    height, width = (side // scale * scale for side in image.shape[:2])
    return image[:height, :width]
