"""HR images: generated, shipped or read; packed on disk; cut into training patches.

Patches (`dasr.data.patches`) are not passed on from here: they need torch, whose import is
most of what a packing job would do.
"""

from dasr.data.images import read_image
from dasr.data.leaves import dead_leaves
from dasr.data.packed import PackedImages, open_packed
from dasr.data.packing import pack, read_set

__all__ = [
    "PackedImages",
    "dead_leaves",
    "open_packed",
    "pack",
    "read_image",
    "read_set",
]
