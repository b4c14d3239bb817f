"""The lecture's architectures as plain lists of layers.

A layer is a dict: its ``"type"`` and the settings that PyTorch's module of that kind
has, every one of them written out, all sizes whole numbers::

    {"type": "conv", "out_channels": 6, "kernel_size": 5, "stride": 1, "padding": 2,
     "dilation": 1, "groups": 1, "bias": True}
    {"type": "max_pool", "kernel_size": 2, "stride": 2, "padding": 0,
     "ceil_mode": False}                            and "avg_pool" with the same keys
    {"type": "global_avg_pool"}                     (C, H, W) becomes (C, 1, 1)
    {"type": "batch_norm"}   {"type": "relu"}   {"type": "sigmoid"}
    {"type": "flatten"}                             (C, H, W) becomes (C*H*W,)
    {"type": "linear", "out_features": 120, "bias": True}

What comes in (``in_channels``, ``in_features``) is nowhere written: it follows from the
layer before. Two types are blocks, made of further lists of layers that all get the
same input::

    {"type": "residual", "body": [...], "shortcut": [...]}   outputs added; an empty
                                                     shortcut is the input itself
    {"type": "branches", "branches": [[...], [...]]}         outputs put one behind
                                                     the other as channels

Dropout and local response normalisation change no shape and learn nothing; the lists
leave them out. Every call gives a fresh list that you may change.
"""

from collections.abc import Sequence
from typing import Any, Literal

Layer = dict[str, Any]
Row = tuple[str, tuple[int, ...], int]


def conv(
    out_channels: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
    bias: bool = True,
) -> Layer:
    """Return a convolution layer, named as in ``torch.nn.Conv2d``.

    >>> conv(6, 5, padding=2)["padding"]
    2
    """
    return {
        "type": "conv",
        "out_channels": out_channels,
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "bias": bias,
    }


def max_pool(
    kernel_size: int, stride: int, *, padding: int = 0, ceil_mode: bool = False
) -> Layer:
    """Return a max pooling layer, named as in ``torch.nn.MaxPool2d``."""
    return {
        "type": "max_pool",
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "ceil_mode": ceil_mode,
    }


def avg_pool(
    kernel_size: int, stride: int, *, padding: int = 0, ceil_mode: bool = False
) -> Layer:
    """Return an average pooling layer, named as in ``torch.nn.AvgPool2d``."""
    pool = max_pool(kernel_size, stride, padding=padding, ceil_mode=ceil_mode)
    return {**pool, "type": "avg_pool"}


def global_avg_pool() -> Layer:
    """Return a layer that averages every channel down to one pixel."""
    return {"type": "global_avg_pool"}


def batch_norm() -> Layer:
    """Return a batch normalisation over the channels, with learned scale and shift."""
    return {"type": "batch_norm"}


def relu() -> Layer:
    """Return the activation max(x, 0)."""
    return {"type": "relu"}


def sigmoid() -> Layer:
    """Return the activation 1 / (1 + exp(-x))."""
    return {"type": "sigmoid"}


def flatten() -> Layer:
    """Return the layer that makes one long vector of a feature map."""
    return {"type": "flatten"}


def linear(out_features: int, *, bias: bool = True) -> Layer:
    """Return a fully connected layer, named as in ``torch.nn.Linear``."""
    return {"type": "linear", "out_features": out_features, "bias": bias}


def residual(body: list[Layer], shortcut: list[Layer] | None = None) -> Layer:
    """Return a block that adds what `body` and `shortcut` make of the same input."""
    return {"type": "residual", "body": body, "shortcut": shortcut or []}


def branches(*paths: list[Layer]) -> Layer:
    """Return a block that puts the channels of all `paths` one behind the other."""
    return {"type": "branches", "branches": list(paths)}


def lenet5(num_classes: int = 10) -> list[Layer]:
    """Return LeNet-5 as the lecture draws it, for a (1, 28, 28) image.

    LeCun et al. (1998), with every map of the first layer connected to the second.

    >>> len(lenet5())
    12
    """
    return [
        *(conv(6, 5, padding=2), sigmoid(), avg_pool(2, 2)),
        *(conv(16, 5), sigmoid(), avg_pool(2, 2)),
        flatten(),
        *(linear(120), sigmoid(), linear(84), sigmoid(), linear(num_classes)),
    ]


def alexnet(
    variant: Literal["drawn", "ungrouped", "paper"] = "paper", num_classes: int = 1000
) -> list[Layer]:
    """Return AlexNet (Krizhevsky et al., 2012).

    variant : ``drawn``, the lecture's figure, for a (3, 224, 224) image that becomes
        54x54 first; ``ungrouped`` for (3, 227, 227); ``paper``, the same with the
        second, fourth and fifth convolution in two groups, one for each GPU
    """
    groups = 2 if variant == "paper" else 1
    return [
        *(conv(96, 11, stride=4), relu(), max_pool(3, 2)),
        *(conv(256, 5, padding=2, groups=groups), relu(), max_pool(3, 2)),
        *(conv(384, 3, padding=1), relu()),
        *(conv(384, 3, padding=1, groups=groups), relu()),
        *(conv(256, 3, padding=1, groups=groups), relu(), max_pool(3, 2)),
        flatten(),
        *(linear(4096), relu(), linear(4096), relu(), linear(num_classes)),
    ]


def vgg(depth: Literal[16, 19], num_classes: int = 1000) -> list[Layer]:
    """Return VGG-16 or VGG-19 (Simonyan and Zisserman, 2014) for (3, 224, 224)."""
    repeats = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}[depth]
    layers: list[Layer] = []
    for channels, count in zip((64, 128, 256, 512, 512), repeats, strict=True):
        for _ in range(count):
            layers += [conv(channels, 3, padding=1), relu()]
        layers.append(max_pool(2, 2))
    head = (linear(4096), relu(), linear(4096), relu(), linear(num_classes))
    return [*layers, flatten(), *head]


def inception(
    c1: int, c3: tuple[int, int], c5: tuple[int, int], pool_proj: int
) -> Layer:
    """Return an Inception module.

    c1 : channels of the 1x1 branch
    c3, c5 : (channels of the 1x1 reduction, channels) of the 3x3 and the 5x5 branch
    pool_proj : channels of the 1x1 convolution behind the pooling branch
    """
    return branches(
        [conv(c1, 1), relu()],
        [conv(c3[0], 1), relu(), conv(c3[1], 3, padding=1), relu()],
        [conv(c5[0], 1), relu(), conv(c5[1], 5, padding=2), relu()],
        [max_pool(3, 1, padding=1), conv(pool_proj, 1), relu()],
    )


def googlenet(num_classes: int = 1000) -> list[Layer]:
    """Return GoogLeNet for (3, 224, 224), without its two auxiliary heads.

    As in the paper (Szegedy et al., 2014, table 1): biases, no batch normalisation,
    5x5 where torchvision's has 3x3.
    """
    half = max_pool(3, 2, ceil_mode=True)
    return [
        *(conv(64, 7, stride=2, padding=3), relu(), half),
        *(conv(64, 1), relu(), conv(192, 3, padding=1), relu(), dict(half)),
        inception(64, (96, 128), (16, 32), 32),
        inception(128, (128, 192), (32, 96), 64),
        dict(half),
        inception(192, (96, 208), (16, 48), 64),
        inception(160, (112, 224), (24, 64), 64),
        inception(128, (128, 256), (24, 64), 64),
        inception(112, (144, 288), (32, 64), 64),
        inception(256, (160, 320), (32, 128), 128),
        dict(half),
        inception(256, (160, 320), (32, 128), 128),
        inception(384, (192, 384), (48, 128), 128),
        *(global_avg_pool(), flatten(), linear(num_classes)),
    ]


def resnet(
    depth: Literal[18, 34, 50, 101, 152], num_classes: int = 1000
) -> list[Layer]:
    """Return ResNet-18 ... ResNet-152 (He et al., 2015) for (3, 224, 224).

    A block that halves the map or widens it has a 1x1 projection as its shortcut. The
    bottlenecks of 50 and deeper stride in their 3x3, as PyTorch's do (the paper's in
    the first 1x1).
    """
    repeats = {
        18: (2, 2, 2, 2),
        34: (3, 4, 6, 3),
        50: (3, 4, 6, 3),
        101: (3, 4, 23, 3),
        152: (3, 8, 36, 3),
    }[depth]
    bottlenecks = depth >= 50  # noqa: PLR2004 - the paper's own border
    layers = [*_conv_bn(64, 7, stride=2, padding=3), relu()]
    layers.append(max_pool(3, 2, padding=1))
    c_in = 64
    for stage, count in enumerate(repeats):
        width = 64 * 2**stage
        c_out = 4 * width if bottlenecks else width
        for number in range(count):
            stride = 2 if stage > 0 and number == 0 else 1
            body = [*_conv_bn(width, 3, stride=stride, padding=1)]
            if bottlenecks:
                body = [*_conv_bn(width, 1), relu(), *body, relu()]
                body += _conv_bn(c_out, 1)
            else:
                body += [relu(), *_conv_bn(c_out, 3, padding=1)]
            projects = stride > 1 or c_in != c_out
            shortcut = _conv_bn(c_out, 1, stride=stride) if projects else []
            layers += [residual(body, shortcut), relu()]
            c_in = c_out
    return [*layers, global_avg_pool(), flatten(), linear(num_classes)]


def table(rows: Sequence[Row]) -> str:
    """Return the rows of a summary as a table like Keras's, the total below.

    >>> print(table([("conv", (6, 28, 28), 156), ("relu", (6, 28, 28), 0)]))
    layer  output shape  parameters
    conv   6 x 28 x 28          156
    relu   6 x 28 x 28            0
    total                       156
    """
    texts = [("layer", "output shape", "parameters")]
    for kind, shape, count in rows:
        texts.append((kind, " x ".join(map(str, shape)), f"{count:,}"))
    texts.append(("total", "", f"{sum(count for *_, count in rows):,}"))
    wide = [max(len(text[column]) for text in texts) for column in range(3)]
    return "\n".join(
        f"{a:<{wide[0]}}  {b:<{wide[1]}}  {c:>{wide[2]}}" for a, b, c in texts
    )


def _conv_bn(
    out_channels: int, kernel_size: int, *, stride: int = 1, padding: int = 0
) -> list[Layer]:
    """Return a convolution without bias (the normalisation has one) and its norm."""
    layer = conv(out_channels, kernel_size, stride=stride, padding=padding, bias=False)
    return [layer, batch_norm()]
