"""The network as MLflow loads it ("models from code": this file is stored beside it)."""

from typing import Any

import mlflow
import numpy as np
import torch
from numpy.typing import NDArray

from dasr.checkpoint import load_network
from dasr.degradation import to_grey_levels


class ServedNetwork(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """`mlflow.pyfunc.load_model(uri).predict(lr_images)` returns SR images."""

    def load_context(self, context: Any) -> None:
        """Read the network from its safetensors file."""
        from pathlib import Path

        self.network, self.card = load_network(Path(context.artifacts["network"]))

    def predict(
        self, context: Any, model_input: NDArray[np.uint8], params: Any = None
    ) -> NDArray[np.uint8]:
        """Return SR images, (B, H, W, 3), of LR images, (B, h, w, 3), uint8 in [0, 255]."""
        lr_images = torch.from_numpy(np.array(model_input)).permute(0, 3, 1, 2).float()
        with torch.inference_mode():
            sr = to_grey_levels(self.network(lr_images), "the network")
        return sr.permute(0, 2, 3, 1).numpy()


mlflow.models.set_model(ServedNetwork())
