"""As in a first course: while loops that count, if and elif, no helper knows another."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    length = n + padding + padding
    reach = kernel_size
    for gap in range(kernel_size - 1):
        reach = reach + dilation - 1
    if reach > length:
        raise ValueError("The kernel is larger than the padded input")
    count = 0
    position = 0
    while position + reach <= length:
        count = count + 1
        position = position + stride
    return count


def same_padding(n, kernel_size, stride=1, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    if n % stride == 0:
        wanted = n // stride
    else:
        wanted = n // stride + 1
    total = 0
    while True:
        if n + total >= reach:
            if (n + total - reach) // stride + 1 >= wanted:
                break
        total = total + 1
    left = total // 2
    right = left
    if total % 2 == 1:
        right = right + 1
    return [left, right]


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    if type(kernel_size) == int:
        kernel_size = (kernel_size, kernel_size)
    if type(stride) == int:
        stride = (stride, stride)
    if type(dilation) == int:
        dilation = (dilation, dilation)
    if padding == "valid":
        padding = 0
    out = [c_out]
    for axis in [0, 1]:
        n = input_shape[axis + 1]
        k = kernel_size[axis]
        s = stride[axis]
        d = dilation[axis]
        if padding == "same":
            if n % s == 0:
                out.append(n // s)
            else:
                out.append(n // s + 1)
        elif type(padding) == int:
            out.append(conv_output_size(n, k, s, padding, d))
        else:
            out.append(conv_output_size(n, k, s, padding[axis], d))
    return out


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if c_in % groups != 0 or c_out % groups != 0:
        raise ValueError("channels must be divisible by groups")
    try:
        area = kernel_size[0] * kernel_size[1]
    except TypeError:
        area = kernel_size * kernel_size
    total = 0
    for kernel in range(c_out):
        total += area * (c_in / groups)
        if bias:
            total += 1
    return total


def linear_params(in_features, out_features, bias=True):
    if bias == True:
        in_features = in_features + 1
    return in_features * out_features


def can_infer(layers, train_hw, test_hw):
    counts = []
    for hw in [train_hw, test_hw]:
        c, h, w = 3, hw[0], hw[1]
        features = None
        found = []
        for layer in layers:
            t = layer["type"]
            if t == "conv":
                try:
                    c, h, w = conv_output_shape(
                        (c, h, w),
                        layer["out_channels"],
                        layer["kernel_size"],
                        layer["stride"],
                        layer["padding"],
                        layer["dilation"],
                    )
                except ValueError:
                    return False
            elif t == "max_pool" or t == "avg_pool":
                try:
                    h = pool_output_size(h, layer["kernel_size"], layer["stride"], layer["padding"], layer["ceil_mode"])
                    w = pool_output_size(w, layer["kernel_size"], layer["stride"], layer["padding"], layer["ceil_mode"])
                except ValueError:
                    return False
            elif t == "global_avg_pool":
                h = 1
                w = 1
            elif t == "flatten":
                features = c * h * w
            elif t == "linear":
                found.append(features)
                features = layer["out_features"]
        counts.append(found)
    if counts[0] == counts[1]:
        return True
    else:
        return False


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    if not ceil_mode and n + 2 * padding < kernel_size:
        raise ValueError("window too large")
    count = 0
    start = -padding
    covered = False
    while start < n and not covered:
        if start + kernel_size <= n + padding:
            count += 1
            covered = start + kernel_size == n + padding
        elif ceil_mode:
            count += 1
            covered = True
        else:
            break
        start += stride
    return count


def receptive_field(layers):
    size = 1
    jump = 1
    for layer in layers:
        if layer["type"] == "conv":
            size = size + layer["dilation"] * (layer["kernel_size"] - 1) * jump
            jump = jump * layer["stride"]
        if layer["type"] == "max_pool" or layer["type"] == "avg_pool":
            size = size + (layer["kernel_size"] - 1) * jump
            jump = jump * layer["stride"]
    return [size, jump]


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    shape = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    weights = conv_params(input_shape[0], c_out, kernel_size, False, groups)
    return weights * shape[1] * shape[2]


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    macs = conv_macs(input_shape, c_out, kernel_size, stride, padding, dilation, groups)
    return macs + macs


def summarize(layers, input_shape):
    table = []
    shape = list(input_shape)
    for layer in layers:
        t = layer["type"]
        params = 0
        if t == "conv":
            params = conv_params(shape[0], layer["out_channels"], layer["kernel_size"], layer["bias"], layer["groups"])
            shape = conv_output_shape(
                shape,
                layer["out_channels"],
                layer["kernel_size"],
                layer["stride"],
                layer["padding"],
                layer["dilation"],
            )
        elif t == "max_pool" or t == "avg_pool":
            settings = [layer["kernel_size"], layer["stride"], layer["padding"], layer["ceil_mode"]]
            shape = [shape[0], pool_output_size(shape[1], *settings), pool_output_size(shape[2], *settings)]
        elif t == "global_avg_pool":
            shape = [shape[0], 1, 1]
        elif t == "batch_norm":
            params = shape[0] + shape[0]
        elif t == "flatten":
            n = 1
            for side in shape:
                n = n * side
            shape = [n]
        elif t == "linear":
            params = linear_params(shape[0], layer["out_features"], layer["bias"])
            shape = [layer["out_features"]]
        table.append([t, shape, params])
    return table


def network_totals(layers, input_shape):
    params, macs, size, jump, shape = walk(layers, input_shape)
    return [params, macs, size]


def walk(layers, shape):
    params = 0
    macs = 0
    size = 1
    jump = 1
    for layer in layers:
        if layer["type"] == "residual":
            body = walk(layer["body"], shape)
            shortcut = walk(layer["shortcut"], shape)
            params = params + body[0] + shortcut[0]
            macs = macs + body[1] + shortcut[1]
            furthest = body[2]
            if shortcut[2] > furthest:
                furthest = shortcut[2]
            size = size + (furthest - 1) * jump
            jump = jump * body[3]
            shape = body[4]
        elif layer["type"] == "branches":
            channels = 0
            furthest = 1
            for branch in layer["branches"]:
                p, m, s, j, out = walk(branch, shape)
                params = params + p
                macs = macs + m
                channels = channels + out[0]
                if s > furthest:
                    furthest = s
            size = size + (furthest - 1) * jump
            jump = jump * j
            shape = [channels, out[1], out[2]]
        else:
            row = summarize([layer], shape)[0]
            params = params + row[2]
            if layer["type"] == "conv":
                macs = macs + conv_macs(
                    shape,
                    layer["out_channels"],
                    layer["kernel_size"],
                    layer["stride"],
                    layer["padding"],
                    layer["dilation"],
                    layer["groups"],
                )
            if layer["type"] == "linear":
                macs = macs + shape[0] * layer["out_features"]
            s, j = receptive_field([layer])
            size = size + (s - 1) * jump
            jump = jump * j
            shape = row[1]
    return params, macs, size, jump, shape
