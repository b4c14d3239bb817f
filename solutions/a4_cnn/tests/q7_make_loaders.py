"""q7_make_loaders, hidden: random sizes, what is shuffled and what is not."""

from checks import case_rng, equal
from checks.training import loaders
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_make_loaders"


def drawn(rng):
    """Return a size, a fraction, a batch size and a seed."""
    size, batch = int(rng.integers(40, 90)), int(rng.integers(3, 12))
    return size, float(rng.uniform(0.15, 0.45)), batch, int(rng.integers(1000))


@test_case(name="random sizes: no image twice, none lost", points=1.5, hidden=True)
def test_sizes(make_loaders, reference):
    rng = case_rng()
    keys = ("train_size", "val_size", "shared", "lost", "largest_batch")
    for _ in range(3):
        arguments = drawn(rng)
        expected = loaders(reference.make_loaders, *arguments)
        facts = loaders(make_loaders, *arguments)
        equal([facts[k] for k in keys], [expected[k] for k in keys])


@test_case(name="the training images in a new order every epoch", points=1, hidden=True)
def test_shuffled(make_loaders):
    equal(loaders(make_loaders, *drawn(case_rng()))["shuffled"], True)


@test_case(name="the validation images in one order", points=0.5, hidden=True)
def test_stable(make_loaders):
    equal(loaders(make_loaders, *drawn(case_rng()))["val_stable"], True)


@test_case(name="the split is a random one", points=1, hidden=True)
def test_mixed(make_loaders):
    equal(loaders(make_loaders, *drawn(case_rng()))["mixed"], True)


@test_case(name="the seed decides, and nothing else", points=1, hidden=True)
def test_seed(make_loaders):
    facts = loaders(make_loaders, *drawn(case_rng()))
    equal([facts["repeats"], facts["varies"]], [True, True])
