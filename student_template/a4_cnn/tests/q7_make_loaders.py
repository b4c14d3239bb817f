"""q7_make_loaders, public: 23 images, a fifth of them for validation."""

from checks import equal
from checks.training import loaders
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_make_loaders"


@test_case(name="sizes: 23 images are 19 and 4", points=1)
def test_sizes(make_loaders):
    facts = loaders(make_loaders, 23, 0.2, 5, 0)
    equal([facts["train_size"], facts["val_size"]], [19, 4])


@test_case(name="no image is in both, none is lost", points=1.5)
def test_disjoint(make_loaders):
    facts = loaders(make_loaders, 23, 0.2, 5, 0)
    equal([facts["shared"], facts["lost"]], [0, 0])


@test_case(name="batches of at most 5 images", points=0.5)
def test_batches(make_loaders):
    equal(loaders(make_loaders, 23, 0.3, 5, 0)["largest_batch"], [5, 5])
