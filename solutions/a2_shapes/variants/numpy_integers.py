"""NumPy all through: arrays for pairs and shapes, NumPy integers and booleans returned."""
import numpy as np


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    starts = np.arange(-padding, n + padding - dilation * (kernel_size - 1), stride)
    if starts.size == 0:
        raise ValueError("kernel does not fit")
    return np.int64(starts.size)


def same_padding(n, kernel_size, stride=1, dilation=1):
    last = np.arange(0, n, stride)[-1]
    total = np.maximum(last + dilation * (kernel_size - 1) - (n - 1), 0)
    return np.array([total // 2, (total + 1) // 2])


def two(x):
    return np.broadcast_to(np.asarray(x), 2)


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    n = np.asarray(input_shape)[1:]
    k, s, d = two(kernel_size), two(stride), two(dilation)
    if isinstance(padding, str):
        if padding == "same":
            return np.concatenate([[c_out], np.ceil(n / s).astype(int)])
        padding = 0
    reach = d * (k - 1) + 1
    free = n + 2 * two(padding) - reach
    if np.any(free < 0):
        raise ValueError("kernel does not fit")
    return np.concatenate([[c_out], np.floor_divide(free, s) + 1])


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if np.any(np.mod([c_in, c_out], groups)):
        raise ValueError("groups")
    return np.prod([c_in // groups, c_out, *two(kernel_size)]) + np.where(bias, c_out, 0)


def linear_params(in_features, out_features, bias=True):
    return np.int64(in_features) * out_features + np.int64(bias) * out_features


def trace(layers, shape):
    """Shapes before each layer and after the last."""
    shapes = [np.asarray(shape)]
    for layer in layers:
        shape = shapes[-1]
        kind = layer["type"]
        if kind == "conv":
            keys = ["out_channels", "kernel_size", "stride", "padding", "dilation"]
            shape = conv_output_shape(shape, *[layer[k] for k in keys])
        elif kind in ["max_pool", "avg_pool"]:
            keys = ["kernel_size", "stride", "padding", "ceil_mode"]
            window = [layer[k] for k in keys]
            shape = np.array([shape[0], *[pool_output_size(n, *window) for n in shape[1:]]])
        elif kind == "global_avg_pool":
            shape = np.array([shape[0], 1, 1])
        elif kind == "flatten":
            shape = np.array([np.prod(shape)])
        elif kind == "linear":
            shape = np.array([layer["out_features"]])
        shapes.append(shape)
    return shapes


def can_infer(layers, train_hw, test_hw):
    is_linear = np.array([layer["type"] == "linear" for layer in layers] + [False])
    try:
        sizes = [
            np.array([np.prod(s) for s in trace(layers, (3, *hw))])[is_linear]
            for hw in (train_hw, test_hw)
        ]
    except ValueError:
        return np.bool_(False)
    return np.all(sizes[0] == sizes[1])


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    if ceil_mode:
        starts = np.arange(-padding, n, stride)
        # A window is needed as long as the one before did not reach the end.
        needed = np.r_[True, starts[:-1] + kernel_size < n + padding]
        return np.count_nonzero(needed)
    return conv_output_size(n, kernel_size, stride, padding)


def receptive_field(layers):
    kept = [l for l in layers if l["type"] in ("conv", "max_pool", "avg_pool")]
    strides = np.array([l["stride"] for l in kept], dtype=np.int64)
    jumps = np.concatenate([[1], np.cumprod(strides)])
    reach = np.array([l.get("dilation", 1) * (l["kernel_size"] - 1) for l in kept])
    return np.int64(1 + np.dot(reach, jumps[:-1])), jumps[-1]


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    out = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    return np.prod(out) * np.prod(two(kernel_size)) * (input_shape[0] // groups)


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    macs = conv_macs(input_shape, c_out, kernel_size, stride, padding, dilation, groups)
    return np.left_shift(macs, 1)


def learned(layer, shape):
    if layer["type"] == "conv":
        c, k = layer["out_channels"], layer["kernel_size"]
        return conv_params(shape[0], c, k, layer["bias"], layer["groups"])
    if layer["type"] == "linear":
        return linear_params(shape[0], layer["out_features"], layer["bias"])
    return np.int64(2 * shape[0] if layer["type"] == "batch_norm" else 0)


def summarize(layers, input_shape):
    shapes = trace(layers, input_shape)
    return [
        (layer["type"], after, learned(layer, before))
        for layer, before, after in zip(layers, shapes, shapes[1:])
    ]


def network_totals(layers, input_shape):
    return run(layers, np.asarray(input_shape))[0]


def run(layers, shape):
    """Return the totals as an array, the jump, and the shape behind."""
    totals, jump = np.array([0, 0, 1], dtype=np.int64), 1
    for layer in layers:
        if layer["type"] in ("residual", "branches"):
            paths = layer.get("branches", [layer.get("body"), layer.get("shortcut")])
            ends = [run(path, shape) for path in paths]
            every = np.stack([end[0] for end in ends])
            more = np.array([*every[:, :2].sum(axis=0), every[:, 2].max()])
            step = ends[0][1]
            after = ends[0][2].copy()
            if layer["type"] == "branches":
                after[0] = np.sum([end[2][0] for end in ends])
        else:
            _, after = trace([layer], shape)
            macs = 0
            if layer["type"] == "conv":
                w = learned({**layer, "bias": False}, shape)
                macs = w * np.prod(after[1:])
            elif layer["type"] == "linear":
                macs = shape[0] * after[0]
            size, step = receptive_field([layer])
            more = np.array([learned(layer, shape), macs, size])
        totals = totals + more * [1, 1, jump] - [0, 0, jump]
        jump = jump * step
        shape = after
    return totals, jump, shape
