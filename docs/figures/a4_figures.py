"""Draw the figures of assignment 4's handout: ``python docs/figures/a4_figures.py``.

They are the report's pictures of a student's networks, here of the references: nothing
in them is typed in. The files come out the same, byte for byte, with the same
matplotlib.
"""

import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")

import numpy as np
import torch
from checks.fashion_mnist import fashion_mnist
from checks.training import pixels
from matplotlib.figure import Figure
from torch import nn

from autograder.course.assignment import Assignment, load
from autograder.grading.pictures import confusion, first_layer
from autograder.reports.picture_plots import figure, training_of_reference
from autograder.reports.plots import STYLE

COURSE = Path(__file__).parents[2]
FOLDER = COURSE / "assignments" / "a4_cnn" / "figures"
BOOT = 29
"""The image of the course's 6,000 that the reports show too."""


def trained(assignment: Assignment) -> nn.Module:
    """Return the reference model in eval mode."""
    network: nn.Module = assignment.reference.SmallCNN()
    weights = assignment.secrets.trained("small_cnn")
    network.load_state_dict({n: torch.from_numpy(a) for n, a in weights.items()})
    return network.eval()


def first(assignment: Assignment) -> Figure:
    """Return kernels of the trained network's first layer and their feature maps."""
    layer = next(m for m in trained(assignment).modules() if isinstance(m, nn.Conv2d))
    image = fashion_mnist()[0][BOOT]
    with torch.no_grad():
        maps = layer(pixels(image[None]))[0]
    kernels = layer.weight.detach()
    return figure(first_layer(of="", image=image, kernels=kernels, maps=maps))


def seeds(assignment: Assignment) -> Figure:
    """Return losses and accuracies of `fit` with every seed of the table."""
    with (assignment.secret / "fit_seeds.csv").open(encoding="utf-8") as lines:
        _, *rows = csv.reader(lines)
    table = np.array([row[1:] for row in rows], dtype=float)
    drawn, *_ = training_of_reference(table)
    return drawn


def mistakes(assignment: Assignment) -> Figure:
    """Return the confusion matrix of the trained network on the held-out images."""
    images, labels = assignment.secrets.held_out()
    with torch.no_grad():
        logits = trained(assignment)(pixels(images))
    return figure(confusion(of="", logits=logits, labels=labels))


def main() -> None:
    """Write every figure as a PNG file without a date in it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    assignment = load(COURSE, "a4_cnn")
    with mpl.rc_context(STYLE):
        for name, draw in (
            ("first_layer", first),
            ("fit", seeds),
            ("confusion", mistakes),
        ):
            draw(assignment).savefig(
                FOLDER / f"{name}.png",
                dpi=150,
                bbox_inches="tight",
                facecolor="white",
                metadata={"Software": None},
            )


if __name__ == "__main__":
    main()
