"""Textbook formulas with math.floor and math.ceil; one helper that walks a list."""
import math


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    size = math.floor((n + 2 * padding - dilation * (kernel_size - 1) - 1) / stride + 1)
    if size < 1:
        raise ValueError("kernel too large")
    return size


def same_padding(n, kernel_size, stride=1, dilation=1):
    k = dilation * (kernel_size - 1) + 1
    if n % stride == 0:
        total = max(k - stride, 0)
    else:
        total = max(k - n % stride, 0)
    return math.floor(total / 2), math.ceil(total / 2)


def _both(x):
    if isinstance(x, int):
        return x, x
    if isinstance(x, str):
        return x, x
    return x[0], x[1]


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    k, s, p, d = _both(kernel_size), _both(stride), _both(padding), _both(dilation)
    out = [c_out]
    for i in (0, 1):
        n = input_shape[i + 1]
        if p[i] == "same":
            out.append(math.ceil(n / s[i]))
        elif p[i] == "valid":
            out.append(conv_output_size(n, k[i], s[i], 0, d[i]))
        else:
            out.append(conv_output_size(n, k[i], s[i], p[i], d[i]))
    return tuple(out)


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if c_in / groups != math.floor(c_in / groups):
        raise ValueError("c_in")
    if c_out / groups != math.floor(c_out / groups):
        raise ValueError("c_out")
    kh, kw = _both(kernel_size)
    return kh * kw * (c_in // groups) * c_out + bias * c_out


def linear_params(in_features, out_features, bias=True):
    return (in_features + bias) * out_features


def can_infer(layers, train_hw, test_hw):
    a = summarize(layers, (3, train_hw[0], train_hw[1]))
    try:
        b = summarize(layers, (3, test_hw[0], test_hw[1]))
    except ValueError:
        return False
    return sum(row[2] for row in a) == sum(row[2] for row in b)


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    steps = (n + 2 * padding - kernel_size) / stride
    if not ceil_mode:
        if steps < 0:
            raise ValueError("window too large")
        return math.floor(steps) + 1
    out = math.ceil(steps) + 1
    if (out - 1) * stride >= n + padding:
        out = out - 1
    return out


def receptive_field(layers):
    r = j = 1
    for layer in layers:
        if "kernel_size" not in layer:
            continue
        k = layer["kernel_size"]
        if "dilation" in layer:
            k = layer["dilation"] * (k - 1) + 1
        r = r + (k - 1) * j
        j = j * layer["stride"]
    return r, j


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    shape = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    weights = conv_params(input_shape[0], c_out, kernel_size, False, groups)
    return weights * shape[1] * shape[2]


def conv_flops(*args, **kwargs):
    return conv_macs(*args, **kwargs) * 2


def _one(layer, shape):
    """Return (shape, params, macs) of a simple layer."""
    t = layer["type"]
    if t == "conv":
        a = (layer["out_channels"], layer["kernel_size"])
        b = (layer["stride"], layer["padding"], layer["dilation"])
        return (
            conv_output_shape(shape, *a, *b),
            conv_params(shape[0], *a, layer["bias"], layer["groups"]),
            conv_macs(shape, *a, *b, layer["groups"]),
        )
    if t.endswith("pool") and t != "global_avg_pool":
        a = layer["kernel_size"], layer["stride"], layer["padding"], layer["ceil_mode"]
        h, w = pool_output_size(shape[1], *a), pool_output_size(shape[2], *a)
        return (shape[0], h, w), 0, 0
    if t == "global_avg_pool":
        return (shape[0], 1, 1), 0, 0
    if t == "flatten":
        return (math.prod(shape),), 0, 0
    if t == "linear":
        n = layer["out_features"]
        return (n,), linear_params(shape[0], n, layer["bias"]), shape[0] * n
    if t == "batch_norm":
        return shape, 2 * shape[0], 0
    return shape, 0, 0


def summarize(layers, input_shape):
    table = []
    for layer in layers:
        input_shape, params, _ = _one(layer, input_shape)
        table.append((layer["type"], input_shape, params))
    return table


def network_totals(layers, input_shape):
    _, params, macs, field, _ = _go(layers, input_shape)
    return params, macs, field


def _go(layers, shape, r=1, j=1):
    params = macs = 0
    for layer in layers:
        if layer["type"] in ("residual", "branches"):
            paths = layer.get("branches") or [layer["body"], layer["shortcut"]]
            ends = [_go(path, shape, r, j) for path in paths]
            params += sum(e[1] for e in ends)
            macs += sum(e[2] for e in ends)
            r, j = max(e[3] for e in ends), ends[0][4]
            shape = ends[0][0]
            if layer["type"] == "branches":
                shape = (sum(e[0][0] for e in ends), shape[1], shape[2])
        else:
            k = layer.get("dilation", 1) * (layer.get("kernel_size", 1) - 1)
            r, j = r + k * j, j * layer.get("stride", 1)
            shape, p, m = _one(layer, shape)
            params, macs = params + p, macs + m
    return shape, params, macs, r, j
