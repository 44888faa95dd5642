"""A run and its stages: what decides the weights of one network."""

from dataclasses import dataclass, replace

from dasr.config.checks import require
from dasr.config.degradation import DegradationConfig
from dasr.config.kernel import KERNEL_SIZE
from dasr.config.method import ContrastiveConfig, MethodConfig, StageName, StageTraining
from dasr.config.models.base import EncoderConfig
from dasr.terms.quantities import NOISE_LEVEL

ORACLE_QUANTITIES = (NOISE_LEVEL,)
"""What the oracle encodes beside the kernel."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of a training: what a step of it draws, and how it learns.

    An encoder stage is decided by this and the images alone. Variants that agree in all of
    it share one trained encoder: the generator takes no part in the stage, so training it
    once per variant would compute the same bits again.
    """

    name: StageName
    scale: int
    seed: int
    degradation: DegradationConfig
    encoder: EncoderConfig | None
    contrastive: ContrastiveConfig
    training: StageTraining


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything but the training images that decides the weights of one network."""

    method: str
    regime: str
    scale: int
    seed: int
    degradation: DegradationConfig
    settings: MethodConfig

    def __post_init__(self) -> None:
        """Refuse patches that the blur's reflect padding cannot serve."""
        side = self.settings.training.patch_size * self.scale
        require(
            side > KERNEL_SIZE // 2,
            f"training.patch_size {self.settings.training.patch_size} gives HR patches of "
            f"{side} pixels; the blur needs more than {KERNEL_SIZE // 2}",
        )
        if self.settings.model.representation == "oracle":
            unknown = [
                one.name for one in self.degradation.seen() if one not in ORACLE_QUANTITIES
            ]
            require(
                not unknown,
                f"{self.method}: representation: oracle encodes kernel and noise level, but "
                f"not {', '.join(unknown)}, which regime {self.regime} trains with",
            )

    def encoder_stage(self) -> Stage | None:
        """Return the encoder-only stage, or None for a method that has none.

        The contrastive loss is its only one, whatever its weight beside L1 is later.
        """
        if self.settings.training.encoder_epochs == 0:
            return None
        return self._stage("encoder", replace(self.settings.contrastive, weight=1.0))

    def joint_stage(self) -> Stage:
        """Return the stage of the whole network."""
        return self._stage("joint", self.settings.contrastive)

    def _stage(self, name: StageName, contrastive: ContrastiveConfig) -> Stage:
        return Stage(
            name=name,
            scale=self.scale,
            seed=self.seed,
            degradation=self.degradation,
            encoder=self.settings.model.encoder,
            contrastive=contrastive,
            training=self.settings.training.of_stage(name),
        )
