"""q4_conv_transpose2d, hidden: random layers, one thing varied a case.

Where a case says nothing else: one square image, one channel, a square kernel,
stride 1, no padding, no output_padding.
"""

import numpy as np
from checks import case_rng, close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv_transpose2d"


def _compare(conv_transpose2d, reference, layers, *, size=(4, 4), channels=(1, 1)):
    rng = case_rng()
    for kernel, *settings in layers:
        x = rng.normal(size=(channels[0], *size))
        kernels = rng.normal(size=(*channels, *kernel))
        expected = reference.conv_transpose2d(x, kernels, *settings)
        close(conv_transpose2d(x, kernels, *settings), expected)


@test_case(name="random layers, stride 1", points=1, hidden=True)
def test_plain(conv_transpose2d, reference):
    _compare(conv_transpose2d, reference, [((3, 3), 1, 0, 0), ((2, 2), 1, 0, 0)])


@test_case(name="strides 2 and 3", points=2, hidden=True)
def test_stride(conv_transpose2d, reference):
    layers = [((3, 3), 2, 0, 0), ((4, 4), 3, 0, 0), ((2, 2), 3, 0, 0)]
    _compare(conv_transpose2d, reference, layers)


@test_case(name="padding 1 and 2", points=2, hidden=True)
def test_padding(conv_transpose2d, reference):
    _compare(conv_transpose2d, reference, [((3, 3), 1, 1, 0), ((5, 5), 1, 2, 0)])


@test_case(name="output_padding beside padding", points=1.5, hidden=True)
def test_output_padding(conv_transpose2d, reference):
    _compare(conv_transpose2d, reference, [((3, 3), 2, 1, 1), ((5, 5), 3, 2, 2)])


@test_case(name="output_padding that no kernel reaches", points=1, hidden=True)
def test_output_padding_alone(conv_transpose2d, reference):
    _compare(conv_transpose2d, reference, [((3, 3), 2, 0, 1), ((4, 4), 3, 0, 2)])


@test_case(name="images that are not square", points=1, hidden=True)
def test_oblong_images(conv_transpose2d, reference):
    layers = [((3, 3), 1, 0, 0)]
    for size in ((3, 5), (5, 2), (1, 4)):
        _compare(conv_transpose2d, reference, layers, size=size)


@test_case(name="kernels that are not square", points=1, hidden=True)
def test_oblong_kernels(conv_transpose2d, reference):
    _compare(conv_transpose2d, reference, [((1, 3), 1, 0, 0), ((4, 2), 1, 0, 0)])


@test_case(name="several channels", points=1.5, hidden=True)
def test_channels(conv_transpose2d, reference):
    for channels in ((3, 2), (2, 4), (1, 3)):
        _compare(conv_transpose2d, reference, [((3, 3), 1, 0, 0)], channels=channels)


@test_case(name="whole numbers, and settings that are left out", points=1, hidden=True)
def test_whole_numbers(conv_transpose2d, reference):
    rng = case_rng()
    x = rng.integers(100, 256, size=(1, 3, 3)).astype(np.uint8)
    kernels = rng.normal(size=(1, 1, 2, 2))
    close(conv_transpose2d(x, kernels), reference.conv_transpose2d(x, kernels))


@test_case(name="everything at once", points=1, hidden=True)
def test_together(conv_transpose2d, reference):
    layers = [((3, 4), 2, 1, 1), ((5, 3), 3, 1, 2)]
    _compare(conv_transpose2d, reference, layers, size=(3, 5), channels=(2, 3))
    kernels = case_rng().normal(size=(2, 1, 2, 2))
    raises(ValueError, conv_transpose2d, np.ones((3, 2, 2)), kernels, 1, 0, 0)
