"""q8_im2col, public: small images whose pixels are numbered, one thing a case.

There are two images wherever a case does not ask for one: the second has the first
one's numbers and 100 more.
"""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_im2col"


def numbered(channels, height, width):
    """Return two images, numbered from 1 and from 101."""
    first = np.arange(1.0, channels * height * width + 1)
    return np.stack([first, first + 100]).reshape(2, channels, height, width)


def for_both(columns):
    """Return the columns of both images."""
    return np.stack([columns, np.array(columns) + 100])


@test_case(name="2x2 windows of two numbered images", points=0.75)
def test_numbered(im2col):
    expected = [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
    close(im2col(numbered(1, 3, 3), 2, 1, 0), for_both(expected))


@test_case(name="one image: its axis stays", points=0.25)
def test_one_image(im2col):
    x = numbered(1, 3, 3)[:1]
    expected = [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
    close(im2col(x, 2, 1, 0), [expected])


@test_case(name="2x3 windows of images that are wider than high", points=0.5)
def test_oblong(im2col):
    expected = [
        [1, 2, 5, 6],
        [2, 3, 6, 7],
        [3, 4, 7, 8],
        [5, 6, 9, 10],
        [6, 7, 10, 11],
        [7, 8, 11, 12],
    ]
    close(im2col(numbered(1, 3, 4), (2, 3), 1, 0), for_both(expected))


@test_case(name="two channels", points=0.5)
def test_channels(im2col):
    expected = [[1, 2], [3, 4], [5, 6], [7, 8]]
    close(im2col(numbered(2, 2, 2), (2, 1), 1, 0), for_both(expected))


@test_case(name="stride 2", points=0.5)
def test_stride(im2col):
    expected = [[1, 3, 9, 11], [2, 4, 10, 12], [5, 7, 13, 15], [6, 8, 14, 16]]
    close(im2col(numbered(1, 4, 4), 2, 2, 0), for_both(expected))


@test_case(name="padding 1", points=0.5)
def test_padding(im2col):
    x = np.array([[[[1.0, 2], [3, 4]]], [[[5, 6], [7, 8]]]])
    first = [
        [0, 0, 0, 0, 1, 2, 0, 3, 4],
        [0, 0, 0, 1, 2, 0, 3, 4, 0],
        [0, 1, 2, 0, 3, 4, 0, 0, 0],
        [1, 2, 0, 3, 4, 0, 0, 0, 0],
    ]
    second = np.array(first) + 4 * (np.array(first) > 0)
    close(im2col(x, 2, 1, 1), np.stack([first, second]))


@test_case(name="the input stays as it was", points=0.25)
def test_unchanged(im2col):
    x = numbered(1, 2, 2)
    with unchanged(x):
        cols = im2col(x, 2, 1, 0)
    close(cols, for_both([[1], [2], [3], [4]]))
    # The same arrays, which nobody can write into
    x = laid(x, "read-only")
    close(im2col(x, 2), for_both([[1], [2], [3], [4]]))
