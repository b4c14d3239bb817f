"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

# alike: kernel_size stride dilation padding
# alike: n kernel_size
# alike: c_in c_out groups
# alike: n_in c_out groups
# alike: kh kw
# alike: height width
# alike: sh sw
# alike: ph pw
# alike: dh dw
# axes: kh/kw height/width sh/sw ph/pw dh/dw rows/columns above/before below/after high/wide

from math import ceil, prod


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    if reach > n + 2 * padding:
        raise ValueError(reach)
    return (n + 2 * padding - reach) // stride + 1


def _same(n, kernel_size, stride=1, dilation=1):
    last = (-(-n // stride) - 1) * stride + dilation * (kernel_size - 1)
    zeros = max(last + 1 - n, 0)
    return zeros // 2, zeros - zeros // 2


def _shape(input_shape, c_out, kernel_size, stride, padding, dilation):
    sizes = []
    for axis in (0, 1):
        n, k = input_shape[1 + axis], _pair(kernel_size)[axis]
        s, d = _pair(stride)[axis], _pair(dilation)[axis]
        if padding == "same":
            n, p = n + sum(_same(n, k, s, d)), 0
        else:
            p = 0 if padding == "valid" else _pair(padding)[axis]
        sizes.append(_output_size(n, k, s, p, d))
    return (c_out, *sizes)


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    # fact: stride > 1: the stride is larger than 1
    # fact: padding > 0: there is padding
    # fact: dilation > 1: the dilation is larger than 1
    # fact: (n + 2 * padding - dilation * (kernel_size - 1) - 1) % stride: pixels are left over
    # fact: dilation * (kernel_size - 1) + 1 > n + 2 * padding: the kernel reaches further than the padded axis
    #: the number of pixels that the kernel reaches over
    reach = dilation * (kernel_size - 1) + 1
    #: the length of the padded axis
    padded = n + 2 * padding
    if dilation * (kernel_size - 1) + 1 > n + 2 * padding:
        raise ValueError(kernel_size)
    #: the number of outputs
    count = (padded - reach) // stride + 1
    return count


def same_padding(n, kernel_size, stride=1, dilation=1):
    # fact: stride > 1: the stride is larger than 1
    # fact: dilation > 1: the dilation is larger than 1
    # fact: kernel_size % 2 == 0: kernel_size is even
    # fact: n % stride: the stride does not divide n
    # alike: ceil(n / stride) -> n // stride | n | (n - 1) // stride
    # alike: n -> kernel_size
    #: the number of outputs
    count = ceil(n / stride)
    #: the number of pixels that the kernel reaches over
    reach = dilation * (kernel_size - 1) + 1
    #: the number of pixels that are needed
    needed = (count - 1) * stride + reach
    #: the number of zeros
    zeros = max(needed - n, 0)
    #: left
    left = zeros // 2
    #: right
    right = zeros - left
    return left, right


def conv_output_shape(
    input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1
):
    # fact: padding == 'same': padding is "same"
    # fact: padding == 'valid': padding is "valid"
    # fact: isinstance(kernel_size, (tuple, list)): kernel_size is a pair
    # fact: isinstance(stride, (tuple, list)): stride is a pair
    # fact: isinstance(padding, (tuple, list)): padding is a pair
    # fact: isinstance(dilation, (tuple, list)): dilation is a pair
    # fact: stride != 1: the stride is larger than 1
    # fact: dilation != 1: the dilation is larger than 1
    # fact: input_shape[1] != input_shape[2]: the image is not square
    # alike: (ph, pw) -> (pw, ph)
    # alike: (kh, kw) -> (kw, kh)
    # alike: (sh, sw) -> (sw, sh)
    # alike: (dh, dw) -> (dw, dh)
    # alike: c_out -> channels
    channels, height, width = input_shape
    kh, kw = _pair(kernel_size)
    sh, sw = _pair(stride)
    dh, dw = _pair(dilation)
    #: the pair of the kernel's height and width
    kh, kw = (kh, kw)
    #: the pair of strides, for the height and the width,
    sh, sw = (sh, sw)
    #: the pair of dilations, for the height and the width,
    dh, dw = (dh, dw)
    if padding == "same":
        #: the number of rows of zeros above and below in "same"
        above, below = _same(height, kh, sh, dh)
        #: the number of columns of zeros left and right in "same"
        before, after = _same(width, kw, sw, dw)
    else:
        ph, pw = _pair(0 if padding == "valid" else padding)
        #: the pair of paddings, for the height and the width,
        ph, pw = (ph, pw)
        #: the number of rows of zeros above
        above = ph
        #: the number of rows of zeros below
        below = ph
        #: the number of columns of zeros on the left
        before = pw
        #: the number of columns of zeros on the right
        after = pw
    #: the height of the padded image
    high = height + above + below
    #: the width of the padded image
    wide = width + before + after
    #: the height of the output
    rows = _output_size(high, kh, sh, 0, dh)
    #: the width of the output
    columns = _output_size(wide, kw, sw, 0, dw)
    #: the number of channels
    count = c_out
    return count, rows, columns


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    # fact: groups > 1: there are several groups
    # fact: not bias: there is no bias
    # fact: isinstance(kernel_size, (tuple, list)): kernel_size is a pair
    # fact: c_in % groups: groups does not divide c_in
    # fact: c_out % groups: groups does not divide c_out
    # alike: bias -> True | False | not bias
    if c_in % groups or c_out % groups:
        raise ValueError(groups)
    kh, kw = _pair(kernel_size)
    #: the number of input channels that a kernel sees
    n_in = c_in // groups
    #: the number of weights of a kernel
    weights = n_in * kh * kw
    #: the number of biases
    biases = c_out * bias
    #: the number of parameters
    count = weights * c_out + biases
    return int(count)


def linear_params(in_features, out_features, bias=True):
    # fact: not bias: there is no bias
    # alike: in_features out_features
    # alike: bias -> True | False | not bias
    #: the number of weights
    weights = in_features * out_features
    #: the number of biases
    biases = out_features * bias
    return int(weights + biases)


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    # fact: ceil_mode: ceil_mode is True
    # fact: not ceil_mode: ceil_mode is False
    # fact: stride is None: stride is None
    # fact: stride is not None: stride is given
    # fact: padding > 0: there is padding
    # fact: kernel_size > n + 2 * padding: the window is longer than the padded axis
    # alike: windows -> kernel_size
    # alike: stride -> 1
    stride = kernel_size if stride is None else stride
    #: the length of the padded axis
    padded = n + 2 * padding
    if not ceil_mode:
        if kernel_size > n + 2 * padding:
            raise ValueError(kernel_size)
        #: the number of outputs without ceil_mode
        count = (padded - kernel_size) // stride + 1
        return count
    #: the number of windows with ceil_mode
    windows = ceil((padded - kernel_size) / stride) + 1
    #: the place in the padded axis at which the last window of ceil_mode begins
    last = (windows - 1) * stride
    #: the first place at which no window of ceil_mode may begin
    limit = n + padding
    #: whether the last window of ceil_mode is dropped
    is_out = last >= limit
    return windows - 1 if is_out else windows


def receptive_field(layers):
    # fact: any(l.get('dilation', 1) > 1 for l in layers): a kernel is dilated
    # fact: any('pool' in l['type'] for l in layers): there is a pooling layer
    # fact: any(l.get('stride', 1) > 1 for l in layers): a stride is larger than 1
    # fact: not layers: there are no layers
    # alike: jump stride
    # alike: dilation -> 1
    # alike: kinds -> kinds[:1] | kinds[1:]
    size, jump = 1, 1
    kinds = ["conv", "max_pool", "avg_pool"]
    #: the layers that count
    seen = [layer for layer in layers if layer["type"] in kinds]
    for layer in seen:
        dilation, kernel = layer.get("dilation", 1), layer["kernel_size"]
        stride = layer["stride"]
        #: the number of pixels of its input that a layer reaches over, less one
        more = dilation * (kernel - 1)
        #: what a layer adds to the size
        size += more * jump
        #: the jump behind a layer
        after = jump * stride
        jump = after
    return size, jump


def conv_macs(
    input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1
):
    # fact: padding == 'same': padding is "same"
    # fact: padding == 'valid': padding is "valid"
    # fact: isinstance(kernel_size, (tuple, list)): kernel_size is a pair
    # fact: isinstance(stride, (tuple, list)): stride is a pair
    # fact: isinstance(padding, (tuple, list)): padding is a pair
    # fact: isinstance(dilation, (tuple, list)): dilation is a pair
    # fact: stride != 1: the stride is larger than 1
    # fact: dilation != 1: the dilation is larger than 1
    # fact: input_shape[1] != input_shape[2]: the image is not square
    # fact: groups > 1: there are several groups
    # alike: h_out -> height
    # alike: w_out -> width
    c_in, height, width = input_shape
    kh, kw = _pair(kernel_size)
    _, h_out, w_out = _shape(
        input_shape, c_out, kernel_size, stride, padding, dilation
    )
    #: the number of input channels that a kernel sees
    n_in = c_in // groups
    #: the number of products for one value of the output
    products = n_in * kh * kw
    #: the number of places of the output
    places = h_out * w_out
    #: the number of MACs
    count = products * places * c_out
    return count


def conv_flops(
    input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1
):
    # fact: padding == 'same': padding is "same"
    # fact: padding == 'valid': padding is "valid"
    # fact: isinstance(kernel_size, (tuple, list)): kernel_size is a pair
    # fact: isinstance(stride, (tuple, list)): stride is a pair
    # fact: isinstance(padding, (tuple, list)): padding is a pair
    # fact: isinstance(dilation, (tuple, list)): dilation is a pair
    # fact: stride != 1: the stride is larger than 1
    # fact: dilation != 1: the dilation is larger than 1
    # fact: input_shape[1] != input_shape[2]: the image is not square
    # fact: groups > 1: there are several groups
    # alike: h_out -> height
    # alike: w_out -> width
    c_in, height, width = input_shape
    kh, kw = _pair(kernel_size)
    _, h_out, w_out = _shape(
        input_shape, c_out, kernel_size, stride, padding, dilation
    )
    #: the number of input channels that a kernel sees (in FLOPs)
    n_in = c_in // groups
    #: the number of products for one value of the output (in FLOPs)
    products = n_in * kh * kw
    #: the number of places of the output (in FLOPs)
    places = h_out * w_out
    #: the number of MACs (in FLOPs)
    macs = products * places * c_out
    #: the number of FLOPs
    flops = 2 * macs
    return flops
