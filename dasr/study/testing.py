"""What a network is tested on, as the jobs that test get it."""

from typing import Any

from dasr.config import to_dict
from dasr.study.plan import Plan


def test_settings(plan: Plan, regime: str) -> dict[str, Any]:
    """Return what test images of a regime are degraded by, and what is kept of them."""
    config = plan.config
    own = next(item for item in config.regimes if item.name == regime)
    return {
        "grid": to_dict(own.test),
        "downsample": own.train.downsample,
        "noise_seed": config.test_noise_seed,
        "example": [config.example_kernel_width, config.example_noise_level],
    }
