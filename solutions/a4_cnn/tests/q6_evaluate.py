"""q6_evaluate, hidden: loss and accuracy per image, nothing left behind."""

import numpy as np
from checks import case_rng, close, equal
from checks.training import evaluation
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_evaluate"


def numbered(rng, count, features=5, classes=4):
    """Return images whose first number is their own, and labels of every class."""
    images = rng.normal(size=(count, features))
    images[:, 0] = np.arange(count)
    labels = rng.integers(classes, size=count)
    labels[:classes] = range(classes)
    return images, labels


@test_case(name="the loss per image, the last batch smaller", points=2, hidden=True)
def test_loss(evaluate, reference):
    data = *numbered(case_rng(), 15), 6
    expected = evaluation(reference.evaluate, *data, train=False)
    close(evaluation(evaluate, *data, train=False)["answer"][0], expected["answer"][0])


@test_case(name="the accuracy, the last batch smaller", points=2, hidden=True)
def test_accuracy(evaluate, reference):
    rng = case_rng()
    for count in (16, 17, 18):
        data = *numbered(rng, count), 7
        expected = evaluation(reference.evaluate, *data, train=False)
        got = evaluation(evaluate, *data, train=False)
        close(got["answer"][1], expected["answer"][1])


@test_case(name="another loss function", points=1, hidden=True)
def test_other_loss(evaluate, reference):
    data = *numbered(case_rng(), 10), 4
    expected = evaluation(reference.evaluate, *data, train=True, with_sum=True)
    got = evaluation(evaluate, *data, train=True, with_sum=True)
    close(got["answer"], expected["answer"])


@test_case(name="no gradients are computed", points=1, hidden=True)
def test_gradients(evaluate):
    facts = evaluation(evaluate, *numbered(case_rng(), 8), 3, train=False)
    equal([facts["grads"], facts["has_gradients"]], [[False] * 3, False])


@test_case(name="the network stays as it was, and in its mode", points=2, hidden=True)
def test_untouched(evaluate, reference):
    data = *numbered(case_rng(), 12), 5
    for train in (True, False):
        expected = evaluation(reference.evaluate, *data, train=train)
        got = evaluation(evaluate, *data, train=train)
        for key in ("parameters", "buffers"):
            for name, values in expected[key].items():
                close(got[key][name], values)
        equal(got["train_after"], train)
