"""Assignment 2: the sizes, weights and costs of convolutional networks.

Ten questions of arithmetic with whole numbers; no array is ever made. The words are
PyTorch's (`kernel_size`, `stride`, `padding`, `dilation`, `groups`), and so is the
order of a shape: (channels, height, width), one image, no batch in front. An answer is
exact or wrong. How a network is written as a list of layers stands in the handout.
"""

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
    raise NotImplementedError("conv_output_size: not started yet")


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
    raise NotImplementedError("same_padding: not started yet")


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
    raise NotImplementedError("conv_output_shape: not started yet")


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
    raise NotImplementedError("conv_params: not started yet")


def linear_params(in_features: int, out_features: int, bias: bool = True) -> int:
    """Return how many numbers a fully connected layer learns.

    >>> linear_params(400, 120)
    48120
    """
    raise NotImplementedError("linear_params: not started yet")


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
    raise NotImplementedError("can_infer: not started yet")


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
    raise NotImplementedError("pool_output_size: not started yet")


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
    raise NotImplementedError("receptive_field: not started yet")


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
    raise NotImplementedError("conv_macs: not started yet")


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
    raise NotImplementedError("conv_flops: not started yet")


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
    raise NotImplementedError("summarize: not started yet")


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
    raise NotImplementedError("network_totals: not started yet")
