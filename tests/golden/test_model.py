"""The networks against the authors' code, with the same weights."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dasr.architectures import build_network
from dasr.config import DASRConfig
from dasr.released import our_name, our_tensors
from tests.golden import files
from tests.golden.authors import frozen_weights

RELATIVE = 1e-5


@pytest.fixture(scope="module")
def model_run(request: pytest.FixtureRequest, reference: Path) -> SimpleNamespace:
    """Our outputs and theirs for one scale."""
    scale = request.param
    weights = our_tensors(frozen_weights(files.shapes(reference, scale), 100 + scale))
    network = build_network(DASRConfig(), scale)
    own = {
        name: tensor
        for name, tensor in weights.items()
        if name.startswith(("generator.", "encoder."))
    }
    network.load_state_dict(own)
    network.eval()
    theirs = files.load(reference / f"model_x{scale}.npz")
    lr_image = torch.from_numpy(theirs["lr"])
    with torch.inference_mode():
        representation, projection = network.encoder(lr_image)
        ours = {
            "representation": representation,
            "projection": projection,
            "compressed": network.generator.compress(representation),
            "sr": network(lr_image),
        }
    return SimpleNamespace(ours=ours, theirs=theirs)


@pytest.mark.parametrize("output", ["representation", "projection", "compressed", "sr"])
def test_output_is_the_authors(model_run: SimpleNamespace, output: str) -> None:
    ours, theirs = model_run.ours[output].numpy(), model_run.theirs[output]
    assert ours.shape == theirs.shape
    assert np.linalg.norm(ours - theirs) <= RELATIVE * np.linalg.norm(theirs)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"G\.nose\.weight"):
        our_name("G.nose.weight")
