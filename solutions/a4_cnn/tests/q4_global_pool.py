"""q4_global_pool, hidden: the reference's weights, on images of several sizes."""

from checks import case_rng
from checks.layers import layer_rows
from checks.matching import check_same_layers
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_global_pool"


@test_case(
    name="the layers with weights, whatever their names", points=1.5, hidden=True
)
def test_layers(GlobalPoolCNN, reference):
    shape = (2, 3, 16, 20)
    ours = layer_rows(reference.GlobalPoolCNN, [3, 4], shape)
    check_same_layers(layer_rows(GlobalPoolCNN, [3, 4], shape), ours)


@test_case(name="the same weights give the same logits, 20x28", points=2, hidden=True)
def test_transplant(GlobalPoolCNN, reference):
    rng = case_rng()
    x = small_images(rng, 2, 1, 20, 28)
    compare_networks(GlobalPoolCNN, reference.GlobalPoolCNN, [1, 10], x, rng)


@test_case(
    name="the same weights on colour images of odd sizes", points=1.5, hidden=True
)
def test_odd(GlobalPoolCNN, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 33, 17)
    compare_networks(GlobalPoolCNN, reference.GlobalPoolCNN, [3, 4], x, rng)


@test_case(name="the same weights on a batch of one image", points=0.5, hidden=True)
def test_one(GlobalPoolCNN, reference):
    rng = case_rng()
    x = small_images(rng, 1, 1, 12, 9)
    compare_networks(GlobalPoolCNN, reference.GlobalPoolCNN, [1, 3], x, rng)
