"""q5_depthwise_conv2d, hidden: random layers, one thing varied a case."""

import numpy as np
from checks import case_rng, close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_depthwise_conv2d"


def _compare(depthwise_conv2d, reference, layers, *, size=(6, 6), channels=1):
    rng = case_rng()
    for kernel, *settings in layers:
        x = rng.normal(size=(channels, *size))
        kernels = rng.normal(size=(channels, *kernel))
        expected = reference.depthwise_conv2d(x, kernels, *settings)
        close(depthwise_conv2d(x, kernels, *settings), expected)


@test_case(name="one channel, random", points=1, hidden=True)
def test_one_channel(depthwise_conv2d, reference):
    _compare(depthwise_conv2d, reference, [((3, 3), 1, 0), ((2, 2), 1, 0)])


@test_case(name="several channels, random", points=2, hidden=True)
def test_channels(depthwise_conv2d, reference):
    for channels in (2, 3, 5):
        _compare(depthwise_conv2d, reference, [((3, 3), 1, 0)], channels=channels)


@test_case(name="padding, random", points=1.5, hidden=True)
def test_padding(depthwise_conv2d, reference):
    _compare(depthwise_conv2d, reference, [((3, 3), 1, 1), ((5, 5), 1, 2)])


@test_case(name="strides, and windows that do not tile", points=1.5, hidden=True)
def test_stride(depthwise_conv2d, reference):
    _compare(depthwise_conv2d, reference, [((3, 3), 2, 0), ((2, 2), 3, 0)])


@test_case(name="images and kernels that are not square", points=1, hidden=True)
def test_oblong(depthwise_conv2d, reference):
    _compare(depthwise_conv2d, reference, [((1, 3), 1, 0), ((4, 2), 1, 0)])
    _compare(depthwise_conv2d, reference, [((3, 3), 1, 0)], size=(4, 7))


@test_case(name="whole numbers, and settings that are left out", points=1, hidden=True)
def test_whole_numbers(depthwise_conv2d, reference):
    rng = case_rng()
    x = rng.integers(100, 256, size=(1, 4, 4)).astype(np.uint8)
    kernels = rng.normal(size=(1, 2, 2))
    close(depthwise_conv2d(x, kernels), reference.depthwise_conv2d(x, kernels))


@test_case(name="everything at once, random", points=1, hidden=True)
def test_together(depthwise_conv2d, reference):
    layers = [((3, 2), 2, 1), ((2, 5), 3, 2)]
    _compare(depthwise_conv2d, reference, layers, size=(7, 5), channels=3)
    raises(ValueError, depthwise_conv2d, np.ones((3, 4, 4)), np.ones((1, 2, 2)), 1, 0)
