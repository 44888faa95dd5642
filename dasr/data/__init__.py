"""HR images: generated, shipped or read; packed on disk; cut into training patches."""

from dasr.data.images import PHOTOS, read_image
from dasr.data.leaves import dead_leaves
from dasr.data.packed import PackedImages, open_packed
from dasr.data.packing import pack, read_set
from dasr.data.patches import PatchSampler

__all__ = [
    "PHOTOS",
    "PackedImages",
    "PatchSampler",
    "dead_leaves",
    "open_packed",
    "pack",
    "read_image",
    "read_set",
]
