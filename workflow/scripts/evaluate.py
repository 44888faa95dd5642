"""Measure one method on one test set, and keep a few crops."""

from pathlib import Path

import numpy as np

from dasr.checkpoint import load_network
from dasr.config import BICUBIC, GridConfig, from_dict
from dasr.data import open_packed
from dasr.evaluation import bicubic, evaluate, example_crops
from dasr.evaluation.examples import example_cell
from dasr.files import replacing
from job import job, torch_device

with job(snakemake):
    device, keys = torch_device(snakemake), snakemake.wildcards
    scale, test = int(keys.scale), snakemake.params.test
    upscale = bicubic(scale)
    if "network" in snakemake.input.keys():
        upscale = load_network(Path(snakemake.input.network))[0].to(device)
    grid = from_dict(GridConfig, test["grid"], "grid")
    images = open_packed(Path(snakemake.input.pixels), Path(snakemake.input.index))
    common = {
        "scale": scale,
        "downsample": test["downsample"],
        "seed": test["noise_seed"],
        "device": device,
    }
    rows = evaluate(upscale, images, grid, **common)
    own = {
        "study": keys.study,
        "method": keys.get("variant", keys.get("imported", BICUBIC)),
        "regime": keys.regime,
        "scale": scale,
        "seed": int(keys.get("seed", 0)),
    }
    for number, (key, value) in enumerate(own.items()):
        rows.insert(number, key, value)
    kernel, level = example_cell(grid, scale, *test["example"])
    crops = example_crops(upscale, images, kernel, level, **common)
    with replacing(Path(snakemake.output.metrics)) as path:
        rows.to_csv(path, index=False)
    with replacing(Path(snakemake.output.examples)) as path:
        np.savez_compressed(path, **crops, **own, testset=images.name)
