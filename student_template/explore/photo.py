"""A photograph to convolve."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

PLACE = Path(__file__).with_name("data") / "photograph.png"
LUMINANCE = (0.299, 0.587, 0.114)
"""How bright red, green and blue look (ITU-R BT.601)."""


def photograph(*, grey: bool = False) -> npt.NDArray[Any]:
    """Return Grace Hopper, (128, 128, 3) uint8; grey : (128, 128) float64, 0 to 255."""
    pixels = np.round(plt.imread(PLACE)[:, :, :3] * 255).astype(np.uint8)
    return pixels @ np.array(LUMINANCE) if grey else pixels
