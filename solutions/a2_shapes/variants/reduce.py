"""Functional: folds with functools.reduce, lambdas, no statement that changes anything."""
from functools import partial, reduce
from itertools import accumulate
from operator import add, mul

prod = lambda numbers: reduce(mul, numbers, 1)
total = lambda numbers: reduce(add, numbers, 0)
get = lambda layer, *keys: tuple(layer[key] for key in keys)
pair = lambda x: (x, x) if isinstance(x, (int, str)) else tuple(x)
reach = lambda k, d: d * k - d + 1


def fail(message):
    raise ValueError(message)


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    free = n + 2 * padding - reach(kernel_size, dilation)
    return (free + stride) // stride if free >= 0 else fail(f"{free} pixels left")


def same_padding(n, kernel_size, stride=1, dilation=1):
    lack = reach(kernel_size, dilation) - (stride if n % stride == 0 else n % stride)
    return (max(lack, 0) // 2, (max(lack, 0) + 1) // 2)


def one_axis(n, k, s, p, d):
    return {
        "same": lambda: len(range(0, n, s)),
        "valid": lambda: conv_output_size(n, k, s, 0, d),
    }.get(p, lambda: conv_output_size(n, k, s, p, d))()


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    knobs = zip(*map(pair, (kernel_size, stride, padding, dilation)))
    return (c_out, *(one_axis(n, *k) for n, k in zip(input_shape[1:], knobs)))


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    even = all(c % groups == 0 for c in (c_in, c_out))
    inputs = prod((c_in // groups, *pair(kernel_size)))
    return linear_params(inputs, c_out, bias) if even else fail("groups")


def linear_params(in_features, out_features, bias=True):
    return prod((in_features + int(bias), out_features))


def can_infer(layers, train_hw, test_hw):
    def inputs(hw):
        shapes = accumulate(layers, lambda s, x: step(x, s), initial=(3, *hw))
        return [s for s, x in zip(shapes, layers) if x["type"] == "linear"]

    try:
        return inputs(tuple(train_hw)) == inputs(tuple(test_hw))
    except ValueError:
        return False


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    s = stride or kernel_size
    return (
        min(
            -((kernel_size - n - 2 * padding) // s) + 1,  # up to the end
            -((-n - padding) // s),  # starts left of the right padding
        )
        if ceil_mode
        else conv_output_size(n, kernel_size, s, padding)
    )


def receptive_field(layers):
    windows = [x for x in layers if "stride" in x]
    return reduce(
        lambda f, x: (
            f[0] + (reach(x["kernel_size"], x.get("dilation", 1)) - 1) * f[1],
            f[1] * x["stride"],
        ),
        windows,
        (1, 1),
    )


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    out = conv_output_shape(input_shape, c_out, kernel_size, stride, padding, dilation)
    return prod((*out, *pair(kernel_size), input_shape[0])) // groups


conv_flops_of = lambda macs: 2 * macs


def conv_flops(*args, **kwargs):
    return conv_flops_of(conv_macs(*args, **kwargs))


POOL = ("kernel_size", "stride", "padding", "ceil_mode")
CONV = ("out_channels", "kernel_size", "stride", "padding", "dilation")


def step(layer, s):
    pooled = lambda: (s[0], *(pool_output_size(n, *get(layer, *POOL)) for n in s[1:]))
    return {
        "conv": lambda: conv_output_shape(s, *get(layer, *CONV)),
        "max_pool": pooled,
        "avg_pool": pooled,
        "global_avg_pool": lambda: (s[0], 1, 1),
        "flatten": lambda: (prod(s),),
        "linear": lambda: (layer["out_features"],),
        "residual": lambda: reduce(lambda t, x: step(x, t), layer["body"], s),
        "branches": lambda: reduce(
            lambda a, b: (a[0] + b[0], *b[1:]),
            [reduce(lambda t, x: step(x, t), path, s) for path in layer["branches"]],
        ),
    }.get(layer["type"], lambda: s)()


def learned(layer, s):
    return {
        "conv": lambda: conv_params(
            s[0], *get(layer, "out_channels", "kernel_size", "bias", "groups")
        ),
        "linear": lambda: linear_params(s[0], *get(layer, "out_features", "bias")),
        "batch_norm": lambda: 2 * s[0],
        "residual": lambda: over(learned, layer["body"], s)
        + over(learned, layer["shortcut"], s),
        "branches": lambda: total(over(learned, p, s) for p in layer["branches"]),
    }.get(layer["type"], lambda: 0)()


def worked(layer, s):
    return {
        "conv": lambda: conv_macs(s, *get(layer, *CONV, "groups")),
        "linear": lambda: s[0] * layer["out_features"],
        "residual": lambda: over(worked, layer["body"], s)
        + over(worked, layer["shortcut"], s),
        "branches": lambda: total(over(worked, p, s) for p in layer["branches"]),
    }.get(layer["type"], lambda: 0)()


def over(count, layers, s):
    shapes = accumulate(layers, lambda t, x: step(x, t), initial=s)
    return total(map(count, layers, shapes))


def summarize(layers, input_shape):
    shapes = tuple(accumulate(layers, lambda s, x: step(x, s), initial=input_shape))
    return tuple(
        (x["type"], after, learned(x, before))
        for x, before, after in zip(layers, shapes, shapes[1:])
    )


def see(layer, f):
    look = partial(reduce, lambda g, x: see(x, g))
    if layer["type"] == "residual":
        ends = (look(layer["body"], f), look(layer["shortcut"], f))
    elif layer["type"] == "branches":
        ends = tuple(look(path, f) for path in layer["branches"])
    else:
        size, jump = receptive_field([layer])
        return f[0] + (size - 1) * f[1], f[1] * jump
    return max(e[0] for e in ends), ends[0][1]


def network_totals(layers, input_shape):
    field, _ = reduce(lambda f, x: see(x, f), layers, (1, 1))
    return over(learned, layers, input_shape), over(worked, layers, input_shape), field
