"""Assignment 2: the sizes, weights and costs of convolutional networks.

Ten questions of arithmetic with whole numbers; no array is ever made. The words are
PyTorch's (`kernel_size`, `stride`, `padding`, `dilation`, `groups`), and so is the
order of a shape: (channels, height, width), one image, no batch in front. An answer is
exact or wrong. How a network is written as a list of layers stands in the handout.
"""

# BEGIN SOLUTION
# ruff: noqa: FBT001, FBT002 - PyTorch's own signatures
from dataclasses import dataclass
from math import prod

# END SOLUTION
from typing import Any

Layer = dict[str, Any]
Pair = int | tuple[int, int]
Shape = tuple[int, ...]
Row = tuple[str, Shape, int]


def conv_output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many outputs a convolution makes along one axis of `n` pixels.

    That is the number of places where the kernel lies wholly inside the padded axis,
    the first at its beginning, every next one `stride` pixels further.

    n : pixels along the axis, >= 1
    padding : pixels added at *each* of the two ends, >= 0
    dilation : distance between neighbouring weights of the kernel; 1 means touching,
        2 leaves one pixel between them
    Raises ValueError where the kernel, as far as it reaches, is longer than the padded
    axis
    Source: Dumoulin and Visin (2016), relationship 15; ``torch.nn.Conv2d``

    >>> conv_output_size(100, 5)
    96
    >>> conv_output_size(227, 11, stride=4)
    55
    """
    # BEGIN SOLUTION
    reach = dilation * (kernel_size - 1) + 1
    room = n + 2 * padding - reach
    if room < 0:
        raise ValueError(f"a kernel reaching {reach} does not fit {n} + 2*{padding}")
    return room // stride + 1
    # END SOLUTION


def same_padding(
    n: int, kernel_size: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Return the zeros (left, right) that "same" puts at the two ends of an axis.

    "Same" is Keras's rule, for every stride: the output has n / stride pixels, rounded
    up, and as few zeros as possible are added to get there, never less than none. They
    are shared equally; where their number is odd, the *right* end gets the extra one.
    (At stride 1 PyTorch's ``padding="same"`` does the same; with a stride it refuses.)

    n : pixels along the axis, >= 1; may be shorter than the kernel
    Source: the note on padding in the TensorFlow documentation of ``tf.nn``

    >>> same_padding(100, 5)
    (2, 2)
    >>> same_padding(100, 5, stride=2)
    (1, 2)
    """
    # BEGIN SOLUTION
    n_out = -(-n // stride)
    last = (n_out - 1) * stride + dilation * (kernel_size - 1)
    zeros = max(last + 1 - n, 0)
    left = zeros // 2
    return left, zeros - left
    # END SOLUTION


def conv_output_shape(
    input_shape: Shape,
    c_out: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
) -> Shape:
    """Return the shape (channels, height, width) of a convolution layer's output.

    input_shape : (channels, height, width); the image need not be square
    c_out : number of kernels, each as deep as the input has channels
    kernel_size, stride, padding, dilation : one int for both axes or a pair
        (for the height, for the width)
    padding : may also be ``"valid"``, which is 0, or ``"same"`` as in `same_padding`,
        along each axis by itself
    Raises ValueError where the kernel does not fit, as in `conv_output_size`

    >>> conv_output_shape((3, 100, 100), 32, 5, padding="same")
    (32, 100, 100)
    >>> conv_output_shape((3, 48, 64), 8, (3, 5), stride=(1, 2))
    (8, 46, 30)
    """
    # BEGIN SOLUTION
    _, height, width = input_shape
    kernel, step = _pair(kernel_size), _pair(stride)
    pad, spread = _pair(padding), _pair(dilation)
    h_out = _side(height, kernel[0], step[0], pad[0], spread[0])
    w_out = _side(width, kernel[1], step[1], pad[1], spread[1])
    return c_out, h_out, w_out
    # END SOLUTION


# BEGIN SOLUTION
def _pair(value: Any) -> tuple[Any, Any]:
    """Return one setting for the height and one for the width."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _side(n: int, kernel: int, stride: int, padding: int | str, dilation: int) -> int:
    """Return the output size along one axis, `padding` still a word perhaps."""
    if padding == "same":
        left, right = same_padding(n, kernel, stride, dilation)
        return conv_output_size(n + left + right, kernel, stride, 0, dilation)
    pixels = 0 if isinstance(padding, str) else padding
    return conv_output_size(n, kernel, stride, pixels, dilation)


# END SOLUTION
def conv_params(
    c_in: int, c_out: int, kernel_size: Pair, bias: bool = True, groups: int = 1
) -> int:
    """Return how many numbers a convolution layer learns.

    kernel_size : int or (height, width)
    bias : whether every output channel also learns a constant
    groups : input and output channels are split into this many equal groups, and a
        kernel sees the input channels of its own group only
    Raises ValueError where `groups` does not divide `c_in`, or does not divide `c_out`
    Source: ``torch.nn.Conv2d``

    >>> conv_params(1, 6, 5)
    156
    """
    # BEGIN SOLUTION
    if c_in % groups or c_out % groups:
        raise ValueError(f"{groups} groups do not divide {c_in} in and {c_out} out")
    height, width = _pair(kernel_size)
    weights: int = c_in // groups * height * width * c_out
    return weights + c_out if bias else weights
    # END SOLUTION


def linear_params(in_features: int, out_features: int, bias: bool = True) -> int:
    """Return how many numbers a fully connected layer learns.

    >>> linear_params(400, 120)
    48120
    """
    # BEGIN SOLUTION
    return in_features * out_features + (out_features if bias else 0)
    # END SOLUTION


def can_infer(
    layers: list[Layer], train_hw: tuple[int, int], test_hw: tuple[int, int]
) -> bool:
    """Tell whether a network trained on one image size runs on another.

    It runs where every layer that has weights finds as many inputs as it has weights
    for, and where no kernel or window is too large for the map that it gets. Only the
    *number* of inputs counts: a linear layer behind a 2x8 map also takes a 4x4 map.

    layers : simple layers (blocks come in question 10), which fit `train_hw`
    train_hw, test_hw : (height, width) of the images, which have 3 channels
    Returns True or False

    >>> head = [{"type": "flatten"},
    ...         {"type": "linear", "out_features": 10, "bias": True}]
    >>> can_infer(head, (100, 100), (200, 200))
    False
    >>> can_infer([{"type": "global_avg_pool"}, *head], (100, 100), (200, 200))
    True
    """
    # BEGIN SOLUTION
    trained = _linear_inputs(layers, (3, *train_hw))
    try:
        found = _linear_inputs(layers, (3, *test_hw))
    except ValueError:
        return False
    return found == trained
    # END SOLUTION


# BEGIN SOLUTION
def _linear_inputs(layers: list[Layer], shape: Shape) -> list[int]:
    """Return how many inputs every linear layer gets."""
    inputs: list[int] = []
    for layer in layers:
        if layer["type"] == "linear":
            inputs += shape
        shape = _shape_after(layer, shape)
    return inputs


# END SOLUTION
def pool_output_size(
    n: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
) -> int:
    """Return how many outputs a pooling layer makes along one axis of `n` pixels.

    stride : None means `kernel_size`: windows side by side
    padding : pixels added at each end, at most half of `kernel_size`
    ceil_mode : False: only windows that lie wholly inside the padded axis count, as in
        a convolution. True: where pixels are left over behind the last window, one
        more window is made that hangs over the end, but only if it *starts* inside the
        axis or its left padding; one that would start in the right padding is dropped
    Raises ValueError where, without `ceil_mode`, the window is longer than the padded
    axis
    Source: ``torch.nn.MaxPool2d``

    >>> pool_output_size(5, 2)
    2
    >>> pool_output_size(5, 2, ceil_mode=True)
    3
    """
    # BEGIN SOLUTION
    step = kernel_size if stride is None else stride
    if not ceil_mode:
        return conv_output_size(n, kernel_size, step, padding)
    windows = -(-(n + 2 * padding - kernel_size) // step) + 1
    start_of_last = (windows - 1) * step
    return windows if start_of_last < n + padding else windows - 1
    # END SOLUTION


def receptive_field(layers: list[Layer]) -> tuple[int, int]:
    """Return what one pixel of the last feature map sees of the image.

    layers : simple layers from the image on. Convolution and pooling count; all others
        (also ``flatten``, ``linear``, ``global_avg_pool``) are passed over
    Returns (size, jump): `size`, the side of the square of image pixels that the pixel
    depends on, padding not considered, gaps inside it (of a dilated kernel, of a stride
    longer than a window) included; `jump`, by how many image pixels that square moves
    from one output pixel to the next. Both are 1 for an empty list
    Source: Araujo, Norris and Sim (2019), Computing receptive fields, Distill

    >>> conv3 = {"type": "conv", "out_channels": 8, "kernel_size": 3, "stride": 1,
    ...          "padding": 1, "dilation": 1, "groups": 1, "bias": True}
    >>> receptive_field([conv3, conv3])
    (5, 1)
    """
    # BEGIN SOLUTION
    size, jump = 1, 1
    for layer in layers:
        if layer["type"] in {"conv", "max_pool", "avg_pool"}:
            spread = layer.get("dilation", 1)
            size += spread * (layer["kernel_size"] - 1) * jump
            jump *= layer["stride"]
    return size, jump
    # END SOLUTION


def conv_macs(
    input_shape: Shape,
    c_out: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> int:
    """Return the multiply-accumulates (MACs) of a convolution layer for one image.

    One MAC is one product of a weight and a pixel, added to a sum; products with
    padded zeros count as well, the bias does not. Arguments as in `conv_output_shape`
    and `conv_params`; `groups` divides both numbers of channels.

    Raises ValueError where the kernel does not fit, as in `conv_output_shape`

    >>> conv_macs((3, 100, 100), 32, 5)
    22118400
    """
    # BEGIN SOLUTION
    _, h_out, w_out = conv_output_shape(
        input_shape, c_out, kernel_size, stride, padding, dilation
    )
    height, width = _pair(kernel_size)
    macs_per_output: int = input_shape[0] // groups * height * width
    return c_out * h_out * w_out * macs_per_output
    # END SOLUTION


def conv_flops(
    input_shape: Shape,
    c_out: int,
    kernel_size: Pair,
    stride: Pair = 1,
    padding: Pair | str = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> int:
    """Return the floating-point operations (FLOPs) of a convolution layer.

    A MAC is two of them, one product and one addition. Arguments and errors as in
    `conv_macs`.

    >>> conv_flops((3, 100, 100), 32, 5)
    44236800
    """
    # BEGIN SOLUTION
    return 2 * conv_macs(
        input_shape, c_out, kernel_size, stride, padding, dilation, groups
    )
    # END SOLUTION


def summarize(layers: list[Layer], input_shape: Shape) -> list[Row]:
    """Return the rows of a table like that of Keras's ``model.summary()``.

    layers : simple layers (blocks come in question 10)
    input_shape : (channels, height, width) of one image
    Returns one row (type, output shape, parameters) a layer, in order, and no other:
    the layer's ``"type"``; the shape that leaves it, (channels, height, width), or
    (features,) behind ``flatten`` and ``linear``; how many numbers it *learns*.
    ``batch_norm`` learns a scale and a shift for each channel; ``global_avg_pool``
    leaves (channels, 1, 1)

    How the table looks is up to you; ``checks.architectures.table`` prints one.

    >>> image = (3, 10, 10)
    >>> summarize([{"type": "flatten"},
    ...            {"type": "linear", "out_features": 7, "bias": True}], image)
    [('flatten', (300,), 0), ('linear', (7,), 2107)]
    """
    # BEGIN SOLUTION
    rows = []
    shape = tuple(input_shape)
    for layer in layers:
        shape_out = _shape_after(layer, shape)
        rows.append((layer["type"], shape_out, _params(layer, shape)))
        shape = shape_out
    return rows
    # END SOLUTION


# BEGIN SOLUTION
def _shape_after(layer: Layer, shape: Shape) -> Shape:
    """Return the shape that leaves a simple layer."""
    match layer["type"]:
        case "conv":
            settings = (layer[key] for key in ("stride", "padding", "dilation"))
            return conv_output_shape(
                shape, layer["out_channels"], layer["kernel_size"], *settings
            )
        case "max_pool" | "avg_pool":
            keys = ("kernel_size", "stride", "padding", "ceil_mode")
            window = [layer[key] for key in keys]
            return shape[0], *(pool_output_size(n, *window) for n in shape[1:])
        case "global_avg_pool":
            return shape[0], 1, 1
        case "flatten":
            return (prod(shape),)
        case "linear":
            return (layer["out_features"],)
        case _:
            return shape


def _params(layer: Layer, shape: Shape) -> int:
    """Return how many numbers a simple layer learns, given the shape that enters."""
    match layer["type"]:
        case "conv":
            keys = ("out_channels", "kernel_size", "bias", "groups")
            return conv_params(shape[0], *(layer[key] for key in keys))
        case "linear":
            (n_in,) = shape
            return linear_params(n_in, layer["out_features"], layer["bias"])
        case "batch_norm":
            return 2 * shape[0]
        case _:
            return 0


# END SOLUTION
def network_totals(layers: list[Layer], input_shape: Shape) -> tuple[int, int, int]:
    """Return what a whole network learns, costs and sees.

    layers : simple layers and blocks; the lists inside a block may hold blocks too.
        ``residual`` adds what its body and its shortcut make of the same input, and
        both have the same shape; an empty shortcut is the input itself.
        ``branches`` puts the channels of its lists, made from the same input, one
        behind the other
    input_shape : (channels, height, width) of one image
    Returns (params, macs, field): all learned numbers; the MACs of all convolution and
    linear layers for one image (a linear layer has one for each weight); the `size` of
    `receptive_field`, where a block sees as far as the list in it that sees furthest

    >>> conv3 = {"type": "conv", "out_channels": 4, "kernel_size": 3, "stride": 1,
    ...          "padding": 1, "dilation": 1, "groups": 1, "bias": False}
    >>> network_totals([{"type": "residual", "body": [conv3], "shortcut": []}],
    ...                (4, 8, 8))
    (144, 9216, 3)
    """
    # BEGIN SOLUTION
    whole = _walk(layers, input_shape)
    return whole.params, whole.macs, whole.size
    # END SOLUTION


# BEGIN SOLUTION
@dataclass(frozen=True, slots=True)
class _Walked:
    """A stretch of a network seen as one layer."""

    shape: Shape
    params: int
    macs: int
    size: int
    jump: int


def _walk(layers: list[Layer], shape: Shape) -> _Walked:
    """Return the totals of a list of layers."""
    params, macs, size, jump = 0, 0, 1, 1
    for layer in layers:
        match layer["type"]:
            case "residual":
                step = _add(
                    _walk(layer["body"], shape), _walk(layer["shortcut"], shape)
                )
            case "branches":
                step = _concatenate([_walk(path, shape) for path in layer["branches"]])
            case _:
                step = _simple(layer, shape)
        shape = step.shape
        params += step.params
        macs += step.macs
        size += (step.size - 1) * jump
        jump *= step.jump
    return _Walked(shape, params, macs, size, jump)


def _add(body: _Walked, shortcut: _Walked) -> _Walked:
    """Return the totals of a residual block."""
    return _Walked(
        body.shape,
        body.params + shortcut.params,
        body.macs + shortcut.macs,
        max(body.size, shortcut.size),
        body.jump,
    )


def _concatenate(paths: list[_Walked]) -> _Walked:
    """Return the totals of a block whose paths end up one behind the other."""
    first, *_ = paths
    channels = sum(path.shape[0] for path in paths)
    return _Walked(
        (channels, *first.shape[1:]),
        sum(path.params for path in paths),
        sum(path.macs for path in paths),
        max(path.size for path in paths),
        first.jump,
    )


def _simple(layer: Layer, shape: Shape) -> _Walked:
    """Return the totals of a layer that is no block."""
    ((_, shape_out, params),) = summarize([layer], shape)
    size, jump = receptive_field([layer])
    macs = 0
    if layer["type"] == "conv":
        keys = ("out_channels", "kernel_size", "stride", "padding", "dilation")
        macs = conv_macs(shape, *(layer[key] for key in (*keys, "groups")))
    elif layer["type"] == "linear":
        (n_in,) = shape
        macs = n_in * layer["out_features"]
    return _Walked(shape_out, params, macs, size, jump)


# END SOLUTION
