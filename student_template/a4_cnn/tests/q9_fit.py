"""q9_fit, public: a few hundred images of Fashion-MNIST."""

import numpy as np
from checks import case_rng, equal, holds
from checks.fashion_mnist import fashion_mnist
from checks.training import fitted
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_fit"


def sorted_by_class(rng, count):
    """Return `count` random images of the course's 6,000, sorted by class."""
    images, labels = fashion_mnist()
    chosen = rng.permutation(len(images))[:count]
    chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    return images[chosen], labels[chosen].astype(int)


@test_case(name="a loss for every epoch, and it goes down", points=2)
def test_losses(fit):
    images, labels = sorted_by_class(case_rng(), 400)
    facts = fitted(
        fit, images, labels, images[:1], epochs=3, batch_size=20, lr=0.002, seed=1
    )
    equal(len(facts["losses"]), 3)
    first, _, last = facts["losses"]
    told = f"the loss is {first:.3f} in the first epoch and {last:.3f} in the last"
    holds(last < first, f"{told}: it should go down")


@test_case(name="it learns what it is shown", points=1)
def test_accuracy(fit):
    images, labels = sorted_by_class(case_rng(), 400)
    facts = fitted(
        fit, images, labels, images, epochs=4, batch_size=20, lr=0.002, seed=2
    )
    right = np.mean(facts["logits"].argmax(axis=1) == labels)
    told = f"{right:.0%} of the 400 images that it has seen are classified rightly"
    holds(right > 0.5, f"{told}, guessing gives 10 %: it should be more than half")
