"""q4_global_pool, public: one network for images of several sizes."""

import numpy as np
from checks import case_rng, close, equal, holds
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_global_pool"


@test_case(name="images of 100x100, 200x200 and 24x40", points=2)
def test_sizes(GlobalPoolCNN):
    rng = case_rng()
    for height, width in ((100, 100), (200, 200), (24, 40)):
        x = rng.normal(size=(2, 3, height, width))
        logits = fresh_output(GlobalPoolCNN, [3, 5], x)
        equal(logits.shape, (2, 5))
        holds(not np.allclose(*logits), "two different images get the same logits")


@test_case(name="how much is learned", points=1.5)
def test_parameters(GlobalPoolCNN):
    shapes = parameter_shapes(GlobalPoolCNN, [3, 5], (1, 3, 20, 20))
    count = sum(int(np.prod(shape)) for shape in shapes)
    expected = (3 * 32 * 9 + 32) + (32 * 64 * 9 + 64) + (64 * 5 + 5)
    told = f"your network has {count} parameters for 3 channels and 5 classes, it "
    wanted = f"should have {expected}: (3*32*9 + 32) + (32*64*9 + 64) + (64*5 + 5)"
    holds(count == expected, told + wanted)


@test_case(name="a spot counts a quarter among four times as many pixels", points=1)
def test_mean(GlobalPoolCNN):
    spot = case_rng().uniform(5, 10, size=(3, 4, 4))
    changes = []
    for side in (32, 64):
        x = np.zeros((2, 3, side, side))
        x[1, :, 12:16, 12:16] = spot
        nothing, something = fresh_output(GlobalPoolCNN, [3, 5], x)
        changes.append(something - nothing)
    small, large = changes
    told = "a bright spot in a black image does not change the logits"
    holds(np.abs(small).max() > 1e-5, told)
    close(large, small / 4, rtol=0.01, atol_of_max=0.01)
