"""What a finished study's encoders know of photographs that no training saw.

    python -m benchmarks.photograph_ranks data/BSDS400/HR --every 10 > ranks.csv
    python -m benchmarks.photograph_ranks data/BSDS400/HR --every 10 --configfile config/x.yaml

In a folder with the study's results. For the untrained encoder, every encoder stage, and the
encoder of every network that learned its representation: rank correlations of kernel width and
of noise level with a 15-neighbour prediction from other images, of the classes that the study's
`embedding` tells apart, as in its table of clusters. Prints CSV.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dasr.architectures.encoder import Encoder, build_encoder
from dasr.checkpoint import load_network, load_tensors
from dasr.config import ImageSetConfig
from dasr.config.embedded import representations
from dasr.data import PackedImages, open_packed, pack, read_set
from dasr.devices import use_device
from dasr.embedding.jobs import labelled_points
from dasr.embedding.scores.neighbour_rank import SCORE
from dasr.evaluation.representations import Encoding, representation_arrays
from dasr.evaluation.untrained import UntrainedEncoder, untrained_encoder
from dasr.study import Plan, Run
from dasr.study.planning import planned_study
from dasr.study.representations import represented_runs, untrained_images, untrained_stage
from dasr.terms.tasks import TASKS

PREFIX = "module.network.encoder."
"""Of the encoder's tensors in the state of an encoder stage."""


def photographs(folder: Path, every: int, packed: Path) -> PackedImages:
    """Return every n-th photograph of a folder, packed."""
    names = sorted(path.stem for path in folder.iterdir())[::every]
    chosen = ImageSetConfig(
        name="Photographs", source="folder", folder=folder.name, only=tuple(names)
    )
    pack("Photographs", read_set(chosen, folder.parent), packed / "p.bin", packed / "p.csv")
    return open_packed(packed / "p.bin", packed / "p.csv")


def encoders(plan: Plan) -> Iterator[tuple[str, Run, Encoding]]:
    """Yield everything with representations: what it is called, its run, and what encodes."""
    for run in represented_runs(plan):
        if run.method.kind == "untrained":
            files = (
                [Path(one) for one in untrained_images(plan, run, s)] for s in ("bin", "csv")
            )
            yield run.method.name, run, untrained_encoder(untrained_stage(plan, run), *files)
            continue
        network, _ = load_network(Path(plan.network_file(run)))
        yield run.method.name, run, network.eval()
        stage, folder = untrained_stage(plan, run), plan.encoder_folder(run)
        if run.method.name == plan.config.reference and folder is not None:
            assert stage.encoder is not None
            tensors, _ = load_tensors(Path(folder) / "state.safetensors")
            own = {
                k.removeprefix(PREFIX): v for k, v in tensors.items() if k.startswith(PREFIX)
            }
            encoder: Encoder = build_encoder(stage.encoder, stage.seed)
            encoder.load_state_dict(own)
            yield "encoder stage", run, UntrainedEncoder(encoder.eval())


def main() -> None:
    """Print the ranks of all encoders of a study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--configfile", type=Path, nargs="*", default=[])
    parser.add_argument("--config", nargs="*", default=[])
    options = parser.parse_args()
    device = use_device(1, gpu=False)
    plan = Plan(planned_study(options.configfile, options.config))
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        images = photographs(options.photographs, options.every, Path(folder))
        for name, run, network in encoders(plan):
            asked = representations(plan.config.embedding, plan.regime(run.regime).train)
            arrays = representation_arrays(
                network, images, asked, scale=run.scale, device=device
            )
            ranks = {}
            for task in (TASKS[one] for one in asked.classes if TASKS[one].ordered):
                points = labelled_points(arrays, task, 0)
                ranks[task.name] = round(
                    float(SCORE.under_labels(points, points.codes[None])[0]), 4
                )
            keys = {"encoder": name, "regime": run.regime, "scale": run.scale, "seed": run.seed}
            rows.append({**keys, "images": len(images), **ranks})
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
