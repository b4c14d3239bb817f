"""q4_global_pool, hidden: the reference's weights, on images of several sizes."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_global_pool"


@test_case(name="the same weights give the same logits, 20x28", points=3, hidden=True)
def test_transplant(GlobalPoolCNN, reference):
    rng = case_rng()
    x = small_images(rng, 2, 1, 20, 28)
    compare_networks(GlobalPoolCNN, reference.GlobalPoolCNN, [1, 10], x, rng)


@test_case(name="the same weights on colour images of odd sizes", points=3, hidden=True)
def test_odd(GlobalPoolCNN, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 33, 17)
    compare_networks(GlobalPoolCNN, reference.GlobalPoolCNN, [3, 4], x, rng)
