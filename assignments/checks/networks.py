"""Probes for functions that make, measure or change a network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import torch
from torch import nn

from checks.blocks import Layer, stack
from checks.failure import CheckFailedError
from checks.layers import built
from checks.probing import measurement, probe
from checks.tensors import Array, begin_random, exact, tensor, to_array
from checks.training import number

TRANSFORMS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "shift": lambda images: images.roll((2, 3), dims=(-2, -1)),
    "shift by one": lambda images: images.roll(-1, dims=-1),
    "flip": lambda images: images.flip(-1),
    "turn": lambda images: images.rot90(1, (-2, -1)),
}


@probe
def tried_features(
    feature_size: Callable[..., Any],
    layers: Sequence[Layer],
    in_channels: int,
    image_size: int,
    *,
    train: bool | Sequence[bool] = True,
) -> dict[str, Any]:
    """Call `feature_size` on a stack of layers, and tell what trying them left behind.

    layers : as in `checks.architectures`; one alone is given without a stack
    train : the mode that they come in, or one for each of them
    Returns ``size`` as returned, ``modes_before`` and ``modes`` of the layers, and
    ``touched``: the names of buffers that changed and parameters that have a gradient
    """
    begin_random(0)
    made = stack(layers, in_channels)
    modes = [train] * len(made) if isinstance(train, bool) else list(train)
    for layer, mode in zip(made, modes, strict=True):
        layer.train(mode)
    made.training = modes[0]
    before = {name: value.clone() for name, value in made.named_buffers()}
    size = feature_size(made[0] if len(made) == 1 else made, in_channels, image_size)
    buffers = [n for n, v in made.named_buffers() if not torch.equal(v, before[n])]
    gradients = [n for n, p in made.named_parameters() if p.grad is not None]
    if isinstance(size, torch.Tensor):
        size = number(size)
    return {
        "size": size,
        "modes_before": [_mode(mode) for mode in modes],
        "modes": [_mode(layer.training) for layer in made],
        "touched": buffers + gradients,
    }


def no_traces(facts: Mapping[str, Any]) -> None:
    """Fail where trying layers left something behind, see `tried_features`.

    Raises CheckFailedError
    """
    touched = [name.rpartition(".")[2] for name in facts["touched"]]
    if "running_mean" in touched:
        message = (
            "the running statistics of a normalisation changed: try the layers in eval "
            "mode"
        )
        raise CheckFailedError("value", message)
    if touched:
        message = "the parameters have gradients afterwards: try the layers without"
        raise CheckFailedError("value", message)
    if list(facts["modes"]) != list(facts["modes_before"]):
        told = " and ".join(
            f"layer {n} came in {a} mode and is left in {b} mode"
            for n, (a, b) in enumerate(
                zip(facts["modes_before"], facts["modes"], strict=True)
            )
            if a != b
        )
        coarse = (
            "some layers are left in another mode (train or eval) than they came in"
        )
        raise CheckFailedError("value", told, coarse=coarse)


def _mode(train: object) -> str:
    return "train" if train else "eval"


@probe
def edges(edge_layer: Callable[..., Any], kernel: Any, x: Array) -> dict[str, Any]:
    """Call `edge_layer` and run its layer on images (N, 1, H, W).

    A random bias is drawn anew, so that it does not hang on what was drawn before it.
    Returns ``output``, ``is_conv2d``, ``biased`` (there is a bias), ``learns`` and
    ``bias_learns`` (the weight, the bias asks for a gradient) and ``kept`` (the kernel
    is as it was)
    """
    with exact(0):
        given = [list(row) for row in kernel]
        layer = built(edge_layer, [given])
        found = getattr(layer, "bias", None)
        bias = found if isinstance(found, torch.Tensor) else None
        if bias is not None and torch.any(bias):
            begin_random(1)
            bias.data.uniform_(-0.5, 0.5)
        with torch.no_grad():
            output = to_array(layer(tensor(x)), "what the layer gives")
        return {
            "output": output,
            "is_conv2d": isinstance(layer, nn.Conv2d),
            "biased": bias is not None,
            "learns": any(p.requires_grad for p in layer.parameters() if p is not bias),
            "bias_learns": bias is not None and bias.requires_grad,
            "kept": given == [list(row) for row in kernel],
        }


@probe
def equivariance(
    equivariance_error: Callable[..., Any],
    weight: Array,
    x: Array,
    transform: str,
    *,
    padding_mode: Literal["zeros", "circular"] = "circular",
) -> float:
    """Call `equivariance_error` for a convolution layer and one of `TRANSFORMS`.

    weight : (C_out, C_in, K, K) float64; x : (N, C_in, H, W) float64
    padding_mode : of the layer, whose padding is K // 2
    """
    with exact(0):
        c_out, c_in, size = weight.shape[:3]
        layer = nn.Conv2d(
            c_in, c_out, size, padding=size // 2, padding_mode=padding_mode, bias=False
        )
        layer.weight = nn.Parameter(tensor(weight))
        return number(equivariance_error(layer, tensor(x), TRANSFORMS[transform]))


@probe
def gradient_norm(
    first_layer_grad_norm: Callable[..., Any],
    weights: Sequence[Array],
    x: Array,
    *,
    residual: bool,
) -> dict[str, Any]:
    """Call `first_layer_grad_norm` in float64.

    weights : (F, F) arrays; x : (N, F)
    Returns ``norm`` as returned and ``kept``: weights and x are as they were
    """
    with exact(0):
        matrices, rows = [tensor(w) for w in weights], tensor(x)
        norm = number(first_layer_grad_norm(matrices, rows, residual=residual))
        kept = all(
            torch.equal(matrix, tensor(w)) and matrix.grad is None
            for matrix, w in zip(matrices, weights, strict=True)
        )
        return {"norm": norm, "kept": kept and torch.equal(rows, tensor(x))}


@measurement
def norms_by_depth(
    first_layer_grad_norm: Callable[..., Any],
    weights: Sequence[Array],
    x: Array,
    depths: Sequence[int],
) -> dict[str, list[float]]:
    """Call `first_layer_grad_norm` for the first so many weights, for a picture.

    weights : (F, F) arrays; x : (N, F)
    Returns the norms without a shortcut, ``plain``, and with one, ``shortcut``
    """
    with exact(0):
        matrices, rows = [tensor(w) for w in weights], tensor(x)
        return {
            name: [
                number(first_layer_grad_norm(matrices[:n], rows, residual=residual))
                for n in depths
            ]
            for name, residual in (("plain", False), ("shortcut", True))
        }


@probe
def stage_shapes(
    make_stage: Callable[..., Any],
    arguments: Sequence[Any],
    input_shape: Sequence[int],
) -> list[tuple[int, ...]]:
    """Return the shape of the map after every block of a stage."""
    with exact(0):
        stage = built(make_stage, arguments)
        shapes: list[tuple[int, ...]] = []
        x = torch.randn(tuple(input_shape))
        with torch.no_grad():
            for block in stage.children():
                x = block(x)
                shapes.append(tuple(x.shape))
        return shapes
