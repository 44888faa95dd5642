"""A study of two sizes, with a variant at equal FLOPs that knows both."""

import shutil
from pathlib import Path

ABLATIONS = Path(__file__).resolve().parents[1] / "ablations"
MODEL = {
    "num_groups": 1, "num_blocks": 2, "num_features": 49, "encoder_features": 32,
    "compressed_features": 32, "bicubic_skip": True, "upsampler": "single",
}  # fmt: skip
SIZES = [
    {"name": "depth2", "title": "2 blocks", "model": {"num_blocks": 2, "num_features": 49}},
    {"name": "depth4", "title": "4 blocks", "model": {"num_blocks": 4, "num_features": 38}},
]
VARIANTS = ["dasr", "no_contrastive", "no_da_conv_equal_flops", "oracle"]
EQUAL = """\
title: No DA conv, equal FLOPs
hypothesis: H
overrides:
  model: {kernel_branch: false, channel_branch: false, concatenation: true}
equal_flops:
  to: dasr
  vary: [num_features]
  sizes:
    - model: {num_groups: 1, num_blocks: 2, num_features: 49, encoder_features: 32,
              compressed_features: 32, bicubic_skip: true, upsampler: single}
      by_scale: {4: {num_features: 37}}
    - model: {num_groups: 1, num_blocks: 4, num_features: 38, encoder_features: 32,
              compressed_features: 32, bicubic_skip: true, upsampler: single}
      by_scale: {4: {num_features: 29}}
"""
"""Of sizes that no shipped study has: those may change."""


def sized_ablations(folder: Path) -> Path:
    """Return a folder with the variants of the study."""
    folder.mkdir(exist_ok=True)
    for name in VARIANTS:
        shutil.copy(ABLATIONS / f"{name}.yaml", folder)
    (folder / "no_da_conv_equal_flops.yaml").write_text(EQUAL, encoding="utf-8")
    return folder
