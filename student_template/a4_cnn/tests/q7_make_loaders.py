"""q7_make_loaders, public: 23 images, a fifth of them for validation."""

import numpy as np
from checks import case_rng, equal, holds
from checks.loading import loaders
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_make_loaders"


def images(count=23):
    """Return different whole numbers, which stand for images, in random order."""
    return case_rng().permutation(np.arange(100, 1000))[:count]


@test_case(name="sizes: 23 images are 19 and 4", points=1)
def test_sizes(make_loaders):
    facts = loaders(make_loaders, images(), 0.2, 5, 0)
    told = f"your loaders give {facts['train_size']} and {facts['val_size']} images"
    right = [facts["train_size"], facts["val_size"]] == [19, 4]
    holds(right, f"{told}, it should be 19 and 4")


@test_case(name="no image is in both, none is lost", points=1)
def test_disjoint(make_loaders):
    facts = loaders(make_loaders, images(), 0.2, 5, 0)
    shared, lost = facts["shared"], facts["lost"]
    told = f"{shared} images are in both loaders, {lost} in none of them"
    holds([shared, lost] == [0, 0], told)


@test_case(name="batches of at most 5 images", points=0.5)
def test_batches(make_loaders):
    equal(loaders(make_loaders, images(), 0.3, 5, 0)["largest_batch"], [5, 5])


@test_case(name="training images in a new order, validation images not", points=0.5)
def test_orders(make_loaders):
    facts = loaders(make_loaders, images(), 0.5, 5, 0)
    told = "the training images should come in a new random order in every epoch"
    holds(facts["shuffled"], told)
    told = "the validation images should come in one and the same order"
    holds(facts["val_stable"], told)


@test_case(name="a random split, the same again with the same seed", points=1)
def test_seed(make_loaders):
    facts = loaders(make_loaders, images(), 0.4, 5, 3)
    told = "the validation images are one end of the dataset, it may be sorted by class"
    holds(facts["mixed"], told)
    told = "the same seed gives another split or order the second time"
    holds(facts["repeats"], told)
    holds(facts["varies"], "another seed gives the same split")
