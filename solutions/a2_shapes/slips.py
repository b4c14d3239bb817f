"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

# alike: kernel_size stride dilation padding
# alike: n kernel_size
# alike: dilation * (kernel_size - 1) + 1 -> dilation * kernel_size | dilation * kernel_size - 1 | kernel_size + dilation - 1 | kernel_size + dilation | kernel_size + dilation * (kernel_size - 1) | (kernel_size - 1) * (dilation - 1) + 1
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
    # alike: (padded - reach) // stride + 1 -> (padded - reach + 1) // stride | (n - reach) // stride + 2 * padding + 1 | (n - reach) // stride + 2 * padding // stride + 1 | (n - reach) // stride + padding + 1 | padded // stride - reach + 1 | padded // stride
    #: the number of outputs
    count = (padded - reach) // stride + 1
    return count


def same_padding(n, kernel_size, stride=1, dilation=1):
    # fact: stride > 1: the stride is larger than 1
    # fact: dilation > 1: the dilation is larger than 1
    # fact: kernel_size % 2 == 0: kernel_size is even
    # fact: n % stride: the stride does not divide n
    # alike: ceil(n / stride) -> n // stride | n // stride + 1 | n | (n - 1) // stride
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
    # alike: ph -> 0
    # alike: pw -> 0
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
    # alike: in_features * out_features -> in_features + out_features | in_features ** 2 | out_features ** 2
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
    # alike: dilation -> 1 | dilation + 1
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
    # alike: products * places * c_out -> products * places * c_out + c_out | products * places * c_out + places * c_out | products + places * c_out | products * (places + c_out)
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
    # alike: 2 * macs -> 2 * macs + c_out | 2 * macs + c_out * places | (2 * products - 1) * places * c_out | 2 * macs - places | macs + places * c_out
    #: the number of FLOPs
    flops = 2 * macs
    return flops


def _after(layer, shape):
    kind = layer["type"]
    if kind == "conv":
        settings = [layer[key] for key in ("kernel_size", "stride", "padding", "dilation")]
        return _shape(shape, layer["out_channels"], *settings)
    if kind in {"max_pool", "avg_pool"}:
        settings = [layer[key] for key in ("kernel_size", "stride", "padding", "ceil_mode")]
        return (shape[0], *(_windows(n, *settings) for n in shape[1:]))
    if kind == "global_avg_pool":
        return (shape[0], 1, 1)
    if kind == "flatten":
        return (prod(shape),)
    return (layer["out_features"],) if kind == "linear" else shape


def _windows(n, kernel_size, stride, padding, ceil_mode):
    room = n + 2 * padding - kernel_size
    if not ceil_mode:
        return _output_size(n, kernel_size, stride, padding)
    windows = -(-room // stride) + 1
    return windows if (windows - 1) * stride < n + padding else windows - 1


def can_infer(layers, train_hw, test_hw):
    # fact: any(l['type'] == 'linear' for l in layers): there is a linear layer
    # fact: not any(l['type'] == 'linear' for l in layers): there is no linear layer
    # fact: any(l['type'] == 'global_avg_pool' for l in layers): there is a global average
    # fact: any(l['type'] == 'flatten' for l in layers): there is a flatten
    # fact: tuple(train_hw) == tuple(test_hw): both images are of one size
    # fact: train_hw[0] * train_hw[1] == test_hw[0] * test_hw[1] and tuple(train_hw) != tuple(test_hw): the two images have as many pixels, in another shape
    # fact: test_hw[0] < train_hw[0] or test_hw[1] < train_hw[1]: the second image is the smaller one
    # fact: test_hw[0] > train_hw[0] and test_hw[1] > train_hw[1]: the second image is the larger one
    # alike: prod(trained) == prod(found) -> trained == found | trained[0] == found[0] | trained[1:] == found[1:] | train_hw == test_hw | True | False | prod(train_hw) == prod(test_hw) | prod(found) <= prod(trained) | prod(found) >= prod(trained)
    # alike: False -> True
    # alike: kinds -> ["flatten"] | ["flatten", "linear"] | ["conv", "linear"] | ["conv"]
    # alike: True -> False
    trained, found = (3, *train_hw), (3, *test_hw)
    #: the layers in front of which both maps are compared
    kinds = ["linear"]
    #: what is answered where a kernel is too large
    too_large = False
    for layer in layers:
        #: whether both maps are alike in front of such a layer
        fits = prod(trained) == prod(found)
        if layer["type"] in kinds and not fits:
            return False
        try:
            trained, found = _after(layer, trained), _after(layer, found)
        except ValueError:
            return too_large
    #: what is answered where nothing was found against it
    answer = True
    return answer


def summarize(layers, input_shape):
    # alike: groups -> 1
    # alike: has_bias -> 1 | 0
    # alike: after -> shape
    # alike: kind == "linear" -> kind in ("linear", "relu", "sigmoid")
    # alike: c_in c_out
    # alike: learned -> total
    rows, total = [], 0
    shape = tuple(input_shape)
    #: the place of a layer in the list
    for place in range(len(layers)):
        layer = layers[place]
        kind = layer["type"]
        c_in, learned = shape[0], 0
        after = _after(layer, shape)
        if kind == "conv":
            c_out, groups, has_bias = layer["out_channels"], layer["groups"], layer["bias"]
            kh, kw = _pair(layer["kernel_size"])
            #: the number of input channels that a kernel of the table sees
            n_in = c_in // groups
            #: the number of weights of a convolution in the table
            weights = n_in * kh * kw * c_out
            #: the number of biases of a convolution in the table
            biases = c_out * has_bias
            learned = weights + biases
        elif kind == "linear":
            c_out, has_bias = layer["out_features"], layer["bias"]
            #: the number of weights of a linear layer in the table
            weights = c_in * c_out
            #: the number of biases of a linear layer in the table
            biases = c_out * has_bias
            learned = weights + biases
        elif kind == "batch_norm":
            # alike: 2 * c_in -> 4 * c_in | 3 * c_in | 2 | 4 | 0
            #: what batch normalisation learns, in the table,
            learned = 2 * c_in
        elif kind == "flatten":
            # alike: (prod(shape),) -> shape | (prod(shape[1:]),) | (1, prod(shape)) | (prod(shape), 1, 1) | (1, 1, prod(shape)) | prod(shape)
            #: the shape behind a flatten
            after = (prod(shape),)
        elif kind == "global_avg_pool":
            # alike: (c_in, 1, 1) -> (c_in,) | (1, 1, c_in) | shape | (c_in, 1) | (1, 1, 1)
            #: the shape behind a global average
            after = (c_in, 1, 1)
        elif kind in {"max_pool", "avg_pool"}:
            keys = ("kernel_size", "stride", "padding", "ceil_mode")
            kernel, stride, padding, ceil_mode = [layer[key] for key in keys]
            # alike: stride -> kernel | 1
            # alike: padding -> 0
            # alike: ceil_mode -> False | True
            # alike: (c_in, rows_out, columns_out) -> shape | (c_in, rows_out, rows_out) | (rows_out, columns_out, c_in)
            #: the stride of a pooling layer
            step = stride
            #: the padding of a pooling layer
            around = padding
            #: the ceil_mode of a pooling layer
            hangs = ceil_mode
            rows_out, columns_out = (_windows(n, kernel, step, around, hangs) for n in shape[1:])
            #: the shape behind a pooling layer
            after = (c_in, rows_out, columns_out)
        total += int(learned)
        #: the number of parameters in a row
        count = int(learned) + 0
        #: the shape in a row
        seen = after
        rows.append((kind, seen, int(count)))
        shape = after
    return rows


def network_totals(layers, input_shape):
    # fact: any(l['type'] == 'residual' for l in layers): there is a residual block
    # fact: any(l['type'] == 'branches' for l in layers): there are branches
    # fact: any(l['type'] in ('residual', 'branches') for l in layers): there is a block
    # fact: any(l['type'] == 'residual' and l['shortcut'] for l in layers): there is something on a shortcut
    # fact: any(l['type'] == 'residual' and not l['shortcut'] for l in layers): there is a shortcut with nothing on it
    # fact: any(l['type'] == 'linear' for l in layers): there is a linear layer
    # fact: any(l['type'] == 'batch_norm' for l in layers): there is a batch normalisation
    # fact: any(l.get('groups', 1) > 1 for l in layers): there are several groups
    # fact: any('pool' in l['type'] for l in layers): there is a pooling layer
    # alike: groups -> 1
    # alike: has_bias -> 1 | 0
    # alike: body_params + shortcut_params -> body_params | shortcut_params
    # alike: body_macs + shortcut_macs -> body_macs | shortcut_macs
    # alike: max(body_size, shortcut_size) -> body_size | shortcut_size | min(body_size, shortcut_size) | body_size + shortcut_size - 1 | body_size + shortcut_size | size
    # alike: max(sizes) -> min(sizes) | sizes[0] | sizes[-1] | sum(sizes) | sum(sizes) - len(sizes) + 1 | size
    # alike: sum(channels) -> channels[0] | channels[-1] | max(channels)
    # alike: dilation -> 1
    # alike: jump stride
    # alike: c_in c_out
    def walk(layers, shape, size, jump):
        params = macs = 0
        for layer in layers:
            kind = layer["type"]
            c_in, learned, made = shape[0], 0, 0
            if kind == "residual":
                body_params, body_macs, body_size, body_jump, after = walk(layer["body"], shape, size, jump)
                shortcut_params, shortcut_macs, shortcut_size, _, _ = walk(layer["shortcut"], shape, size, jump)
                #: what a residual block learns
                learned = body_params + shortcut_params
                #: the MACs of a residual block
                made = body_macs + shortcut_macs
                #: the field behind a residual block
                size = max(body_size, shortcut_size)
                #: the jump behind a residual block
                jump = 1 * body_jump
            elif kind == "branches":
                ways = [walk(way, shape, size, jump) for way in layer["branches"]]
                all_params, all_macs, sizes, jumps, shapes = map(list, zip(*ways, strict=True))
                channels = [s[0] for s in shapes]
                # alike: sum(all_params) -> max(all_params) | all_params[-1] | all_params[0]
                # alike: sum(all_macs) -> max(all_macs) | all_macs[-1] | all_macs[0]
                #: what branches learn
                learned = sum(all_params)
                #: the MACs of branches
                made = sum(all_macs)
                #: the field behind branches
                size = max(sizes)
                jump = jumps[0]
                #: the number of channels behind branches
                count = sum(channels)
                after = (count, *shapes[0][1:])
            else:
                after = _after(layer, shape)
            if kind == "conv":
                c_out, groups, has_bias = layer["out_channels"], layer["groups"], layer["bias"]
                kh, kw = _pair(layer["kernel_size"])
                _, height, width = after
                #: the number of input channels that a kernel of a network sees
                n_in = c_in // groups
                #: the number of weights of a convolution in a network
                weights = n_in * kh * kw * c_out
                #: the number of biases of a convolution in a network
                biases = c_out * has_bias
                learned = weights + biases
                #: the MACs of a convolution in a network
                made = weights * height * width
            elif kind == "linear":
                c_out, has_bias = layer["out_features"], layer["bias"]
                #: the number of weights of a linear layer in a network
                weights = c_in * c_out
                #: the number of biases of a linear layer in a network
                biases = c_out * has_bias
                learned = weights + biases
                # alike: 1 * weights -> 0 * weights | learned | 2 * weights
                #: the MACs of a linear layer
                made = 1 * weights
            elif kind == "batch_norm":
                # alike: 2 * c_in -> 4 * c_in | 3 * c_in | 2 | 4 | 0
                #: what batch normalisation learns in a network
                learned = 2 * c_in
            if kind in {"conv", "max_pool", "avg_pool"}:
                dilation, kernel, stride = layer.get("dilation", 1), layer["kernel_size"], layer["stride"]
                #: what a layer of a network adds to the field
                size += dilation * (kernel - 1) * jump
                #: the jump behind a layer of a network
                jump = jump * stride
            params, macs, shape = params + int(learned), macs + int(made), after
        return params, macs, size, jump, after if layers else shape

    params, macs, size, _, _ = walk(layers, tuple(input_shape), 1, 1)
    return params, macs, size
