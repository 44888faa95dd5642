"""Parametrises the golden tests by the vectors found in the reference folder."""

from pathlib import Path

import pytest

from tests.golden import files

DEGRADATION_ARRAYS = {
    "kernel_array": r"kernel_(iso|aniso)_.+",
    "lr_array": r"lr_x\d+_.+",
    "enlarged_array": r"bicubic_sr_x\d+_.+",
    "psnr_array": r"psnr_x\d+_.+",
    "ssim_array": r"ssim_x\d+_.+",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    folder: Path = metafunc.config.getoption("--reference")
    wanted = set(metafunc.fixturenames)
    for argument, pattern in DEGRADATION_ARRAYS.items():
        if argument in wanted:
            found = files.names(folder / "degradation.npz", pattern)
            assert found, f"degradation.npz holds no array like {pattern}"
            metafunc.parametrize(argument, found)
    if "model_run" in wanted:
        scales = files.scales(folder, "model")
        metafunc.parametrize(
            "model_run", scales, indirect=True, scope="module", ids="x{}".format
        )
    if "training_run" in wanted:
        scales = files.scales(folder, "training")
        metafunc.parametrize(
            "training_run", scales, indirect=True, scope="module", ids="x{}".format
        )


@pytest.fixture(scope="session")
def degradation_arrays(reference: Path) -> files.Arrays:
    """All arrays of degradation.npz."""
    return files.load(reference / "degradation.npz")
