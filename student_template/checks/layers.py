"""Look at a network's layers in the order in which they run, and give them weights.

Two networks that compute the same may name their layers differently, define them in
another order, or hold them in a ``Sequential``. What they share is the order in which
the layers run and what each layer is. A row tells of one layer with weights:

``kind``
    ``conv``, ``linear`` or ``batch_norm``, or the class's name where it is another;
    convolutions of 1x1, and those as large as the map they meet, are ``linear``
``inputs``, ``outputs``
    channels or features, ``kernel`` : [height, width], [1, 1] where ``linear``
``groups``, ``dilation``, ``bias``
    as in PyTorch
``after``
    number of the layer that feeds a normalisation, seen through activations, or -1
``uses``
    how often the layer ran
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from checks.failure import CheckFailedError
from checks.probing import measurement, probe
from checks.tensors import Array, exact, tensor, to_array

Row = dict[str, Any]
Weights = Mapping[str, Array]
"""The arrays of a layer: ``weight``, ``bias``, ``running_mean``, ``running_var``."""

MOST_PARAMETERS = 5_000_000
_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@probe
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
        rows, _ = _seen(model, torch.randn(tuple(input_shape)))
    return rows


@probe
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
        `weights`; a bias that has no array becomes 0
    x : the input; dout : gradient of the output, None for forward only
    train : in train mode, else in eval mode
    Returns ``output``, with dout ``dx``, and in train mode ``running``: the running
    mean and variance of every normalisation afterwards, as numbered in `weights`
    """
    with exact(0):
        model = built(build, arguments)
        _, leaves = _seen(model, torch.randn(x.shape))
        for leaf, number in zip(leaves, order, strict=True):
            _give(leaf, weights[number])
        model.train(train)
        images = tensor(x).requires_grad_(dout is not None)
        output = model(images * 1)  # a copy: the network may work in place
        results: dict[str, Any] = {"output": to_array(output, "what forward returned")}
        if dout is not None:
            _check_shape(output, dout.shape)
            output.backward(tensor(dout))
            gradient = torch.zeros_like(images) if images.grad is None else images.grad
            results["dx"] = to_array(gradient, "the gradient of the input")
        if train:
            norms = {n: leaf for leaf, n in zip(leaves, order, strict=True)}
            results["running"] = {
                str(n): [
                    to_array(norms[n].running_mean, "a running mean"),
                    to_array(norms[n].running_var, "a running variance"),
                ]
                for n in sorted(norms)
                if isinstance(norms[n], _NORMS) and norms[n].running_mean is not None
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
        _, leaves = _seen(model, torch.randn(x.shape))
        for leaf, number in zip(leaves, order, strict=True):
            _give(leaf, weights[number])
        first = leaves[0] if leaves else None
        if not isinstance(first, nn.Conv2d):
            raise CheckFailedError("structure", "the first layer is no nn.Conv2d")
        with torch.no_grad():
            maps = first(tensor(x))
        kernels = to_array(first.weight, "the first layer's weight")
        return {"kernels": kernels, "maps": to_array(maps, "what it gives")[0]}


@probe
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
    torch.manual_seed(seed)
    model = built(build, arguments)
    model.train(train)
    with torch.no_grad():
        return to_array(model(tensor(x)), "what forward returned")


@probe
def parameter_shapes(
    build: Callable[..., Any], arguments: Sequence[Any], input_shape: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the shapes of all that a network learns, sorted.

    input_shape : of a batch that it is run on before: lazy layers know their sizes then
    """
    torch.manual_seed(0)
    model = built(build, arguments)
    with torch.no_grad():
        to_array(model.eval()(torch.zeros(tuple(input_shape))), "what forward returned")
    return sorted(tuple(p.shape) for p in model.parameters())


def layer_weights(model: nn.Module, x: torch.Tensor) -> tuple[list[Row], list[Weights]]:
    """Return the rows and the arrays of one of our own networks."""
    rows, leaves = _seen(model, x)
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
    if not isinstance(model, nn.Module):
        kind = "None" if model is None else f"a {type(model).__name__}"
        message = f"that gives {kind}, it should be a torch.nn.Module"
        raise CheckFailedError("type", message)
    known = (p for p in model.parameters() if not is_lazy(p))
    count = sum(p.numel() for p in known)
    if count > MOST_PARAMETERS:
        message = (
            f"your network has {count:,} parameters, more than {MOST_PARAMETERS:,}: "
            "is a layer's size wrong?"
        )
        raise CheckFailedError("structure", message, coarse=message)
    return model.to(torch.get_default_dtype())


def _seen(model: nn.Module, x: torch.Tensor) -> tuple[list[Row], list[nn.Module]]:
    """Run the network once and note its layers with weights as they run."""
    leaves: list[nn.Module] = []
    rows: list[Row] = []
    made: dict[Any, int] = {}

    def note(leaf: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if leaf in leaves:
            rows[leaves.index(leaf)]["uses"] += 1
            return
        leaves.append(leaf)
        rows.append(_row(leaf, inputs[0], made))
        if getattr(output, "grad_fn", None) is not None:
            made[output.grad_fn] = len(rows) - 1

    handles = [leaf.register_forward_hook(note) for leaf in _with_weights(model)]
    try:
        model.eval()
        to_array(model(x), "what forward returned")
    finally:
        for handle in handles:
            handle.remove()
    rows += [_loose(name, p) for name, p in _loose_parameters(model)]
    return rows, leaves


def _with_weights(model: nn.Module) -> Iterator[nn.Module]:
    for module in model.modules():
        learns = next(module.parameters(recurse=False), None) is not None
        if (learns and _is_layer(module)) or isinstance(module, _NORMS):
            yield module


def _is_layer(module: nn.Module) -> bool:
    return type(module).__module__.startswith("torch.nn.")


def _loose_parameters(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    for module in model.modules():
        if not _is_layer(module):
            yield from module.named_parameters(recurse=False)


def _loose(name: str, parameter: nn.Parameter) -> Row:
    row = _plain(f"nn.Parameter {name}")
    return {**row, "outputs": parameter.numel()}


def _plain(kind: str) -> Row:
    return {
        "kind": kind,
        "inputs": 0,
        "outputs": 0,
        "kernel": [1, 1],
        "groups": 1,
        "dilation": 1,
        "bias": False,
        "after": -1,
        "uses": 1,
    }


def _row(leaf: nn.Module, x: Any, made: Mapping[Any, int]) -> Row:
    row = _plain(type(leaf).__name__)
    if isinstance(leaf, nn.Linear):
        row |= {"kind": "linear", "inputs": leaf.in_features}
        row |= {"outputs": leaf.out_features, "bias": leaf.bias is not None}
    elif isinstance(leaf, _CONVOLUTIONS):
        row |= {"outputs": leaf.out_channels, "bias": leaf.bias is not None}
        row |= {"kind": "conv", "inputs": leaf.in_channels, "groups": leaf.groups}
        row |= {"kernel": list(leaf.kernel_size), "dilation": max(leaf.dilation)}
        if _is_dense(leaf, x):
            row |= {"kind": "linear", "inputs": leaf.weight[0].numel()}
            row |= {"kernel": [1, 1], "dilation": 1}
    elif isinstance(leaf, _NORMS):
        row |= {"kind": "batch_norm", "inputs": leaf.num_features}
        row |= {"outputs": leaf.num_features, "bias": leaf.affine}
        row |= {"after": _feeding(x, made)}
    return row


def _is_dense(conv: Any, x: torch.Tensor) -> bool:
    """Tell a convolution that is a linear layer: of 1x1, or as large as its map."""
    kernel: tuple[int, ...] = conv.kernel_size
    unpadded = {(0,) * len(kernel), "valid"}
    if set(kernel) == {1}:
        unpadded.add("same")
    if conv.groups != 1 or conv.padding not in unpadded:
        return False
    return set(kernel) == {1} or kernel == tuple(x.shape[2:])


def _feeding(x: torch.Tensor, made: Mapping[Any, int]) -> int:
    """Return the layer whose output reaches `x` through what has no weights."""
    node = x.grad_fn
    while node is not None:
        if node in made:
            return made[node]
        following = [n for n, _ in node.next_functions if n is not None]
        node = following[0] if len(following) == 1 else None
    return -1


def _give(leaf: nn.Module, arrays: Weights) -> None:
    with torch.no_grad():
        for name in ("weight", "bias", "running_mean", "running_var"):
            target = getattr(leaf, name, None)
            if target is None:
                continue
            if name in arrays:
                target.copy_(tensor(arrays[name]).reshape(target.shape))
            elif name == "bias":
                target.zero_()


def _check_shape(output: torch.Tensor, shape: tuple[int, ...]) -> None:
    if tuple(output.shape) != tuple(shape):
        raise CheckFailedError(
            "shape",
            f"expected an output of shape {tuple(shape)}, got {tuple(output.shape)}",
            coarse="the output has the wrong shape",
        )
