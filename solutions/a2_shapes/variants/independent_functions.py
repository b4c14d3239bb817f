"""No function uses another; the network is walked with an explicit stack."""


def conv_output_size(n, kernel_size, stride=1, padding=0, dilation=1):
    if n + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError
    return (n + 2 * padding - dilation * (kernel_size - 1) - 1 + stride) // stride


def same_padding(n, kernel_size, stride=1, dilation=1):
    total = dilation * (kernel_size - 1) - (n - 1) % stride
    if total < 0:
        total = 0
    return (total - total % 2) // 2, (total + total % 2) // 2


def conv_output_shape(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1):
    channels, height, width = input_shape
    if not isinstance(kernel_size, tuple):
        kernel_size = (kernel_size, kernel_size)
    if not isinstance(stride, tuple):
        stride = (stride, stride)
    if not isinstance(dilation, tuple):
        dilation = (dilation, dilation)
    kernel_height, kernel_width = kernel_size
    stride_height, stride_width = stride
    dilation_height, dilation_width = dilation
    if padding == "same":
        return (
            c_out,
            (height + stride_height - 1) // stride_height,
            (width + stride_width - 1) // stride_width,
        )
    if padding == "valid":
        padding = (0, 0)
    elif not isinstance(padding, tuple):
        padding = (padding, padding)
    free_height = height + 2 * padding[0] - dilation_height * (kernel_height - 1) - 1
    free_width = width + 2 * padding[1] - dilation_width * (kernel_width - 1) - 1
    if free_height < 0 or free_width < 0:
        raise ValueError("the kernel is larger than the image")
    return c_out, free_height // stride_height + 1, free_width // stride_width + 1


def conv_params(c_in, c_out, kernel_size, bias=True, groups=1):
    if c_in % groups != 0:
        raise ValueError("c_in is not divisible by groups")
    if c_out % groups != 0:
        raise ValueError("c_out is not divisible by groups")
    kernel_height, kernel_width = (
        (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    )
    count = 0
    for _group in range(groups):
        count += (c_in // groups) * (c_out // groups) * kernel_height * kernel_width
    if bias:
        count += c_out
    return count


def linear_params(in_features, out_features, bias=True):
    if bias:
        return in_features * out_features + out_features
    else:
        return in_features * out_features


def can_infer(layers, train_hw, test_hw):
    # Both images side by side; the linear layers are where they must agree.
    c = 3
    h1, w1 = train_hw
    h2, w2 = test_hw
    flat = False
    for layer in layers:
        kind = layer["type"]
        if kind == "conv":
            span = layer["dilation"] * (layer["kernel_size"] - 1) + 1
            sides = []
            for n in (h1, w1, h2, w2):
                n = n + 2 * layer["padding"]
                if n < span:
                    return False
                sides.append((n - span) // layer["stride"] + 1)
            h1, w1, h2, w2 = sides
            c = layer["out_channels"]
        elif kind == "max_pool" or kind == "avg_pool":
            sides = []
            for n in (h1, w1, h2, w2):
                over = n + 2 * layer["padding"] - layer["kernel_size"]
                if layer["ceil_mode"]:
                    out = (over + layer["stride"] - 1) // layer["stride"] + 1
                    if (out - 1) * layer["stride"] >= n + layer["padding"]:
                        out -= 1
                elif over < 0:
                    return False
                else:
                    out = over // layer["stride"] + 1
                sides.append(out)
            h1, w1, h2, w2 = sides
        elif kind == "global_avg_pool":
            h1 = w1 = h2 = w2 = 1
        elif kind == "linear" and not flat:
            if c * h1 * w1 != c * h2 * w2:
                return False
            flat = True
    return True


def pool_output_size(n, kernel_size, stride=None, padding=0, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    if ceil_mode:
        output = (n + 2 * padding - kernel_size + stride - 1) // stride + 1
        if (output - 1) * stride >= n + padding:
            output = output - 1
        return output
    if n + 2 * padding - kernel_size < 0:
        raise ValueError("the window is larger than the input")
    return (n + 2 * padding - kernel_size) // stride + 1


def receptive_field(layers):
    # From the last layer back: r = s*r + (k - s), with k the reach.
    r, total_stride = 1, 1
    for i in range(len(layers) - 1, -1, -1):
        layer = layers[i]
        if layer["type"] == "conv":
            k = layer["kernel_size"] + (layer["kernel_size"] - 1) * (layer["dilation"] - 1)
        elif layer["type"] in ["max_pool", "avg_pool"]:
            k = layer["kernel_size"]
        else:
            continue
        r = layer["stride"] * r + (k - layer["stride"])
        total_stride = total_stride * layer["stride"]
    return r, total_stride


def conv_macs(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    strides = stride if isinstance(stride, tuple) else (stride,) * 2
    dilations = dilation if isinstance(dilation, tuple) else (dilation,) * 2
    macs = input_shape[0] * c_out // groups
    for i in range(2):
        n = input_shape[i + 1]
        if padding == "same":
            size = -(-n // strides[i])
        else:
            p = 0 if padding == "valid" else padding
            p = p[i] if isinstance(p, tuple) else p
            free = n + 2 * p - dilations[i] * (kernel[i] - 1) - 1
            if free < 0:
                raise ValueError("no place for the kernel")
            size = free // strides[i] + 1
        macs = macs * size * kernel[i]
    return macs


def conv_flops(input_shape, c_out, kernel_size, stride=1, padding=0, dilation=1, groups=1):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    strides = stride if isinstance(stride, tuple) else (stride,) * 2
    dilations = dilation if isinstance(dilation, tuple) else (dilation,) * 2
    flops = 2 * input_shape[0] * c_out // groups
    for i in range(2):
        n = input_shape[i + 1]
        if padding == "same":
            size = -(-n // strides[i])
        else:
            p = 0 if padding == "valid" else padding
            p = p[i] if isinstance(p, tuple) else p
            size = (n + 2 * p - dilations[i] * (kernel[i] - 1) - 1) // strides[i] + 1
        flops = flops * size * kernel[i]
    return flops


def summarize(layers, input_shape):
    rows = []
    if len(input_shape) == 3:
        c, h, w = input_shape
    else:
        (c,) = input_shape
        h = w = None
    for layer in layers:
        kind, params = layer["type"], 0
        if kind == "conv":
            k, d, s, p = (layer[x] for x in ("kernel_size", "dilation", "stride", "padding"))
            params = k * k * c * layer["out_channels"] // layer["groups"]
            if layer["bias"]:
                params += layer["out_channels"]
            c = layer["out_channels"]
            h = (h + 2 * p - d * (k - 1) - 1) // s + 1
            w = (w + 2 * p - d * (k - 1) - 1) // s + 1
        if kind in {"max_pool", "avg_pool"}:
            k, s, p = (layer[x] for x in ("kernel_size", "stride", "padding"))
            hs, ws = h, w
            h = (hs + 2 * p - k) // s + 1
            w = (ws + 2 * p - k) // s + 1
            if layer["ceil_mode"]:
                if (hs + 2 * p - k) % s and h * s < hs + p:
                    h += 1
                if (ws + 2 * p - k) % s and w * s < ws + p:
                    w += 1
        if kind == "global_avg_pool":
            h = w = 1
        if kind == "batch_norm":
            params = 2 * c
        if kind == "flatten":
            c, h, w = c * h * w, None, None
        if kind == "linear":
            params = c * layer["out_features"]
            if layer["bias"]:
                params += layer["out_features"]
            c = layer["out_features"]
        rows.append((kind, (c,) if h is None else (c, h, w), params))
    return rows


def network_totals(layers, input_shape):
    params = macs = 0
    shape, size, jump = tuple(input_shape), 1, 1
    stack = []  # what to come back to: (paths left, kind, input, results so far, rest)
    todo = list(layers)
    while True:
        if todo:
            layer, todo = todo[0], todo[1:]
            kind = layer["type"]
            if kind == "residual" or kind == "branches":
                if kind == "residual":
                    paths = [layer["body"], layer["shortcut"]]
                else:
                    paths = layer["branches"]
                stack.append([list(paths[1:]), kind, (shape, size, jump), [], todo])
                todo = list(paths[0])
                continue
            if kind == "linear":
                n = shape[0] * layer["out_features"]
                macs += n
                params += n + (layer["out_features"] if layer["bias"] else 0)
                shape = (layer["out_features"],)
            elif kind == "flatten":
                shape = (shape[0] * shape[1] * shape[2],)
            elif kind == "batch_norm":
                params += 2 * shape[0]
            elif kind == "global_avg_pool":
                shape = (shape[0], 1, 1)
            elif kind == "conv":
                k, s, p = layer["kernel_size"], layer["stride"], layer["padding"]
                span = layer["dilation"] * (k - 1) + 1
                h = (shape[1] + 2 * p - span) // s + 1
                w = (shape[2] + 2 * p - span) // s + 1
                weights = k * k * (shape[0] // layer["groups"]) * layer["out_channels"]
                params += weights + (layer["out_channels"] if layer["bias"] else 0)
                macs += weights * h * w
                shape = (layer["out_channels"], h, w)
                size, jump = size + (span - 1) * jump, jump * s
            elif kind.endswith("_pool"):
                k, s, p = layer["kernel_size"], layer["stride"], layer["padding"]
                sides = []
                for n in shape[1:]:
                    more = s - 1 if layer["ceil_mode"] else 0
                    out = (n + 2 * p - k + more) // s + 1
                    if layer["ceil_mode"] and (out - 1) * s >= n + p:
                        out -= 1
                    sides.append(out)
                shape = (shape[0], sides[0], sides[1])
                size, jump = size + (k - 1) * jump, jump * s
        elif stack:
            paths, kind, start, results, rest = stack[-1]
            results.append((shape, size, jump))
            if paths:
                todo = list(paths.pop(0))
                shape, size, jump = start
            else:
                stack.pop()
                todo = rest
                size = max(r[1] for r in results)
                jump = results[0][2]
                shape = results[0][0]
                if kind == "branches":
                    shape = (sum(r[0][0] for r in results), shape[1], shape[2])
        else:
            return params, macs, size
