"""Say what the pictures of a student's networks show, to readers and non-viewers."""

import numpy as np

from autograder.records.pictures import (
    AmongLecture,
    Confusion,
    Drawn,
    FirstLayer,
    GradientNorms,
    LeftOut,
    Peer,
    Picture,
    Training,
)

TITLES = {
    FirstLayer: "What the first layer sees",
    Training: "Training",
    Confusion: "What was taken for what",
    GradientNorms: "How much gradient reaches the first layer",
    AmongLecture: "Among the lecture's networks",
}


def heading(picture: Picture) -> str:
    """Name a picture, also one that was left out."""
    if isinstance(picture, LeftOut):
        return f"No picture: {picture.kind}"
    return TITLES[type(picture)]


def caption(picture: Picture) -> str:
    """Tell how to read a picture, or why there is none."""
    if isinstance(picture, LeftOut):
        return f"It was left out, and no points are lost by that: {picture.why}."
    return _caption(picture)


def _caption(picture: Drawn) -> str:
    match picture:
        case FirstLayer():
            shown = len(picture.kernels)
            some = f"{shown} of its {picture.total}" if shown < picture.total else "its"
            return (
                f"The first layer of {picture.of}: {some} kernels, and in the same "
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
                f"{len(picture.reference)} trainings of the reference, the line in it "
                "is their mean; other images and another order move yours as much."
            )
        case Confusion():
            return (
                f"What {picture.of} says of {_images(picture):,} unseen images: a row "
                "is what they are, a column what they were taken for. Right answers "
                "stand on the diagonal."
            )
        case GradientNorms():
            return (
                "What your function gives for networks of ever more layers, all with "
                "random weights. The axis counts in powers of ten."
            )
        case AmongLecture():
            return _among(picture)


def describe(picture: Drawn) -> str:
    """Say in words what a picture shows, for whoever does not see it."""
    match picture:
        case FirstLayer():
            size = f"{picture.kernels[0].rows}x{picture.kernels[0].columns}"
            maps = f"{picture.maps[0].rows}x{picture.maps[0].columns}"
            return (
                f"An image of {picture.image.rows}x{picture.image.columns} pixels, "
                f"{len(picture.kernels)} kernels of {size}, and the feature map of "
                f"{maps} of each."
            )
        case Training():
            losses = ", ".join(f"{loss:.3g}" for loss in picture.losses)
            text = f"Two plots. Losses by epoch: {losses}. Accuracy: yours "
            text += f"{picture.accuracy:.3f}"
            reached = [row[0] for row in picture.reference]
            if not reached:
                return f"{text}."
            beside = f"{min(reached):.3f} to {max(reached):.3f}"
            return f"{text}, the reference's from {beside}."
        case Confusion():
            return _describe_confusion(picture)
        case GradientNorms():
            return (
                "Line plot of the gradient's norm by depth, from "
                f"{picture.depths[0]} to {picture.depths[-1]} layers: without a "
                f"shortcut from {picture.plain[0]:.2g} to {picture.plain[-1]:.2g}, "
                f"with one from {picture.shortcut[0]:.2g} to "
                f"{picture.shortcut[-1]:.2g}."
            )
        case AmongLecture():
            return _describe_among(picture)


def _among(picture: AmongLecture) -> str:
    wrong, images = sum(picture.wrong), sum(picture.images)
    text = (
        f"Above: {picture.of} has {picture.parameters:,} parameters and gets "
        f"{100 * picture.accuracy:.1f} % of {images:,} unseen images right; the "
        "lecture's networks, trained at their papers' sizes, stand with their test "
        "accuracy, as in the handout of assignment 2. Below: how many images of each "
        "class yours gets wrong, and of how many each of the others says the same as "
        "yours."
    )
    if wrong:
        alike = ", ".join(f"{p.name} {p.same_mistakes}" for p in _by_size(picture))
        text += f" Of its {wrong} mistakes the others make the same: {alike}."
    return f"{text} It is no part of the points."


def _describe_among(picture: AmongLecture) -> str:
    parts = [
        f"{peer.name}: {peer.parameters:,} parameters, {100 * peer.accuracy:.2f} %, "
        f"the same answer for {sum(peer.alike)} of {sum(picture.images):,} images"
        for peer in _by_size(picture)
    ]
    return (
        "Scatter plot of accuracy against parameters, and a table by class. Yours: "
        f"{picture.parameters:,} parameters, {100 * picture.accuracy:.1f} %. "
        f"{'; '.join(parts)}."
    )


def _by_size(picture: AmongLecture) -> list[Peer]:
    return sorted(picture.peers, key=lambda peer: peer.parameters)


def _describe_confusion(picture: Confusion) -> str:
    counts = np.array(picture.counts)
    right = int(np.trace(counts))
    text = (
        f"Table of {len(counts)} by {len(counts)} classes: {right} of "
        f"{_images(picture):,} images are classified rightly"
    )
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return f"{text}."
    row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return (
        f"{text}. The most frequent mistake: {wrong[row, column]} times "
        f"{picture.classes[row]} was taken for {picture.classes[column]}."
    )


def _images(picture: Confusion) -> int:
    return sum(map(sum, picture.counts))
