"""Time the reference's convolution layer against PyTorch's, one thread each.

Run ``python benchmarks/conv_against_torch.py`` from the repository; it needs torch and
takes a few seconds. Both sides get the same float32 layer and take turns, so that
whatever else the machine does meets both; the ratio is the median over the turns.
"""

# ruff: noqa: E402 - BLAS reads its number of threads once, when NumPy is imported
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import importlib.util
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

REPOSITORY = Path(__file__).resolve().parent.parent
TURNS = 60
WARM_UP = 5
LIMIT = 3.0
"""The reference is to be no more than so many times slower."""


def main() -> int:
    """Print the table; 0 where both ratios keep the limit, 1 where one does not."""
    torch.set_num_threads(1)
    ours, theirs = passes(load_reference())
    print(f"NumPy {np.__version__}, torch {torch.__version__}, {processor()}, 1 thread")
    print("float32, input 16x16x32x32, 32 kernels of 3x3, stride 1, padding 1")
    print(f"{'':9}{'NumPy':>10}{'torch':>10}{'ratio':>8}   (median of {TURNS} turns)")
    worst = 0.0
    for name in ours:
        ours_ms, theirs_ms, ratio = compare(ours[name], theirs[name])
        print(f"{name:9}{ours_ms:7.2f} ms{theirs_ms:7.2f} ms{ratio:8.2f}")
        worst = max(worst, ratio)
    print(f"limit {LIMIT:g}: {'kept' if worst <= LIMIT else 'exceeded'}")
    return 0 if worst <= LIMIT else 1


def passes(
    reference: ModuleType,
) -> tuple[dict[str, Callable[[], Any]], dict[str, Callable[[], Any]]]:
    """Return the forward and the backward pass of both sides, on one random layer."""
    rng = np.random.default_rng(4630)
    x = rng.normal(size=(16, 16, 32, 32)).astype(np.float32)
    w = rng.normal(size=(32, 16, 3, 3)).astype(np.float32)
    b = rng.normal(size=32).astype(np.float32)
    dout = rng.normal(size=(16, 32, 32, 32)).astype(np.float32)
    tx, tw, tb, tdout = map(torch.from_numpy, (x, w, b, dout))

    def torch_forward() -> torch.Tensor:
        with torch.no_grad():
            return torch.nn.functional.conv2d(tx, tw, tb, 1, 1)

    def torch_backward() -> Any:
        return torch.ops.aten.convolution_backward(
            tdout, tx, tw, [32], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True] * 3
        )

    ours = {
        "forward": lambda: reference.conv2d_forward(x, w, b, 1, 1),
        "backward": lambda: reference.conv2d_backward(dout, x, w, b, 1, 1),
    }
    np.testing.assert_allclose(ours["forward"](), torch_forward(), rtol=1e-3, atol=1e-3)
    for got, wanted in zip(ours["backward"](), torch_backward(), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-2)
    return ours, {"forward": torch_forward, "backward": torch_backward}


def compare(
    ours: Callable[[], Any], theirs: Callable[[], Any]
) -> tuple[float, float, float]:
    """Return both median times in ms and the median ratio, the two taking turns."""
    for _ in range(WARM_UP):
        ours()
        theirs()
    times = [(milliseconds(ours), milliseconds(theirs)) for _ in range(TURNS)]
    return (
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        statistics.median(a / b for a, b in times),
    )


def milliseconds(call: Callable[[], Any]) -> float:
    """Time one call."""
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def load_reference() -> ModuleType:
    """Import a3's reference solution."""
    path = REPOSITORY / "solutions" / "a3_layers" / "reference.py"
    spec = importlib.util.spec_from_file_location("a3_reference", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def processor() -> str:
    """Name the processor, as well as this system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
