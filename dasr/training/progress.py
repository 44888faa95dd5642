"""What a person sees of a running training: a bar on a terminal, lines in a log."""

import logging
import math
import sys
import time
from collections.abc import Mapping

from tqdm import tqdm

LOG = logging.getLogger("dasr.training")
SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Reports loss, steps/s and time left of one stage."""

    def __init__(self, name: str, total: int, start: int) -> None:
        """Begin at step `start` of `total`."""
        self._total, self._start = total, start
        self._began = self._last_line = time.monotonic()
        self._bar = tqdm(
            total=total,
            initial=start,
            desc=name,
            unit="step",
            disable=not sys.stderr.isatty(),
            leave=False,
        )
        LOG.info("%s: step %d of %d", name, start, total)

    def update(self, row: Mapping[str, float]) -> None:
        """Tell a new row of the history: step, learning_rate, mean losses and diagnosis."""
        step, learning_rate = int(row["step"]), row["learning_rate"]
        losses = {
            name: value
            for name, value in row.items()
            if name not in ("step", "learning_rate") and not math.isnan(value)
        }
        self._bar.set_postfix({name: f"{value:.3f}" for name, value in losses.items()})
        self._bar.update(step - self._bar.n)
        now = time.monotonic()
        if now - self._last_line < SECONDS_BETWEEN_LINES and step < self._total:
            return
        self._last_line = now
        rate = (step - self._start) / max(1e-9, now - self._began)
        shown = " ".join(f"{name} {value:.4f}" for name, value in losses.items())
        left = (self._total - step) / max(1e-9, rate)
        template = "step %d/%d %s learning_rate %.3g %.2f steps/s %.0f s left"
        LOG.info(template, step, self._total, shown, learning_rate, rate, left)

    def close(self) -> None:
        """Remove the bar."""
        self._bar.close()
