"""q6_evaluate, public: modes, gradients, and every image counted once."""

import numpy as np
from checks import case_rng, equal, holds
from checks.training import evaluation
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_evaluate"


def numbered(rng, count, features=4, classes=3):
    """Return images whose first number is their own, and labels of every class."""
    images = rng.normal(size=(count, features))
    images[:, 0] = np.arange(count)
    return images, np.arange(count) % classes


@test_case(name="in eval mode, and afterwards as it came", points=2)
def test_mode(evaluate):
    facts = evaluation(evaluate, *numbered(case_rng(), 10), 4, train=True)
    equal(facts["modes"], [False, False, False])
    equal(facts["train_after"], True)


@test_case(name="every image once", points=1)
def test_images(evaluate):
    facts = evaluation(evaluate, *numbered(case_rng(), 10), 4, train=False)
    equal(sorted(image for batch in facts["seen"] for image in batch), list(range(10)))


@test_case(name="an accuracy is a share of the images", points=1)
def test_accuracy(evaluate):
    facts = evaluation(evaluate, *numbered(case_rng(), 10), 10, train=False)
    tenths = facts["answer"][1] * 10
    is_share = 0 <= tenths <= 10 and abs(tenths - round(tenths)) < 1e-6
    holds(is_share, f"{tenths / 10:.4g} is no share of 10 images, as 0.3 is")
