"""The queue's age as a shortcut of contrastive learning, measured on dead leaves.

    python -m benchmarks.contrastive_shortcut

trains three encoder stages without noise, widths 0.2 to 4.0 at x4, on one thread, and writes
their histories to docs/contrastive_shortcut.csv, which docs/troubleshooting.md quotes, and the
figure beside it. They take some five minutes. Nothing of it depends on a study's file.
"""

import math
import tempfile
from pathlib import Path
from shutil import copyfile

import pandas as pd
import torch
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dasr.config import ContrastiveConfig, DegradationConfig, ImageSetConfig, Stage
from dasr.config.method import StageTraining
from dasr.config.models.base import EncoderConfig
from dasr.data import PackedImages, open_packed, pack, read_set
from dasr.data.patches import PatchSampler
from dasr.reporting.drawing.diagnosis import draw_ages, draw_ranks
from dasr.reporting.drawing.histories import CHANCE, draw_column
from dasr.reporting.drawing.panels import legend_above, method_handles, panel_rows
from dasr.reporting.drawing.style import COLOURS, LINES, save_figure, styled
from dasr.terms.history import LOSS, old_in_queue
from dasr.training.context import RunContext
from dasr.training.loop import train_encoder
from dasr.training.record import write_history

FILE = Path("docs/contrastive_shortcut.csv")
HEIGHT = 2.1
"""Of the panels, in inches."""
SCALE, SEED, STEPS_PER_EPOCH = 4, 1, 100
QUEUE = ContrastiveConfig(negatives="queue", queue_size=1024, momentum=0.99)
BATCH = ContrastiveConfig(negatives="batch", queue_size=None, momentum=None)


def _training(pairs: int, side: int, steps: int, learning_rate: float) -> StageTraining:
    return StageTraining(
        batch_size=pairs,
        patch_size=side,
        steps_per_epoch=STEPS_PER_EPOCH,
        epochs=steps // STEPS_PER_EPOCH,
        learning_rate=learning_rate,
        decay_epochs=60,
        schedule="cosine",
        precision="float32",
        compile=False,
    )


STAGES = {
    "queue": (QUEUE, _training(8, 24, 1500, 2e-3)),
    "batch of 8": (BATCH, _training(8, 24, 1500, 2e-3)),
    "batch of 64": (BATCH, _training(64, 16, 900, 1e-3)),
}
"""By the column `stage`. The first two differ in where negatives come from, and in nothing
else; the third is sized for negatives of the batch."""


def leaves(name: str, images: int, seed: int, folder: Path) -> PackedImages:
    """Return dead leaves of 256x256 HR pixels."""
    config = ImageSetConfig(
        name=name, source="dead_leaves", num_images=images, image_size=256, seed=seed
    )
    files = [folder / f"{name}.{ending}" for ending in ("bin", "csv")]
    pack(name, read_set(config, Path()), *files)
    return open_packed(*files)


def measure(folder: Path) -> pd.DataFrame:
    """Return the histories of all stages."""
    train, validation = leaves("train", 400, 1, folder), leaves("validation", 40, 3, folder)
    found = []
    for name, (contrastive, training) in STAGES.items():
        stage = Stage(
            name="encoder",
            scale=SCALE,
            seed=SEED,
            degradation=DegradationConfig(kernel_width={SCALE: (0.2, 4.0)}),
            encoder=EncoderConfig(features=32),
            contrastive=contrastive,
            training=training,
        )
        sampler = PatchSampler([train], training.patch_size * SCALE)
        context = RunContext(folder / name, "", checkpoint_seconds=3600.0)
        state = train_encoder(stage, sampler, context, [validation])
        path = folder / f"{name}.csv"
        write_history(state.history, {"stage": name}, path)
        found.append(pd.read_csv(path))
        print(f"{name}: {state.cpu_seconds:.0f} CPU seconds", flush=True)
    return pd.concat(found, ignore_index=True)


def draw(rows: pd.DataFrame) -> Figure:
    """Return the figure of all stages: loss, age of what is confused, ranks."""
    looks = {
        name: {"color": color, "linestyle": linestyle}
        for name, color, linestyle in zip(STAGES, COLOURS, LINES, strict=False)
    }
    keyed = rows.assign(method=rows["stage"], stage="encoder", seed=SEED)
    figure, ((losses, ages, ranks),) = panel_rows([3], HEIGHT)
    draw_column(losses, keyed[keyed[LOSS].notna()], LOSS, looks)
    for name, (contrastive, training) in STAGES.items():
        chance = math.log(1 + contrastive.negatives_of_query(training.batch_size))
        losses.axhline(chance, **{**CHANCE, "color": looks[name]["color"]})
    losses.set(title="Encoder stage", xlabel="Step", ylabel="Contrastive loss (nats)")
    queue, training = STAGES["queue"]
    assert queue.queue_size is not None
    expected = old_in_queue(queue.queue_size, training.batch_size)
    entries = [Line2D([], [], label="chance", **CHANCE)]
    entries += [*draw_ages(ages, keyed, looks, [expected]), *draw_ranks(ranks, keyed, looks)]
    legend_above(figure, [*method_handles({}, looks), *entries])
    return figure


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as root, styled():
        measure(Path(root)).to_csv(FILE, index=False, lineterminator="\n")
        drawn = Path(root, FILE.stem)
        save_figure(draw(pd.read_csv(FILE)), drawn)
        copyfile(drawn.with_suffix(".png"), FILE.with_suffix(".png"))
