"""The lecture's networks as PyTorch modules, made from a2's lists of layers.

Assignment 2 computes with the lists of `checks.architectures`; here the same lists run.
So what students count there, what the handouts' figures show and what the tests hold
against another implementation is one network. Workers do not get this module: it would
answer half of assignment 5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import torch
from checks import architectures as nets
from checks.architectures import Layer
from checks.blocks import stack
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A network of the lecture.

    layers : gives its list of layers, a fresh one at every call
    image : (channels, height, width) that its linear layers are made for
    """

    layers: Callable[[], list[Layer]]
    image: Shape = (3, 224, 224)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A network up to the end of one of its layers or blocks, for one image.

    kind : the layer's ``"type"``
    shape : (channels, height, width) or (features,) behind it
    depth : convolution and linear layers up to here, along the longest path
    parameters : numbers that this layer or block learns
    macs : multiplications of its convolution and linear layers
    """

    kind: str
    shape: Shape
    depth: int
    parameters: int
    macs: int


ARCHITECTURES: Mapping[str, Architecture] = MappingProxyType(
    {
        "LeNet-5": Architecture(layers=nets.lenet5, image=(1, 28, 28)),
        "AlexNet, drawn": Architecture(layers=partial(nets.alexnet, "drawn")),
        "AlexNet, ungrouped": Architecture(
            layers=partial(nets.alexnet, "ungrouped"), image=(3, 227, 227)
        ),
        "AlexNet, paper": Architecture(
            layers=partial(nets.alexnet, "paper"), image=(3, 227, 227)
        ),
        "VGG-16": Architecture(layers=partial(nets.vgg, 16)),
        "VGG-19": Architecture(layers=partial(nets.vgg, 19)),
        "GoogLeNet": Architecture(layers=nets.googlenet),
        "ResNet-18": Architecture(layers=partial(nets.resnet, 18)),
        "ResNet-34": Architecture(layers=partial(nets.resnet, 34)),
        "ResNet-50": Architecture(layers=partial(nets.resnet, 50)),
        "ResNet-101": Architecture(layers=partial(nets.resnet, 101)),
        "ResNet-152": Architecture(layers=partial(nets.resnet, 152)),
    }
)
"""By name, the oldest first; of AlexNet the variants that assignment 2 tells apart."""


_BARE: Mapping[str, Callable[[], nn.Module]] = MappingProxyType(
    {
        "flatten": nn.Flatten,
        "global_avg_pool": partial(nn.AdaptiveAvgPool2d, 1),
        "sigmoid": nn.Sigmoid,
    }
)
"""Layers without settings that `checks.blocks.stack` does not know."""


class Residual(nn.Module):
    """The sum of what two networks make of the same input."""

    def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the body's output plus the shortcut's, which has its shape."""
        total: torch.Tensor = self.shortcut(x) + self.body(x)
        return total


class Branches(nn.Module):
    """The channels that several networks make of the same input, one behind another."""

    def __init__(self, paths: Sequence[nn.Module]) -> None:
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, sum of the paths' channels, H, W)."""
        return torch.cat([path(x) for path in self.paths], dim=1)


def network(
    layers: Sequence[Layer], input_shape: Shape, device: str = "cpu"
) -> nn.Sequential:
    """Return the layers as a network in train mode, with PyTorch's initial weights.

    input_shape : (channels, height, width) of one image
    device : ``meta`` gives a network without memory, which knows shapes only
    Raises ValueError for a type that `checks.architectures` has not, and PyTorch's
    RuntimeError for a layer that does not fit what comes before it

    >>> network([nets.conv(6, 5), nets.flatten(), nets.linear(3)], (1, 6, 7))
    Sequential(
      (0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
      (1): Flatten(start_dim=1, end_dim=-1)
      (2): Linear(in_features=36, out_features=3, bias=True)
    )
    """
    with torch.device("meta"), torch.no_grad():
        made = _chain(layers, torch.empty(1, *input_shape))
    if device != "meta":
        made.to_empty(device=device)
        for module in made.modules():
            if isinstance(module, nn.Conv2d | nn.Linear | nn.BatchNorm2d):
                module.reset_parameters()
    return made.train()


def steps(layers: Sequence[Layer], input_shape: Shape) -> Iterator[Step]:
    """Yield a step for every layer or block, as PyTorch sees it.

    Shapes come from running the network, parameters from its modules, MACs from
    PyTorch's own counter (it counts a multiplication and an addition as two).

    >>> [s.shape for s in steps([nets.conv(6, 5), nets.max_pool(2, 2)], (1, 6, 9))]
    [(6, 2, 5), (6, 1, 2)]
    """
    x = torch.empty(1, *input_shape, device="meta")
    depth = 0
    made = network(layers, input_shape, "meta").eval()
    for layer, module in zip(layers, made, strict=True):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            x = module(x)
        depth += _depth([layer])
        yield Step(
            kind=layer["type"],
            shape=tuple(x.shape[1:]),
            depth=depth,
            parameters=sum(p.numel() for p in module.parameters()),
            macs=counter.get_total_flops() // 2,
        )


def _chain(layers: Sequence[Layer], x: torch.Tensor) -> nn.Sequential:
    """Return the layers one behind the other, sized by running each when it is made."""
    made = nn.Sequential()
    for layer in layers:
        # A normalisation in train mode refuses one image of one pixel.
        module = _module(layer, x).eval()
        x = module(x)
        made.append(module)
    return made


def _module(layer: Layer, x: torch.Tensor) -> nn.Module:
    """Return one layer or block that can be given `x`."""
    match layer["type"]:
        case "residual":
            return Residual(_chain(layer["body"], x), _chain(layer["shortcut"], x))
        case "branches":
            return Branches([_chain(path, x) for path in layer["branches"]])
        case "linear":
            return nn.Linear(x.shape[1], layer["out_features"], layer["bias"])
        case kind if kind in _BARE:
            return _BARE[kind]()
        case _:
            return stack([layer], x.shape[1])[0]


def _depth(layers: Sequence[Layer]) -> int:
    """Return how many layers with a weight matrix lie on the longest path."""
    total = 0
    for layer in layers:
        match layer["type"]:
            case "conv" | "linear":
                total += 1
            case "residual":
                total += max(_depth(layer["body"]), _depth(layer["shortcut"]))
            case "branches":
                total += max(_depth(path) for path in layer["branches"])
            case _:
                pass
    return total
