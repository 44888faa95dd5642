"""The method: model, contrastive learning, training. Defaults are the paper's."""

from dataclasses import dataclass, field, fields
from typing import Literal

from dasr.config.architectures import AnyModelConfig, default_model
from dasr.config.checks import require
from dasr.config.contrastive import ContrastiveConfig
from dasr.config.models.parts import PartTraining
from dasr.config.strict import ADDED

StageName = str
"""Of a stage: "encoder", "joint", or the name of a part that is trained between them."""


@dataclass(frozen=True, kw_only=True)
class StageTraining:
    """One stage's training; what each number is says `TrainingConfig`."""

    batch_size: int
    patch_size: int
    steps_per_epoch: int
    epochs: int
    learning_rate: float
    decay_epochs: int
    schedule: Literal["step", "cosine"]
    precision: Literal["float32", "tf32", "bf16"]
    compile: bool
    encoder_rate_share: float = 1.0
    """`joint_encoder_rate_share`."""
    contrastive_batch_size: int | None = None
    """Of the contrastive term, where it has patches of its own."""
    contrastive_patch_size: int | None = None

    @property
    def total_steps(self) -> int:
        """Steps of the whole stage."""
        return self.epochs * self.steps_per_epoch


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Both stages (paper, section 4.1). One step sees `batch_size` pairs of patches."""

    degradations: Literal["regime", "bicubic"] = field(default="regime", metadata=ADDED)
    """What LR patches go through: all that the regime trains with, or bicubic reduction alone,
    without blur, noise or compression, as networks for one degradation are trained."""
    batch_size: int = 32
    """Images a step; two patches are cut from each."""
    patch_size: int = 48
    """Side of an LR patch in pixels."""
    encoder_batch_size: int | None = None
    """Of the encoder stage, where it is not `batch_size` (not in the paper)."""
    encoder_patch_size: int | None = None
    """Of the encoder stage, where it is not `patch_size` (not in the paper)."""
    steps_per_epoch: int = 970
    encoder_epochs: int = 100
    """Epochs of the encoder-only stage; 0 removes the stage."""
    joint_epochs: int = 500
    joint_steps_per_epoch: int | None = field(default=None, metadata=ADDED)
    """Of the joint stage, where it is not `steps_per_epoch`: set by `equal: seconds`, under
    which schedules keep their epochs and epochs change their length."""
    encoder_learning_rate: float = 1.0e-3
    encoder_decay_epochs: int = 60
    """With schedule "step": the encoder's learning rate falls to a tenth after these."""
    joint_learning_rate: float = 1.0e-4
    joint_encoder_rate_share: float = 1.0
    """Share of the joint learning rate that an encoder with an encoder stage goes on at: 1 in
    the paper; 0 keeps it still, with the normalisation statistics that it has."""
    joint_decay_epochs: int = 125
    """With schedule "step": the joint learning rate halves every so many epochs."""
    parts: dict[str, PartTraining] = field(default_factory=dict, hash=False, metadata=ADDED)
    """Of each of the model's parts that have a stage of their own, by its name."""
    schedule: Literal["step", "cosine"] = "step"
    """"step" is the paper's. "cosine" (not in the paper): a short linear warm-up, then half
    a cosine down to zero, in each stage."""
    precision: Literal["float32", "tf32", "bf16"] = "float32"
    """Of convolutions and linear layers in training. "bf16" (not in the paper) keeps
    weights, optimizer, queue, normalisation statistics and losses in float32; it is faster
    where the processor has units for it. "tf32" is float32 with products of 10 mantissa
    bits, on CUDA devices only. Networks are evaluated in float32 in any case."""
    compile: bool = False
    """Whether encoder and generator go through torch.compile, with CUDA graphs on a GPU.
    On a CPU it needs a C++ compiler and was slower (docs/performance.md)."""

    def __post_init__(self) -> None:
        """Refuse empty batches, negative stages and learning rates that cannot learn."""
        for name in ("batch_size", "patch_size", "steps_per_epoch", "joint_epochs"):
            require(getattr(self, name) > 0, f"{name} must be positive")
        for name in ("encoder_decay_epochs", "joint_decay_epochs"):
            require(getattr(self, name) > 0, f"{name} must be positive")
        for name in ("encoder_batch_size", "encoder_patch_size", "joint_steps_per_epoch"):
            value = getattr(self, name)
            require(value is None or value > 0, f"{name} must be positive")
        require(self.encoder_epochs >= 0, "encoder_epochs must be at least 0")
        require(self.encoder_learning_rate > 0, "encoder_learning_rate must be positive")
        require(self.joint_learning_rate > 0, "joint_learning_rate must be positive")
        share = self.joint_encoder_rate_share
        require(0 <= share <= 1, "joint_encoder_rate_share must be in [0, 1]")

    def of_stage(self, stage: StageName) -> StageTraining:
        """Return what one stage trains by.

        A field `encoder_*` or `joint_*` is that stage's alone, any other is both stages',
        unless the stage has one of that name for itself: a new field that fits neither is
        refused here, and not forgotten. `degradations` is what a run makes of its regime.
        """
        others = tuple(f"{name}_" for name in ("encoder", "joint") if name != stage)
        values = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("parts", "degradations") and not item.name.startswith(others)
        }
        if stage in self.parts:
            return StageTraining(**values, **vars(self.parts[stage]))
        own = {name for name in values if name.startswith(f"{stage}_")}
        for name in sorted(own):
            value = values.pop(name)
            if value is not None:
                values[name.removeprefix(f"{stage}_")] = value
        return StageTraining(**values)


@dataclass(frozen=True, kw_only=True)
class MethodConfig:
    """What an ablation file may override: the method, and nothing it is tried on."""

    model: AnyModelConfig = field(default_factory=default_model)
    contrastive: ContrastiveConfig = field(default_factory=ContrastiveConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        """Check what spans two sections."""
        if self.contrastive.enabled:
            require(
                self.model.encoder is not None,
                f"model: {self.model.architecture!r} with representation "
                f"{self.model.representation!r} has no encoder: set contrastive.enabled to "
                "false",
            )
            self._check_contrast()
        self._check_parts()

    @property
    def has_encoder_stage(self) -> bool:
        """Whether an encoder is trained by contrast before the generator takes part."""
        return self.contrastive.enabled and self.training.encoder_epochs > 0

    @property
    def contrastive_batches(self) -> dict[StageName, int]:
        """Images of a step's contrastive term, by the stages that have one."""
        own, found = self.training.of_stage("encoder").batch_size, dict[StageName, int]()
        if self.has_encoder_stage:
            found["encoder"] = own
        if self.contrastive.has_term:
            shared = self.contrastive.joint_patches == "shared"
            found["joint"] = self.training.batch_size if shared else own
        return found

    def _check_parts(self) -> None:
        asked, given = set(self.model.parts), set(self.training.parts)
        for name in sorted(asked - given):
            require(
                False,
                f"training.parts: missing key {name!r}: epochs, learning_rate and "
                f"decay_epochs of the stage that trains the model's {name}",
            )
        for name in sorted(given - asked):
            require(
                False,
                f"training.parts: {name!r}: this model has no such part; it has "
                f"{sorted(asked)}",
            )

    def _check_contrast(self) -> None:
        contrastive, batches = self.contrastive, self.contrastive_batches
        require(
            len(batches) > 0,
            "contrastive.enabled: neither stage has a contrastive loss (contrastive.weight "
            "0, training.encoder_epochs 0): set it to false",
        )
        kept_still = self.has_encoder_stage and self.training.joint_encoder_rate_share == 0
        require(
            not (kept_still and "joint" in batches),
            f"contrastive.weight {contrastive.weight} with "
            "training.joint_encoder_rate_share 0: an encoder that is kept still learns "
            "nothing from it: set it to 0",
        )
        require(
            contrastive.joint_patches == "shared" or "joint" in batches,
            "contrastive.joint_patches 'own': the joint stage has no contrastive term: set it "
            "to 'shared'",
        )
        require(
            "encoder" in batches or self.training.joint_encoder_rate_share == 1,
            "training.joint_encoder_rate_share: without an encoder stage the encoder learns at "
            "the whole rate: set it to 1",
        )
        size = contrastive.queue_size
        for stage, batch in batches.items():
            require(
                size is None or size % batch == 0,
                f"contrastive.queue_size {size} is not a multiple of the {stage} stage's "
                f"batch_size {batch}",
            )
            require(
                batch > 1 or (size is not None and contrastive.positives == "same_image"),
                f"contrastive: the {stage} stage's batch_size 1 has no other image, which "
                f"negatives {contrastive.negatives!r} or positives {contrastive.positives!r} "
                "need",
            )
