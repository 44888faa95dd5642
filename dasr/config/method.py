"""The method: architecture, contrastive learning, training. Defaults are the paper's."""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Architecture of encoder and generator; the defaults are the paper's network."""

    num_groups: int = 5
    """Residual groups in the generator."""
    num_blocks: int = 5
    """DA blocks in a group."""
    num_features: int = 64
    """Channels of the generator."""
    encoder_features: int = 64
    """Channels of the encoder's first layer; the representation has four times as many."""
    compressed_features: int = 64
    """Size of the compressed representation that conditions the generator."""
    reduction: int = 8
    """Channel reduction inside the modulation branch."""
    representation: Literal["learned", "oracle"] = "learned"
    """Where the representation comes from: the encoder, or the true degradation."""
    kernel_branch: bool = True
    """DA conv, branch 1: a depth-wise kernel predicted from the representation."""
    channel_branch: bool = True
    """DA conv, branch 2 ("CA"): channel coefficients from the representation."""
    concatenation: bool = False
    """Stretch the representation over the image and concatenate it with the features."""
    bicubic_skip: bool = False
    """Not in the paper: add the bicubic enlargement, so that the network learns the rest."""
    upsampler: Literal["staged", "single"] = "staged"
    """"staged": the paper's (x4 as x2 twice). "single" (not in the paper): one convolution
    straight to scale**2 * 3 channels and one pixel shuffle."""

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be built and a representation nobody reads."""
        for name in (
            "num_groups",
            "num_blocks",
            "num_features",
            "encoder_features",
            "compressed_features",
            "reduction",
        ):
            require(getattr(self, name) > 0, f"{name} must be positive")
        require(
            self.kernel_branch or self.channel_branch or self.concatenation,
            "kernel_branch, channel_branch and concatenation are all off: "
            "nothing would read the representation",
        )

    @property
    def representation_features(self) -> int:
        """Size of the representation."""
        return 4 * self.encoder_features


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


@dataclass(frozen=True, kw_only=True)
class MethodConfig:
    """What an ablation file may override: the method, and nothing it is tried on."""

    model: ModelConfig = field(default_factory=ModelConfig)
    contrastive: ContrastiveConfig = field(default_factory=ContrastiveConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        """Check what spans two sections."""
        require(
            self.contrastive.queue_size % self.training.batch_size == 0,
            f"contrastive.queue_size {self.contrastive.queue_size} is not a multiple of "
            f"training.batch_size {self.training.batch_size}",
        )
        if self.model.representation == "oracle":
            require(
                self.contrastive.weight == 0 and self.training.encoder_epochs == 0,
                "model.representation 'oracle' has no encoder: set contrastive.weight "
                "and training.encoder_epochs to 0",
            )
