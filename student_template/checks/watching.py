"""Watch a network run: which layers with weights compute, in which order.

A row tells of one layer with weights:

``kind``
    ``conv``, ``linear`` or ``batch_norm``, or the class's name where it is another;
    convolutions of 1x1, and those as large as the map they meet, are ``linear``
``inputs``, ``outputs``
    channels or features, ``kernel`` : [height, width], [1, 1] where ``linear``
``groups``, ``dilation``, ``bias``
    as in PyTorch
``after``, ``between``
    number of the layer that feeds a normalisation, seen through activations, or -1, and
    what they are, in words
``uses``
    how often the layer ran
``then``
    what is done to its output before another layer computes with it, in words: "max,
    relu"; normalisations are left out
``depth``
    layers that an image goes through to the end of this one, without normalisations
``steps``
    of a convolution, where it has a stride or loses pixels: "stride 2", "-2"
``random``
    in train mode, the network gives the same images another output every time

``between`` and the last four are evidence for names, no mark depends on them.

A layer runs where PyTorch computes with its weights: called, by its ``forward``, or by
``torch.nn.functional`` with the layer's own weight. A subclass of a layer of
``torch.nn`` is that layer.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from checks.failure import CheckFailedError
from checks.probing import UNKNOWN
from checks.tensors import to_array

Row = dict[str, Any]

_CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
_OTHER_NORMS = (
    *(nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d),
    *(nn.GroupNorm, nn.LayerNorm),
)
_NAMES_OF_NORMS = {"batch_norm", *(norm.__name__ for norm in _OTHER_NORMS)}
_CONTAINERS = (nn.Module, nn.Sequential, nn.ModuleList, nn.ModuleDict)
GIVEN = ("weight", "bias", "running_mean", "running_var")
_COMPUTING = frozenset(
    {
        *("conv1d", "conv2d", "conv3d", "linear", "bilinear", "batch_norm"),
        *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
        *("instance_norm", "layer_norm", "group_norm", "rms_norm", "prelu"),
        *("embedding", "embedding_bag", "lstm", "gru", "rnn_tanh", "rnn_relu"),
        "multi_head_attention_forward",
    }
)
"""Functions of PyTorch in which the layers of ``torch.nn`` use their weights."""


_SIZE = ("inputs", "outputs", "kernel", "groups", "dilation")
_DOING = {
    **dict.fromkeys(("ReluBackward", "ClampMinBackward", "ThresholdBackward"), "relu"),
    **dict.fromkeys(("MeanBackward", "AdaptiveAvgPool2DBackward"), "mean"),
    "MaxPool2DWithIndicesBackward": "max",
    "AmaxBackward": "largest",
    "AdaptiveMaxPool2DBackward": "largest",
    "AvgPool2DBackward": "average",
    "SumBackward": "sum",
    "AddBackward": "add",
    "CatBackward": "cat",
    "LeakyReluBackward": "leaky relu",
    "EluBackward": "elu",
    "GeluBackward": "gelu",
    "SiluBackward": "silu",
    "SigmoidBackward": "sigmoid",
    "TanhBackward": "tanh",
    "SoftmaxBackward": "softmax",
    "LogSoftmaxBackward": "log softmax",
    **dict.fromkeys(
        (
            *("ViewBackward", "ReshapeAliasBackward", "UnsafeViewBackward"),
            *("SqueezeBackward", "UnsqueezeBackward", "AliasBackward"),
            *("PermuteBackward", "TransposeBackward", "TBackward", "CloneBackward"),
            *("ToCopyBackward", "ExpandBackward"),
            *("NativeBatchNormBackward", "NativeGroupNormBackward"),
        ),
        "",
    ),
}
"""What PyTorch's steps do, in a word, without the number that ends their names; "" for
those that only shape, and for steps of a normalisation."""


_OF_ALL = {"max": "largest", "average": "mean"}


class Watch(TorchFunctionMode):
    """Note the layers with weights as they compute, wherever that is written.

    What a layer is given is brought to the precision of its weights: networks may cast
    their images to float32, and here everything is float64.
    rows, leaves : what has run until now
    strays : shapes of what is learned, was used, and is not held by the network
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.leaves: list[nn.Module] = []
        self.strays: list[tuple[int, ...]] = []
        self._made: dict[Any, int] = {}
        self._padded: list[tuple[Any, torch.Size]] = []
        self._held = {id(parameter) for parameter in model.parameters()}
        self._owner: dict[int, nn.Module] = {}
        for leaf in _with_weights(model):
            own = [*leaf.parameters(recurse=False), *leaf.buffers(recurse=False)]
            self._owner |= {id(value): leaf for value in own}

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run one of PyTorch's functions."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if name not in _COMPUTING:
            output = func(*args, **kwargs)
            if name == "pad" and isinstance(args[0], torch.Tensor):
                self._padded.append((output, args[0].shape[2:]))
            return output
        given = list(_flat((args, *kwargs.values())))
        own = (self._owner.get(id(value)) for value in given)
        leaf = next((found for found in own if found is not None), None)
        if leaf is None:
            learned = (v for v in given if isinstance(v, nn.Parameter))
            self.strays += (tuple(v.shape) for v in learned if id(v) not in self._held)
            return func(*args, **kwargs)
        args, kwargs = self._cast(leaf, args, kwargs)
        output = func(*args, **kwargs)
        self._note(leaf, args[0] if args else kwargs.get("input"), output)
        return output

    def _cast(self, leaf: nn.Module, args: Any, kwargs: Any) -> tuple[Any, Any]:
        kinds = [v.dtype for v in leaf.state_dict().values() if v.is_floating_point()]
        first = args[0] if args else kwargs.get("input")
        is_other = (
            isinstance(first, torch.Tensor)
            and first.is_floating_point()
            and kinds
            and first.dtype != kinds[0]
        )
        if not is_other:
            return args, kwargs
        if args:
            return (first.to(kinds[0]), *args[1:]), kwargs
        return args, {**kwargs, "input": first.to(kinds[0])}

    def followed(self, output: Any) -> None:
        """Note in every row what was done to the layer's output, up to the network's.

        output : what the network returned
        """
        following = _following(getattr(output, "grad_fn", None))
        for node, number in self._made.items():
            self.rows[number]["then"] = _done_to(node, following, self._layers)
            self.rows[number]["depth"] = _depth(node, self._layers)

    @property
    def _layers(self) -> Mapping[Any, str]:
        return {node: self.rows[n]["kind"] for node, n in self._made.items()}

    def _note(self, leaf: nn.Module, given: Any, output: Any) -> None:
        if leaf in self.leaves:
            number = self.leaves.index(leaf)
            self.rows[number]["uses"] += 1
            if getattr(output, "grad_fn", None) is not None:
                self._made[output.grad_fn] = number
            return
        self.leaves.append(leaf)
        row = _row(leaf, given, self._made)
        shape = next((s for x, s in self._padded if x is given), given.shape[2:])
        self.rows.append({**row, "steps": _steps(leaf, given, shape, output)})
        if getattr(output, "grad_fn", None) is not None:
            self._made[output.grad_fn] = len(self.rows) - 1


def seen(model: nn.Module, x: torch.Tensor) -> tuple[list[Row], list[nn.Module]]:
    """Run the network once and note its layers with weights as they run."""
    model.eval()
    with Watch(model) as watch:
        output = model(x)
        to_array(output, "what forward returned")
    check_strays(watch)
    watch.followed(output)
    loose = [_loose(name, p) for name, p in _loose_parameters(model)]
    return watch.rows + loose, watch.leaves


def is_random(model: nn.Module, x: torch.Tensor) -> bool | str:
    """Tell whether a network gives the same images another output every time.

    In train mode, in which it is left; UNKNOWN where it can't run so
    """
    model.train()
    try:
        with torch.no_grad(), Watch(model):
            first, second = model(x), model(x)
            return not torch.equal(first, second)
    except Exception:  # noqa: BLE001 a normalisation of one number raises, say
        return UNKNOWN


class Calm(TorchFunctionMode):
    """Leave out every dropout: what is left gives the same every time."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run one of PyTorch's functions."""
        kwargs = kwargs or {}
        if "dropout" in getattr(func, "__name__", ""):
            return args[0] if args else kwargs["input"]
        return func(*args, **kwargs)


def parts_of(rows: Sequence[Row]) -> dict[str, Any]:
    """Take rows apart, so that several mistakes show each in a part of its own.

    Two networks that do the same have the same parts, whatever runs first. So that one
    mistake leaves the parts of others alone, sizes are without biases, biases and what
    follows a layer are without sizes.

    >>> conv = {"kind": "conv", "inputs": 1, "outputs": 2, "kernel": [3, 3]}
    >>> conv |= {"groups": 1, "dilation": 1, "bias": True, "uses": 1, "steps": ""}
    >>> parts = parts_of([{**conv, "then": "relu", "depth": 1, "random": False}])
    >>> parts["conv"], parts["biases"], parts["then conv"]
    ([[1, 2, [3, 3], 1, 1]], {'conv': 'all'}, ['relu'])
    """
    layers = [row for row in rows if row["kind"] not in _NAMES_OF_NORMS]
    norms = [row for row in rows if row["kind"] in _NAMES_OF_NORMS]
    kinds = sorted({"conv", "linear", *(row["kind"] for row in layers)})
    parts: dict[str, Any] = {
        kind: sorted([row[k] for k in _SIZE] for row in layers if row["kind"] == kind)
        for kind in kinds
    }
    parts["normalisations"] = sorted(_of_a_norm(row, rows) for row in norms)
    parts["biases"] = {
        kind: told
        for kind in kinds
        if (told := _biases([row for row in layers if row["kind"] == kind]))
    }
    parts["used again"] = sorted(
        f"{row['kind']} {row['outputs']}: {row['uses']}"
        for row in rows
        if row["uses"] > 1
    )
    for kind in kinds:
        told = [r for r in layers if r["kind"] == kind and "then" in r]
        order = sorted(told, key=lambda row: (row["depth"], row["then"]))
        if order:
            parts[f"then {kind}"] = [row["then"] for row in order]
    parts["steps"] = sorted(
        f"{row.get('depth', 0)} {row['kind']}: {row['steps']}"
        for row in layers
        if row["steps"]
    )
    if rows and "random" in rows[0]:
        parts["random"] = rows[0]["random"]
    return parts


def _of_a_norm(row: Row, rows: Sequence[Row]) -> str:
    """Say which normalisation it is, and what it follows."""
    size = row.get("features", row["outputs"])
    after = rows[row["after"]]["kind"] if row["after"] >= 0 else "none"
    return f"{row['kind']} {size} {row['bias']}: {after} {row['between']}"


def _biases(layers: Sequence[Row]) -> str | list[Any]:
    """Say which layers of one kind have a bias: all, none, or those of these sizes."""
    having = [row for row in layers if row["bias"]]
    if len(having) in {0, len(layers)}:
        return "" if not layers else "all" if having else "none"
    return sorted([row[key] for key in _SIZE] for row in having)


def check_strays(watch: Watch) -> None:
    """Fail where something learned is used that the network does not hold."""
    if watch.strays:
        message = (
            "a layer runs that PyTorch does not find in your network, it would never "
            "be trained: is it in a Python list (use nn.ModuleList or nn.Sequential), "
            "or made anew in forward (make it in __init__)? It is the one with weights "
            f"of shape {watch.strays[0]}"
        )
        raise CheckFailedError("structure", message)


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _flat(value)
        else:
            yield value


def _with_weights(model: nn.Module) -> Iterator[nn.Module]:
    for module in model.modules():
        learns = next(module.parameters(recurse=False), None) is not None
        if (learns and _is_layer(module)) or isinstance(module, NORMS):
            yield module


def _is_layer(module: nn.Module) -> bool:
    """Tell a layer of torch.nn, or one that is derived from it."""
    return any(
        kind.__module__.startswith("torch.nn.")
        and issubclass(kind, nn.Module)
        and kind not in _CONTAINERS
        for kind in type(module).__mro__
    )


def _loose_parameters(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    for module in model.modules():
        known = isinstance(module, (nn.Linear, *_CONVOLUTIONS, *NORMS))
        for name, parameter in module.named_parameters(recurse=False):
            if not _is_layer(module) or (known and name not in GIVEN):
                yield name, parameter


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
        "between": "",
        "uses": 1,
        "steps": "",
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
    elif isinstance(leaf, NORMS):
        row |= {"kind": "batch_norm", "inputs": leaf.num_features}
        row |= {"outputs": leaf.num_features, "bias": leaf.affine}
        row |= _feeding(x, made)
    elif isinstance(leaf, _OTHER_NORMS):
        row |= {"features": leaf.weight.numel(), **_feeding(x, made)}
    return row


def _steps(leaf: nn.Module, x: Any, shape: torch.Size, output: Any) -> str:
    """Say what a convolution does to the size of its map, "" where it stays.

    However it is padded; shape : before that. One as large as its map is a linear layer
    """
    if not isinstance(leaf, _CONVOLUTIONS) or leaf.kernel_size == tuple(x.shape[2:]):
        return ""
    if max(leaf.stride) > 1:
        return f"stride {max(leaf.stride)}"
    lost = max(n - m for n, m in zip(shape, output.shape[2:], strict=True))
    return f"{-lost:+d}" if lost else ""


def _is_dense(conv: Any, x: torch.Tensor) -> bool:
    """Tell a convolution that is a linear layer: of 1x1, or as large as its map."""
    kernel: tuple[int, ...] = conv.kernel_size
    unpadded = {(0,) * len(kernel), "valid"}
    if set(kernel) == {1}:
        unpadded.add("same")
    if conv.groups != 1 or conv.padding not in unpadded:
        return False
    return set(kernel) == {1} or kernel == tuple(x.shape[2:])


def _following(last: Any) -> Mapping[Any, list[Any]]:
    """Return for every step of a computation those that take its result.

    last : the step that gave the output, as PyTorch keeps it for the backward pass
    """
    following: dict[Any, list[Any]] = {}
    left, met = [last] if last is not None else [], {last}
    while left:
        node = left.pop()
        for before, _ in node.next_functions:
            if before is None or before.name().endswith("AccumulateGrad"):
                continue
            following.setdefault(before, []).append(node)
            if before not in met:
                met.add(before)
                left.append(before)
    return following


def _done_to(
    node: Any, following: Mapping[Any, list[Any]], layers: Mapping[Any, str]
) -> str:
    """Say what is done to a step's result until a layer, or several steps, take it.

    Sorted: a ReLU and a maximum may come in either order, and a ReLU again
    """
    done: list[str] = []
    while len(following.get(node, ())) == 1:
        (node,) = following[node]
        if node in layers:
            if layers[node] not in _NAMES_OF_NORMS:
                break
            continue
        word = _word(node)
        if word is None:
            return UNKNOWN
        done += [word] if word else []
    else:
        done += ["several"] if following.get(node) else []
    return ", ".join(sorted({*done}))


def _feeding(x: torch.Tensor, made: Mapping[Any, int]) -> Row:
    """Return ``after``, the layer whose output reaches `x` through what has no weights.

    And ``between``, what is done to it on the way, in words
    """
    node, done = x.grad_fn, set[str]()
    while node is not None and node not in made:
        done.add(_word(node) or "")
        following = [n for n, _ in node.next_functions if n is not None]
        node = following[0] if len(following) == 1 else None
    return {
        "after": -1 if node is None else made[node],
        "between": ", ".join(sorted(done - {""})),
    }


def _depth(node: Any, layers: Mapping[Any, str]) -> int:
    """Count the layers on the longest way to a step, it included; no normalisations."""
    depths: dict[Any, int] = {}
    waiting = [node]
    while waiting:
        step = waiting[-1]
        before = [n for n, _ in step.next_functions if n is not None]
        open_ = [n for n in before if n not in depths]
        if open_:
            waiting += open_
            continue
        counts = layers.get(step) not in {None, *_NAMES_OF_NORMS}
        depths[step] = max((depths[n] for n in before), default=0) + counts
        waiting.pop()
    return depths[node]


def _word(node: Any) -> str | None:
    """Say what a step does, "" where it only shapes, None where there is no word.

    A window that is as large as the map is pooling over all of it
    """
    word = _DOING.get(node.name().rstrip("0123456789"))
    if word in _OF_ALL and tuple(node._input_metadata[0].shape[2:]) == (1, 1):  # noqa: SLF001 the step's output
        return _OF_ALL[word]
    return word
