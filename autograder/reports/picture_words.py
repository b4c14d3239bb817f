"""Say what the pictures of a student's networks show, to readers and non-viewers."""

import numpy as np

from autograder.records.pictures import (
    Confusion,
    Drawn,
    Exhibit,
    FirstLayer,
    GradientNorms,
    LeftOut,
    Training,
)

TITLES = {
    FirstLayer: "What the first layer sees",
    Training: "Training",
    Confusion: "What was taken for what",
    GradientNorms: "How much gradient reaches the first layer",
}


def heading(exhibit: Exhibit) -> str:
    """Name a picture, also one that was left out."""
    if isinstance(exhibit, LeftOut):
        return f"No picture: {exhibit.kind}"
    return TITLES[type(exhibit)]


def caption(exhibit: Exhibit) -> str:
    """Tell how to read a picture, or why there is none."""
    match exhibit:
        case LeftOut():
            return f"It was left out, and no points are lost by that: {exhibit.why}."
        case FirstLayer():
            shown = len(exhibit.kernels)
            some = f"{shown} of its {exhibit.total}" if shown < exhibit.total else "its"
            return (
                f"The first layer of {exhibit.of}: {some} kernels, and in the same "
                "places the feature maps that they make of the image, before the "
                "activation. Orange is positive, purple negative, each on a scale of "
                "its own."
            )
        case Training(reference=()):
            return (
                "The loss of every epoch, and the share of unseen images classified "
                "rightly afterwards."
            )
        case Training():
            return (
                "The loss of every epoch, and the share of unseen images classified "
                "rightly afterwards. The band goes from the lowest to the highest of "
                f"{len(exhibit.reference)} trainings of the reference, the line in it "
                "is their mean; other images and another order move yours as much."
            )
        case Confusion():
            return (
                f"What {exhibit.of} says of {_images(exhibit):,} unseen images: a row "
                "is what they are, a column what they were taken for. Right answers "
                "stand on the diagonal."
            )
        case GradientNorms():
            return (
                "What your function gives for networks of ever more layers, all with "
                "random weights. The axis counts in powers of ten."
            )


def describe(exhibit: Drawn) -> str:
    """Say in words what a picture shows, for whoever does not see it."""
    match exhibit:
        case FirstLayer():
            size = f"{exhibit.kernels[0].rows}x{exhibit.kernels[0].columns}"
            maps = f"{exhibit.maps[0].rows}x{exhibit.maps[0].columns}"
            return (
                f"An image of {exhibit.image.rows}x{exhibit.image.columns} pixels, "
                f"{len(exhibit.kernels)} kernels of {size}, and the feature map of "
                f"{maps} of each."
            )
        case Training():
            losses = ", ".join(f"{loss:.3g}" for loss in exhibit.losses)
            text = f"Two plots. Losses by epoch: {losses}. Accuracy: yours "
            text += f"{exhibit.accuracy:.3f}"
            reached = [row[0] for row in exhibit.reference]
            if not reached:
                return f"{text}."
            beside = f"{min(reached):.3f} to {max(reached):.3f}"
            return f"{text}, the reference's from {beside}."
        case Confusion():
            return _describe_confusion(exhibit)
        case GradientNorms():
            return (
                "Line plot of the gradient's norm by depth, from "
                f"{exhibit.depths[0]} to {exhibit.depths[-1]} layers: without a "
                f"shortcut from {exhibit.plain[0]:.2g} to {exhibit.plain[-1]:.2g}, "
                f"with one from {exhibit.shortcut[0]:.2g} to "
                f"{exhibit.shortcut[-1]:.2g}."
            )


def _describe_confusion(exhibit: Confusion) -> str:
    counts = np.array(exhibit.counts)
    right = int(np.trace(counts))
    text = (
        f"Table of {len(counts)} by {len(counts)} classes: {right} of "
        f"{_images(exhibit):,} images are classified rightly"
    )
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return f"{text}."
    row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return (
        f"{text}. The most frequent mistake: {wrong[row, column]} times "
        f"{exhibit.classes[row]} was taken for {exhibit.classes[column]}."
    )


def _images(exhibit: Confusion) -> int:
    return sum(map(sum, exhibit.counts))
