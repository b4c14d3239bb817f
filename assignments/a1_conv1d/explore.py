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
# # Look around: convolution
#
# Every picture here is made by the functions in *your* `a1_conv1d.py`. A cell whose
# question isn't written yet says so; go on with the next one, and come back. Nothing in
# this notebook is handed in.

# %% first
FIRST_CELL

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from explore import COLOURS, DIVERGING, Mine, images, label, photograph

mine = Mine("a1_conv1d")

# %% [markdown]
# ## The hospital
#
# Patients come on five days; each is given 3 doses on the first day, 2 on the second
# and 1 on the third. How many doses are needed each day? Each patient starts a plan of
# their own; the plans add up. That is `conv1d(patients, doses, "full")` (question 1).

# %%
with mine.step():
    patients, doses = np.array([1, 2, 3, 4, 5]), np.array([3, 2, 1])
    needed = mine.conv1d(patients, doses, "full")
    days = np.arange(len(needed))
    figure, ax = plt.subplots(figsize=(6.5, 3.2))
    below = np.zeros(len(needed))
    for day, (count, colour) in enumerate(zip(patients, COLOURS, strict=False)):
        plan = np.zeros(len(needed))
        plan[day : day + 3] = count * doses
        ax.bar(days, plan, bottom=below, color=colour, label=f"came on day {day}")
        below += plan
    ax.plot(days, needed, "k_", ms=28, mew=2, label="your conv1d")
    label(ax, "The plans add up to what your conv1d says", "day", "doses")
    ax.legend(frameon=False, ncol=2)

# %% [markdown]
# Slide the same plan over the days without flipping it, and the answer is another one
# (question 2): the last day's patients would get their third dose first.

# %%
with mine.step():
    flipped = mine.conv1d(patients, doses, "full")
    unflipped = mine.cross_correlate1d(patients, doses, "full")
    figure, ax = plt.subplots(figsize=(6.5, 3.0))
    days = np.arange(len(flipped))
    ax.step(days, flipped, where="mid", label="convolution (flipped)")
    ax.step(days, unflipped, "--", where="mid", label="cross-correlation (not flipped)")
    label(ax, "Only the flipped plan gives day 0 its 3 doses", "place", "doses")
    ax.legend(frameon=False)

# %% [markdown]
# ## Kernels on a photograph
#
# Rear admiral Grace Hopper, 128 x 128 pixels. What does each kernel keep, what does it
# take away? (Questions 4 and 6.)

# %%
with mine.step():
    grey = photograph(grey=True)
    names = [("identity", 3), ("box", 7), ("gaussian", 7), ("sharpen", 3)]
    results = [
        np.clip(mine.conv2d(grey, mine.make_kernel(*name), "same", "replicate"), 0, 255)
        for name in names
    ]
    images(
        results,
        [f"{name}, {size} x {size}" for name, size in names],
        what="A mean takes the details away, sharpening puts more of them back",
    )

# %% [markdown]
# A kernel whose numbers add up to 0 answers to changes only: sobel_x to those from left
# to right, sobel_y to those from top to bottom (question 7).

# %%
with mine.step():
    edges = [
        mine.conv2d(grey, mine.make_kernel(name, 3), "same", "replicate")
        for name in ("sobel_x", "sobel_y")
    ]
    images(
        edges,
        ["sobel_x: upright edges", "sobel_y: level edges"],
        what="Each answers to edges of one direction, with a sign",
        cmap=DIVERGING,
        value="change (grey levels)",
        size=3.0,
    )
    images(
        [grey, mine.gradient_magnitude(grey)],
        ["the photograph", "gradient_magnitude"],
        what="Together: how strong an edge is, whatever its direction",
        size=3.0,
    )

# %% [markdown]
# Colours are convolved one by one (question 5).

# %%
with mine.step():
    colour = photograph()
    blurred = mine.filter_rgb(colour, mine.make_kernel("box", 9))
    images(
        [colour, np.clip(blurred, 0, 255).astype(np.uint8)],
        ["the photograph", "box, 9 x 9, each channel by itself"],
        what="With zeros outside, the blurred border is dark",
        size=3.0,
    )

# %% [markdown]
# ## What lies beyond the edge?
#
# Nothing is known there, so something has to be assumed (question 3 in one dimension,
# question 4 in two). The wider the kernel, the more of the picture depends on it.

# %%
with mine.step():
    signal = np.array([4.0, 1, 3, 5, 2, 6])
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.6), sharey=True)
    modes = ("zero", "reflect", "replicate", "circular")
    for ax, mode in zip(axes, modes, strict=True):
        padded = mine.pad1d(signal, 3, mode)
        places = np.arange(-3, len(padded) - 3)
        inside = (places >= 0) & (places < len(signal))
        hues = np.where(inside, COLOURS[0], COLOURS[1])
        ax.bar(places, padded, color=list(hues))
        ax.scatter(places, padded, color=list(hues), s=12)
        ax.set_xticks([-3, 0, 5, 8])
        label(ax, mode, "place", "value")
    figure.suptitle("Orange is assumed: four ways to go on beyond both ends")

# %%
with mine.step():
    kernel = np.full((15, 15), 1 / 225)
    corner = [mine.conv2d(grey, kernel, "same", mode)[:48, :48] for mode in modes]
    images(
        corner,
        list(modes),
        what="The upper left corner, blurred: zeros darken it, circular lets the other "
        "side in",
    )

# %% [markdown]
# ## Frequencies
#
# Any signal is a sum of waves; `dft` says how much of each (question 8). A sharp edge
# needs waves of every frequency, a soft one only slow ones.

# %%
with mine.step():
    places = np.arange(128)
    sharp = (places >= 64).astype(float)
    soft = 1 / (1 + np.exp(-(places - 63.5) / 4))
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.0))
    for edge, name in ((sharp, "sharp edge"), (soft, "soft edge")):
        left.plot(places, edge, label=name)
        # The edge and its mirror image, so that the signal ends as it began.
        spectrum = np.abs(mine.dft(np.concatenate([edge, edge[::-1]])))[1:128:2]
        right.semilogy(np.arange(1, 128, 2), spectrum, label=name)
    label(left, "Two edges", "place (pixels)", "brightness")
    label(right, "The sharp one needs every frequency", "periods per 256 pixels", "|X|")
    right.set_ylim(1e-3, None)
    right.legend(frameon=False)

# %% [markdown]
# Take the fast waves away, and the edge rings (question 10): it overshoots by about 9
# %, however many waves are left (Gibbs).

# %%
with mine.step():
    jump = np.concatenate([np.zeros(64), np.ones(128), np.zeros(64)])
    figure, ax = plt.subplots(figsize=(7, 3.0))
    for cutoff in (8, 24):
        ax.plot(mine.ideal_low_pass(jump, cutoff), label=f"{cutoff} slowest waves")
    ax.plot(jump, "k:", label="the jump itself")
    label(ax, "Fewer waves ring wider, not higher", "place (pixels)", "brightness")
    ax.legend(frameon=False)

# %% [markdown]
# ## Two ways to the same result
#
# Convolution is multiplication in frequency, and the FFT is fast (question 9). From
# which length on is the detour worth it, with your own functions and with NumPy's FFT,
# and what does `cheaper_domain` (question 11) say? It counts multiplications; how fast
# your computer does them depends on how they are written.


# %%
def by_numpys_fft(x, k):
    """Convolve by NumPy's own FFT."""
    size = len(x) + len(k) - 1
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(k, size), size)


def timed(function, *arguments):
    """Return the seconds of the quickest of three calls."""
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


with mine.step():
    random = np.random.default_rng(0)
    ways = {
        "your conv1d": lambda x, k: mine.conv1d(x, k, "full"),
        "your fft_convolve": mine.fft_convolve,
        "NumPy's FFT": by_numpys_fft,
    }
    figure, ax = plt.subplots(figsize=(6.5, 3.4))
    for (name, way), marker in zip(ways.items(), "os^", strict=True):
        lengths, seconds = [], [0.0]
        while len(lengths) < 9 and seconds[-1] < 0.05:
            lengths.append(2 ** (4 + len(lengths)))
            x, k = random.normal(size=(2, lengths[-1]))
            seconds.append(timed(way, x, k))
        ax.loglog(lengths, [1e3 * s for s in seconds[1:]], marker=marker, label=name)
    powers = [2**power for power in range(4, 13)]
    turn = [n for n in powers if mine.cheaper_domain(n, n) == "frequency"]
    if turn:
        ax.axvline(turn[0], color="k", ls=":", label="cheaper_domain: frequency")
    title = "The longer both are, the more a fast transform is worth the detour"
    label(ax, title, "length of signal and kernel (values)", "time (ms)")
    ax.legend(frameon=False)

# %% [markdown]
# ## Undo a blur
#
# Divide in frequency (question 10). With a little noise, plain division makes a mess of
# the waves that the blur has wiped out; a small `eps` leaves those alone.

# %%
with mine.step():
    row = grey[60]
    kernel = np.ones(9) / 9
    noisy = mine.conv1d(row, kernel, "full") + random.normal(scale=0.5, size=136)
    figure, axes = plt.subplots(1, 3, figsize=(11, 2.8), sharey=True)
    for ax, eps in zip(axes, (0.0, 1e-2, 1.0), strict=True):
        ax.plot(row, "k", lw=0.8, label="before the blur")
        ax.plot(mine.deconvolve(noisy, kernel, eps)[:128], label=f"eps = {eps:g}")
        label(ax, f"eps = {eps:g}", "column (pixels)", "grey level")
    axes[0].set_ylim(-50, 300)
    axes[0].legend(frameon=False)
    figure.suptitle(
        "A row of the photograph: too little eps is noise, too much is blur"
    )
