"""Compare a network with another one by giving both the same weights.

A shape tells little about a network. With the other's weights in its own layers it must
give the other's outputs, and the other's gradients of the input, whatever its layers
are called. Small inputs (a spread of 0.05) show the epsilon of a normalisation, large
ones (30) hide it, so that a case asks for one thing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from checks.compare import close
from checks.failure import CheckFailedError
from checks.layers import Weights, built, layer_rows, layer_weights, with_weights
from checks.matching import check_same_layers, loose_pairing, pairings
from checks.tensors import Array, exact
from checks.watching import Row

SPREAD = 0.05
"""Standard deviation of inputs, at which the epsilon of a normalisation shows."""
LARGE = 30.0
"""Standard deviation of inputs, at which it does not: cases that ask something else."""


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
    biases: bool = True,
) -> None:
    """Fail unless two networks are one function.

    build, other : called as ``build(*arguments)``; `other` is right by definition
    x : (N, C, H, W) input; random weights follow its spread
    weights : arrays of the layers of `other` in the order of running; else random
    train : the modes to compare in
    backward : compare gradients of the input too, for a random gradient of the output
    biases : a bias that is missing is a difference; else all are 0
    Raises CheckFailedError
    """
    theirs = layer_rows(build, arguments, (1, *x.shape[1:]))
    ours = layer_rows(other, arguments, (1, *x.shape[1:]))
    orders = list(pairings(theirs, ours, biases=biases))
    drawn = random_weights(ours, rng, float(x.std()), biases=biases)
    arrays = weights or list(drawn)
    same = tuple(range(len(ours)))
    dout = None
    for mode in train:
        expected = with_weights(other, arguments, arrays, same, x, dout, train=mode)
        if backward and dout is None:
            dout = rng.normal(size=expected["output"].shape)
            expected = with_weights(other, arguments, arrays, same, x, dout, train=mode)
        orders = list(
            _fitting(
                build, arguments, arrays, orders, x, dout, mode=mode, expected=expected
            )
        )


def compare_part(
    build: Callable[..., Any],
    other: Callable[..., Any],
    arguments: Sequence[Any],
    x: Array,
    rng: np.random.Generator,
    *,
    channels: range,
) -> None:
    """Fail unless some channels of one network's map are in the other's, anywhere.

    So a mistake in one of several branches is looked for in that branch, and another
    order of branches is no mistake here. In eval mode, all biases 0.

    channels : of the map of `other`, which is right by definition
    Raises CheckFailedError; where the layers differ, it says how
    """
    theirs = layer_rows(build, arguments, (1, *x.shape[1:]))
    ours = layer_rows(other, arguments, (1, *x.shape[1:]))
    arrays = list(random_weights(ours, rng, float(x.std()), biases=False))
    whole = with_weights(other, arguments, arrays, tuple(range(len(ours))), x)["output"]
    wanted = whole[:, channels.start : channels.stop]
    order = loose_pairing(theirs, ours)
    got = np.asarray(with_weights(build, arguments, arrays, order, x)["output"])
    try:
        _check_part(got, wanted, channels.start)
    except CheckFailedError:
        check_same_layers(theirs, ours)
        raise


def random_weights(
    rows: Sequence[Row],
    rng: np.random.Generator,
    spread: float = SPREAD,
    *,
    biases: bool = True,
) -> Iterator[Weights]:
    """Yield random arrays for each row, at a scale that keeps the signal's size.

    spread : of the inputs; shifts and running statistics follow it
    biases : of convolutions and linear layers are random; else none has an array: 0
    """
    for row in rows:
        if row["kind"] == "batch_norm":
            size = (row["inputs"],)
            yield {
                "weight": _uniform(rng, size) * spread,
                "bias": rng.normal(size=size) * spread,
                "running_mean": rng.normal(size=size) * spread,
                "running_var": _uniform(rng, size) * spread**2,
            }
            continue
        shape = (row["outputs"], row["inputs"] // row["groups"], *row["kernel"])
        scale = np.sqrt(2 / np.prod(shape[1:]))
        arrays = {"weight": rng.normal(size=shape) * scale}
        if row["bias"] and biases:
            arrays["bias"] = rng.normal(size=row["outputs"]) * spread
        yield arrays


def weights_of_zeros(rows: Sequence[Row]) -> list[Weights]:
    """Return arrays for each row: convolutions of zeros, normalisations that double.

    A body then gives 0, and a residual block what becomes of its shortcut
    """
    some: list[Weights] = []
    for row in rows:
        size = (row["inputs"],)
        if row["kind"] == "batch_norm":
            none, one = np.zeros(size), np.ones(size)
            norm = {"running_mean": none, "running_var": one}
            some.append({"weight": 2 * one, "bias": none, **norm})
            continue
        shape = (row["outputs"], row["inputs"] // row["groups"], *row["kernel"])
        some.append({"weight": np.zeros(shape)})
    return some


def weights_of_copies(rows: Sequence[Row], shifts: Sequence[float]) -> list[Weights]:
    """Return arrays for each row: convolutions that copy, normalisations that shift.

    Channel i of a convolution's output is channel ``i % inputs`` of its input.
    shifts : what each normalisation adds to its even channels and takes from its odd
        ones, in the order of running; the last shift is that of all that follow
    """
    some: list[Weights] = []
    left = [*shifts]
    for row in rows:
        inputs, (height, width) = row["inputs"] // row["groups"], row["kernel"]
        if row["kind"] == "batch_norm":
            one = np.ones(inputs)
            shift = (left.pop(0) if len(left) > 1 else left[0]) * up_and_down(inputs)
            # Beside such a variance no epsilon shows.
            norm = {"running_mean": 0 * one, "running_var": 1e12 * one}
            some.append({"weight": 1e6 * one, "bias": shift, **norm})
            continue
        kernels = np.zeros((row["outputs"], inputs, height, width))
        channels = np.arange(row["outputs"])
        kernels[channels, channels % inputs, height // 2, width // 2] = 1
        some.append({"weight": kernels})
    return some


def up_and_down(channels: int) -> Array:
    """Return 1 for even and -1 for odd channels: (channels,) float64.

    >>> up_and_down(3).tolist()
    [1.0, -1.0, 1.0]
    """
    return np.where(np.arange(channels) % 2 == 0, 1.0, -1.0)


def weights_of(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    state: Mapping[str, Array],
    input_shape: Sequence[int],
) -> list[Weights]:
    """Return a state dict's arrays by layer, in the order of running.

    build, arguments : the network that `state` was saved from; where some of its parts
        are others, those have random weights
    """
    with exact(0):
        model = built(build, arguments)
        kinds = {name: value.shape for name, value in model.state_dict().items()}
        fits = {n: torch.tensor(a) for n, a in state.items() if kinds.get(n) == a.shape}
        model.load_state_dict(fits, strict=fits.keys() == state.keys())
        return layer_weights(model, torch.randn(tuple(input_shape)))[1]


def small_images(rng: np.random.Generator, *shape: int) -> Array:
    """Return random images of a small spread, at which an epsilon shows."""
    return rng.normal(size=shape) * SPREAD


def large_images(rng: np.random.Generator, *shape: int) -> Array:
    """Return random images of a large spread, at which no epsilon shows."""
    return rng.normal(size=shape) * LARGE


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


def _check_part(got: Array, wanted: Array, start: int) -> None:
    """Fail unless `wanted` (N, C, H, W) is a run of channels of `got`.

    start : of the channels, where the map is as asked for
    """
    count = wanted.shape[1]
    places = range(max(0, got.shape[1] - count + 1)) if got.ndim == wanted.ndim else ()
    expected_at = min(start, max(0, len(places) - 1))
    failure: CheckFailedError | None = None
    for place in sorted(places, key=lambda p: abs(p - expected_at)):
        try:
            _close(got[:, place : place + count], wanted, "this part of the output")
        except CheckFailedError as error:
            failure = failure or error
        else:
            return
    if failure is None:
        _close(got, wanted, "this part of the output")
    elif failure is not None:
        raise failure


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
