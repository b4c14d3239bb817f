"""What the notebooks ``explore.ipynb`` share.

Your own functions (`Mine`), the look of their figures (`looks`), sliders (`slide`), a
photograph. Nothing in here is handed in or graded.
"""

from explore.looks import COLOURS, DIVERGING, GREY, SEQUENTIAL, images, label
from explore.mine import Mine
from explore.photo import photograph
from explore.sliding import slide

__all__ = [
    "COLOURS",
    "DIVERGING",
    "GREY",
    "SEQUENTIAL",
    "Mine",
    "images",
    "label",
    "photograph",
    "slide",
]
