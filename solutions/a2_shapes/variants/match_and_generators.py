"""Structural pattern matching on the layers and generators for what flows through."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    match n + 2 * padding - 1 - dilation * (kernel_size - 1):
        case free if free < 0:
            raise ValueError(f"{-free} pixels too few")
        case free:
            quotient, _ = divmod(free, stride)
            return quotient + 1


def same_padding(n, kernel_size, stride=1, dilation=1):
    match divmod(n, stride):
        case (_, 0):
            covered = stride
        case (_, rest):
            covered = rest
    zeros = 1 + dilation * (kernel_size - 1) - covered
    if zeros < 0:
        zeros = 0
    return zeros >> 1, (zeros >> 1) + (zeros & 1)


def _axes(*settings):
    for axis in (0, 1):
        yield [x[axis] if type(x) in (tuple, list) else x for x in settings]


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    def sides():
        for n, knobs in zip(
            input_shape[1:], _axes(kernel_size, stride, padding, dilation)
        ):
            match knobs:
                case [_, s, "same", _]:
                    yield -(-n // s)
                case [k, s, "valid", d]:
                    yield conv_output_size(n, k, s, dilation=d)
                case [k, s, p, d]:
                    yield conv_output_size(n, k, s, p, d)

    return c_out, *sides()


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    match c_in % groups, c_out % groups, kernel_size:
        case 0, 0, int(k):
            area = k * k
        case 0, 0, (h, w):
            area = h * w
        case _:
            raise ValueError("groups do not divide the channels")
    per_kernel = area * c_in // groups + (1 if bias else 0)
    return per_kernel * c_out


def linear_params(in_features, out_features, bias=True):
    match bias:
        case True:
            return (in_features + 1) * out_features
        case False:
            return in_features * out_features


def flow(layers, shape):
    """Yield (layer, shape before, shape after)."""
    for layer in layers:
        match layer:
            case {"type": "conv", "out_channels": c, "kernel_size": k, "stride": s, **rest}:
                after = conv_output_shape(shape, c, k, s, rest["padding"], rest["dilation"])
            case {"type": "max_pool" | "avg_pool", "kernel_size": k, "stride": s, **rest}:
                p, ceil = rest["padding"], rest["ceil_mode"]
                after = shape[0], *(pool_output_size(n, k, s, p, ceil) for n in shape[1:])
            case {"type": "global_avg_pool"}:
                after = shape[0], 1, 1
            case {"type": "flatten"}:
                c, h, w = shape
                after = (c * h * w,)
            case {"type": "linear", "out_features": n}:
                after = (n,)
            case {"type": "residual", "body": body}:
                after = shape
                for _, _, after in flow(body, shape):
                    pass
            case {"type": "branches", "branches": paths}:
                ends = [[shape, *(x for _, _, x in flow(p, shape))][-1] for p in paths]
                after = sum(end[0] for end in ends), ends[0][1], ends[0][2]
            case _:
                after = shape
        yield layer, shape, after
        shape = after


def learned(layer, before):
    match layer:
        case {"type": "conv", "out_channels": c, "kernel_size": k, "bias": b, "groups": g}:
            return conv_params(before[0], c, k, b, g)
        case {"type": "linear", "out_features": n, "bias": b}:
            return linear_params(before[0], n, b)
        case {"type": "batch_norm"}:
            return 2 * before[0]
    return 0


def can_infer(layers, train_hw, test_hw):
    def gates(hw):
        for layer, before, _ in flow(layers, (3, *hw)):
            if layer["type"] == "linear":
                yield before

    try:
        return [*gates(train_hw)] == [*gates(test_hw)]
    except ValueError:
        return False


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    match stride:
        case None:
            stride = kernel_size
    free = n + 2 * padding - kernel_size
    match ceil_mode, divmod(free, stride):
        case False, (quotient, _):
            if free < 0:
                raise ValueError("window does not fit")
            return quotient + 1
        case True, (quotient, 0):
            windows = quotient + 1
        case True, (quotient, _):
            windows = quotient + 2
    return windows - 1 if (windows - 1) * stride >= n + padding else windows


def receptive_field(layers):
    def strides_before():
        jump = 1
        for layer in layers:
            match layer:
                case {"kernel_size": k, "stride": s, **rest}:
                    yield (k - 1) * rest.get("dilation", 1) * jump, jump * s
                    jump *= s

    widened = [(0, 1), *strides_before()]
    return 1 + sum(w for w, _ in widened), widened[-1][1]


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    _, h, w = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    match kernel_size:
        case int(k):
            area = k * k
        case a, b:
            area = a * b
    return area * h * w * c_out * input_shape[0] // groups


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    # Products and additions of them: as many of each as there are MACs.
    macs = conv_macs(input_shape, c_out, kernel_size, stride, padding, dilation, groups)
    products, additions = macs, macs
    return products + additions


def summarize(layers, input_shape):
    return [
        (layer["type"], after, learned(layer, before))
        for layer, before, after in flow(layers, input_shape)
    ]


def simple(layers, shape):
    """Yield every simple layer, blocks unfolded, with the shape before and after it."""
    for layer, before, after in flow(layers, shape):
        match layer:
            case {"type": "residual", "body": body, "shortcut": shortcut}:
                yield from simple(body, before)
                yield from simple(shortcut, before)
            case {"type": "branches", "branches": paths}:
                for path in paths:
                    yield from simple(path, before)
            case _:
                yield layer, before, after


def farthest(layers):
    """Return the layers on the path that sees furthest."""
    for layer in layers:
        match layer:
            case {"type": "residual", "body": body, "shortcut": shortcut}:
                yield from max(
                    [*farthest(body)], [*farthest(shortcut)], key=receptive_field
                )
            case {"type": "branches", "branches": paths}:
                yield from max(([*farthest(p)] for p in paths), key=receptive_field)
            case _:
                yield layer


def network_totals(layers, input_shape):
    params = macs = 0
    for layer, before, after in simple(layers, input_shape):
        params += learned(layer, before)
        match layer:
            case {"type": "conv", "bias": bias}:
                weights = learned(layer, before) - (after[0] if bias else 0)
                macs += weights * after[1] * after[2]
            case {"type": "linear"}:
                macs += before[0] * after[0]
    size, _ = receptive_field([*farthest(layers)])
    return params, macs, size
