"""q6_evaluate, hidden: loss and accuracy per image, nothing left behind."""

import numpy as np
from checks import case_rng, close
from checks.training import evaluates, evaluation, left_in_mode
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_evaluate"

LOSS, ACCURACY = 0, 1


def numbered(rng, count, features=5, classes=4):
    """Return images whose first number is their own, and labels of every class."""
    images = rng.normal(size=(count, features))
    images[:, 0] = np.arange(count)
    labels = rng.integers(classes, size=count)
    labels[:classes] = range(classes)
    return images, labels


def compared(evaluate, reference, part, *data, **how):
    """Compare the loss or the accuracy with the reference's."""
    expected = evaluation(reference.evaluate, *data, train=False, **how)
    got = evaluation(evaluate, *data, train=False, **how)
    close(got["answer"][part], expected["answer"][part])


def evaluated(evaluate, reference, *data, train):
    """Return what was left behind; fail where loss and accuracy are both wrong."""
    expected = evaluation(reference.evaluate, *data, train=train)
    got = evaluation(evaluate, *data, train=train)
    evaluates(got["answer"], expected["answer"], 4, 12)
    return got, expected


@test_case(name="the loss per image, the last batch smaller", points=1.5, hidden=True)
def test_loss(evaluate, reference):
    compared(evaluate, reference, LOSS, *numbered(case_rng(), 15), 6)


@test_case(name="the accuracy of 16, 17 and 18 images", points=1.5, hidden=True)
def test_accuracy(evaluate, reference):
    rng = case_rng()
    for count in (16, 17, 18):
        compared(evaluate, reference, ACCURACY, *numbered(rng, count), 7)


@test_case(name="another loss function", points=0.5, hidden=True)
def test_other_loss(evaluate, reference):
    data = *numbered(case_rng(), 12), 4
    compared(evaluate, reference, LOSS, *data, with_margin=True)


@test_case(name="the loader drops its smaller last batch", points=0.5, hidden=True)
def test_drop_last(evaluate, reference):
    data = *numbered(case_rng(), 11), 4
    compared(evaluate, reference, LOSS, *data, drop_last=True)
    compared(evaluate, reference, ACCURACY, *data, drop_last=True)


@test_case(name="batches of one image", points=0.5, hidden=True)
def test_single(evaluate, reference):
    data = *numbered(case_rng(), 5), 1
    compared(evaluate, reference, LOSS, *data)
    compared(evaluate, reference, ACCURACY, *data)


@test_case(name="parameters and statistics stay as they were", points=1, hidden=True)
def test_untouched(evaluate, reference):
    data = *numbered(case_rng(), 12), 4
    got, expected = evaluated(evaluate, reference, *data, train=False)
    for key in ("parameters", "buffers"):
        for name, values in expected[key].items():
            close(got[key][name], values)


@test_case(name="every layer is in the mode in which it came", points=0.5, hidden=True)
def test_modes(evaluate, reference):
    data = *numbered(case_rng(), 12), 4
    for train in (True, False):
        got, _ = evaluated(evaluate, reference, *data, train=train)
        left_in_mode(got["train_after"], train=train)
