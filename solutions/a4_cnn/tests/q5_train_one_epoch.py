"""q5_train_one_epoch, hidden: the same parameters as the reference, to four digits."""

import numpy as np
from checks import case_rng, close
from checks.training import epoch, in_mode, listed
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_train_one_epoch"


def numbered(rng, count, features=5, classes=4):
    """Return images whose first number is their own, and labels of every class."""
    images = rng.normal(size=(count, features))
    images[:, 0] = np.arange(count)
    labels = rng.integers(classes, size=count)
    labels[:classes] = range(classes)
    return images, labels


def same(facts, expected, key):
    """Compare a network's named arrays with the reference's."""
    for name, values in expected[key].items():
        close(facts[key][name], values)


@test_case(name="one step: the parameters", points=1.5, hidden=True)
def test_one_step(train_one_epoch, reference):
    data = *numbered(case_rng(), 6), 6
    expected = epoch(reference.train_one_epoch, *data)
    same(epoch(train_one_epoch, *data), expected, "parameters")


@test_case(
    name="three batches, the last one smaller: the parameters", points=2, hidden=True
)
def test_parameters(train_one_epoch, reference):
    data = *numbered(case_rng(), 19), 8
    expected = epoch(reference.train_one_epoch, *data, lr=0.2)
    same(epoch(train_one_epoch, *data, lr=0.2), expected, "parameters")


@test_case(name="two epochs with momentum: the parameters", points=1.5, hidden=True)
def test_momentum(train_one_epoch, reference):
    data = *numbered(case_rng(), 12), 4
    how = {"lr": 0.1, "momentum": 0.9, "epochs": 2}
    expected = epoch(reference.train_one_epoch, *data, **how)
    same(epoch(train_one_epoch, *data, **how), expected, "parameters")


@test_case(name="another loss function: the parameters", points=0.5, hidden=True)
def test_other_loss(train_one_epoch, reference):
    data = *numbered(case_rng(), 8), 8
    expected = epoch(reference.train_one_epoch, *data, with_margin=True)
    same(epoch(train_one_epoch, *data, with_margin=True), expected, "parameters")


@test_case(name="the statistics of a normalisation", points=1, hidden=True)
def test_buffers(train_one_epoch, reference):
    data = *numbered(case_rng(), 12), 4
    how = {"lr": 0.0, "train": False}
    expected = epoch(reference.train_one_epoch, *data, **how)
    same(epoch(train_one_epoch, *data, **how), expected, "buffers")


@test_case(name="the mean loss per image while it learns", points=1, hidden=True)
def test_loss(train_one_epoch, reference):
    data = *numbered(case_rng(), 14), 6
    expected = epoch(reference.train_one_epoch, *data, lr=0.5)
    close(listed(epoch(train_one_epoch, *data, lr=0.5)["loss"]), expected["loss"])


@test_case(
    name="the loader shows only some images of its dataset: the loss",
    points=1,
    hidden=True,
)
def test_sampler(train_one_epoch, reference):
    rng = case_rng()
    data = *numbered(rng, 14), 4
    how = {"shown": rng.permutation(14)[:8].tolist()}
    expected = epoch(reference.train_one_epoch, *data, **how)
    close(listed(epoch(train_one_epoch, *data, **how)["loss"]), expected["loss"])


@test_case(name="batches of one image", points=0.5, hidden=True)
def test_single(train_one_epoch, reference):
    rng = case_rng()
    data = *numbered(rng, 6), 1
    how = {"lr": 0.01, "weight": rng.normal(size=(4, 5))}
    expected = epoch(reference.train_one_epoch, *data, **how)
    facts = epoch(train_one_epoch, *data, **how)
    close(listed(facts["loss"]), expected["loss"])
    same(facts, expected, "parameters")


@test_case(name="in train mode to the end, batch after batch", points=1, hidden=True)
def test_facts(train_one_epoch, reference):
    data = *numbered(case_rng(), 9), 3
    how = {"lr": 0.0, "epochs": 2, "train": False}
    expected = epoch(reference.train_one_epoch, *data, **how)
    facts = epoch(train_one_epoch, *data, **how)
    in_mode(facts["modes"], train=True)
    same(facts, expected, "buffers")
