"""One look for all figures: colours for colour-blind readers, too, and named axes."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Of Okabe and Ito (2008)."""
GREY, SEQUENTIAL, DIVERGING = "gray", "cividis", "PuOr"
"""Of images; of values from 0 on; of values on both sides of 0."""

plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=COLOURS),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "figure.constrained_layout.use": True,
        "figure.dpi": 100,
        "font.size": 9,
        "image.cmap": GREY,
        "image.interpolation": "nearest",
    }
)


def label(ax: Any, title: str, x: str, y: str) -> None:
    """Say what is to be seen, and what the axes are, with units."""
    ax.set(title=title, xlabel=x, ylabel=y)


def images(
    pictures: Sequence[Any],
    titles: Sequence[str],
    *,
    what: str,
    cmap: str = GREY,
    value: str = "",
    size: float = 2.6,
) -> Any:
    """Show images in a row, and return the figure.

    pictures : (H, W) arrays, or (H, W, 3) uint8; what : the line above them all
    cmap : for arrays with both signs `DIVERGING`, whose middle is then 0
    value : what a bar of colours beside each image tells; "" draws none
    """
    wide = size + (0.7 if value else 0.0)
    high = size + 0.4 + 0.25 * max(title.count("\n") for title in titles)
    figure, axes = plt.subplots(
        1, len(pictures), figsize=(wide * len(pictures), high), squeeze=False
    )
    for ax, picture, title in zip(axes[0], pictures, titles, strict=True):
        limits = {}
        if cmap == SEQUENTIAL:
            limits = {"vmin": 0.0, "vmax": float(np.max(picture)) or 1.0}
        if cmap == DIVERGING:
            most = float(np.max(np.abs(picture))) or 1.0
            limits = {"vmin": -most, "vmax": most}
        shown = ax.imshow(picture, cmap=cmap, **limits)
        label(ax, title, "column (pixels)", "row (pixels)")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        if value:
            figure.colorbar(shown, ax=ax, shrink=0.75, label=value)
    figure.suptitle(what)
    return figure
