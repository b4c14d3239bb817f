"""q6_evaluate, public: loss and accuracy worked out by hand, modes, no gradients."""

import numpy as np
from checks import case_rng, close, holds
from checks.descent import cross_entropy, margin_loss
from checks.training import (
    evaluates,
    evaluation,
    in_mode,
    left_in_mode,
    logits_of_witness,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_evaluate"

SAME = np.eye(3)
"""The weight of a network whose logits are the three numbers of the image."""


def mostly_right(rng):
    """Return ten images and labels: the network is wrong about the last two, and more.

    The last two are a batch of their own.
    """
    images = rng.normal(size=(10, 3))
    labels = images.argmax(axis=1)
    wrong = [8, 9, *range(int(rng.integers(5)))]
    labels[wrong] = (labels[wrong] + 1) % 3
    images[8:] *= 3
    return images, labels, 1 - len(wrong) / 10


def twelve(rng):
    """Return images for batches of four, and labels."""
    return rng.normal(size=(12, 4)), np.arange(12) % 3


def right(facts, logits, labels):
    """Fail where neither the loss nor the accuracy of twelve images came back."""
    accuracy = np.mean(logits.argmax(axis=1) == labels)
    evaluates(facts["answer"], [cross_entropy(logits, labels), accuracy], 4, 12)


@test_case(name="the accuracy, the last batch smaller", points=1)
def test_accuracy(evaluate):
    rng = case_rng()
    for _ in range(4):
        images, labels, expected = mostly_right(rng)
        facts = evaluation(evaluate, images, labels, 4, train=False, weight=SAME)
        close(facts["answer"][1], expected)


@test_case(name="the mean loss per image, the last batch smaller", points=1)
def test_loss(evaluate):
    images, labels, _ = mostly_right(case_rng())
    facts = evaluation(evaluate, images, labels, 4, train=False, weight=SAME)
    close(facts["answer"][0], cross_entropy(images, labels))


@test_case(name="another loss function, where one is given", points=0.5)
def test_other_loss(evaluate):
    images, labels, _ = mostly_right(case_rng())
    data = images, labels, 10
    facts = evaluation(evaluate, *data, train=False, weight=SAME, with_margin=True)
    close(facts["answer"][0], margin_loss(images, labels))


@test_case(name="the loader shows eight of its dataset's ten images", points=0.5)
def test_sampler(evaluate):
    images, labels, _ = mostly_right(case_rng())
    how = {"train": False, "weight": SAME, "shown": list(range(8))}
    facts = evaluation(evaluate, images, labels, 4, **how)
    hits = images[:8].argmax(axis=1) == labels[:8]
    close(facts["answer"][1], hits.mean())


@test_case(name="in eval mode, also a network that comes in train mode", points=1)
def test_mode(evaluate):
    images, labels = twelve(case_rng())
    facts = evaluation(evaluate, images, labels, 4, train=True)
    in_mode(facts["modes"], train=False)
    right(facts, logits_of_witness(images, labels), labels)


@test_case(name="afterwards the network is in the mode in which it came", points=1)
def test_mode_after(evaluate):
    images, labels = twelve(case_rng())
    for train in (True, False):
        facts = evaluation(evaluate, images[:, :3], labels, 4, train=train, weight=SAME)
        right(facts, images[:, :3], labels)
        facts = evaluation(evaluate, images, labels, 4, train=train)
        left_in_mode(facts["train_after"], train=train)


@test_case(name="no gradients are computed", points=1)
def test_gradients(evaluate):
    images, labels = twelve(case_rng())
    facts = evaluation(evaluate, images[:, :3], labels, 4, train=False, weight=SAME)
    right(facts, images[:, :3], labels)
    off = not (facts["any_grads"] or facts["has_grads"])
    holds(off, "gradients are on while the network is asked: use torch.no_grad()")
