"""The right answers, written out step by step, to make slips in.

Each `#:` says what the line below it is; the grader makes small changes there, one by
one, and tells a student whose answers are those of a changed line. See
autograder/course/slips.py.
"""

# alike: KH KW stride 1
# alike: sh -> 1 | KH | KW
# alike: sw -> 1 | KH | KW
# alike: KH * KW | KH * KH | KW * KW | KH + KW | H_out * W_out | stride * stride | x[0, 0].size | x[0].size
# alike: H_out W_out
# alike: H W
# alike: p q
# alike: padding 0 1
# alike: high 0 1
# alike: broad 0 1
# alike: high -> 2 * high
# alike: broad -> 2 * broad
# alike: dout -> np.maximum(dout, 0) | np.sign(dout) | x | 1
# alike: H_out -> ceil((xp.shape[2] - KH) / stride) | H // KH | H - KH + 1 | H // stride
# alike: W_out -> ceil((xp.shape[3] - KW) / stride) | W // KW | W - KW + 1 | W // stride
# alike: n 0
# alike: c 0
# alike: o 0 n
# alike: xp x
# alike: float -> x.dtype | int | dout.dtype
# alike: lowest 0
# axes: p/q sh/sw KH/KW H/W H_out/W_out top/left tall/wide i/j high/broad above/before below/after row/column

import math

import numpy as np


def ceil(number):
    return math.ceil(number)


def _pair(kernel_size):
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def conv2d_forward(x, w, b, stride=1, padding=0):
    # alike: w[o] -> w[o][::-1]
    # fact: stride > 1: the stride is larger than 1
    # fact: padding > 0: there is padding
    # fact: (x.shape[2] + 2 * padding - w.shape[2]) % stride or (x.shape[3] + 2 * padding - w.shape[3]) % stride: the windows leave rows or columns over
    # fact: w.shape[2] != w.shape[3]: the kernels are not square
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: len(w) > 1: there are several kernels
    # fact: w.shape[2] > 1 or w.shape[3] > 1: a kernel is larger than one pixel
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: x.shape[1] != w.shape[1]: x and w differ in their channels
    # fact: w.shape[2] > x.shape[2] + 2 * padding or w.shape[3] > x.shape[3] + 2 * padding: the kernel does not fit the padded image
    N, C, H, W = x.shape
    O, C_in, KH, KW = w.shape
    if C != C_in:
        raise ValueError(f"{C} channels, and kernels for {C_in}")
    #: the number of rows of zeros above and below the image
    high = padding
    #: the number of columns of zeros to its left and right
    broad = padding
    #: the number of rows of zeros above the image
    above = high
    #: the number of rows of zeros below the image
    below = high
    #: the number of columns of zeros to its left
    before = broad
    #: the number of columns of zeros to its right
    after = broad
    xp = np.pad(x, ((0, 0), (0, 0), (above, below), (before, after)))
    if KH > xp.shape[2] or KW > xp.shape[3]:
        raise ValueError(f"kernels of {KH}x{KW} do not fit {xp.shape}")
    #: the stride downwards
    sh = stride
    #: the stride to the right
    sw = stride
    #: the height H_out of the output
    H_out = (xp.shape[2] - KH) // sh + 1
    #: the width W_out of the output
    W_out = (xp.shape[3] - KW) // sw + 1
    out = np.zeros((N, O, H_out, W_out))
    #: an image n
    for n in range(N):
        #: a kernel o
        for o in range(O):
            #: a row p of the output
            for p in range(H_out):
                #: a column q of the output
                for q in range(W_out):
                    #: the first row of a window
                    top = p * sh
                    #: the first column of a window
                    left = q * sw
                    #: the height of a window
                    tall = KH
                    #: the width of a window
                    wide = KW
                    #: the window
                    seen = xp[n, :, top : top + tall, left : left + wide]
                    #: the kernel on the window
                    kernel = w[o]
                    #: a value of the output without its bias
                    value = (seen * kernel).sum()
                    #: the bias that is added
                    bias = b[o]
                    #: a value of the output
                    result = value + bias
                    out[n, o, p, q] = result
    return out


def conv2d_backward(dout, x, w, b, stride=1, padding=0):
    # alike: padding -> 2 * padding
    # alike: w[o] -> w[o][::-1] | xp[n, :, top : top + tall, left : left + wide]
    # fact: stride > 1: the stride is larger than 1
    # fact: padding > 0: there is padding
    # fact: (x.shape[2] + 2 * padding - w.shape[2]) % stride or (x.shape[3] + 2 * padding - w.shape[3]) % stride: the windows leave rows or columns over
    # fact: w.shape[2] != w.shape[3]: the kernels are not square
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: len(w) > 1: there are several kernels
    # fact: w.shape[2] > 1 or w.shape[3] > 1: a kernel is larger than one pixel
    # fact: x.dtype.kind in "iu": x holds whole numbers
    N, C, H, W = x.shape
    O, _, KH, KW = w.shape
    _, _, H_out, W_out = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    #: an image n (for dx)
    for n in range(N):
        #: a kernel o (for dx)
        for o in range(O):
            #: a row p of dout (for dx)
            for p in range(H_out):
                #: a column q of dout (for dx)
                for q in range(W_out):
                    #: the first row of a window (for dx)
                    top = p * stride
                    #: the first column of a window (for dx)
                    left = q * stride
                    #: the height of a window (for dx)
                    tall = KH
                    #: the width of a window (for dx)
                    wide = KW
                    #: the kernel (for dx)
                    kernel = w[o]
                    #: the value of dout that a window of dx gets
                    share = dout[n, o, p, q]
                    place = np.s_[n, :, top : top + tall, left : left + wide]
                    #: what a window adds to dx
                    dxp[place] += kernel * share
    #: the first row of dx, in the padded image
    row = padding
    #: the first column of dx, in the padded image
    column = padding
    dx = dxp[:, :, row : row + H, column : column + W]
    dw = np.zeros(w.shape)
    #: an image n (for dw)
    for n in range(N):
        #: a kernel o (for dw)
        for o in range(O):
            #: a row p of dout (for dw)
            for p in range(H_out):
                #: a column q of dout (for dw)
                for q in range(W_out):
                    #: the first row of a window (for dw)
                    top = p * stride
                    #: the first column of a window (for dw)
                    left = q * stride
                    #: the height of a window (for dw)
                    tall = KH
                    #: the width of a window (for dw)
                    wide = KW
                    #: the window that dw is added up from
                    seen = xp[n, :, top : top + tall, left : left + wide]
                    #: the value of dout that a window is multiplied by (for dw)
                    share = dout[n, o, p, q]
                    high, broad = seen.shape[1:]
                    #: what a window adds to dw
                    dw[o, :, :high, :broad] += seen * share
    #: dw
    dw = 1 * dw
    db = np.zeros(O)
    #: an image n (for db)
    for n in range(N):
        #: a kernel o (for db)
        for o in range(O):
            #: a row p of dout (for db)
            for p in range(H_out):
                #: a column q of dout (for db)
                for q in range(W_out):
                    # alike: dout[n, o, p, q] -> dout[n, o, p, q] * b[o]
                    #: what a value of dout adds to db
                    db[o] += dout[n, o, p, q]
    return dx, dw, db


def max_pool_forward(x, kernel_size, stride):
    # fact: len(np.unique(x)) < x.size: x holds a value more than once
    # fact: stride > 1: the stride is larger than 1
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: stride > np.broadcast_to(kernel_size, 2).min(): there are gaps between windows
    # fact: stride != np.broadcast_to(kernel_size, 2)[0] or stride != np.broadcast_to(kernel_size, 2)[1]: the stride is not the kernel's size
    # fact: (x.shape[2] - np.broadcast_to(kernel_size, 2)[0]) % stride or (x.shape[3] - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: (x < 0).all(): all values are negative
    KH, KW = _pair(kernel_size)
    N, C, H, W = x.shape
    #: the stride downwards
    sh = stride
    #: the stride to the right
    sw = stride
    #: the height H_out of the output
    H_out = (H - KH) // sh + 1
    #: the width W_out of the output
    W_out = (W - KW) // sw + 1
    out = np.zeros((N, C, H_out, W_out))
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of the output
            for p in range(H_out):
                #: a column q of the output
                for q in range(W_out):
                    #: the first row of a window
                    top = p * sh
                    #: the first column of a window
                    left = q * sw
                    #: the height of a window
                    tall = KH
                    #: the width of a window
                    wide = KW
                    #: the window
                    seen = x[n, c, top : top + tall, left : left + wide]
                    #: the value of a window
                    value = seen.max()
                    out[n, c, p, q] = value
    return out


def max_pool_backward(dout, x, kernel_size, stride):
    # fact: len(np.unique(x)) < x.size: x holds a value more than once
    # fact: stride > 1: the stride is larger than 1
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: stride > np.broadcast_to(kernel_size, 2).min(): there are gaps between windows
    # fact: stride != np.broadcast_to(kernel_size, 2)[0] or stride != np.broadcast_to(kernel_size, 2)[1]: the stride is not the kernel's size
    # fact: (x.shape[2] - np.broadcast_to(kernel_size, 2)[0]) % stride or (x.shape[3] - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: (x < 0).all(): all values are negative
    KH, KW = _pair(kernel_size)
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape)
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of dout
            for p in range(H_out):
                #: a column q of dout
                for q in range(W_out):
                    #: the first row of a window
                    top = p * stride
                    #: the first column of a window
                    left = q * stride
                    #: the height of a window
                    tall = KH
                    #: the width of a window
                    wide = KW
                    #: the window
                    seen = x[n, c, top : top + tall, left : left + wide]
                    # alike: seen -> abs(seen)
                    #: the place in the window that the gradient goes to, counted row by row
                    place = seen.argmax()
                    #: the row, in the window, that the gradient goes to
                    i = place // KW
                    #: the column, in the window, that the gradient goes to
                    j = place % KW
                    #: the row of dx that the gradient goes to
                    row = top + i
                    #: the column of dx that the gradient goes to
                    column = left + j
                    #: the gradient of a window
                    share = dout[n, c, p, q]
                    #: what a window adds to dx
                    dx[n, c, row, column] += share
    return dx


def avg_pool_forward(x, kernel_size, stride):
    # fact: stride > 1: the stride is larger than 1
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: stride > np.broadcast_to(kernel_size, 2).min(): there are gaps between windows
    # fact: stride != np.broadcast_to(kernel_size, 2)[0] or stride != np.broadcast_to(kernel_size, 2)[1]: the stride is not the kernel's size
    # fact: (x.shape[2] - np.broadcast_to(kernel_size, 2)[0]) % stride or (x.shape[3] - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: (x < 0).all(): all values are negative
    KH, KW = _pair(kernel_size)
    N, C, H, W = x.shape
    #: the stride downwards
    sh = stride
    #: the stride to the right
    sw = stride
    #: the height H_out of the output
    H_out = (H - KH) // sh + 1
    #: the width W_out of the output
    W_out = (W - KW) // sw + 1
    out = np.zeros((N, C, H_out, W_out))
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of the output
            for p in range(H_out):
                #: a column q of the output
                for q in range(W_out):
                    #: the first row of a window
                    top = p * sh
                    #: the first column of a window
                    left = q * sw
                    #: the height of a window
                    tall = KH
                    #: the width of a window
                    wide = KW
                    #: the window
                    seen = x[n, c, top : top + tall, left : left + wide]
                    #: the number that a window's sum is divided by
                    count = KH * KW
                    #: the sum over a window
                    total = seen.sum()
                    #: a value of the output
                    mean = total / count
                    out[n, c, p, q] = mean
    return out


def avg_pool_backward(dout, x, kernel_size, stride):
    # fact: stride > 1: the stride is larger than 1
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: stride > np.broadcast_to(kernel_size, 2).min(): there are gaps between windows
    # fact: stride != np.broadcast_to(kernel_size, 2)[0] or stride != np.broadcast_to(kernel_size, 2)[1]: the stride is not the kernel's size
    # fact: (x.shape[2] - np.broadcast_to(kernel_size, 2)[0]) % stride or (x.shape[3] - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: (x < 0).all(): all values are negative
    KH, KW = _pair(kernel_size)
    N, C, H_out, W_out = dout.shape
    _, _, H, W = x.shape
    dx = np.zeros((N, C, H, W))
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of dout
            for p in range(H_out):
                #: a column q of dout
                for q in range(W_out):
                    #: the first row of a window
                    top = p * stride
                    #: the first column of a window
                    left = q * stride
                    #: the height of a window
                    tall = KH
                    #: the width of a window
                    wide = KW
                    #: the gradient of a window
                    share = dout[n, c, p, q]
                    #: the number that a window's gradient is divided by
                    count = KH * KW
                    #: what a window adds to dx
                    dx[n, c, top : top + tall, left : left + wide] += share / count
    return dx


def relu_backward(dout, x):
    # alike: x > 0 -> np.where(x > 0, 1, 0.1) | np.where(x > 0, 1, 0.2) | np.where(x > 0, 1, 0.001)
    # fact: x.ndim == 1: there is one axis only
    # fact: x.ndim > 1: there are several axes
    # fact: (x == 0).any(): x holds a 0
    # fact: x.dtype.kind in "iu": x holds whole numbers
    #: where the gradient passes
    passes = x > 0
    #: the gradient that passes
    share = 1 * dout
    return passes * share


def im2col(x, kernel_size, stride=1, padding=0):
    # alike: (c * KH + u) * KW + v -> c * KH + u * KW + v | c * KH * KW + u * KH + v | (u * KW + v) * C + c
    # fact: stride > 1: the stride is larger than 1
    # fact: padding > 0: there is padding
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: x.shape[2] != x.shape[3]: the images are not square
    # fact: len(x) > 1: there are several images
    # fact: x.shape[1] > 1: there are several channels
    # fact: x.dtype.kind in "iu": x holds whole numbers
    # fact: (x.shape[2] + 2 * padding - np.broadcast_to(kernel_size, 2)[0]) % stride or (x.shape[3] + 2 * padding - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    KH, KW = _pair(kernel_size)
    N, C, H, W = x.shape
    #: the number of rows of zeros above and below the image
    high = padding
    #: the number of columns of zeros to its left and right
    broad = padding
    #: the number of rows of zeros above the image
    above = high
    #: the number of rows of zeros below the image
    below = high
    #: the number of columns of zeros to its left
    before = broad
    #: the number of columns of zeros to its right
    after = broad
    xp = np.pad(x, ((0, 0), (0, 0), (above, below), (before, after)))
    #: the stride downwards
    sh = stride
    #: the stride to the right
    sw = stride
    #: the height H_out that the columns are counted by
    H_out = (xp.shape[2] - KH) // sh + 1
    #: the width W_out that the columns are counted by
    W_out = (xp.shape[3] - KW) // sw + 1
    cols = np.zeros((N, C * KH * KW, H_out * W_out))
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of windows
            for p in range(H_out):
                #: a column q of windows
                for q in range(W_out):
                    #: a row i of a window
                    for i in range(KH):
                        #: a column j of a window
                        for j in range(KW):
                            #: the row of the pixel
                            row = p * sh + i
                            #: the column of the pixel
                            column = q * sw + j
                            #: the row of the window that it stands for in cols
                            u = i
                            #: the column of the window that it stands for in cols
                            v = j
                            #: the row of cols that it is written to
                            down = (c * KH + u) * KW + v
                            #: the column of cols that it is written to
                            right = p * W_out + q
                            #: the pixel
                            pixel = xp[n, c, row, column]
                            cols[n, down, right] = pixel
    return cols


def col2im(cols, x_shape, kernel_size, stride=1, padding=0):
    # alike: (c * KH + u) * KW + v -> c * KH + u * KW + v | c * KH * KW + u * KH + v | (u * KW + v) * C + c
    # alike: padding -> 2 * padding
    # fact: stride > 1: the stride is larger than 1
    # fact: padding > 0: there is padding
    # fact: np.broadcast_to(kernel_size, 2)[0] != np.broadcast_to(kernel_size, 2)[1]: windows are not square
    # fact: not isinstance(kernel_size, int): kernel_size is a pair
    # fact: stride < np.broadcast_to(kernel_size, 2).max(): windows overlap
    # fact: x_shape[2] != x_shape[3]: the images are not square
    # fact: x_shape[0] > 1: there are several images
    # fact: x_shape[1] > 1: there are several channels
    # fact: (x_shape[2] + 2 * padding - np.broadcast_to(kernel_size, 2)[0]) % stride or (x_shape[3] + 2 * padding - np.broadcast_to(kernel_size, 2)[1]) % stride: the windows leave rows or columns over
    KH, KW = _pair(kernel_size)
    N, C, H, W = x_shape
    #: the height H_out that the columns are counted by
    H_out = (H + 2 * padding - KH) // stride + 1
    #: the width W_out that the columns are counted by
    W_out = (W + 2 * padding - KW) // stride + 1
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    #: an image n
    for n in range(N):
        #: a channel c
        for c in range(C):
            #: a row p of windows
            for p in range(H_out):
                #: a column q of windows
                for q in range(W_out):
                    #: a row i of a window
                    for i in range(KH):
                        #: a column j of a window
                        for j in range(KW):
                            #: the row of the pixel
                            row = p * stride + i
                            #: the column of the pixel
                            column = q * stride + j
                            #: the row of the window that is read from cols
                            u = i
                            #: the column of the window that is read from cols
                            v = j
                            #: the row of cols that is read
                            down = (c * KH + u) * KW + v
                            #: the column of cols that is read
                            right = p * W_out + q
                            #: what comes from the columns
                            share = cols[n, down, right]
                            #: what a window adds to a pixel
                            xp[n, c, row, column] += share
    #: the first row that is kept of the padded image
    row = padding
    #: the first column that is kept of the padded image
    column = padding
    return xp[:, :, row : row + H, column : column + W]


def numeric_gradient(f, x, eps=1e-6):
    # alike: eps -> eps / 2 | 2 * eps | eps ** 2 | 1e-6 | 1e-5 | 1e-4 | 1e-3 | 1e-7 | 1e-8
    # fact: x.ndim == 1: x has one axis only
    # fact: x.ndim > 1: x has several axes
    # fact: x.dtype.kind in "iu": x holds whole numbers
    #: the type of the array in which values are changed
    kind = float
    point = np.array(x, dtype=kind)
    gradient = np.zeros(point.shape)
    #: an index
    for index in np.ndindex(point.shape):
        value = point[index]
        #: the step to each side
        step = eps
        #: the value at which f is called first
        more = value + step
        #: the value at which f is called then
        less = value - step
        point[index] = more
        above = f(point)
        point[index] = less
        below = f(point)
        point[index] = value
        #: the difference of the two
        rise = above - below
        #: the number that it is divided by
        run = 2 * eps
        gradient[index] = rise / run
    return gradient
