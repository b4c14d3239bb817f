"""Sliders where the notebook has them, and a row of pictures where it has not."""

import importlib.util
import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt

WIDTH, HEIGHT = 3.1, 2.9
"""Of one picture, in inches."""


def slide(
    draw: Callable[..., None],
    *,
    what: str,
    few: Sequence[dict[str, Any]],
    **choices: Any,
) -> None:
    """Let `draw` be called with values that the reader chooses.

    draw : takes an axes and one value by each name
    choices : the values that each name can have
    few : what is drawn where there are no sliders (on paper, or without ipywidgets)
    """
    if _has_sliders():
        import ipywidgets  # noqa: PLC0415 - not everybody has it

        def drawn(**values: Any) -> None:
            _, ax = plt.subplots(figsize=(1.6 * WIDTH, 1.4 * HEIGHT))
            draw(ax, **values)
            plt.show()

        sliders = {
            name: ipywidgets.SelectionSlider(options=list(values), description=name)
            for name, values in choices.items()
        }
        ipywidgets.interact(drawn, **sliders)
    figure, axes = plt.subplots(
        1, len(few), figsize=(WIDTH * len(few), HEIGHT + 0.5), squeeze=False
    )
    for ax, values in zip(itertools.chain(*axes), few, strict=True):
        draw(ax, **values)
    figure.suptitle(what)


def _has_sliders() -> bool:
    """Tell whether this is a notebook, and ipywidgets is there."""
    kernel = sys.modules.get("ipykernel")
    return kernel is not None and importlib.util.find_spec("ipywidgets") is not None
