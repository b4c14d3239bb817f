"""Look at a network's layers in the order in which they run, and give them weights.

Two networks that compute the same may name their layers differently, define them in
another order, or hold them in a ``Sequential``. What they share is the order in which
the layers run and what each layer is (`checks.watching`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import is_lazy

from checks.failure import CheckFailedError
from checks.probing import measurement, probe, raw_probe
from checks.tensors import Array, begin_random, exact, tensor, to_array
from checks.watching import (
    GIVEN,
    NORMS,
    Calm,
    Row,
    Watch,
    check_strays,
    is_random,
    parts_of,
    seen,
)

Weights = Mapping[str, Array]
"""The arrays of a layer: ``weight``, ``bias``, ``running_mean``, ``running_var``."""

MOST_PARAMETERS = 5_000_000
FOUND_BY = (
    *("parameters", "named_parameters", "buffers", "named_buffers"),
    *("modules", "named_modules", "children", "named_children"),
    *("__class__", "__getattribute__"),
)
"""Methods of ``nn.Module`` through which PyTorch, and a test, sees a network."""
INPUT_CHANGED = (
    "your network changes its input: += and in-place ReLUs (inplace=True, relu_) write "
    "into what they are given, and x is still needed"
)


def _by_layer(rows: Sequence[Row], *_: object, **__: object) -> dict[str, Any]:
    return parts_of(rows)


@raw_probe(_by_layer)
def layer_rows(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    input_shape: Sequence[int],
) -> list[Row]:
    """Return a row for every layer with weights that runs, in the order of running.

    build : makes the network, called as ``build(*arguments)``
    input_shape : of the batch that it is run on, with the batch's size first
    """
    with exact(0):
        model = built(build, arguments)
        x = torch.randn(tuple(input_shape))
        rows, _ = seen(model, x)
        random = is_random(model, x)
    return [{**row, "random": random} for row in rows]


def _without_dropout(
    results: Mapping[str, Any], *_: object, **__: object
) -> dict[str, Any]:
    """Return what networks have in common that are one but for what they drop."""
    plain = {**results}
    return plain | dict(plain.pop("calm", {}))


@raw_probe(_without_dropout)
def with_weights(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    weights: Sequence[Weights],
    order: Sequence[int],
    x: Array,
    dout: Array | None = None,
    *,
    train: bool = False,
) -> dict[str, Any]:
    """Run a network that was given weights, forward and backward, in float64.

    weights : the arrays of each layer
    order : for every layer of the network, in the order of running, its number in
        `weights`, or -1 for one that keeps its own; a bias that has no array becomes 0
    x : the input, rounded to float32: a network may cast it to that and loses nothing
    dout : gradient of the output, None for forward only
    train : in train mode, else in eval mode
    Returns ``output``, with dout ``dx``, and in train mode ``running``: the running
    mean and variance of every normalisation afterwards, as numbered in `weights`, and
    as evidence for names ``random``: the output is another one every time, and then
    ``calm``: the same results without dropout
    Raises CheckFailedError where a gradient is asked for, and the input has changed
    """
    with exact(0):
        model = built(build, arguments)
        _, leaves = seen(model, torch.randn(1, *x.shape[1:]))
        for leaf, number in zip(leaves, order, strict=True):
            if number >= 0:
                _give(leaf, weights[number])
        model.train(train)
        norms = {n: leaf for leaf, n in zip(leaves, order, strict=True) if n >= 0}
        before = {n: v.clone() for n, v in model.state_dict().items()} if train else {}
        results = _passed(model, norms, x, dout, train=train)
        if train:
            results["random"] = is_random(model, tensor(x.astype(np.float32)))
        if results.get("random") is True:
            model.load_state_dict(before)
            with Calm():
                results["calm"] = _passed(model, norms, x, dout, train=train)
    return results


def _passed(
    model: nn.Module,
    leaves: Mapping[int, nn.Module],
    x: Array,
    dout: Array | None,
    *,
    train: bool,
) -> dict[str, Any]:
    """Return what `with_weights` does of one pass; leaves : its layers by number."""
    images = tensor(x.astype(np.float32)).requires_grad_(dout is not None)
    given = images * 1  # a copy: the network may work in place
    with Watch(model):
        output = model(given)
    if dout is not None and not torch.equal(given, images):
        raise CheckFailedError("input_changed", INPUT_CHANGED)
    results: dict[str, Any] = {"output": to_array(output, "what forward returned")}
    if dout is not None and output.shape != dout.shape:
        return results  # which is wrong: nothing else of it can be held against ours
    if dout is not None:
        output.backward(tensor(dout).to(output.dtype))
        gradient = torch.zeros_like(images) if images.grad is None else images.grad
        results["dx"] = to_array(gradient, "the gradient of the input")
    if train:
        results["running"] = {
            str(n): [
                to_array(leaf.running_mean, "a running mean"),
                to_array(leaf.running_var, "a running variance"),
            ]
            for n, leaf in sorted(leaves.items())
            if isinstance(leaf, NORMS) and leaf.running_mean is not None
        }
    return results


@measurement
def first_layer(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    weights: Sequence[Weights],
    order: Sequence[int],
    x: Array,
) -> dict[str, Array]:
    """Look at the first layer of a network that was given weights, for a picture.

    weights, order : as in `with_weights`; x : (1, C, H, W)
    Returns ``kernels`` (C_out, C_in, KH, KW) and ``maps`` (C_out, H', W')
    Raises CheckFailedError where the first layer is no convolution
    """
    with exact(0):
        model = built(build, arguments)
        _, leaves = seen(model, torch.randn(x.shape))
        for leaf, number in zip(leaves, order, strict=True):
            _give(leaf, weights[number])
        first = leaves[0] if leaves else None
        if not isinstance(first, nn.Conv2d):
            raise CheckFailedError("structure", "the first layer is no nn.Conv2d")
        with torch.no_grad():
            maps = nn.Conv2d.forward(first, tensor(x))
        kernels = to_array(first.weight, "the first layer's weight")
        return {"kernels": kernels, "maps": to_array(maps, "what it gives")[0]}


def _whatever_the_weights(
    output: Array, _build: object, _arguments: object, x: Array, **_: object
) -> dict[str, Any]:
    """Return what outputs of one network have in common, however it was born.

    Which random weights a layer gets depends on the order in which layers are made, and
    on what else draws: numbers tell nothing of what a network does, but these facts.
    """
    out = np.asarray(output)
    return {
        "shape": list(out.shape),
        "the input": out.shape == x.shape and bool(np.allclose(out, x)),
        "all 0": not out.any(),
        "some 0": bool((out == 0).any()),
        "below 0": bool((out < 0).any()),
        "probabilities": _sums_to_one(out),
        "their logarithms": bool((out < 0).all()) and _sums_to_one(np.exp(out)),
    }


def _sums_to_one(out: Array) -> bool:
    is_flat = out.ndim == 2  # noqa: PLR2004 (N, classes)
    return is_flat and bool(np.allclose(out.sum(axis=1), 1, atol=1e-4))


@raw_probe(_whatever_the_weights)
def fresh_output(
    build: Callable[..., Any],
    arguments: Sequence[Any],
    x: Array,
    *,
    train: bool = False,
    seed: int = 0,
) -> Array:
    """Return what a network gives for `x` with the weights that it was born with.

    float32, as networks are trained
    """
    begin_random(seed)
    model = built(build, arguments)
    model.train(train)
    with torch.no_grad():
        return to_array(model(tensor(x)), "what forward returned")


def parameter_shapes(
    build: Callable[..., Any], arguments: Sequence[Any], input_shape: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the shapes of all that a network learns, sorted.

    input_shape : of a batch that it is run on before: lazy layers know their sizes then
    """
    shapes = layers_and_shapes(build, arguments, input_shape)["shapes"]
    return [tuple(shape) for shape in shapes]


def _by_part(facts: Mapping[str, Any], *_: object, **__: object) -> dict[str, Any]:
    return parts_of(facts["rows"])


@raw_probe(_by_part)
def layers_and_shapes(
    build: Callable[..., Any], arguments: Sequence[Any], input_shape: Sequence[int]
) -> dict[str, Any]:
    """Return ``shapes``, as `parameter_shapes`, and ``rows`` of the layers that ran."""
    begin_random(0)
    model = built(build, arguments).eval()
    with torch.no_grad(), Watch(model) as watch:
        to_array(model(torch.zeros(tuple(input_shape))), "what forward returned")
    check_strays(watch)
    return {
        "shapes": sorted(tuple(p.shape) for p in model.parameters()),
        "rows": watch.rows,
    }


@probe
def input_after(
    build: Callable[..., Any], arguments: Sequence[Any], x: Array
) -> dict[str, Any]:
    """Run a network on `x`, and return what `x` is then.

    Returns ``input`` as it is afterwards, and ``shape`` of what came out
    """
    with exact(0):
        model = built(build, arguments)
        images = tensor(x)
        with Watch(model), torch.no_grad():
            output = to_array(model(images), "what forward returned")
        return {"input": to_array(images, "the input"), "shape": output.shape}


def layer_weights(model: nn.Module, x: torch.Tensor) -> tuple[list[Row], list[Weights]]:
    """Return the rows and the arrays of one of our own networks."""
    rows, leaves = seen(model, x)
    return rows, [
        {
            name: value.detach().double().numpy().copy()
            for name, value in leaf.state_dict().items()
            if name != "num_batches_tracked"
        }
        for leaf in leaves
    ]


def built(build: Callable[..., Any], arguments: Sequence[Any]) -> nn.Module:
    """Build a network, and say what it is where it is none."""
    model = build(*arguments)
    if not issubclass(type(model), nn.Module):
        kind = "None" if model is None else f"a {type(model).__name__}"
        message = f"that gives {kind}, it should be a torch.nn.Module"
        raise CheckFailedError("type", message)
    _check_found_by(model)
    known = (p for p in model.parameters() if not is_lazy(p))
    count = sum(p.numel() for p in known)
    if count > MOST_PARAMETERS:
        message = (
            f"your network has {count:,} parameters, more than {MOST_PARAMETERS:,}: "
            "is a layer's size wrong?"
        )
        raise CheckFailedError("structure", message, coarse=message)
    made: nn.Module = model.to(torch.get_default_dtype())
    return made


def know_sizes(model: nn.Module, input_shape: Sequence[int]) -> None:
    """Run a network once where lazy layers don't know their sizes yet.

    In eval mode, so that nothing else changes; it ends in the mode in which it came
    """
    if any(map(is_lazy, [*model.parameters(), *model.buffers()])):
        modes = [(layer, layer.training) for layer in model.modules()]
        model.eval()
        with torch.no_grad():
            model(torch.zeros(tuple(input_shape)))
        for layer, mode in modes:
            layer.training = mode


def _check_found_by(model: nn.Module) -> None:
    """Fail where a part of a network replaces what its layers are found by."""
    own = object.__getattribute__(model, "__dict__")
    classes = [c for c in type(model).__mro__ if not c.__module__.startswith("torch.")]
    for name in FOUND_BY:
        if name in own or any(name in vars(c) for c in classes if c is not object):
            message = (
                f"your network has a `{name}` of its own: its layers and parameters "
                "are found by the one of nn.Module, so leave that as it is"
            )
            raise CheckFailedError("structure", message, coarse=message)
    for part in own.get("_modules", {}).values():
        if part is not None:
            _check_found_by(part)


def _give(leaf: nn.Module, arrays: Weights) -> None:
    with torch.no_grad():
        for name in GIVEN:
            target = getattr(leaf, name, None)
            if target is None:
                continue
            if name in arrays:
                target.copy_(tensor(arrays[name]).reshape(target.shape))
            elif name == "bias":
                target.zero_()
