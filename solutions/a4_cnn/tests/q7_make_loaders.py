"""q7_make_loaders, hidden: random sizes, what is shuffled and what is not."""

import numpy as np
from checks import case_rng, equal
from checks.failure import CheckFailedError
from checks.loading import loaders
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_make_loaders"


def drawn(rng):
    """Return images, a fraction, a batch size and a seed."""
    size, batch = int(rng.integers(40, 90)), int(rng.integers(3, 12))
    images = rng.permutation(np.arange(100, 1000))[:size]
    return images, float(rng.uniform(0.15, 0.45)), batch, int(rng.integers(1000))


def holds(fact, otherwise):
    """Fail unless something is so; the sentence has no value of the test."""
    if not fact:
        raise CheckFailedError("value", otherwise)


def split(facts):
    """Fail where an image is in both loaders, or in none, or is another one."""
    holds(not facts["shared"], "some images are in both loaders")
    holds(not facts["lost"], "some images are in none of the loaders")
    holds(not facts["foreign"], "some images come with the label of another one")


@test_case(name="random sizes: no image twice, none lost", points=1, hidden=True)
def test_sizes(make_loaders, reference):
    rng = case_rng()
    keys = ("train_size", "val_size", "largest_batch")
    for _ in range(3):
        arguments = drawn(rng)
        expected = loaders(reference.make_loaders, *arguments)
        facts = loaders(make_loaders, *arguments)
        split(facts)
        equal([facts[k] for k in keys], [expected[k] for k in keys])


@test_case(name="no image for validation", points=0.5, hidden=True)
def test_none(make_loaders):
    images, _, batch_size, seed = drawn(case_rng())
    facts = loaders(make_loaders, images, 0.3 / len(images), batch_size, seed)
    split(facts)
    equal(facts["val_size"], 0)


@test_case(name="the training images in a new order every epoch", points=1, hidden=True)
def test_shuffled(make_loaders):
    told = "the training images do not come in a new random order in every epoch"
    holds(loaders(make_loaders, *drawn(case_rng()))["shuffled"], told)


@test_case(name="the validation images in one order", points=0.5, hidden=True)
def test_stable(make_loaders):
    told = "the validation images come in another order the second time"
    facts = loaders(make_loaders, *drawn(case_rng()))
    holds(facts["val_size"], "no image is left for validation")
    holds(facts["val_stable"], told)


@test_case(name="the split is a random one", points=0.5, hidden=True)
def test_mixed(make_loaders):
    told = "the validation images are one end of the dataset"
    holds(loaders(make_loaders, *drawn(case_rng()))["mixed"], told)


@test_case(name="the seed decides, and nothing else", points=0.5, hidden=True)
def test_seed(make_loaders):
    facts = loaders(make_loaders, *drawn(case_rng()))
    told = "the same seed gives another split or order the second time"
    holds(facts["repeats"], told)
    holds(facts["varies"], "another seed gives the same split")
