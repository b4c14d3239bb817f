"""How fast a convolution is, measured against a matrix product of the same size.

Seconds say as much about the computer as about the code. A convolution and a matrix
product with as many multiplications, timed one after the other in the same process by
its processor time, make a number that means the same everywhere: 1 is as good as it
gets in NumPy, loops over pixels give hundreds.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.probing import measurement

Array = npt.NDArray[Any]


@measurement
def speed_ratio(
    function: Callable[..., Any],
    x: Array,
    w: Array,
    b: Array,
    stride: int = 1,
    padding: int = 0,
    *,
    dout: Array | None = None,
    repeats: int = 3,
    seconds: float = 0.1,
) -> float:
    """Time a convolution and the matrix product of the same multiplications.

    function : conv2d_forward, called as ``function(x, w, b, stride, padding)``, or,
        where dout is given, conv2d_backward, called as ``function(dout, x, w, b,
        stride, padding)``, whose two gradients take two such products
    x, w, b : (N, C_in, H, W) images, (C_out, C_in, KH, KW) kernels, (C_out,) biases
    repeats : how often each is timed; the shortest time counts, the others had company
    seconds : no further repeat of the function is begun after this long
    Returns how many times longer the function takes, > 0
    >>> ratio = speed_ratio(
    ...     lambda x, w, b, stride, padding: x, np.ones((1, 1, 9, 9)),
    ...     np.ones((1, 1, 3, 3)), np.ones(1),
    ... )
    >>> ratio > 0
    True
    """
    arguments: tuple[Any, ...] = (x, w, b, stride, padding)
    if dout is not None:
        arguments = (dout, *arguments)
    products = 1 if dout is None else 2
    kernels, columns = _factors(x, w, stride, padding)
    product = _shortest(lambda: kernels @ columns, repeats, seconds)
    return (
        _shortest(lambda: function(*arguments), repeats, seconds) / products / product
    )


def multiplications(x: Array, w: Array, stride: int = 1, padding: int = 0) -> int:
    """Count the multiplications of a convolution layer's forward pass.

    >>> multiplications(np.ones((1, 1, 9, 9)), np.ones((1, 1, 3, 3)))
    441
    """
    kernels, columns = _factors(x, w, stride, padding)
    return int(kernels.size * columns.shape[1])


def about(ratio: object) -> str:
    """Say in words how many times as long something takes.

    For hidden cases: a number that comes from beside your code could be any message

    >>> [about(ratio) for ratio in (1.2, 7, 123.4)]
    ['about as long', 'several times as long', 'hundreds of times as long']
    """
    steps = (
        (2, "about as long"),
        (10, "several times as long"),
        (100, "tens of times as long"),
        (1000, "hundreds of times as long"),
    )
    if isinstance(ratio, (int, float)):
        for most, words in steps:
            if 0 < ratio < most:
                return words
    return "thousands of times as long"


def _factors(x: Array, w: Array, stride: int, padding: int) -> tuple[Array, Array]:
    """Return matrices whose product has the multiplications of the convolution."""
    places = len(x)
    for pixels, weights in zip(x.shape[2:], w.shape[2:], strict=True):
        places *= (pixels + 2 * padding - weights) // stride + 1
    inner = w[0].size
    dtype = np.result_type(x, w, np.float32)
    return np.ones((len(w), inner), dtype), np.ones((inner, places), dtype)


def _shortest(call: Callable[[], Any], repeats: int, seconds: float) -> float:
    """Return the shortest of some timings, in seconds of processor time.

    The first is timed too: a function that takes seconds is called once
    """
    begun = time.process_time()
    shortest = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        call()
        end = time.process_time()
        shortest = min(shortest, end - start)
        if end - begun > seconds:
            break
    return max(shortest, 1e-9)
