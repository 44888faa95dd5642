"""Digests of configurations and of code."""

import ast
import dataclasses
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dasr.config import (
    ARCHITECTURES,
    ContrastiveConfig,
    DegradationConfig,
    RunConfig,
    architecture_module,
    digest,
    git_commit,
    provenance,
    source_digest,
)
from dasr.config.first_pass import FirstPassConfig
from dasr.config.models.parts import PartTraining
from dasr.config.provenance import import_closure
from dasr.config.strict import ADDED
from tests.tiny import run_config

OTHER_VALUES: dict[str, Any] = {
    "method": "other",
    "regime": "other",
    "scale": 3,
    "seed": 7,
    "degradation.blur": "anisotropic",
    "degradation.kernel_width": {2: (0.2, 3.0)},
    "degradation.noise_level": (0.0, 6.0),
    "degradation.downsample": "s-fold",
    "degradation.first_pass": DegradationConfig(
        kernel_width={2: (0.2, 2.0)}, first_pass=FirstPassConfig(kernel_width=(0.2, 2.0))
    ),
    "degradation.jpeg_quality": (30, 95),
    "settings.model.representation": "oracle",
    "settings.model.upsampler": "single",
    "settings.training.degradations": "bicubic",
    "settings.training.schedule": "cosine",
    "settings.training.precision": "bf16",
    "settings.training.encoder_batch_size": 4,
    "settings.training.encoder_patch_size": 12,
    "settings.training.joint_steps_per_epoch": 12,
    "settings.training.joint_encoder_rate_share": 0.5,
    "settings.contrastive.positives": "other_image",
    "settings.contrastive.joint_patches": "own",
    "settings.contrastive.negatives": ContrastiveConfig(
        enabled=False, negatives="batch", queue_size=None, momentum=None
    ),
}
"""Values that no rule derives from the field's type."""


ONE_VALUE = {
    "settings.model.architecture",
    "settings.model.denoise_first",
    "settings.model.denoiser_layers",
    "settings.model.denoiser_features",
    "settings.training.parts",
}
"""Fields that are the same in all configurations of a class, and those of a denoiser, which
change together: `test_a_denoiser_changes_the_digest`."""


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(value):
        item, name = getattr(value, field.name), prefix + field.name
        if dataclasses.is_dataclass(item):
            yield from _leaves(item, name + ".")
        else:
            yield name, item


def _replaced(value: Any, path: list[str], leaf: Any) -> Any:
    if len(path) > 1:
        leaf = _replaced(getattr(value, path[0]), path[1:], leaf)
    return dataclasses.replace(value, **{path[0]: leaf})


def _base() -> RunConfig:
    """Return a run in which any single field may change without breaking a rule."""
    return run_config(
        model={"concatenation": True},
        contrastive={"enabled": False},
        degradation=DegradationConfig(kernel_width={2: (0.2, 2.0)}),
    )


def _other(name: str, value: Any) -> Any:
    if name in OTHER_VALUES:
        return OTHER_VALUES[name]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value / 2 + 0.25


@pytest.mark.parametrize(
    "name", [name for name, _ in _leaves(_base()) if name not in ONE_VALUE]
)
def test_every_field_of_a_run_changes_its_digest(name: str) -> None:
    base = _base()
    value = dict(_leaves(base))[name]
    other, path = _other(name, value), name.split(".")
    if dataclasses.is_dataclass(other):  # a field that changes with others of its section
        path = path[:-1]
    changed = _replaced(base, path, other)
    assert digest(changed) != digest(base)


def _denoised(epochs: int = 1, **changes: Any) -> RunConfig:
    training = PartTraining(epochs=epochs, learning_rate=0.001, decay_epochs=1)
    return run_config(
        model={"representation": "oracle", "denoise_first": "dncnn", **changes},
        contrastive={"enabled": False},
        training={"parts": {"denoiser": training}},
    )


def test_a_denoiser_changes_the_digest() -> None:
    oracle = {"model": {"representation": "oracle"}, "contrastive": {"enabled": False}}
    runs = [
        run_config(**oracle),
        _denoised(),
        _denoised(epochs=2),
        _denoised(denoiser_layers=4),
        _denoised(denoiser_features=8),
    ]
    assert len({digest(run) for run in runs}) == len(runs)


def test_a_younger_field_at_its_default_is_left_out_of_digests() -> None:
    """Results that are older than it are still those of their configuration."""

    @dataclasses.dataclass(frozen=True)
    class Old:
        size: int = 3

    @dataclasses.dataclass(frozen=True)
    class New(Old):
        inner: Old = dataclasses.field(default_factory=Old, metadata=ADDED)
        extra: int | None = dataclasses.field(default=None, metadata=ADDED)

    assert digest(New()) == digest(Old())
    assert digest([{"a": New()}]) == digest([{"a": Old()}])
    assert len({digest(one) for one in (New(), New(extra=0), New(inner=Old(4)))}) == 3


def test_digest_is_the_sha256_of_sorted_json() -> None:
    expected = hashlib.sha256(b'{"a": [1, 2.5], "b": "x"}').hexdigest()[:12]
    assert digest({"b": "x", "a": (1, 2.5)}) == expected


FILES = {
    "script.py": "from dasr.model import net\nfrom dasr.data import opened\n",
    "dasr/__init__.py": "",
    "dasr/model/__init__.py": "",
    "dasr/model/net.py": (
        '"""Doc."""\n\nimport math\n\n\ndef double(x):\n    """Doc."""\n'
        "    from dasr.model import lazy\n\n    return lazy.two * x  # why\n"
    ),
    "dasr/model/lazy.py": "two = 2\n",
    "dasr/model/apart.py": "three = 3\n",
    "dasr/data/__init__.py": (
        "from dasr.data.packed import opened\nfrom dasr.data.leaves import drawn\n"
    ),
    "dasr/data/packed.py": "from dasr.config import Size\n\nopened = 1\n",
    "dasr/data/packed.yaml": "sets: 1\n",
    "dasr/data/packed.html.j2": "<p>1</p>\n",
    "dasr/data/packed.rst": "1 caption\n",
    "dasr/data/packed.py.orig": "1 left over\n",
    "dasr/data/leaves.py": "drawn = 1\n",
    "dasr/config/__init__.py": "from dasr.config.size import Size\n",
    "dasr/config/size.py": (
        "from dasr.errors import UserError\n\nLIMIT = 9\n\n\nclass Size:\n    side: int = 1\n\n"
        "    def __post_init__(self):\n        assert self.side < LIMIT\n\n"
        "    def area(self):\n        return self.side**2\n\n\n"
        "def read(text):\n    return Size()\n"
    ),
    "dasr/errors.py": "class UserError(Exception):\n    pass\n",
    "dasr/files.py": "",
}
"""A script and a package in small."""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `FILES`."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path / "dasr")
    return tmp_path


def _digest(package: Path) -> str:
    for cached in (provenance._imported, provenance._tree, provenance._module_code):
        cached.cache_clear()
    return source_digest(package / "script.py")


def test_a_closure_has_what_is_used_and_no_neighbours(package: Path) -> None:
    names = {"model.net", "model.lazy", "data.packed", "config.size", "errors"}
    assert import_closure(package / "script.py") == {f"dasr.{name}" for name in names}
    more = import_closure(package / "script.py", "dasr.model.apart")
    assert more == {f"dasr.{name}" for name in {*names, "model.apart"}}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("model/net.py", '"""Doc."""', '"""Other words."""'),
        ("model/net.py", "  # why", ""),
        ("model/net.py", "lazy.two * x", "(lazy.two *\n            x)"),
        ("model/net.py", '    """Doc."""\n', ""),
        ("model/apart.py", "3", "4"),
        ("data/leaves.py", "1", "2"),
        ("config/size.py", "= 1", "= 2"),
        ("config/size.py", "self.side <", "1 + self.side <"),
        ("errors.py", "pass", '"""Mended."""'),
        ("data/packed.py.orig", "1", "2"),
    ],
)
def test_what_decides_no_result_keeps_the_digest(
    package: Path, file: str, old: str, new: str
) -> None:
    before = _digest(package)
    _edit(package / "dasr" / file, old, new)
    assert _digest(package) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("model/net.py", "lazy.two * x", "lazy.two + x"),
        ("model/net.py", "(x)", "(x=1)"),
        ("model/lazy.py", "2", "3"),
        ("data/packed.py", "opened = 1", "opened = 2"),
        ("data/packed.yaml", "1", "2"),
        ("data/packed.html.j2", "1", "2"),
        ("data/packed.rst", "1", "2"),
        ("config/size.py", "LIMIT = 9", "LIMIT = 8"),
        ("config/size.py", "**2", "**3"),
        ("config/size.py", "return Size()", "return Size(text)"),
    ],
)
def test_code_that_decides_a_result_changes_the_digest(
    package: Path, file: str, old: str, new: str
) -> None:
    before = _digest(package)
    _edit(package / "dasr" / file, old, new)
    assert _digest(package) != before


SCRIPTS = Path(provenance.__file__).parents[2] / "workflow/scripts"


@pytest.mark.parametrize(
    ("script", "modules"),
    {
        "train": [
            "training.jobs",
            "training.loop",
            "architectures.cost",
            "checkpoint",
            "devices",
        ],
        "train_encoder": [
            "training.schedule",
            "architectures.encoder",
            "data.patches",
            "seeds",
        ],
        "evaluate": [
            "evaluation.metrics.ssim",
            "architectures.registry",
            "degradation.resize",
            "devices",
        ],
        "cluster": ["embedding.scores.ari", "embedding.projection"],
        "pack_images": ["data.leaves", "data.images", "data.packing"],
        "check_data": ["config.benchmarks", "data.overlap", "data.thumbnails"],
        "figures": ["statistics.separation", "reporting.figures.tsne", "reporting.rows"],
        "tables": ["reporting.tables.quality", "statistics.jobs", "reporting.published.rows"],
        "summarise": ["statistics.intervals"],
        "publish": ["tracking.publish", "tracking.assemble", "statistics.jobs"],
        "import_network": ["released", "architectures.base", "commands.imported"],
    }.items(),
)
def test_closures_of_the_scripts(script: str, modules: list[str]) -> None:
    closure = import_closure(SCRIPTS / f"{script}.py")
    assert {f"dasr.{name}" for name in modules} <= closure


TRAIN = SCRIPTS / "train.py"


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_digest_covers_all_modules_that_a_training_loads(architecture: str) -> None:
    """Seen in a process that makes a network, not in the source."""
    program = f"""
import sys
import torch
import dasr.training.jobs
from dasr.architectures import build_network
from dasr.config import ARCHITECTURES
with torch.device("meta"):
    build_network(ARCHITECTURES[{architecture!r}](), 2)
print(*[name for name in sys.modules if name.startswith("dasr.")])
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    own = ("dasr.architectures.", "dasr.training.")
    loaded = {name for name in done.stdout.split() if name.startswith(own)}
    module = architecture_module(architecture)
    assert module in loaded
    passing_on = {"dasr.training.contrast"}  # its `__init__` computes nothing
    assert loaded - passing_on <= import_closure(TRAIN, module)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package and its scripts, to be edited."""
    root = SCRIPTS.parents[1]
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("dasr", "workflow/scripts"):
        shutil.copytree(root / name, tmp_path / name, ignore=ignore)
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path / "dasr")
    return tmp_path


def _training_digest(house: Path, *modules: str) -> str:
    for cached in (provenance._imported, provenance._tree, provenance._module_code):
        cached.cache_clear()
    return source_digest(house / "workflow/scripts/train.py", *modules)


def test_another_architecture_retrains_nothing(house: Path) -> None:
    mine, other = "dasr.architectures.dasr", "dasr.architectures.another"
    before = _training_digest(house, mine)
    table = house / "dasr/config/architectures.py"
    _edit(table, '"dasr": DASRConfig,', '"dasr": DASRConfig,\n    "another": AnotherConfig,')
    _edit(table, "\nARCH", "\nfrom dasr.config.models.another import AnotherConfig\n\nARCH")
    config = "from dasr.config.models.base import ModelConfig\n\nDEPTH = 16\n"
    (house / "dasr/config/models/another.py").write_text(config, encoding="utf-8")
    network = "from dasr.config.models.another import DEPTH\n\nlayers = DEPTH\n"
    module = house / "dasr/architectures/another.py"
    module.write_text(network, encoding="utf-8")
    assert _training_digest(house, mine) == before
    own = _training_digest(house, other)
    _edit(module, "layers = DEPTH", "layers = 2 * DEPTH")
    assert _training_digest(house, mine) == before
    assert _training_digest(house, other) != own
    _edit(house / "dasr/config/models/another.py", "16", "8")
    assert _training_digest(house, mine) == before


@pytest.mark.parametrize("script", ["train", "evaluate", "import_network"])
def test_an_edited_architecture_retrains_its_own(house: Path, script: str) -> None:
    def digests() -> list[str]:
        for cached in (provenance._imported, provenance._tree, provenance._module_code):
            cached.cache_clear()
        path = house / f"workflow/scripts/{script}.py"
        return [source_digest(path), source_digest(path, "dasr.architectures.dasr")]

    before = digests()
    _edit(house / "dasr/architectures/blocks.py", ".add_(x)", ".add_(2 * x)")
    after = digests()
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_training_does_not_hang_on_how_images_are_made() -> None:
    """Identical packed pixels train the same weights, whoever made them."""
    closure = import_closure(SCRIPTS / "train.py")
    assert not closure & {f"dasr.data.{name}" for name in ("leaves", "images", "packing")}


def test_packages_only_pass_names_on() -> None:
    """So that a closure may leave their `__init__` out.

    Whoever finds its own modules counts itself, with all of them.
    """
    for path in SCRIPTS.parents[1].glob("dasr/*/**/__init__.py"):
        if provenance.DISCOVERY in path.read_text(encoding="utf-8"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            environment = ast.unparse(node).startswith(("import os", "os.environ.setdefault("))
            passed_on = isinstance(node, ast.ImportFrom)
            assert told or names or environment or passed_on, f"{path}: {node.lineno}"


def test_components_that_are_found_by_their_file_count() -> None:
    """Also those that no import names: a new score must be computed for old networks too."""
    for script, package, fewest in (
        ("cluster", "embedding.scores", 4),
        ("evaluate", "evaluation.metrics", 2),
    ):
        folder = SCRIPTS.parents[1].joinpath("dasr", *package.split("."))
        modules = {f"dasr.{package}.{path.stem}" for path in folder.glob("[!_]*.py")}
        assert len(modules) >= fewest
        assert modules <= import_closure(SCRIPTS / f"{script}.py")


@pytest.mark.parametrize("script", ["train", "train_encoder", "pack_images"])
def test_what_is_measured_later_trains_nothing_again(script: str) -> None:
    """A new metric, score, task or column, or how tests and examples are chosen."""
    later = {
        "terms.columns",
        "terms.metrics",
        "terms.tasks",
        "config.embedded",
        "config.tested",
    }
    assert not import_closure(SCRIPTS / f"{script}.py") & {f"dasr.{name}" for name in later}


def test_a_score_does_not_evaluate_networks_again() -> None:
    closure = import_closure(SCRIPTS / "evaluate.py")
    assert not [name for name in closure if name.startswith("dasr.embedding")]


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_no_repository_no_commit(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(package.parent))
    assert git_commit() == "unknown"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commit_says_whether_files_were_edited(package: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words]
        return subprocess.run(
            command, cwd=package, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--no-gpg-sign", "--message", "first")
    commit = git("rev-parse", "HEAD")[:12]
    assert git_commit() == commit
    (package / "dasr/files.py").write_text("x = 2", encoding="utf-8")
    assert git_commit() == f"{commit}-dirty"
