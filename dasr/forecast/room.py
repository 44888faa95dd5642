"""What a study takes: on the disk, and in memory while it trains."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from dasr.config import RegimeConfig
from dasr.config.complaints import ImageSize
from dasr.config.crops import crop_corners
from dasr.config.embedded import classes
from dasr.evaluation.examples import CROP, MAX_IMAGES, THUMBNAIL
from dasr.forecast.steps import FLOAT, StepCosts
from dasr.forecast.trainings import Training
from dasr.study import Plan, Run

Sizes = Mapping[str, Sequence[ImageSize] | None]
"""The images of each set by its name; None where they are not known."""

MEGABYTE = 1e6
ROW_BYTES = 120
"""Of a row of metrics in CSV, about: 117 in the default study."""
PROCESS_BYTES = 480e6
"""Of a training without activations: interpreter, PyTorch and its work space, HR and LR
patches. With it and `KEPT_FACTOR`, peaks of four trainings on a CPU (0.5 to 2.6 GB, encoder
stage to the paper's network) are met within 4 %."""
KEPT_FACTOR = 1.8
"""Peak of what a step allocates over what it keeps for its backward pass: gradients of
activations exist beside them."""


@dataclass(frozen=True)
class Disk:
    """Bytes of a whole study; tables, figures and MLflow's database come on top."""

    packed_images: float
    networks: float
    shared_states: float
    representations: float
    """At most: files are compressed."""
    examples: float
    """At most: files are compressed."""
    rows: float
    checkpoints: float
    """Networks before the last of a training, and their rows."""
    mlflow: float
    """Copies of networks and rows."""

    @property
    def total(self) -> float:
        """Sum of all."""
        return float(sum(getattr(self, one.name) for one in fields(self)))


def disk_of(
    plan: Plan, trainings: Iterable[Training], train: Sizes, test: Sizes, costs: StepCosts
) -> Disk:
    """Return what a study takes on the disk; sets of unknown sizes count as nothing.

    Finished stages are hard links of their files, which count once.
    """
    networks = states = 0.0
    for one in trainings:
        cost = costs.of(one.stage, one.model)
        networks += cost.network_bytes  # none in an encoder stage
        states += 0 if one.method else cost.state_bytes
    packed = sum(
        3.0 * image.height * image.width
        for sets in (train, test)
        for images in sets.values()
        for image in images or ()
    )
    rows = {kind: 0.0 for kind in ("baseline", "imported", "trained")}
    represented = shown = 0.0
    for run in plan.runs():
        for images in test.values():
            rows[run.method.kind] += _rows(plan, run, images or ()) * ROW_BYTES
            represented += _represented(plan, run, images or ())
            shown += _shown(run.scale, len(images or ()))
    every = sum(rows.values())
    published = every - rows["baseline"]
    checkpoints = len(plan.config.checkpoints) * (networks + rows["trained"])
    return Disk(
        packed_images=packed,
        networks=networks,
        shared_states=states,
        representations=represented,
        examples=shown,
        rows=2 * every,
        checkpoints=checkpoints,
        mlflow=networks + published,
    )


@dataclass(frozen=True)
class Memory:
    """Bytes in memory while a study trains."""

    per_training: float
    """Of the largest; 0 if none is left."""
    at_once: float
    """Of trainings side by side; training images are mapped from the disk besides."""
    unfinished: float
    """On the disk meanwhile: states of trainings side by side."""


def memory_of(trainings: Iterable[Training], by_side: int, costs: StepCosts) -> Memory:
    """Return what the trainings that are left take, the largest of them side by side."""
    left = [costs.of(one.stage, one.model) for one in trainings if one.steps]
    needs = sorted(
        (
            PROCESS_BYTES + cost.state_bytes + cost.gradient_bytes
            + KEPT_FACTOR * cost.kept_bytes
            for cost in left
        ),
        reverse=True,
    )  # fmt: skip
    states = sorted((float(cost.state_bytes) for cost in left), reverse=True)
    return Memory(max(needs, default=0.0), sum(needs[:by_side]), sum(states[:by_side]))


def _rows(plan: Plan, run: Run, images: Sequence[ImageSize]) -> int:
    regime = plan.regime(run.regime)
    return len(images) * len(regime.test_degradations(run.scale))


def _represented(plan: Plan, run: Run, images: Sequence[ImageSize]) -> float:
    """Return the bytes of representations of a network that is trained here."""
    settings = run.method.settings
    if settings is None or settings.model.encoder is None:
        return 0.0
    numbers = 4 * settings.model.encoder.features
    points = _points(plan, plan.regime(run.regime), run.scale, images)
    return float(points * numbers * FLOAT)


def _points(plan: Plan, regime: RegimeConfig, scale: int, images: Sequence[ImageSize]) -> int:
    config = plan.config.embedding
    levels = sum(map(len, classes(config, regime.train).values()))
    crops = sum(
        len(
            crop_corners(
                image.height // scale,
                image.width // scale,
                config.crop_size,
                config.crops_per_image,
            )
        )
        for image in images
    )
    return levels * crops


def _shown(scale: int, images: int) -> float:
    """Return the bytes of example crops: SR, HR and LR, and the whole image, reduced."""
    one = 3 * (2 * CROP**2 + (CROP // scale) ** 2 + THUMBNAIL**2)
    return float(one * min(images, MAX_IMAGES))
