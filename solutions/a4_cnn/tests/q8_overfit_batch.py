"""q8_overfit_batch, hidden: every loss, and the parameters at the end."""

import numpy as np
from checks import case_rng, close
from checks.training import listed, overfitting
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_overfit_batch"


def batch(rng, count=9, features=6, classes=4):
    """Return random images and labels."""
    labels = rng.integers(classes, size=count)
    labels[:classes] = range(classes)
    return rng.normal(size=(count, features)), labels


@test_case(name="the losses of 12 steps, and of 40", points=1, hidden=True)
def test_losses(overfit_batch, reference):
    images, labels = batch(case_rng())
    easy = 30 * np.eye(6)[labels]
    # Steps count where nothing is left to learn, too.
    for data, weight in (
        ((images, labels, 12, 0.3), None),
        ((easy, labels, 40, 1.0), np.zeros((4, 6))),
    ):
        expected = overfitting(reference.overfit_batch, *data, weight=weight)["losses"]
        facts = overfitting(overfit_batch, *data, weight=weight)
        close(listed(facts["losses"]), expected)


@test_case(name="the parameters at the end", points=1.5, hidden=True)
def test_parameters(overfit_batch, reference):
    data = *batch(case_rng()), 5, 0.2
    expected = overfitting(reference.overfit_batch, *data)["parameters"]
    got = overfitting(overfit_batch, *data)["parameters"]
    for name, values in expected.items():
        close(got[name], values)
