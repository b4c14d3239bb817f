"""q8_im2col, public: small images whose pixels are numbered."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_im2col"


@test_case(name="2x3 windows of a numbered image", points=1)
def test_numbered(im2col):
    x = np.arange(1.0, 13).reshape(1, 1, 3, 4)
    expected = [
        [1, 2, 5, 6],
        [2, 3, 6, 7],
        [3, 4, 7, 8],
        [5, 6, 9, 10],
        [6, 7, 10, 11],
        [7, 8, 11, 12],
    ]
    close(im2col(x, (2, 3), 1, 0), [expected])


@test_case(name="two channels, two images", points=1)
def test_channels(im2col):
    x = np.arange(1.0, 17).reshape(2, 2, 2, 2)
    first = np.array([[1, 3], [2, 4], [5, 7], [6, 8]])
    close(im2col(x, (1, 2), 1, 0), [first, first + 8])


@test_case(name="stride 2 and padding 1", points=1)
def test_stride_and_padding(im2col):
    x = np.array([[[[1.0, 2, 3], [4, 5, 6]]]])
    expected = [[0, 0, 0, 5], [0, 0, 4, 6], [0, 2, 0, 0], [1, 3, 0, 0]]
    close(im2col(x, 2, 2, 1), [expected])
