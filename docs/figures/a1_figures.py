"""Draw the figures of assignment 1's handout: ``python docs/figures/a1_figures.py``.

What they show is computed here, with NumPy's own convolve, pad and fft. The files come
out the same, byte for byte, with the same matplotlib.
"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

Floats = npt.NDArray[np.float64]

FOLDER = Path(__file__).parents[2] / "assignments" / "a1_conv1d" / "figures"
# The Okabe-Ito colours, which colour-blind readers can tell apart.
SIGNAL, OUTSIDE, KERNEL = "#56B4E9", "#FFFFFF", "#F0C45C"
LINE, AGAIN, INK = "#0072B2", "#D55E00", "#333333"


def draw_box(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """Draw a unit box with its lower left corner at (x, y)."""
    box = Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=INK)
    box.set_linestyle(":" if colour == OUTSIDE else "-")
    ax.add_patch(box)
    ax.text(x + 0.5, y + 0.46, text, ha="center", va="center", size=10)


def bare(ax: Axes, xlim: tuple[float, float], ylim: tuple[float, float]) -> None:
    """Show the given part of the plane, without axes and undistorted."""
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    ax.set_aspect("equal")
    ax.axis("off")


def flip_and_slide() -> Figure:
    """Return the first days of the hospital; the third is the student's."""
    patients, doses = [1, 2, 3, 4, 5], [3, 2, 1]
    figure, axes = plt.subplots(1, 3, figsize=(9.6, 1.9))
    for day, ax in enumerate(axes):
        for x, number in enumerate(patients):
            draw_box(ax, x, 1.25, str(number), SIGNAL)
        products = []
        for delay, dose in enumerate(doses):
            x = day - delay
            draw_box(ax, x, 0, str(dose), KERNEL)
            if x >= 0:
                ax.plot([x + 0.5] * 2, [1.02, 1.23], color=INK, lw=1.5)
                products.append(f"{patients[x]}·{dose}")
        total = int(np.convolve(patients, doses)[day]) if day < len(axes) - 1 else "?"
        text = " + ".join(products) + f" = {total}"
        ax.text(-2, -0.75, text, size=10, va="center", color=INK)
        ax.set_title(f"day {day}", size=10, loc="left", color=INK)
        bare(ax, (-2.1, 5.1), (-1.2, 2.35))
    axes[0].text(-0.15, 1.7, "patients", size=9, ha="right", va="center")
    axes[0].text(1.15, 0.45, "doses, flipped", size=9, ha="left", va="center")
    return figure


def boundaries() -> Figure:
    """Return a signal continued in the four ways."""
    signal, p = np.arange(1, 5), 2
    ways = {
        "zero": np.pad(signal, p),
        "reflect": np.pad(signal, p, mode="reflect"),
        "replicate": np.pad(signal, p, mode="edge"),
        "circular": np.pad(signal, p, mode="wrap"),
    }
    figure, ax = plt.subplots(figsize=(5.2, 2.9))
    ax.set_title(
        "the signal (blue), continued by two values on each side", size=9, color=INK
    )
    for row, (name, values) in enumerate(ways.items()):
        y = -1.3 * row
        for i, value in enumerate(values):
            inside = p <= i < p + signal.size
            draw_box(ax, i - p, y, str(value), SIGNAL if inside else OUTSIDE)
        ax.text(-p - 0.3, y + 0.46, name, size=10, ha="right", va="center")
    bare(ax, (-5.2, signal.size + p + 0.1), (-1.3 * 3 - 0.1, 1.1))
    return figure


def filtered(image: Floats, kernel: Floats) -> Floats:
    """Return the convolution of an image with an odd kernel, last values going on."""
    half = kernel.shape[0] // 2
    padded = np.pad(image, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    result: Floats = np.einsum("nmij,ij->nm", windows, kernel[::-1, ::-1])
    return result


def small_image() -> Floats:
    """Return 40 x 40 pixels with a square, a disc, a line and some lonely dots."""
    rows, columns = np.mgrid[:40, :40]
    image = np.full((40, 40), 0.3)
    image[5:18, 4:17] = 0.8
    image[(rows - 12) ** 2 + (columns - 29) ** 2 <= 49] = 0.6  # noqa: PLR2004
    image[25:37, 6] = 0.8
    image[25:37, 10:12] = 0.8
    image[26:37:5, 18:38:5] = 0.8
    return image


def kernels() -> Figure:
    """Return what the common kernels do to a small image."""
    image = small_image()
    offset = np.arange(7) - 3
    bell = np.exp(-(offset**2) / (2 * (7 / 6) ** 2))
    sobel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    sharpen = np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    panels = (
        ("the image", image, (0, 1)),
        ("box, 7", filtered(image, np.full((7, 7), 1 / 49)), (0, 1)),
        (
            "gaussian, 7",
            filtered(image, np.outer(bell, bell) / bell.sum() ** 2),
            (0, 1),
        ),
        ("sobel_x (grey is 0)", filtered(image, sobel), (-2, 2)),
        ("sharpen", filtered(image, sharpen), (0, 1)),
    )
    figure, axes = plt.subplots(1, 5, figsize=(9.6, 2.2))
    for ax, (title, pixels, (low, high)) in zip(axes, panels, strict=True):
        ax.imshow(pixels, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        ax.set_title(title, size=10, color=INK)
        ax.set_xticks([])
        ax.set_yticks([])
    figure.subplots_adjust(wspace=0.08)
    return figure


def low_passed(signal: Floats, cutoff: int) -> Floats:
    """Return the signal without its frequencies above the cutoff."""
    spectrum = np.fft.rfft(signal)
    spectrum[cutoff + 1 :] = 0
    return np.fft.irfft(spectrum, signal.size)


def ringing() -> Figure:
    """Return a jump and what two ideal low-passes make of it."""
    jump = np.where((np.arange(64) >= 16) & (np.arange(64) < 48), 1.0, 0.0)  # noqa: PLR2004
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.5), sharey=True)
    for ax, cutoff in zip(axes, (4, 12), strict=True):
        ax.step(range(64), jump, where="mid", color=INK, lw=1, ls="--", label="x")
        smooth = low_passed(jump, cutoff)
        ax.plot(smooth, color=LINE, lw=1.4, marker=".", ms=4, label="low-passed")
        title = f"cutoff {cutoff}: frequencies 0 to {cutoff} are kept"
        ax.set_title(title, size=10, loc="left", color=INK)
        ax.set_xlabel("n (number of the value)")
        ax.set_xlim(0, 63)
        ax.grid(color="#DDDDDD", lw=0.5)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("value")
    axes[0].legend(loc="center", frameon=False)
    figure.subplots_adjust(wspace=0.06)
    return figure


def draw_stems(ax: Axes, values: Floats, wrapped: Sequence[float], title: str) -> None:
    """Draw values as bars, of which the wrapped parts came in from the end."""
    ax.bar(range(values.size), values, color=SIGNAL, edgecolor=INK, lw=0.8)
    for n, part in enumerate(wrapped):
        y = values[n] - part
        ax.bar(n, part, bottom=y, color=AGAIN, edgecolor=INK, lw=0.8)
    for n, value in enumerate(values):
        ax.text(n, value + 0.25, f"{value:.0f}", ha="center", size=9)
    ax.set_title(title, size=10, loc="left", color=INK)
    ax.set_xticks(range(8))
    ax.set_xlim(-0.6, 7.6)
    ax.set_ylim(0, 12)
    ax.set_yticks([])
    ax.set_xlabel("n (number of the value)")
    ax.spines[["top", "right", "left"]].set_visible(False)


def circular() -> Figure:
    """Return a linear convolution and the circular one, which bites its tail."""
    x, k = np.array([1.0, 0, 2, 1, 3, 2]), np.array([2.0, 1, 2])
    linear = np.convolve(x, k)
    tail = linear[x.size :]
    product = np.fft.rfft(x) * np.fft.rfft(k, x.size)
    around = np.fft.irfft(product, x.size)
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.5))
    draw_stems(axes[0], linear, (), "linear: 8 values, the last two in orange")
    axes[0].set_ylabel("y[n]")
    for n, value in enumerate(tail):
        axes[0].bar(x.size + n, value, color=AGAIN, edgecolor=INK, lw=0.8)
    draw_stems(
        axes[1], around, tail.tolist(), "circular: 6 values, the tail comes in again"
    )
    figure.subplots_adjust(wspace=0.06)
    return figure


def main() -> None:
    """Write every figure as a PNG file without a date in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    figures = (flip_and_slide, boundaries, kernels, ringing, circular)
    with mpl.rc_context({"font.family": "DejaVu Sans", "font.size": 9}):
        for draw in figures:
            figure = draw()
            figure.savefig(
                FOLDER / f"{draw.__name__}.png",
                dpi=150,
                bbox_inches="tight",
                facecolor="white",
                metadata={"Software": None},
            )
            plt.close(figure)


if __name__ == "__main__":
    main()
