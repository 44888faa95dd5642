"""The method: model, contrastive learning, training. Defaults are the paper's."""

from dataclasses import dataclass, field, fields
from typing import Literal

from dasr.config.architectures import AnyModelConfig, default_model
from dasr.config.checks import require

StageName = Literal["encoder", "joint"]


@dataclass(frozen=True, kw_only=True)
class ContrastiveConfig:
    """MoCo (paper, section 3.1)."""

    weight: float = 1.0
    """Weight of the contrastive loss beside L1 in the joint stage; 0 removes it."""
    temperature: float = 0.07
    momentum: float = 0.999
    """Momentum of the key encoder."""
    queue_size: int = 8192
    """Number of negative keys; a multiple of the batch size."""

    def __post_init__(self) -> None:
        """Refuse values outside their mathematical range."""
        require(self.weight >= 0, "weight must be at least 0")
        require(self.temperature > 0, "temperature must be positive")
        require(0 <= self.momentum < 1, "momentum must be in [0, 1)")
        require(self.queue_size > 0, "queue_size must be positive")


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

    @property
    def total_steps(self) -> int:
        """Steps of the whole stage."""
        return self.epochs * self.steps_per_epoch


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """Both stages (paper, section 4.1). One step sees `batch_size` pairs of patches."""

    batch_size: int = 32
    """Images a step; two patches are cut from each."""
    patch_size: int = 48
    """Side of an LR patch in pixels."""
    steps_per_epoch: int = 970
    encoder_epochs: int = 100
    """Epochs of the encoder-only stage; 0 removes the stage."""
    joint_epochs: int = 500
    encoder_learning_rate: float = 1.0e-3
    encoder_decay_epochs: int = 60
    """With schedule "step": the encoder's learning rate falls to a tenth after these."""
    joint_learning_rate: float = 1.0e-4
    joint_decay_epochs: int = 125
    """With schedule "step": the joint learning rate halves every so many epochs."""
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
        require(self.encoder_epochs >= 0, "encoder_epochs must be at least 0")
        require(self.encoder_learning_rate > 0, "encoder_learning_rate must be positive")
        require(self.joint_learning_rate > 0, "joint_learning_rate must be positive")

    def of_stage(self, stage: StageName) -> StageTraining:
        """Return what one stage trains by.

        A field `encoder_*` or `joint_*` is that stage's alone, any other is both stages':
        a new field that fits neither is refused here, and not forgotten.
        """
        others = "joint_" if stage == "encoder" else "encoder_"
        values = {
            item.name.removeprefix(f"{stage}_"): getattr(self, item.name)
            for item in fields(self)
            if not item.name.startswith(others)
        }
        return StageTraining(**values)


@dataclass(frozen=True, kw_only=True)
class MethodConfig:
    """What an ablation file may override: the method, and nothing it is tried on."""

    model: AnyModelConfig = field(default_factory=default_model)
    contrastive: ContrastiveConfig = field(default_factory=ContrastiveConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        """Check what spans two sections."""
        require(
            self.contrastive.queue_size % self.training.batch_size == 0,
            f"contrastive.queue_size {self.contrastive.queue_size} is not a multiple of "
            f"training.batch_size {self.training.batch_size}",
        )
        if self.model.encoder is None:
            require(
                self.contrastive.weight == 0 and self.training.encoder_epochs == 0,
                f"model: {self.model.architecture!r} with representation "
                f"{self.model.representation!r} has no encoder: set contrastive.weight "
                "and training.encoder_epochs to 0",
            )
