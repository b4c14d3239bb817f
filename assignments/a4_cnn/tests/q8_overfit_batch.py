"""q8_overfit_batch, public: a batch of ten images."""

import numpy as np
from checks import case_rng, equal, holds
from checks.training import overfitting
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_overfit_batch"


def batch(rng, count=10, features=8, classes=3):
    """Return random images, those of class k with a large number at k, and labels."""
    labels = np.arange(count) % classes
    images = rng.normal(size=(count, features))
    images[np.arange(count), labels] += 8
    return images, labels


@test_case(name="a loss for every step", points=1)
def test_count(overfit_batch):
    equal(len(overfitting(overfit_batch, *batch(case_rng()), 7, 0.1)["losses"]), 7)


@test_case(name="after 300 steps the batch is known by heart", points=1.5)
def test_heart(overfit_batch):
    losses = overfitting(overfit_batch, *batch(case_rng()), 300, 0.2)["losses"]
    equal(len(losses), 300)
    told = f"the loss is {losses[0]:.3f} at first and {losses[-1]:.3f} at the end"
    holds(losses[-1] < 0.1 < losses[0], f"{told}: it should fall below 0.1")
