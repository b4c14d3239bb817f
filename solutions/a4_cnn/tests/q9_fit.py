"""q9_fit, hidden: accuracy on unseen images against what the reference reaches.

The threshold follows from `fit_seeds.csv`: what the reference reaches with 24 seeds.
"""

import csv
from pathlib import Path

import numpy as np
from checks import case_rng, close, equal, show
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.training import fitted, fitting
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_fit"

SPREADS = 5
"""A right answer lies this many standard deviations below the mean once in millions."""


def drawn(rng, count):
    """Return some of the course's images, sorted by class."""
    images, labels = fashion_mnist()
    chosen = rng.permutation(len(images))[:count]
    chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    return images[chosen], labels[chosen].astype(int)


def table(reference):
    """Return what the reference reaches: accuracy and losses, a row a seed."""
    with Path(reference.__file__).with_name("fit_seeds.csv").open() as lines:
        _, *rows = csv.reader(lines)
    return np.array([row[1:] for row in rows], dtype=float)


def threshold(reference):
    """Return the accuracy that a right answer reaches."""
    reached = table(reference)[:, 0]
    return np.mean(reached) - SPREADS * np.std(reached, ddof=1)


def check(logits, labels, wanted):
    """Fail where fewer of the images are classified rightly than wanted."""
    right = np.mean(logits.argmax(axis=1) == labels)
    if right < wanted:
        raise CheckFailedError(
            "value",
            f"{right:.3f} of the unseen images are classified rightly",
            coarse=f"{right:.3f} of unseen images are classified rightly, a right "
            f"answer reaches {wanted:.3f}",
        )


@test_case(name="what the network sees, step by step", points=3, hidden=True)
def test_steps(fit, reference):
    rng = case_rng()
    how = {
        "epochs": 3,
        "batch_size": int(rng.integers(6, 8)),  # neither divides 40
        "lr": 0.004,
        "seed": int(rng.integers(1000)),
    }
    expected = fitting(reference.fit, 40, **how)
    facts = fitting(fit, 40, **how)
    for key in ("losses", "passes", "largest_batch", "modes", "mixed", "new_orders"):
        equal(facts[key], expected[key])
    equal([facts["repeats"], facts["clean"]], [True, True])
    close(facts["of_means"], np.ones(3), rtol=0.005)
    # Adam's first step moves parameters by the learning rate.
    close(facts["steps"][0], 1, rtol=0.05)
    equal(abs(facts["steps"][1] - 1) < 0.004, False)


@test_case(name="accuracy on images that were not shown", points=2, hidden=True)
def test_accuracy(fit, reference, held_out):
    rng = case_rng()
    images, labels = drawn(rng, reference.FIT_IMAGES)
    unseen, classes = held_out()
    seed = int(rng.integers(2**31))
    facts = fitted(fit, images, labels, unseen, seed=seed, **reference.FIT_SETTINGS)
    logits = facts["logits"]
    show(
        "training",
        lambda: {
            "losses": facts["losses"],
            "accuracy": np.mean(logits.argmax(axis=1) == classes),
            "reference": table(reference),
        },
    )
    whose = "the network that your fit has trained"
    show("confusion", lambda: {"of": whose, "logits": logits, "labels": classes})
    show(
        "first layer",
        lambda: {
            "of": whose,
            "image": images[-1],
            "kernels": facts["kernels"],
            "maps": facts["maps"],
        },
    )
    check(facts["logits"], classes, threshold(reference))


@test_case(name="the same with the classes renamed", points=2, hidden=True)
def test_renamed(fit, reference, held_out):
    rng = case_rng()
    images, labels = drawn(rng, reference.FIT_IMAGES)
    unseen, classes = held_out()
    names = rng.permutation(10)
    seed = int(rng.integers(2**31))
    facts = fitted(
        fit, images, names[labels], unseen, seed=seed, **reference.FIT_SETTINGS
    )
    check(facts["logits"], names[classes], threshold(reference))
