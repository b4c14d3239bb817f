"""A dictionary of functions by layer type; true division, so whole floats come back."""
import math


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    steps = (n + padding * 2 - (kernel_size - 1) * dilation - 1) / stride
    if steps < 0:
        raise ValueError("The kernel is larger than the padded input")
    return steps - steps % 1 + 1.0


def same_padding(n, kernel_size, stride=1, dilation=1):
    outputs = float(math.ceil(n / stride))
    total = (outputs - 1) * stride + (kernel_size - 1) * dilation + 1 - n
    if total <= 0:
        return 0.0, 0.0
    left = math.floor(total / 2)
    return left, total - left


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    def expand(value):
        try:
            first, second = value
        except (TypeError, ValueError):
            first = second = value
        return first, second

    result = [float(c_out)]
    k, s, d = expand(kernel_size), expand(stride), expand(dilation)
    for axis in range(2):
        n = input_shape[1 + axis]
        if padding == "same":
            p = sum(same_padding(n, k[axis], s[axis], d[axis])) / 2
        elif padding == "valid":
            p = 0
        else:
            p = expand(padding)[axis]
        result.append(conv_output_size(n, k[axis], s[axis], p, d[axis]))
    return result


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if (c_in / groups) % 1 != 0 or (c_out / groups) % 1 != 0:
        raise ValueError("groups must divide the channels")
    if isinstance(kernel_size, int):
        kernel_size = [kernel_size] * 2
    weights = c_in * c_out / groups
    for side in kernel_size:
        weights = weights * side
    if bias:
        weights = weights + c_out
    return weights


def linear_params(in_features, out_features, bias=True):
    weights = float(in_features) * out_features
    if not bias:
        return weights
    return weights + out_features


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    steps = (n + padding + padding - kernel_size) / stride
    if ceil_mode:
        size = float(math.ceil(steps)) + 1
        while (size - 1) * stride - padding >= n:
            size -= 1
        return size
    if steps < 0:
        raise ValueError("The window is larger than the padded input")
    return float(math.floor(steps)) + 1


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    c, h, w = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    return h * w * conv_params(input_shape[0], c, kernel_size, False, groups)


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    return 2.0 * conv_macs(
        input_shape, c_out, kernel_size, stride, padding, dilation, groups
    )


# Each of these takes (layer, shape, size, jump) and returns
# (new shape, parameters, macs, new size, new jump).


def do_conv(x, shape, size, jump):
    out = conv_output_shape(
        shape, x["out_channels"], x["kernel_size"], x["stride"], x["padding"], x["dilation"]
    )
    params = conv_params(
        shape[0], x["out_channels"], x["kernel_size"], x["bias"], x["groups"]
    )
    macs = params - (x["out_channels"] if x["bias"] else 0)
    size = size + jump * x["dilation"] * (x["kernel_size"] - 1)
    return out, params, macs * out[1] * out[2], size, jump * x["stride"]


def do_pool(x, shape, size, jump):
    out = [shape[0]]
    for n in shape[1:]:
        out.append(
            pool_output_size(n, x["kernel_size"], x["stride"], x["padding"], x["ceil_mode"])
        )
    return out, 0, 0, size + jump * (x["kernel_size"] - 1), jump * x["stride"]


def do_global(x, shape, size, jump):
    return [shape[0], 1, 1], 0, 0, size, jump


def do_nothing(x, shape, size, jump):
    return shape, 0, 0, size, jump


def do_norm(x, shape, size, jump):
    return shape, 2.0 * shape[0], 0, size, jump


def do_flatten(x, shape, size, jump):
    return [shape[0] * shape[1] * shape[2]], 0, 0, size, jump


def do_linear(x, shape, size, jump):
    n = x["out_features"]
    return [n], linear_params(shape[0], n, x["bias"]), shape[0] * n, size, jump


def do_residual(x, shape, size, jump):
    out, p, m, size1, jump1 = do_all(x["body"], shape, size, jump)
    _, p2, m2, size2, _ = do_all(x["shortcut"], shape, size, jump)
    return out, p + p2, m + m2, max(size1, size2), jump1


def do_branches(x, shape, size, jump):
    channels = params = macs = far = 0
    for path in x["branches"]:
        out, p, m, s, j = do_all(path, shape, size, jump)
        channels += out[0]
        params += p
        macs += m
        far = max(far, s)
    return [channels, out[1], out[2]], params, macs, far, j


DO = {
    "conv": do_conv,
    "max_pool": do_pool,
    "avg_pool": do_pool,
    "global_avg_pool": do_global,
    "relu": do_nothing,
    "sigmoid": do_nothing,
    "batch_norm": do_norm,
    "flatten": do_flatten,
    "linear": do_linear,
    "residual": do_residual,
    "branches": do_branches,
}


def do_all(layers, shape, size, jump):
    params = macs = 0
    for x in layers:
        shape, p, m, size, jump = DO[x["type"]](x, shape, size, jump)
        params += p
        macs += m
    return shape, params, macs, size, jump


def receptive_field(layers):
    size, jump = 1.0, 1.0
    for x in layers:
        if x["type"] == "conv":
            size += jump * x["dilation"] * (x["kernel_size"] - 1)
            jump *= x["stride"]
        if x["type"] == "max_pool" or x["type"] == "avg_pool":
            size += jump * (x["kernel_size"] - 1)
            jump *= x["stride"]
    return [size, jump]


def summarize(layers, input_shape):
    shape = input_shape
    rows = []
    for x in layers:
        shape, params, _, _, _ = DO[x["type"]](x, shape, 1, 1)
        rows.append([x["type"], shape, params])
    return rows


def can_infer(layers, train_hw, test_hw):
    weights = []
    for hw in train_hw, test_hw:
        try:
            weights.append(do_all(layers, [3, *hw], 1, 1)[1])
        except ValueError:
            return False
    return weights[0] == weights[1]


def network_totals(layers, input_shape):
    _, params, macs, size, _ = do_all(layers, input_shape, 1, 1)
    return params, macs, size
