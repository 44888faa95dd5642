"""What every architecture's configuration tells of it."""

from dataclasses import dataclass, field
from typing import Literal

from dasr.config.checks import require
from dasr.config.models.denoiser import DenoiserConfig
from dasr.config.models.parts import PartConfig
from dasr.config.strict import ADDED

OF_IMAGES = ("learned", "predicted")
"""Representations that are made of an image alone: they can be clustered and drawn."""


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """What decides a degradation encoder: networks that agree in it can share one."""

    features: int
    """Channels of the first layer; the representation has four times as many."""


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Base of the architectures' configurations; each has defaults of the first two fields."""

    architecture: str
    """Name in `ARCHITECTURES`, and of the module of dasr.architectures that builds it."""
    representation: str
    """What restoring an image is conditioned on: "learned" (of the image, by an encoder that
    contrast can train), "predicted" (of the image, by an estimate of its degradation),
    "oracle" (of its true degradation, which an image of unknown degradation has not), or
    "none"."""
    denoise_first: Literal["dncnn"] | None = field(default=None, metadata=ADDED)
    """A denoiser that LR images go through first, trained in a stage of its own; the network
    itself trains without noise and compression."""
    denoiser_layers: int = field(default=20, metadata=ADDED)
    """Convolutions of DnCNN; 20 is its blind colour version."""
    denoiser_features: int = field(default=64, metadata=ADDED)
    """Channels of DnCNN."""

    def __post_init__(self) -> None:
        """Refuse a denoiser before a learned representation, and sizes of none.

        Raises:
            ValueError: as said; or sizes that cannot be built.
        """
        if self.denoiser is None:
            for name in ("denoiser_layers", "denoiser_features"):
                default = type(self).__dataclass_fields__[name].default
                require(
                    getattr(self, name) == default,
                    f"{name} {getattr(self, name)} without denoise_first: nothing reads it",
                )
        else:
            require(
                self.encoder is None,
                f"denoise_first {self.denoise_first!r}: a learned representation tells noise "
                "by itself: set it to null",
            )

    @property
    def blocks(self) -> int | None:
        """Blocks of the generator, one behind the other; None where nothing is called so."""
        return None

    @property
    def encoder(self) -> EncoderConfig | None:
        """The encoder that contrast and an encoder stage can train; None without one."""
        return None

    @property
    def own_parts(self) -> dict[str, PartConfig]:
        """The architecture's parts that are trained in stages of their own, by name."""
        return {}

    @property
    def denoiser(self) -> DenoiserConfig | None:
        """The denoiser in front, if there is one."""
        if self.denoise_first is None:
            return None
        return DenoiserConfig(
            num_layers=self.denoiser_layers, num_features=self.denoiser_features
        )

    @property
    def parts(self) -> dict[str, PartConfig]:
        """All parts with a stage of their own, in the order of their stages."""
        denoiser = self.denoiser
        return {**({} if denoiser is None else {"denoiser": denoiser}), **self.own_parts}
