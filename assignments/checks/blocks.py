"""Networks that tests hand to your functions; none is an answer to a question.

Some stand in for a function of yours that went wrong (`STAND_INS`): what builds on it
is then asked again with the stand-in in its place, in your network and in the one that
it is compared with, so that one mistake costs once. Each does its work in a way of its
own, and is no right answer for any sizes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

Layer = dict[str, Any]


class PlainBlock(nn.Module):
    """A convolution, a normalisation and a ReLU: a block without a shortcut."""

    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn = nn.BatchNorm2d(out_channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        return torch.relu(self.bn(self.conv(x)))


class WideBlock(nn.Module):
    """A block that gives twice the channels asked for, as a bottleneck four times."""

    expansion = 2

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, 2 * out_channels, 3, stride, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, 2 * out_channels, ceil(H / stride), ceil(W / stride))."""
        return torch.relu(self.conv(x))


def resized(x: torch.Tensor, channels: int, stride: int) -> torch.Tensor:
    """Return maps of `channels` channels, smaller by `stride`, without any weights.

    Means of stride x stride pixels, fewer at the edges; channels from the first on, and
    again from the first on where there are too few. `x` itself where nothing changes

    >>> resized(torch.zeros(1, 2, 5, 4), 3, 2).shape
    torch.Size([1, 3, 3, 2])
    """
    if stride > 1:
        x = nn.functional.avg_pool2d(x, stride, ceil_mode=True)
    if channels == x.shape[1]:
        return x
    return x[:, torch.arange(channels) % x.shape[1]]


def leaky(x: torch.Tensor) -> torch.Tensor:
    """Return x where it is positive, a quarter of it elsewhere."""
    return nn.functional.leaky_relu(x, 0.25)


class LeakyShortcut(nn.Module):
    """Stands in for `make_shortcut`: means for the stride, a leaky ReLU, no weights."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        _check_channels(x, self.in_channels)
        return leaky(resized(x, self.out_channels, self.stride))


class LargerOf(nn.Module):
    """Stands in for `BasicBlock`: the larger of the input and what its body gives.

    The body is a 1x1 and a 5x5 convolution, each with its normalisation
    """

    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 5, stride, 2, bias=False)
        self.bn1, self.bn2 = (nn.BatchNorm2d(out_channels) for _ in range(2))
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, out_channels, ceil(H / stride), ceil(W / stride))."""
        body = self.bn2(self.conv2(leaky(self.bn1(self.conv1(x)))))
        return torch.maximum(resized(x, body.shape[1], self.stride), body)


class LargerOfWide(nn.Module):
    """Stands in for `Bottleneck`: the larger of the input and what its body gives.

    The body is a 5x5 convolution, one of each channel by itself, and a 3x3 that widens
    """

    expansion = 4

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        wide = 4 * out_channels
        self.conv1 = nn.Conv2d(in_channels, out_channels, 5, stride, 2, bias=False)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, 3, padding=1, groups=out_channels, bias=False
        )
        self.bn1, self.bn2 = (nn.BatchNorm2d(out_channels) for _ in range(2))
        self.conv3 = nn.Conv2d(out_channels, wide, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(wide)
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return (N, 4 * out_channels, ceil(H / stride), ceil(W / stride))."""
        narrow = leaky(self.bn1(self.conv1(x)))
        narrow = leaky(self.bn2(self.conv2(narrow)))
        body = self.bn3(self.conv3(narrow))
        return torch.maximum(resized(x, body.shape[1], self.stride), body)


def one_block_stage(
    block: Any, in_channels: int, out_channels: int, num_blocks: int, stride: int
) -> nn.Sequential:
    """Stand in for `make_stage`: one block, and a normalisation for all the others.

    >>> len(one_block_stage(PlainBlock, 8, 16, 3, 2))
    2
    """
    body = block(in_channels, out_channels, stride)
    others = [nn.BatchNorm2d(block.expansion * out_channels)] * (num_blocks > 1)
    return nn.Sequential(body, *others)


STAND_INS: Mapping[str, Callable[..., nn.Module]] = {
    "make_shortcut": LeakyShortcut,
    "BasicBlock": LargerOf,
    "Bottleneck": LargerOfWide,
    "make_stage": one_block_stage,
}
"""What takes the place of a function or class of yours, by its name."""


def _check_channels(x: torch.Tensor, channels: int) -> None:
    if x.shape[1] != channels:
        raise RuntimeError(
            f"a shortcut for {channels} channels was given {x.shape[1]} channels"
        )


def stack(layers: Sequence[Layer], in_channels: int) -> nn.Sequential:
    """Return layers of `checks.architectures` as a network; only plain ones.

    layers : of the types conv, max_pool, avg_pool, relu and batch_norm
    """
    made: list[nn.Module] = []
    channels = in_channels
    for layer in layers:
        settings = {k: v for k, v in layer.items() if k != "type"}
        match layer["type"]:
            case "conv":
                made.append(nn.Conv2d(channels, **settings))
                channels = layer["out_channels"]
            case "batch_norm":
                made.append(nn.BatchNorm2d(channels))
            case "max_pool":
                made.append(nn.MaxPool2d(**settings))
            case "avg_pool":
                made.append(nn.AvgPool2d(**settings))
            case "relu":
                made.append(nn.ReLU())
            case other:
                raise ValueError(other)
    return nn.Sequential(*made)
