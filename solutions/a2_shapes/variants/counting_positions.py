"""Everything is counted: positions one by one, weights as sets of indices, no formula."""
from itertools import product


def _starts(n, reach, stride, padding):
    """All places where a window lies inside the padded axis."""
    places = []
    start = -padding
    while start + reach <= n + padding:
        places.append(start)
        start += stride
    return places


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    offsets = list(range(0, kernel_size * dilation, dilation))
    places = _starts(n, offsets[-1] + 1, stride, padding)
    if not places:
        raise ValueError(f"kernel {kernel_size} fits nowhere on {n}")
    return len(places)


def same_padding(n, kernel_size, stride=1, dilation=1):
    wanted = len(range(0, n, stride))
    zeros = 0
    while len(_starts(n + zeros, (kernel_size - 1) * dilation + 1, stride, 0)) < wanted:
        zeros += 1
    left = right = 0
    for i in range(zeros):
        if i % 2 == 0:
            right += 1
        else:
            left += 1
    return [left, right]


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    pairs = []
    for x in (kernel_size, stride, padding, dilation):
        pairs.append([x, x] if isinstance(x, (int, str)) else list(x))
    shape = [c_out]
    for n, k, s, p, d in zip(input_shape[1:], *pairs):
        if p == "same":
            n, p = n + sum(same_padding(n, k, s, d)), 0
        if p == "valid":
            p = 0
        shape.append(conv_output_size(n, k, s, p, d))
    return shape


def _kernel(c_in, kernel_size, groups):
    """The indices of one kernel's weights."""
    h, w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return set(product(range(0, c_in, groups), range(h), range(w)))


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    for c in (c_in, c_out):
        if len(range(0, c, groups)) * groups != c:
            raise ValueError("uneven groups")
    size = len(_kernel(c_in, kernel_size, groups))
    total = 0
    for _ in range(c_out):
        total += size
        if bias:
            total += 1
    return total


def linear_params(in_features, out_features, bias=True):
    return sum(in_features + (1 if bias else 0) for _ in range(out_features))


def can_infer(layers, train_hw, test_hw):
    seen = []
    for height, width in (train_hw, test_hw):
        try:
            rows = summarize(layers, [3, height, width])
        except ValueError:
            return False
        before = [[3, height, width]] + [row[1] for row in rows]
        seen.append([b for b, row in zip(before, rows) if row[0] == "linear"])
    return seen[0] == seen[1]


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    stride = stride or kernel_size
    if not ceil_mode:
        return conv_output_size(n, kernel_size, stride, padding)
    count, start = 0, -padding
    covered = -padding
    # Go on while something is left that no window reached, and the start is inside.
    while start < n and covered < n + padding:
        count += 1
        covered = start + kernel_size
        start += stride
    return count


def receptive_field(layers):
    # Two neighbouring output pixels as intervals, followed back to the image.
    first, second = [0, 0], [1, 1]
    for layer in reversed(layers):
        if layer["type"] in ("conv", "max_pool", "avg_pool"):
            last = (layer["kernel_size"] - 1) * layer.get("dilation", 1)
            for span in (first, second):
                span[0] = span[0] * layer["stride"]
                span[1] = span[1] * layer["stride"] + last
    return [first[1] - first[0] + 1, second[0] - first[0]]


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    _, h, w = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    products = len(_kernel(input_shape[0], kernel_size, groups))
    total = 0
    for _row in range(h):
        for _column in range(w):
            total += products * c_out
    return total


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    macs = conv_macs(input_shape, c_out, kernel_size, stride, padding, dilation, groups)
    return macs + macs


def summarize(layers, input_shape):
    rows = []
    shape = list(input_shape)
    for layer in layers:
        kind = layer["type"]
        params = 0
        if kind == "conv":
            k, c = layer["kernel_size"], layer["out_channels"]
            params = conv_params(shape[0], c, k, layer["bias"], layer["groups"])
            shape = conv_output_shape(
                shape, c, k, layer["stride"], layer["padding"], layer["dilation"]
            )
        elif kind in ("max_pool", "avg_pool"):
            window = layer["kernel_size"], layer["stride"]
            edges = layer["padding"], layer["ceil_mode"]
            shape = [shape[0]] + [pool_output_size(n, *window, *edges) for n in shape[1:]]
        elif kind == "global_avg_pool":
            shape = [shape[0], 1, 1]
        elif kind == "flatten":
            features = 0
            for _ in range(shape[0]):
                features += shape[1] * shape[2]
            shape = [features]
        elif kind == "linear":
            params = linear_params(shape[0], layer["out_features"], layer["bias"])
            shape = [layer["out_features"]]
        elif kind == "batch_norm":
            params = shape[0] + shape[0]
        rows.append([kind, list(shape), params])
    return rows


def network_totals(layers, input_shape):
    shape, params, macs = _count(layers, list(input_shape))
    field = max(receptive_field(chain) for chain in _chains(layers))[0]
    return [params, macs, field]


def _chains(layers):
    """Every way from the image to the end would be too many: the widest of each block."""
    chain = []
    for layer in layers:
        if layer["type"] == "residual":
            paths = [layer["body"], layer["shortcut"]]
        elif layer["type"] == "branches":
            paths = layer["branches"]
        else:
            paths = [[layer]]
        options = [c for path in paths for c in _chains(path)] if len(paths) > 1 else paths
        chain += max(options, key=receptive_field)
    return [chain]


def _count(layers, shape):
    params = macs = 0
    for layer in layers:
        if layer["type"] == "residual":
            after, p, m = _count(layer["body"], shape)
            _, q, n = _count(layer["shortcut"], shape)
            params, macs, shape = params + p + q, macs + m + n, after
        elif layer["type"] == "branches":
            depth, after = 0, None
            for path in layer["branches"]:
                after, p, m = _count(path, shape)
                depth += after[0]
                params, macs = params + p, macs + m
            shape = [depth] + after[1:]
        else:
            if layer["type"] == "conv":
                c, k = layer["out_channels"], layer["kernel_size"]
                edges = layer["stride"], layer["padding"], layer["dilation"]
                macs += conv_macs(shape, c, k, *edges, layer["groups"])
            if layer["type"] == "linear":
                macs += shape[0] * layer["out_features"]
            ((_, shape, p),) = summarize([layer], shape)
            params += p
    return shape, params, macs
