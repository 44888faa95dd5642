"""What enlarging an image takes: who is called when, what counts, what is written."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from dasr.architectures import build_network
from dasr.checkpoint import save_network
from dasr.degradation import DegradationBatch
from dasr.errors import UserError
from dasr.evaluation import inference, jobs
from dasr.evaluation.jobs import MeasuredMethod, measure_inference
from dasr.evaluation.peak_memory import _environment, peak_memory
from dasr.terms.keys import RunKeys
from tests.tiny import model_config

CPU = torch.device("cpu")


def _network(folder: Path, name: str, **model: object) -> Path:
    path = folder / f"{name}.safetensors"
    save_network(path, build_network(model_config(**model), 2), {})
    return path


def test_methods_take_turns_and_first_calls_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls, clock = [], [0.0]
    monkeypatch.setattr(inference.time, "perf_counter", lambda: clock[0])

    def upscaler(name: str, seconds: float) -> inference.Upscaler:
        def enlarge(lr_image: Tensor, degradation: DegradationBatch) -> Tensor:
            assert lr_image.shape == (1, 3, 128, 128)
            assert 0 <= float(lr_image.min()) < 100 < float(lr_image.max()) <= 255
            calls.append(name)
            # the first call of each takes an hour, and all get slower as they go on
            clock[0] += 3600 if calls.count(name) == 1 else seconds + calls.count(name)
            return lr_image

        return enlarge

    found = inference.seconds_in_turns([upscaler("a", 10), upscaler("b", 20)], CPU)
    turns = inference.WARM_UPS + inference.REPETITIONS
    assert calls == ["a", "b"] * turns
    counted = np.arange(inference.WARM_UPS + 1, turns + 1)
    assert found.tolist() == [(10.0 + counted).tolist(), (20.0 + counted).tolist()]


def test_one_row_per_method_says_how_it_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = np.array([[0.001, 0.002, 0.003, 0.004, 1.0], [0.5, 0.5, 0.5, 0.5, 0.5]])
    monkeypatch.setattr(jobs, "seconds_in_turns", lambda upscalers, device: seconds)
    monkeypatch.setattr(jobs, "peak_memory", lambda file, *_: 7_140_000 if file else 80_000)
    keys = [
        RunKeys(study="s", method=method, regime="r", scale=2, seed=seed)
        for method, seed in (("bicubic", 0), ("dasr", 3))
    ]
    files = (None, _network(tmp_path, "n"))
    methods = [
        MeasuredMethod(keys=key, network_file=file)
        for key, file in zip(keys, files, strict=True)
    ]
    measure_inference(methods, CPU, tmp_path / "inference.csv")
    rows = pd.read_csv(tmp_path / "inference.csv")
    assert rows["method"].tolist() == ["bicubic", "dasr"]
    assert rows["seed"].tolist() == [0, 3]
    quartiles = ["milliseconds_low", "milliseconds", "milliseconds_high"]
    assert rows[quartiles].to_numpy().tolist() == [[2.0, 3.0, 4.0], [500.0] * 3]
    assert rows["peak_mb"].tolist() == [0.1, 7.1]
    assert set(rows["device"]) == {"cpu"}
    assert set(rows["threads"]) == {torch.get_num_threads()}
    assert set(rows["lr_side"]) == {128}
    assert not rows.isna().any(axis=None)


def test_memory_is_that_of_the_features_and_not_of_the_process_that_asks(
    tmp_path: Path,
) -> None:
    wide = _network(tmp_path, "wide", num_features=64)
    narrow = _network(tmp_path, "narrow", num_features=8)
    held = np.ones(200_000_000, np.uint8)  # this process is larger than the measured ones
    found = [peak_memory(path, 2, 1, CPU) for path in (None, narrow, wide)]
    assert held.all()
    maps = 4 * 64 * 128 * 128  # bytes of one map of 64 features
    assert found[2] > 2 * maps
    assert found[2] - found[1] > maps
    # SR of 256x256 pixels in float32 alone
    assert found[0] > 4 * 3 * 256 * 256
    assert max(found) < 200e6


def test_freed_memory_is_given_back_whatever_the_study_has_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MALLOC_MMAP_MAX_", "0")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", str(2**34))
    settings = _environment()
    assert "MALLOC_MMAP_MAX_" not in settings
    assert int(settings["MALLOC_TRIM_THRESHOLD_"]) < 2**20
    assert os.environ["MALLOC_MMAP_MAX_"] == "0"


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"missing\.safetensors"):
        peak_memory(tmp_path / "missing.safetensors", 2, 1, CPU)


def test_a_process_that_is_killed_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killer = tmp_path / "python"
    killer.write_text("#!/bin/sh\nkill -9 $$\n")
    killer.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(killer))
    with pytest.raises(UserError, match=r"n\.safetensors: .*ended by signal 9"):
        peak_memory(tmp_path / "n.safetensors", 2, 1, CPU)
