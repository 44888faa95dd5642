"""How cost grows: numbers of trainings at two cores, sizes of images through `upscale`.

    python -m benchmarks.growth

Prints two tables in Markdown. Trainings are the default study's networks for 100 steps
of each stage, start of processes and planning included.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import yaml
from PIL import Image

STUDY = "benchmark_growth"
TRAINING = {"encoder_epochs": 1, "joint_epochs": 1}
SIZES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)


def trainings(count: int, *options: str) -> float:
    """Return wall seconds of so many trainings, images packed before."""
    study = {
        "study": STUDY,
        "seeds": list(range(1, count + 1)),
        "variants": ["dasr"],
        "training": TRAINING,
    }
    config = Path("results") / f"{STUDY}.yaml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(yaml.safe_dump(study), encoding="utf-8")
    folder = Path("results") / STUDY
    for name in ("runs", "encoders"):
        shutil.rmtree(folder / name, ignore_errors=True)
    targets = [
        f"{folder}/runs/dasr/noisy/x4/seed{seed}/model.safetensors"
        for seed in range(1, count + 1)
    ]
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *options,
               "--configfile", str(config), "--"]  # fmt: skip
    if not (folder / "data").exists():
        subprocess.run([*command, f"{folder}/data/digests.yaml"],
                       check=True, capture_output=True)  # fmt: skip
    began = time.perf_counter()
    subprocess.run([*command, *targets], check=True, capture_output=True)
    return time.perf_counter() - began


def upscaling(network: Path, megapixels: float) -> tuple[float, float]:
    """Return wall seconds and peak MB of `dasr upscale` for an LR image of that size."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    noise = np.random.default_rng(0).integers(0, 256, (height, height * 3 // 2, 3))
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "lr.png"
        Image.fromarray(noise.astype(np.uint8)).save(source)
        command = ["dasr", "upscale", "--model", str(network), str(source),
                   "--out", str(Path(name) / "sr.png")]  # fmt: skip
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return seconds, used.ru_maxrss / 1024


def write_paper_size(path: Path) -> None:
    """Write an untrained network of the paper's size, in a process of its own.

    This process stays small: a child's peak memory counts from its parent's.
    """
    code = (
        "import sys; from pathlib import Path; from dasr.checkpoint import save_network; "
        "from dasr.config import DASRConfig; from dasr.architectures import build_network; "
        "c = DASRConfig(); save_network(Path(sys.argv[1]), build_network(c, 4), {'scale': 4})"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)


def main() -> None:
    """Measure and print."""
    print("| trainings | seconds, 2 threads each | seconds, 1 thread each |\n|---:|---:|---:|")
    single = ("--set-threads", "train=1", "train_encoder=1")
    for count in (1, 2, 4, 8):
        print(f"| {count} | {trainings(count):.0f} | {trainings(count, *single):.0f} |")
    networks = {"small": Path("results") / STUDY / "runs/dasr/noisy/x4/seed1/model.safetensors"}
    with tempfile.TemporaryDirectory() as name:
        networks["paper size"] = Path(name) / "paper.safetensors"
        write_paper_size(networks["paper size"])
        print("\n| LR megapixels | network | seconds | peak MB |\n|---:|:---|---:|---:|")
        for title, network in networks.items():
            for size in SIZES:
                seconds, peak = upscaling(network, size)
                print(f"| {size:g} | {title} | {seconds:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
