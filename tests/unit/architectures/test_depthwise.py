"""The depth-wise convolution: PyTorch's path, and the GPU's in Triton's interpreter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch._subclasses import FakeTensorMode
from torch.nn import functional as F

from dasr.architectures import build_network, count_flops
from dasr.architectures.depthwise import depthwise
from dasr.architectures.layers import SLOPE
from tests.tiny import model_config

Case = tuple[Tensor, Tensor, Tensor]  # x, kernels, gradient of the output
ROOT = Path(__file__).resolve().parents[3]
CONTIGUOUS, CHANNELS_LAST = torch.contiguous_format, torch.channels_last
# Channels, rows and columns that no tile divides; the last two of several tiles each way.
CASES = {
    "contiguous": ((2, 10, 7, 11), CONTIGUOUS, torch.float32),
    "channels last": ((2, 10, 7, 11), CHANNELS_LAST, torch.float32),
    "bfloat16": ((1, 10, 7, 11), CHANNELS_LAST, torch.bfloat16),
    "tiles contiguous": ((1, 9, 18, 66), CONTIGUOUS, torch.float32),
    "tiles channels last": ((1, 66, 18, 9), CHANNELS_LAST, torch.float32),
}


def _case(name: str) -> Case:
    shape, layout, dtype = CASES[name]
    rng = torch.Generator().manual_seed(len(name))
    x = torch.randn(shape, generator=rng).to(dtype).contiguous(memory_format=layout)
    kernels = torch.randn(*shape[:2], 3, 3, generator=rng).to(dtype)
    return x, kernels, torch.randn(shape, generator=rng).to(dtype)


def _reference(x: Tensor, kernels: Tensor, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return output and gradients in float64, a sum over nine shifts each."""
    x, kernels, grad = x.double(), kernels.double(), grad.double()
    h, w = x.shape[-2:]
    shifts = [(u, v) for u in range(3) for v in range(3)]
    padded = F.pad(x, (1, 1, 1, 1))
    out, grad_padded, grad_kernels = x * 0, padded * 0, kernels * 0
    for u, v in shifts:
        out += padded[..., u : u + h, v : v + w] * kernels[:, :, u, v, None, None]
    before = torch.where(out > 0, grad, SLOPE * grad)
    for u, v in shifts:
        window = (..., slice(u, u + h), slice(v, v + w))
        grad_padded[window] += before * kernels[:, :, u, v, None, None]
        grad_kernels[:, :, u, v] = (before * padded[window]).sum((-2, -1))
    return torch.where(out > 0, out, SLOPE * out), grad_padded[..., 1:-1, 1:-1], grad_kernels


def _differentiated(x: Tensor, kernels: Tensor, grad: Tensor) -> tuple[Tensor, ...]:
    x, kernels = x.detach().requires_grad_(), kernels.detach().requires_grad_()
    out = depthwise(x, kernels, SLOPE)
    return out.detach(), *torch.autograd.grad(out, (x, kernels), grad)


def _assert_close(
    results: tuple[Tensor, ...], case: Case, of_largest: float, of_each: float = 0.0
) -> None:
    for result, expected in zip(results, _reference(*case), strict=True):
        absolute = of_largest * float(expected.abs().max())
        torch.testing.assert_close(result.double(), expected, rtol=of_each, atol=absolute)


@pytest.mark.parametrize("name", ["contiguous", "channels last"])
def test_cpu_against_nine_shifts(name: str) -> None:
    x, kernels, grad = (tensor.double() for tensor in _case(name))
    _assert_close(_differentiated(x, kernels, grad), (x, kernels, grad), 1e-14)


def test_cpu_bits_are_those_of_the_grouped_convolution() -> None:
    x, kernels, _ = _case("contiguous")
    grouped = F.conv2d(x.reshape(1, 20, 7, 11), kernels.view(20, 1, 3, 3), padding=1, groups=20)
    expected = F.leaky_relu(grouped.view(2, 10, 7, 11), SLOPE)
    assert torch.equal(depthwise(x, kernels, SLOPE), expected)


@pytest.fixture(scope="module")
def interpreted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Tensor, ...]]:
    """What the Triton kernels make of every case."""
    pytest.importorskip("triton")
    folder = tmp_path_factory.mktemp("interpreted")
    torch.save([_case(name) for name in CASES], folder / "in.pt")
    program = "tests.unit.architectures.interpret_depthwise"
    command = [sys.executable, "-m", program, str(folder / "in.pt"), str(folder / "out.pt")]
    environment = {**os.environ, "TRITON_INTERPRET": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return dict(zip(CASES, torch.load(folder / "out.pt"), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_triton_against_nine_shifts(
    name: str, interpreted: dict[str, tuple[Tensor, ...]]
) -> None:
    # bfloat16 is rounded once, at the end; the interpreter cuts off, a GPU rounds to nearest
    rounding = 2**-7 if CASES[name][2] == torch.bfloat16 else 0.0
    _assert_close(interpreted[name], _case(name), 1e-6, rounding)


@pytest.mark.parametrize("name", CASES)
def test_triton_keeps_type_and_layout(
    name: str, interpreted: dict[str, tuple[Tensor, ...]]
) -> None:
    x, kernels, _ = _case(name)
    out, grad_x, grad_kernels = interpreted[name]
    assert out.dtype == grad_x.dtype == grad_kernels.dtype == x.dtype
    assert out.stride() == grad_x.stride() == x.stride()
    assert grad_kernels.shape == kernels.shape


@pytest.mark.parametrize(
    ("kernels", "dtype", "slope", "message"),
    [
        ((2, 9, 3, 3), torch.float32, SLOPE, "do not fit"),
        ((2, 10, 3, 3), torch.float64, SLOPE, "float32 or bfloat16"),
        ((2, 10, 3, 3), torch.float32, -0.1, "negative"),
    ],
)
def test_gpu_refuses(
    kernels: tuple[int, ...], dtype: torch.dtype, slope: float, message: str
) -> None:
    pytest.importorskip("triton")
    with FakeTensorMode():
        x = torch.empty(2, 10, 7, 11, device="cuda", dtype=dtype)
        wrong = torch.empty(kernels, device="cuda", dtype=dtype)
        with pytest.raises(ValueError, match=message):
            depthwise(x, wrong, slope)


def test_gpu_without_triton_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "dasr.architectures.depthwise_triton", raising=False)
    monkeypatch.delitem(sys.modules, "dasr.architectures.depthwise_kernels", raising=False)
    monkeypatch.setitem(sys.modules, "triton", None)
    with FakeTensorMode():
        x, kernels = (torch.empty(1, 9, n, n, device="cuda") for n in (7, 3))
        with pytest.raises(ImportError, match="pip install triton"):
            depthwise(x, kernels, SLOPE)


def test_dasr_needs_no_triton() -> None:
    program = "import sys; sys.modules['triton'] = None; import dasr.cli, dasr.training"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("name", CASES)
def test_gpu_against_nine_shifts_and_itself(name: str) -> None:
    case = _case(name)
    on_gpu = [tensor.cuda() for tensor in case]
    first, second = (_differentiated(*on_gpu) for _ in range(2))
    rounding = 2**-8 if CASES[name][2] == torch.bfloat16 else 0.0
    _assert_close(tuple(tensor.cpu() for tensor in first), case, 1e-5, rounding)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_gpu_takes_the_precision_of_autocast() -> None:
    x, kernels, _ = (tensor.cuda() for tensor in _case("contiguous"))
    with torch.autocast("cuda", torch.bfloat16):
        out = depthwise(x, kernels, SLOPE)
    assert torch.equal(out, depthwise(x.bfloat16(), kernels.bfloat16(), SLOPE))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_gpu_compiles_without_graph_breaks() -> None:
    x, kernels, _ = (tensor.cuda() for tensor in _case("channels last"))
    compiled = torch.compile(depthwise, fullgraph=True)
    torch.testing.assert_close(compiled(x, kernels, SLOPE), depthwise(x, kernels, SLOPE))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_flops_are_those_of_the_cpu() -> None:
    network = build_network(model_config(), 2)
    assert count_flops(network) == count_flops(network.cuda())
    assert next(network.parameters()).is_cuda
