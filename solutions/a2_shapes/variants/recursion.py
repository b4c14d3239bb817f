"""No loop anywhere: every function calls itself on what is left."""


def network_totals(layers, input_shape):
    params, macs, field, jump, shape = totals(layers, input_shape)
    return params, macs, field


def totals(layers, shape):
    if not layers:
        return 0, 0, 1, 1, shape
    *front, last = layers
    params, macs, size, jump, shape = totals(front, shape)
    if last["type"] == "residual":
        p1, m1, s1, j1, shape1 = totals(last["body"], shape)
        p2, m2, s2, j2, shape2 = totals(last["shortcut"], shape)
        assert tuple(shape1) == tuple(shape2) and j1 == j2
        p, m, s, j, shape = p1 + p2, m1 + m2, max(s1, s2), j1, shape1
    elif last["type"] == "branches":
        p, m, s, j, shape = side_by_side(last["branches"], shape)
    else:
        (row,) = summarize([last], shape)
        s, j = receptive_field([last])
        p, m, shape = row[2], multiplications(last, shape, row[1]), row[1]
    return params + p, macs + m, size + (s - 1) * jump, jump * j, shape


def side_by_side(paths, shape):
    p1, m1, s1, j1, shape1 = totals(paths[0], shape)
    if len(paths) == 1:
        return p1, m1, s1, j1, shape1
    p2, m2, s2, j2, shape2 = side_by_side(paths[1:], shape)
    deep = (shape1[0] + shape2[0],) + tuple(shape1[1:])
    return p1 + p2, m1 + m2, max(s1, s2), j1, deep


def multiplications(layer, before, after):
    if layer["type"] == "conv":
        return conv_params(
            before[0], after[0], layer["kernel_size"], False, layer["groups"]
        ) * product(after[1:])
    if layer["type"] == "linear":
        return before[0] * after[0]
    return 0


def product(numbers):
    return numbers[0] * product(numbers[1:]) if numbers else 1


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    room = n + padding + padding - (kernel_size - 1) * dilation - 1
    if room < 0:
        raise ValueError("does not fit")
    return places(room, stride)


def places(room, stride):
    return 0 if room < 0 else 1 + places(room - stride, stride)


def same_padding(n, kernel_size, stride=1, dilation=1):
    if n > stride:
        return same_padding(n - stride, kernel_size, stride, dilation)
    missing = (kernel_size - 1) * dilation + 1 - n
    return share(missing, (0, 0))


def share(zeros, sides):
    if zeros <= 0:
        return sides
    left, right = sides
    return share(zeros - 1, (left, right + 1) if left == right else (left + 1, right))


def axis(n, k, s, p, d):
    if p == "valid":
        return axis(n, k, s, 0, d)
    if p == "same":
        return axis(n + sum(same_padding(n, k, s, d)), k, s, 0, d)
    return conv_output_size(n, k, s, p, d)


def pick(value, which):
    return value if isinstance(value, (int, str)) else value[which]


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    knobs = kernel_size, stride, padding, dilation
    h = axis(input_shape[1], *map(lambda x: pick(x, 0), knobs))
    w = axis(input_shape[2], *map(lambda x: pick(x, 1), knobs))
    return c_out, h, w


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if groups > 1:
        if c_in % groups or c_out % groups:
            raise ValueError("groups")
        one = conv_params(c_in // groups, c_out // groups, kernel_size, bias)
        return groups * one
    return linear_params(c_in * pick(kernel_size, 0) * pick(kernel_size, 1), c_out, bias)


def linear_params(in_features, out_features, bias=True):
    if bias:
        return linear_params(in_features + 1, out_features, False)
    return in_features * out_features


def can_infer(layers, train_hw, test_hw):
    try:
        return meets(layers, (3,) + tuple(train_hw), (3,) + tuple(test_hw))
    except ValueError:
        return False


def meets(layers, a, b):
    if not layers:
        return True
    if layers[0]["type"] == "linear" and a != b:
        return False
    ((_, a, _),) = summarize(layers[:1], a)
    ((_, b, _),) = summarize(layers[:1], b)
    return meets(layers[1:], a, b)


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        return pool_output_size(n, kernel_size, kernel_size, padding, ceil_mode)
    if ceil_mode:
        return 1 + hanging(n + 2 * padding - kernel_size, n + padding - stride, stride)
    return conv_output_size(n, kernel_size, stride, padding)


def hanging(left_over, inside, stride):
    """Further windows: pixels are left over, and the next start is inside."""
    if left_over <= 0 or inside <= 0:
        return 0
    return 1 + hanging(left_over - stride, inside - stride, stride)


def receptive_field(layers):
    if not layers:
        return 1, 1
    head, tail = layers[0], layers[1:]
    size, jump = receptive_field(tail)
    if "kernel_size" not in head:
        return size, jump
    reach = (head["kernel_size"] - 1) * head.get("dilation", 1)
    return (size - 1) * head["stride"] + reach + 1, jump * head["stride"]


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    if groups > 1:
        group = (input_shape[0] // groups,) + tuple(input_shape[1:])
        return groups * conv_macs(
            group, c_out // groups, kernel_size, stride, padding, dilation
        )
    out = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    return product(out) * conv_params(input_shape[0], 1, kernel_size, False)


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    return 2 * conv_macs(input_shape, c_out, kernel_size, stride, padding, dilation, groups)


def summarize(layers, input_shape):
    if not layers:
        return []
    row = line(layers[0], input_shape)
    return [row] + summarize(layers[1:], row[1])


def line(layer, shape):
    kind = layer["type"]
    if kind == "conv":
        keys = "out_channels kernel_size stride padding dilation".split()
        after = conv_output_shape(shape, *map(layer.get, keys))
        params = conv_params(
            shape[0], after[0], layer["kernel_size"], layer["bias"], layer["groups"]
        )
        return kind, after, params
    if kind in ("max_pool", "avg_pool"):
        keys = "kernel_size stride padding ceil_mode".split()
        window = list(map(layer.get, keys))
        h, w = pool_output_size(shape[1], *window), pool_output_size(shape[2], *window)
        return kind, (shape[0], h, w), 0
    if kind == "global_avg_pool":
        return kind, (shape[0], 1, 1), 0
    if kind == "flatten":
        return kind, (product(shape),), 0
    if kind == "linear":
        n = layer["out_features"]
        return kind, (n,), linear_params(shape[0], n, layer["bias"])
    return kind, shape, 2 * shape[0] if kind == "batch_norm" else 0
