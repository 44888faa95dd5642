"""What figures of single networks are drawn from."""

import numpy as np
import pandas as pd

from dasr.reporting.drawing.projections import Projection
from dasr.reporting.figures.crops import Example
from tests.unit.reporting.items import TITLES

SHARED = "(shared encoder)"


def projection(*classes: float) -> Projection:
    label = np.repeat(classes, 5)
    points = np.random.default_rng(0).normal(size=(len(label), 2)) + label[:, None]
    scores = {"ari": 0.5, "nmi": 0.25, "silhouette": -0.125, "probe_accuracy": 1.0}
    return Projection(points.astype(np.float32), label, scores)


def history(method: str, stage: str, seed: int, l1: float, contrastive: float) -> pd.DataFrame:
    steps = np.arange(1, 41) * 10
    return pd.DataFrame(
        {
            "method": method, "regime": "noise", "scale": 4, "seed": seed, "stage": stage,
            "step": steps, "learning_rate": 1e-3,
            "l1": l1 + 100.0 * (steps < 20), "contrastive": contrastive,
        }
    )  # fmt: skip


NAN = float("nan")
HISTORIES = pd.concat(
    [
        history(SHARED, "encoder", 0, NAN, 6.0),
        history(SHARED, "encoder", 1, NAN, 8.0),
        history("dasr", "joint", 0, 5.0, 3.0),
        history("dasr", "joint", 1, 6.0, 4.0),
        history("no_ca", "joint", 0, 7.0, NAN),
    ]
)


def example(image: str, scale: int = 4) -> Example:
    rng = np.random.default_rng(0)
    lr_image = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    sr = {
        method: np.full((24, 24, 3), 10 * number, np.uint8)
        for number, method in enumerate(TITLES)
    }
    psnr = {"dasr": 26.0, "no_ca": 25.0, "oracle": 27.0, "bicubic": 28.0}
    hr = np.full((6 * scale, 6 * scale, 3), 99, np.uint8)
    return Example(image, lr_image, hr, np.eye(21) / 21, sr, psnr, "width 2.4, noise 10")
