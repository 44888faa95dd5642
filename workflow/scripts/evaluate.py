"""Measure one method on one test set, and keep a few crops."""

from pathlib import Path

import numpy as np

from dasr.checkpoint import load_network
from dasr.config import BICUBIC, GridConfig, from_dict
from dasr.data import open_packed
from dasr.devices import use_device
from dasr.evaluation import bicubic, evaluate, example_crops
from dasr.evaluation.examples import example_cell
from dasr.files import replacing
from job import gpu_asked, job

with job(snakemake):
    device, keys = use_device(snakemake.threads, gpu=gpu_asked(snakemake)), snakemake.wildcards
    scale, test = int(keys.scale), snakemake.params.test
    upscale, name = bicubic(scale), BICUBIC
    if "network" in snakemake.input.keys():
        name = snakemake.input.network
        upscale = load_network(Path(name))[0].to(device)
    grid = from_dict(GridConfig, test["grid"], "grid")
    images = open_packed(Path(snakemake.input.pixels), Path(snakemake.input.index))
    common = {
        "scale": scale,
        "downsample": test["downsample"],
        "seed": test["noise_seed"],
        "device": device,
        "method": name,
    }
    rows = evaluate(upscale, images, grid, **common)
    for number, (key, value) in enumerate(
        {
            "study": keys.study,
            "method": keys.get("variant", keys.get("imported", BICUBIC)),
            "regime": keys.regime,
            "scale": scale,
            "seed": int(keys.get("seed", 0)),
        }.items()
    ):
        rows.insert(number, key, value)
    kernel, level = example_cell(grid, scale, *test["example"])
    crops = example_crops(upscale, images, kernel, level, **common)
    with replacing(Path(snakemake.output.metrics)) as path:
        rows.to_csv(path, index=False)
    with replacing(Path(snakemake.output.examples)) as path:
        np.savez_compressed(path, **crops)
