"""What an image is in memory."""

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB, (H, W, 3), [0, 255]."""
