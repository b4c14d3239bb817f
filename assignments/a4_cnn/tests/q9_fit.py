"""q9_fit, public: a few hundred images of Fashion-MNIST."""

import numpy as np
from checks import case_rng, holds, show
from checks.descent import cross_entropy
from checks.fashion_mnist import fashion_mnist
from checks.fitting import fitted, fitting
from checks.training import listed
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_fit"


def sorted_by_class(rng, count):
    """Return `count` random images of the course's 6,000, sorted by class."""
    images, labels = fashion_mnist()
    chosen = rng.permutation(len(images))[:count]
    chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    return images[chosen], labels[chosen].astype(int)


def forty(rng):
    """Return 40 images whose first pixel is their number, labels, first weights."""
    images = rng.random((40, 1, 28, 28)).astype(np.float32)
    images[:, 0, 0, 0] = np.arange(40)
    weights = [rng.normal(size=(6, 49)) * 3, rng.normal(size=(4, 6))]
    return images, np.arange(40) // 10, weights


@test_case(name="the network's loss goes down", points=0.5)
def test_losses(fit):
    images, labels = sorted_by_class(case_rng(), 400)
    facts = fitted(
        fit, images, labels, images, epochs=3, batch_size=20, lr=0.002, seed=1
    )
    count = len(listed(facts["losses"]))
    holds(count == 3, f"3 epochs should give 3 losses, they gave {count}")
    last = cross_entropy(facts["logits"], labels)
    told = f"guessing gives a loss of 2.303, your network's is {last:.3f}"
    holds(last < 2, f"{told} after three epochs")


@test_case(name="the images come mixed, in a new order every epoch", points=1)
def test_orders(fit):
    facts = fitting(fit, *forty(case_rng()), epochs=3, batch_size=8, lr=0.01, seed=3)
    holds(facts["learns"], "the first step does not go where the loss is lower")
    holds(facts["mixed"], "the images come class by class: shuffle them")
    told = "two epochs show the images in one and the same order"
    holds(facts["new_orders"], told)
    holds(facts["repeats"], "the same seed gives another order the second time")


@test_case(name="one step of Adam a batch, each along its own gradient", points=1)
def test_steps(fit):
    facts = fitting(fit, *forty(case_rng()), epochs=2, batch_size=8, lr=0.01, seed=4)
    told = "a step goes along the gradients of earlier batches too: zero_grad()?"
    holds(facts["clean"], told)
    # 0.9 and 0.999, no weight decay, no schedule: Adam as it comes
    told = "the steps are not those that torch.optim.Adam with this lr takes"
    holds(set(facts["rates"]) == {1}, told)


@test_case(name="it learns what it is shown", points=0.5)
def test_accuracy(fit):
    images, labels = sorted_by_class(case_rng(), 800)
    shown = np.arange(800) % 2 == 0
    how = {"epochs": 4, "batch_size": 20, "lr": 0.002, "seed": 2}
    facts = fitted(fit, images[shown], labels[shown], images, **how)
    logits = facts["logits"]
    hits = logits.argmax(axis=1) == labels
    whose = "the network that your fit has trained on 400 images"
    show(
        "training",
        lambda: {"losses": facts["losses"], "accuracy": np.mean(hits[~shown])},
    )
    show(
        "confusion",
        lambda: {"of": whose, "logits": logits[~shown], "labels": labels[~shown]},
    )
    show(
        "first layer",
        lambda: {
            "of": whose,
            "image": images[-1],
            "kernels": facts["kernels"],
            "maps": facts["maps"],
        },
    )
    right = np.mean(hits[shown])
    told = f"{right:.0%} of the 400 images that it has seen are classified rightly"
    holds(right > 0.5, f"{told}, guessing gives 10 %: it should be more than half")
