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
# # Look around: shapes and receptive fields
#
# Every number here comes from the functions in *your* `a2_shapes.py`.
# A cell whose question isn't written yet says so; go on with the next one, and come
# back. Nothing in this notebook is handed in.

# %% first
FIRST_CELL

# %%
import matplotlib.pyplot as plt
import numpy as np
from explore import COLOURS, Mine, images, label, photograph, slide

mine = Mine("a2_shapes")

# %% [markdown]
# ## Stride and padding
#
# A row of pixels, zeros at both ends, and every place where the kernel fits. Move the
# sliders: when does a pixel at the right get no window at all? (Question 1.)

# %%
PIXELS = 10


def windows(ax, kernel_size, stride, padding):
    """Draw every window that your `conv_output_size` counts."""
    count = mine.conv_output_size(PIXELS, kernel_size, stride=stride, padding=padding)
    places = np.arange(-padding, PIXELS + padding)
    real = (places >= 0) & (places < PIXELS)
    hues = [COLOURS[5] if r else "#dddddd" for r in real]
    ax.bar(places, 0.8, width=0.9, color=hues)
    for n in range(count):
        start = n * stride - padding
        ax.plot([start - 0.4, start + kernel_size - 0.6], [-0.5 - 0.5 * n] * 2, lw=3)
    title = f"kernel {kernel_size}, stride {stride}, padding {padding}: {count}"
    label(ax, title, "pixel (grey: padding)", "window, from the top")
    ax.set_yticks([])


with mine.step():
    slide(
        windows,
        what="How many windows there are",
        few=[
            {"kernel_size": 3, "stride": 1, "padding": 0},
            {"kernel_size": 3, "stride": 1, "padding": 1},
            {"kernel_size": 3, "stride": 2, "padding": 0},
            {"kernel_size": 5, "stride": 3, "padding": 2},
        ],
        kernel_size=[1, 2, 3, 5],
        stride=[1, 2, 3, 4],
        padding=[0, 1, 2],
    )

# %% [markdown]
# "Same" with a stride needs zeros, too, sometimes one more on the right (question 2).

# %%
with mine.step():
    figure, ax = plt.subplots(figsize=(6.5, 3.0))
    lengths = np.arange(5, 18)
    for stride, marker in zip((1, 2, 3), "os^", strict=True):
        zeros = [sum(mine.same_padding(int(n), 5, stride=stride)) for n in lengths]
        ax.plot(lengths, zeros, marker=marker, label=f"stride {stride}")
    ax.set_xticks(lengths)
    ax.set_yticks([2, 3, 4])
    label(
        ax,
        "With a stride, the zeros that a kernel of 5 needs depend on the length",
        "length of the axis (pixels)",
        "zeros on both sides",
    )
    ax.legend(frameon=False)

# %% [markdown]
# ## The lecture's table
#
# 100 x 100 pixels, 32 kernels of 5 x 5. The third row was left for you (questions 3, 4
# and 8).

# %%
with mine.step():
    rows = [(3, 1, "same"), (1, 2, "same"), (3, 1, "valid")]
    print(f"{'input':>15} {'stride':>7} {'padding':>8} {'output':>15} ", end="")
    print(f"{'parameters':>11} {'MACs':>12}")
    for channels, stride, padding in rows:
        shape = (channels, 100, 100)
        out = mine.conv_output_shape(shape, 32, 5, stride=stride, padding=padding)
        macs = mine.conv_macs(shape, 32, 5, stride=stride, padding=padding)
        learned = mine.conv_params(channels, 32, 5)
        shapes = [" x ".join(map(str, (*s[1:], s[0]))) for s in (shape, out)]
        print(f"{shapes[0]:>15} {stride:>7} {padding:>8} {shapes[1]:>15} ", end="")
        print(f"{learned:>11,} {macs:>12,}")

# %% [markdown]
# ## Receptive fields
#
# How much of the photograph does *one* number of a feature map see? It grows by two
# pixels with every 3 x 3 layer, and twice as fast behind a stride of 2 (question 7).

# %%
LAYER = {
    "type": "conv",
    "out_channels": 8,
    "kernel_size": 3,
    "stride": 1,
    "padding": 1,
    "dilation": 1,
    "groups": 1,
    "bias": True,
}
with mine.step():
    plain, strided = [LAYER] * 6, [LAYER | {"stride": 2}, *[LAYER] * 2] * 2
    figure = images(
        [photograph()[36:92, 36:92]] * 2,
        ["six layers of stride 1", "six layers, two of stride 2"],
        what="What one number sees after each layer: a stride makes it grow faster",
        size=3.6,
    )
    for ax, layers in zip(figure.axes, (plain, strided), strict=True):
        for depth in range(1, 7):
            side, _ = mine.receptive_field(layers[:depth])
            at = 28 - side / 2
            box = plt.Rectangle((at, at), side, side, fill=False, ec=COLOURS[4], lw=1.4)
            ax.add_patch(box)
        ax.set_title(f"{ax.get_title()}: up to {side} pixels")

# %%
with mine.step():
    figure, ax = plt.subplots(figsize=(6.5, 3.0))
    kinds = {
        "3 x 3": [LAYER] * 10,
        "5 x 5": [LAYER | {"kernel_size": 5}] * 10,
        "3 x 3, every third with stride 2": [
            LAYER | {"stride": 2 if n % 3 == 0 else 1} for n in range(10)
        ],
    }
    for (name, layers), marker in zip(kinds.items(), "os^", strict=True):
        sides = [mine.receptive_field(layers[:depth])[0] for depth in range(11)]
        ax.plot(range(11), sides, marker=marker, label=name)
    label(
        ax,
        "Two 3 x 3 see as far as one 5 x 5; strides beat both",
        "layers",
        "side of what is seen (pixels)",
    )
    ax.legend(frameon=False)

# %% [markdown]
# ## Where a network's cost is
#
# LeNet-5, layer by layer, as your `summarize` has it (question 9).

# %%
with mine.step():
    lenet = [
        LAYER | {"out_channels": 6, "kernel_size": 5, "padding": 2},
        {
            "type": "max_pool",
            "kernel_size": 2,
            "stride": 2,
            "padding": 0,
            "ceil_mode": False,
        },
        LAYER | {"out_channels": 16, "kernel_size": 5, "padding": 0},
        {
            "type": "max_pool",
            "kernel_size": 2,
            "stride": 2,
            "padding": 0,
            "ceil_mode": False,
        },
        {"type": "flatten"},
        {"type": "linear", "out_features": 120, "bias": True},
        {"type": "linear", "out_features": 84, "bias": True},
        {"type": "linear", "out_features": 10, "bias": True},
    ]
    rows = mine.summarize(lenet, (1, 28, 28))
    names = [f"{n}: {kind} {shape}" for n, (kind, shape, _) in enumerate(rows, 1)]
    figure, ax = plt.subplots(figsize=(7, 3.2))
    ax.barh(names[::-1], [learned for *_, learned in rows][::-1])
    title = "Most of what LeNet-5 learns is in its first linear layer"
    label(ax, title, "parameters", "layer, with its output")
