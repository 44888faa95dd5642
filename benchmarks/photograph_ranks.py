"""What a finished study's encoders know of photographs that no training saw.

    python -m benchmarks.photograph_ranks results/main data/BSDS400/HR --every 10 > ranks.csv

For every encoder stage, and for the encoder of every network that learned its representation:
rank correlations of kernel width and noise level with a 15-neighbour prediction from other
images, as `dasr.training.validation` asks while a stage trains, but of more crops; the
untrained encoder's beside them. Prints CSV.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from dasr.architectures.calibration import calibrate, calibration_steps
from dasr.architectures.encoder import Encoder, build_encoder
from dasr.checkpoint import load_network, load_tensors
from dasr.config import ImageSetConfig, RunConfig, Stage, from_dict
from dasr.data import PackedImages, open_packed, pack, read_set
from dasr.data.batches import draw_batch
from dasr.data.patches import PatchSampler
from dasr.devices import use_device
from dasr.training import validation
from dasr.training.validation import ValidationCrops, validation_crops

CROPS = 6
"""Of a photograph: more than while training, where every second counts."""
PREFIX = "module.network.encoder."

Found = tuple[str, Stage, Encoder]
"""What an encoder is called, the stage that it comes from, and the encoder."""


def photographs(folder: Path, every: int, packed: Path) -> PackedImages:
    """Return every n-th photograph of a folder, packed."""
    names = sorted(path.stem for path in folder.iterdir())[::every]
    chosen = ImageSetConfig(
        name="Photographs", source="folder", folder=folder.name, only=tuple(names)
    )
    pack("Photographs", read_set(chosen, folder.parent), packed / "p.bin", packed / "p.csv")
    return open_packed(packed / "p.bin", packed / "p.csv")


def encoders(results: Path, train_sets: Sequence[str]) -> Iterator[Found]:
    """Yield each stage's encoder, the untrained one before it, and those of networks."""
    device = use_device(1, gpu=False)
    for record in sorted(results.glob("encoders/*/run.yaml")):
        stage = from_dict(Stage, yaml.safe_load(record.read_text("utf-8"))["config"], "stage")
        assert stage.encoder is not None
        sets = [
            open_packed(results / f"data/train/{name}.bin", results / f"data/train/{name}.csv")
            for name in train_sets
        ]
        sampler = PatchSampler(sets, stage.training.patch_size * stage.scale)
        encoder = build_encoder(stage.encoder, stage.seed)
        steps = calibration_steps(stage.training.batch_size)
        batches = (draw_batch(stage, sampler, step, device) for step in steps)
        calibrate(encoder, (batch.lr_images[:, 0] for batch in batches))
        yield "untrained", stage, encoder
        tensors, _ = load_tensors(record.with_name("state.safetensors"))
        own = {k.removeprefix(PREFIX): v for k, v in tensors.items() if k.startswith(PREFIX)}
        encoder.load_state_dict(own)
        yield "encoder stage", stage, encoder.eval()
    for record in sorted(results.glob("runs/*/*/*/*/run.yaml")):
        run = yaml.safe_load(record.read_text("utf-8"))
        if "config" not in run:
            continue  # imported
        config = from_dict(RunConfig, run["config"], str(record))
        network, _ = load_network(record.with_name("model.safetensors"))
        if isinstance(network.encoder, Encoder):
            yield config.method, config.joint_stage(), network.encoder.eval()


def main() -> None:
    """Print the ranks of all encoders of a study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--train-sets", nargs="+", default=["leaves"], help="of encoder stages")
    options = parser.parse_args()
    validation.CROPS = CROPS
    rows: list[dict[str, object]] = []
    known: dict[str, dict[str, ValidationCrops]] = {}
    with tempfile.TemporaryDirectory() as folder:
        images = photographs(options.photographs, options.every, Path(folder))
        for name, stage, encoder in encoders(options.results, options.train_sets):
            key = f"{stage.degradation} {stage.scale}"
            if key not in known:
                known[key] = validation_crops(stage, [images])
            ranks = {one: crops.rank(encoder) for one, crops in known[key].items()}
            keys = {"encoder": name, "scale": stage.scale, "seed": stage.seed}
            rows.append({**keys, "images": len(images), **ranks})
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
