"""q5_train_one_epoch, public: what an epoch must do, seen on a small network."""

import numpy as np
from checks import case_rng, close, equal, holds
from checks.training import epoch
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_train_one_epoch"


def numbered(rng, count, features=4, classes=3):
    """Return images whose first number is their own, and labels of every class."""
    images = rng.normal(size=(count, features))
    images[:, 0] = np.arange(count)
    return images, np.arange(count) % classes


@test_case(name="every image once, in the loader's order", points=2)
def test_order(train_one_epoch):
    facts = epoch(train_one_epoch, *numbered(case_rng(), 10), 4)
    equal(facts["seen"], [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])


@test_case(name="in train mode, also a network that comes in eval mode", points=2)
def test_mode(train_one_epoch):
    facts = epoch(train_one_epoch, *numbered(case_rng(), 10), 4, train=False)
    equal(facts["modes"], [True, True, True])


@test_case(name="the loss goes down over 30 epochs", points=2)
def test_learns(train_one_epoch):
    images, labels = numbered(case_rng(), 12)
    # Feature k + 1 is large in images of class k, or nothing sure could be learned.
    images[np.arange(12), labels + 1] += 8
    facts = epoch(train_one_epoch, images, labels, 4, lr=0.1, epochs=30)
    first, last = facts["loss"][0], facts["loss"][-1]
    told = f"the loss is {first:.3f} in the first epoch and {last:.3f} in the last one"
    holds(last < first / 2, f"{told}: it should have halved")


@test_case(name="without a step the loss stays what it is", points=1)
def test_still(train_one_epoch):
    facts = epoch(train_one_epoch, *numbered(case_rng(), 8), 4, lr=0.0, epochs=2)
    loss = facts["loss"][0]
    holds(0 < loss < 100, f"a loss of {loss:.3g} is no mean cross-entropy per image")
    close(facts["loss"][1], facts["loss"][0])
