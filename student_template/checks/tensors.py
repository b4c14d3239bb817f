"""Between NumPy and PyTorch: arrays in, arrays out, and words for what is no tensor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from checks.failure import CheckFailedError

Array = npt.NDArray[Any]
_HALF = (torch.float16, torch.bfloat16)


def begin_random(seed: int) -> None:
    """Let PyTorch's random numbers on the CPU begin as after ``torch.manual_seed``.

    That also writes down who called it, for every kind of device that may come, and
    takes a hundred times as long
    """
    torch.default_generator.manual_seed(seed)


@contextmanager
def exact(seed: int) -> Iterator[None]:
    """Compute in float64 with random numbers from `seed`; leave all as it was."""
    before = torch.get_default_dtype()
    begin_random(seed)
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def tensor(values: npt.ArrayLike) -> torch.Tensor:
    """Return a copy of `values`: floats in the default dtype, whole numbers as int64.

    >>> tensor([1, 2]).dtype
    torch.int64
    """
    array = np.asarray(values)
    kind = torch.get_default_dtype() if array.dtype.kind == "f" else torch.int64
    return torch.tensor(array, dtype=kind)


def to_array(value: Any, what: str) -> Array:
    """Return a tensor of finite numbers as an array of its values.

    what : the value's name in messages, as in ``what forward returned``
    Raises CheckFailedError where it is something else, and says what
    """
    if not isinstance(value, torch.Tensor):
        kind = "None" if value is None else _named(value)
        asked = ": is the `return` missing?" if value is None else ""
        message = f"{what} is {kind}, it should be a tensor{asked}"
        raise CheckFailedError("type", message)
    if value.device.type != "cpu":
        message = (
            f"{what} is on the device {value.device}: leave tensors where they are"
        )
        raise CheckFailedError("type", message)
    if value.dtype in _HALF:
        message = f"{what} is {value.dtype}, half precision: keep the input's dtype"
        raise CheckFailedError("type", message)
    array: Array = value.detach().to_dense().numpy().copy()
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise CheckFailedError("nan", f"{what} has nan (not a number) in it")
    return array


def _named(value: Any) -> str:
    name = type(value).__name__
    return f"a {name}" if name[:1] not in "aeiouAEIOU" else f"an {name}"
