"""Compare a network with another one by giving both the same weights.

A shape tells little about a network. With the other's weights in its own layers it must
give the other's outputs, and the other's gradients of the input, whatever its layers
are called. Small inputs (a spread of 0.05) show the epsilon of a normalisation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from checks.compare import close
from checks.failure import CheckFailedError
from checks.layers import Weights, built, layer_rows, layer_weights, with_weights
from checks.matching import pairings
from checks.tensors import Array, exact
from checks.watching import Row

SPREAD = 0.05
"""Standard deviation of inputs, at which the epsilon of a normalisation shows."""


def compare_networks(
    build: Callable[..., Any],
    other: Callable[..., Any],
    arguments: Sequence[Any],
    x: Array,
    rng: np.random.Generator,
    *,
    weights: Sequence[Weights] | None = None,
    train: Sequence[bool] = (False, True),
    backward: bool = True,
) -> None:
    """Fail unless two networks are one function.

    build, other : called as ``build(*arguments)``; `other` is right by definition
    x : (N, C, H, W) input
    weights : arrays of the layers of `other` in the order of running; else random
    train : the modes to compare in
    backward : compare gradients of the input too, for a random gradient of the output
    Raises CheckFailedError
    """
    theirs = layer_rows(build, arguments, x.shape)
    ours = layer_rows(other, arguments, x.shape)
    orders = list(pairings(theirs, ours))
    arrays = list(random_weights(ours, rng)) if weights is None else list(weights)
    same = tuple(range(len(ours)))
    for mode in train:
        expected = with_weights(other, arguments, arrays, same, x, None, train=mode)
        dout = None
        if backward:
            dout = rng.normal(size=expected["output"].shape)
            expected = with_weights(other, arguments, arrays, same, x, dout, train=mode)
        orders = list(
            _fitting(
                build, arguments, arrays, orders, x, dout, mode=mode, expected=expected
            )
        )


def random_weights(rows: Sequence[Row], rng: np.random.Generator) -> Iterator[Weights]:
    """Yield random arrays for each row, at a scale that keeps the signal's size."""
    for row in rows:
        if row["kind"] == "batch_norm":
            size = (row["inputs"],)
            yield {
                "weight": _uniform(rng, size),
                "bias": small_images(rng, *size),
                "running_mean": small_images(rng, *size),
                "running_var": _uniform(rng, size) * SPREAD**2,
            }
            continue
        shape = (row["outputs"], row["inputs"] // row["groups"], *row["kernel"])
        scale = np.sqrt(2 / np.prod(shape[1:]))
        arrays = {"weight": small_images(rng, *shape) / SPREAD * scale}
        if row["bias"]:
            arrays["bias"] = small_images(rng, row["outputs"])
        yield arrays


def weights_of(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    state: Mapping[str, Array],
    input_shape: Sequence[int],
) -> list[Weights]:
    """Return a state dict's arrays by layer, in the order of running.

    build, arguments : the network that `state` was saved from
    """
    with exact(0):
        model = built(build, arguments)
        model.load_state_dict({name: torch.tensor(a) for name, a in state.items()})
        return layer_weights(model, torch.randn(tuple(input_shape)))[1]


def small_images(rng: np.random.Generator, *shape: int) -> Array:
    """Return random images of a small spread."""
    return rng.normal(size=shape) * SPREAD


def _uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.uniform(0.5, 1.5, size=shape)


def _fitting(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    arrays: Sequence[Weights],
    orders: Sequence[tuple[int, ...]],
    x: Array,
    dout: Array | None,
    *,
    mode: bool,
    expected: dict[str, Any],
) -> Iterator[tuple[int, ...]]:
    """Yield the first pairing that gives what is expected, and those behind it.

    Raises what is wrong with the first where none does
    """
    first: CheckFailedError | None = None
    for number, order in enumerate(orders):
        got = with_weights(build, arguments, arrays, order, x, dout, train=mode)
        try:
            _check(got, expected, "train" if mode else "eval")
        except CheckFailedError as error:
            first = first or error
        else:
            yield from orders[number:]
            return
    if first is not None:
        raise first


def _check(got: dict[str, Any], expected: dict[str, Any], mode: str) -> None:
    for key, what in (("output", "output"), ("dx", "gradient of the input")):
        if key in expected:
            _close(got[key], expected[key], f"the {what} in {mode} mode")
    for number, (mean, variance) in expected.get("running", {}).items():
        mine = got["running"].get(number, (None, None))
        _close(mine[0], mean, "the running mean of a normalisation after one batch")
        _close(
            mine[1], variance, "the running variance of a normalisation after one batch"
        )


def _close(got: Any, wanted: Array, what: str) -> None:
    try:
        close(got, wanted)
    except CheckFailedError as error:
        raise CheckFailedError(
            error.kind,
            f"with the same weights, {what}: {error}",
            coarse=f"with the same weights, {what} differs: {error.coarse}",
            expected=error.expected,
            actual=error.actual,
        ) from None
