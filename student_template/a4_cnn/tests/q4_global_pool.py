"""q4_global_pool, public: one network for images of several sizes."""

import numpy as np
from checks import case_rng, close, equal
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_global_pool"


@test_case(name="images of 100x100, 200x200 and 24x40", points=2)
def test_sizes(GlobalPoolCNN):
    for height, width in ((100, 100), (200, 200), (24, 40)):
        logits = fresh_output(GlobalPoolCNN, [3, 5], np.zeros((2, 3, height, width)))
        equal(logits.shape, (2, 5))


@test_case(name="how much is learned", points=1)
def test_parameters(GlobalPoolCNN):
    shapes = parameter_shapes(GlobalPoolCNN, [3, 5], (1, 3, 20, 20))
    # 3*32*9 + 32, 32*64*9 + 64, 64*5 + 5
    equal(sum(int(np.prod(shape)) for shape in shapes), 896 + 18496 + 325)


@test_case(name="an image repeated beside itself has the same mean", points=1)
def test_mean(GlobalPoolCNN):
    # Of one colour, the image is the same everywhere but at its border.
    image = np.full((1, 3, 64, 64), case_rng().uniform(1, 2))
    small = fresh_output(GlobalPoolCNN, [3, 5], image[:, :, :32, :32])
    large = fresh_output(GlobalPoolCNN, [3, 5], image)
    close(large, small, rtol=0.2, atol_of_max=0.2)
