"""Losses of a linear classifier in NumPy, and what a few steps of descent give."""

from collections.abc import Sequence

import numpy as np

from checks.tensors import Array


def cross_entropy(logits: Array, labels: Array) -> float:
    """Return the mean cross-entropy of images.

    logits : (N, K); labels : (N,) whole numbers below K

    >>> round(cross_entropy(np.zeros((2, 10)), np.array([3, 4])), 3)
    2.303
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logarithms[np.arange(len(labels)), labels].mean())


def margin_loss(logits: Array, labels: Array) -> float:
    """Return the mean multi-class margin loss of images, as ``nn.MultiMarginLoss``.

    logits : (N, K); labels : (N,) whole numbers below K

    >>> margin_loss(np.array([[1.0, 0.5, 3.0]]), np.array([0]))
    1.1666666666666667
    """
    count, classes = logits.shape
    own = logits[np.arange(count), labels][:, None]
    over = np.maximum(0, 1 - own + logits)
    over[np.arange(count), labels] = 0
    return float(over.sum() / classes / count)


def descended(
    weight: Array,
    images: Array,
    labels: Array,
    batches: Sequence[Sequence[int]],
    lr: float,
) -> tuple[list[float], Array]:
    """Return the loss of every batch before its step, and the weight after all steps.

    weight : (K, F), the logits are ``images @ weight.T``
    images : (N, F); labels : (N,); batches : the numbers of each batch's images
    """
    losses = []
    for batch in batches:
        x, wanted = images[list(batch)], labels[list(batch)]
        logits = x @ weight.T
        losses.append(cross_entropy(logits, wanted))
        error = np.exp(logits - logits.max(axis=1, keepdims=True))
        error /= error.sum(axis=1, keepdims=True)
        error[np.arange(len(wanted)), wanted] -= 1
        weight = weight - lr * error.T @ x / len(wanted)
    return losses, weight
