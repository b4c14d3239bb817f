"""q8_overfit_batch, public: a batch of ten images."""

from checks import case_rng, equal
from checks.training import overfitting
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_overfit_batch"


def batch(rng, count=10, features=8, classes=3):
    """Return random images and labels."""
    labels = rng.integers(classes, size=count)
    labels[:classes] = range(classes)
    return rng.normal(size=(count, features)), labels


@test_case(name="a loss for every step", points=1)
def test_count(overfit_batch):
    equal(len(overfitting(overfit_batch, *batch(case_rng()), 7, 0.1)["losses"]), 7)


@test_case(name="after 300 steps the batch is known by heart", points=1.5)
def test_heart(overfit_batch):
    losses = overfitting(overfit_batch, *batch(case_rng()), 300, 0.2)["losses"]
    equal(len(losses), 300)
    equal(losses[-1] < 0.05 < losses[0], True)
