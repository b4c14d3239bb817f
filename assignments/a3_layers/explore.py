# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Look around: layers, forward and backward
#
# Every picture here is made by the functions in *your* `a3_layers.py`.
# A cell whose question isn't written yet says so; go on with the next one, and come
# back. Nothing in this notebook is handed in.

# %% first
FIRST_CELL

# %%
import matplotlib.pyplot as plt
import numpy as np
from explore import DIVERGING, SEQUENTIAL, Mine, images, label, photograph

mine = Mine("a3_layers")
grey = photograph(grey=True)[None, None] / 255
random = np.random.default_rng(0)

# %% [markdown]
# ## A layer sees the photograph
#
# Two kernels, one feature map each (question 1). Nothing is flipped here: what deep
# learning calls convolution is a cross-correlation.

# %%
SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
with mine.step():
    kernels = np.stack([SOBEL, SOBEL.T])[:, None]
    maps = mine.conv2d_forward(grey, kernels, np.zeros(2), padding=1)
    images(
        maps[0],
        ["kernel 0: brighter to the right", "kernel 1: brighter below"],
        what="Two kernels, two feature maps",
        cmap=DIVERGING,
        value="answer",
        size=3.0,
    )

# %% [markdown]
# ## Pooling, and the way back
#
# Max pooling keeps the largest of every window (question 3). Backwards, the gradient
# goes to that pixel alone (question 4); average pooling gives every pixel its share
# (question 6). Here a gradient of 1 comes to every window.

# %%
with mine.step():
    part = grey[:, :, 56:88, 38:70]
    pooled = mine.max_pool_forward(part, 4, 4)
    ones = np.ones_like(pooled)
    images(
        [part[0, 0], pooled[0, 0]],
        ["32 x 32 pixels", "max pooling, 4 x 4"],
        what="An eye behind glasses: the brightest of each window is left",
        size=3.0,
    )
    images(
        [mine.max_pool_backward(ones, part, 4, 4)[0, 0]],
        ["max pooling: one pixel a window"],
        what="The gradient flows back to the winners only",
        cmap=SEQUENTIAL,
        value="gradient",
        size=3.0,
    )

# %%
with mine.step():
    images(
        [mine.avg_pool_backward(ones, part, 4, 4)[0, 0]],
        ["average pooling: 1/16 each"],
        what="The mean shares the gradient out: one colour",
        cmap=SEQUENTIAL,
        value="gradient",
        size=3.0,
    )

# %% [markdown]
# Windows that overlap (4 x 4, stride 2): a pixel that wins several of them gets the
# sum.

# %%
with mine.step():
    overlapping = mine.max_pool_forward(part, 4, 2)
    gradient = mine.max_pool_backward(np.ones_like(overlapping), part, 4, 2)
    images(
        [gradient[0, 0]],
        [f"up to {gradient.max():g} windows won by one pixel"],
        what="With overlapping windows, gradients add up",
        cmap=SEQUENTIAL,
        value="gradient",
        size=3.0,
    )

# %% [markdown]
# ## ReLU lets through what was positive
#
# (Question 7.)

# %%
with mine.step():
    x = np.linspace(-2, 2, 81)
    figure, ax = plt.subplots(figsize=(5.5, 2.8))
    ax.plot(x, np.maximum(x, 0), label="relu(x)")
    ax.plot(
        x, mine.relu_backward(np.ones_like(x), x), "--", label="gradient that passes"
    )
    label(ax, "What was negative gets no gradient", "x", "value")
    ax.legend(frameon=False)

# %% [markdown]
# ## Learning a kernel, live
#
# Somebody has convolved a picture of random pixels, which shows a kernel every pattern,
# with a secret kernel. Yours starts from noise and follows the gradient that *your*
# `conv2d_backward` gives (question 2). Does it find the secret?

# %%
with mine.step():
    noise = random.normal(size=(1, 1, 24, 24))
    wanted = mine.conv2d_forward(noise, SOBEL[None, None], np.zeros(1))
    kernel = random.normal(scale=0.5, size=(1, 1, 3, 3))
    shown, losses = [], []
    for step in range(41):
        if step in {0, 2, 6, 40}:
            shown.append((step, kernel[0, 0].copy()))
        wrong = mine.conv2d_forward(noise, kernel, np.zeros(1)) - wanted
        losses.append(float(np.mean(wrong**2)))
        dout = 2 * wrong / wrong.size
        _, dw, _ = mine.conv2d_backward(dout, noise, kernel, np.zeros(1))
        kernel = kernel - 0.15 * dw
    images(
        [k for _, k in shown],
        [f"after {step} steps" for step, _ in shown],
        what="The kernel turns into the secret one, Sobel's",
        cmap=DIVERGING,
        value="weight",
        size=2.2,
    )
    figure, ax = plt.subplots(figsize=(5.5, 2.8))
    ax.semilogy(losses)
    label(ax, "The loss falls, step by step", "step", "mean squared error")

# %% [markdown]
# ## Is the gradient right?
#
# Measure it (question 10): move every weight a little, and see how the loss changes.

# %%
with mine.step():
    x = random.normal(size=(1, 1, 6, 6))
    w, b = random.normal(size=(1, 1, 3, 3)), np.zeros(1)

    def loss(weights):
        """Return the sum of squares of the layer's output."""
        return np.sum(mine.conv2d_forward(x, weights, b) ** 2)

    measured = mine.numeric_gradient(loss, w)
    out = mine.conv2d_forward(x, w, b)
    _, computed, _ = mine.conv2d_backward(2 * out, x, w, b)
    figure, ax = plt.subplots(figsize=(4.6, 3.4))
    ax.plot([measured.min(), measured.max()], [measured.min(), measured.max()], "k:")
    ax.plot(measured.ravel(), computed.ravel(), "o")
    title = "On the line: computed is measured"
    label(ax, title, "measured gradient", "computed gradient")

# %% [markdown]
# ## Every window is a column
#
# `im2col` (question 8) makes a convolution a product of two matrices.

# %%
with mine.step():
    small = part[:, :, 8:16, 8:16]
    images(
        [small[0, 0], mine.im2col(small, 3)[0]],
        ["8 x 8 pixels", "im2col: 36 windows of 9 pixels"],
        what="Left: the pixels. Right: each column is a window",
        size=3.2,
    )
