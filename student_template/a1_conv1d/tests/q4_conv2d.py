"""q4_conv2d, public: an impulse, kernels of one row, what comes in, by hand."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv2d"

IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
RIGHT, DOWN = [[0, 1]], [[0], [1]]  # move an image by one pixel


@test_case(name="an impulse gives the kernel", points=1)
def test_impulse(conv2d):
    impulse = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    expected = [[0] * 5, [0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0, 7, 8, 9, 0]]
    close(conv2d(impulse, IMAGE, "same", "zero"), expected)


@test_case(name="a kernel of one row, full", points=0.5)
def test_row_full(conv2d):
    image = [[1, 2, 3], [4, 5, 6]]
    close(conv2d(image, [[1, 10]], "full", "zero"), [[1, 12, 23, 30], [4, 45, 56, 60]])


@test_case(name="a kernel of one row, valid", points=0.5)
def test_row_valid(conv2d):
    image = [[1, 2, 3], [4, 5, 6]]
    close(conv2d(image, [[1, 10]], "valid", "zero"), [[12, 23], [45, 56]])


@test_case(name="same, with an even kernel", points=0.5)
def test_even(conv2d):
    close(conv2d([[1, 2], [3, 4]], [[1, 10]], "same", "zero"), [[1, 12], [3, 34]])


@test_case(name="what comes in on the left and at the top: reflect", points=0.5)
def test_reflect(conv2d):
    left, top = [[2, 1, 2], [5, 4, 5], [8, 7, 8]], [[4, 5, 6], *IMAGE[:2]]
    close(conv2d(IMAGE, RIGHT, "same", "reflect"), left)
    close(conv2d(IMAGE, DOWN, "same", "reflect"), top)


@test_case(name="what comes in on the left and at the top: replicate", points=0.5)
def test_replicate(conv2d):
    left, top = [[1, 1, 2], [4, 4, 5], [7, 7, 8]], [[1, 2, 3], *IMAGE[:2]]
    close(conv2d(IMAGE, RIGHT, "same", "replicate"), left)
    close(conv2d(IMAGE, DOWN, "same", "replicate"), top)


@test_case(name="what comes in on the left and at the top: circular", points=0.5)
def test_circular(conv2d):
    left, top = [[3, 1, 2], [6, 4, 5], [9, 7, 8]], [[7, 8, 9], *IMAGE[:2]]
    close(conv2d(IMAGE, RIGHT, "same", "circular"), left)
    close(conv2d(IMAGE, DOWN, "same", "circular"), top)


@test_case(name="fractions, and inputs that stay as they were", points=0.5)
def test_fractions(conv2d):
    image, kernel = np.array([[1, 2], [3, 4]]), np.array([[0.5, 0.25]])
    with unchanged(image, kernel):
        # 2*0.5 + 1*0.25 and 4*0.5 + 3*0.25
        close(conv2d(image, kernel, "valid", "zero"), [[1.25], [2.75]])


@test_case(name="an unknown mode and an unknown boundary are refused", points=0.5)
def test_refused(conv2d):
    conv2d(IMAGE, RIGHT, "same", "zero")  # known, so not refused
    raises(ValueError, conv2d, IMAGE, RIGHT, "wide", "zero")
    raises(ValueError, conv2d, IMAGE, RIGHT, "same", "fog")
