"""What a study is: frozen dataclasses, strict loading, overrides. No torch here."""

from dasr.config.architectures import ARCHITECTURES, architecture_module
from dasr.config.contrastive import ContrastiveConfig
from dasr.config.degradation import SCALES, Degradation, DegradationConfig, GridConfig
from dasr.config.embedded import ClusteringConfig, RepresentationConfig
from dasr.config.embedding import EmbeddingConfig
from dasr.config.folders import image_files, list_images, relative_root
from dasr.config.image_file import open_image, require_regular
from dasr.config.kernel import KERNEL_SIZE, Kernel
from dasr.config.layers import layered
from dasr.config.method import MethodConfig, TrainingConfig
from dasr.config.methods import ImportedConfig, SweepConfig, sweep_figures
from dasr.config.models.base import EncoderConfig, ModelConfig
from dasr.config.models.dasr import DASRConfig
from dasr.config.network_file import ImportedModel
from dasr.config.provenance import digest, git_commit, source_digest
from dasr.config.regime import RegimeConfig
from dasr.config.run import RunConfig, Stage
from dasr.config.schema import ImageSetConfig, StudyConfig
from dasr.config.strict import apply_overrides, from_dict, to_dict
from dasr.config.study import Study, load_study
from dasr.config.swept import own_value
from dasr.config.tested import EvaluationConfig
from dasr.config.variants import Variant, discover_variants
from dasr.config.yaml_files import read_yaml
from dasr.terms.columns import BICUBIC

__all__ = [
    "ARCHITECTURES",
    "BICUBIC",
    "KERNEL_SIZE",
    "SCALES",
    "ClusteringConfig",
    "ContrastiveConfig",
    "DASRConfig",
    "Degradation",
    "DegradationConfig",
    "EmbeddingConfig",
    "EncoderConfig",
    "EvaluationConfig",
    "GridConfig",
    "ImageSetConfig",
    "ImportedConfig",
    "ImportedModel",
    "Kernel",
    "MethodConfig",
    "ModelConfig",
    "RegimeConfig",
    "RepresentationConfig",
    "RunConfig",
    "Stage",
    "Study",
    "StudyConfig",
    "SweepConfig",
    "TrainingConfig",
    "Variant",
    "apply_overrides",
    "architecture_module",
    "digest",
    "discover_variants",
    "from_dict",
    "git_commit",
    "image_files",
    "layered",
    "list_images",
    "load_study",
    "open_image",
    "own_value",
    "read_yaml",
    "relative_root",
    "require_regular",
    "source_digest",
    "sweep_figures",
    "to_dict",
]
