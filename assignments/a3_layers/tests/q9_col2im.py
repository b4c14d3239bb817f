"""q9_col2im, public: numbered columns, added up by hand, one thing a case."""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_col2im"


def numbered(rows, columns):
    """Return one image's columns, numbered row by row from 1."""
    return np.arange(1.0, rows * columns + 1).reshape(1, rows, columns)


@test_case(name="2x2 windows side by side", points=0.5)
def test_tiles(col2im):
    expected = [[1, 5, 2, 6], [9, 13, 10, 14], [3, 7, 4, 8], [11, 15, 12, 16]]
    close(col2im(numbered(4, 4), (1, 1, 4, 4), 2, 2, 0), [[expected]])


@test_case(name="windows that overlap are added", points=0.5)
def test_overlap(col2im):
    # In the middle, the pixel of all four windows: 4 + 7 + 10 + 13
    expected = [[1, 7, 6], [12, 34, 22], [11, 27, 16]]
    close(col2im(numbered(4, 4), (1, 1, 3, 3), 2, 1, 0), [[expected]])
    close(col2im(numbered(4, 4), (1, 1, 3, 3), 2), [[expected]])


@test_case(name="2x3 windows of an image that is wider than high", points=0.25)
def test_oblong(col2im):
    expected = [[1, 5, 9, 6], [7, 17, 21, 12]]
    close(col2im(numbered(6, 2), (1, 1, 2, 4), (2, 3), 1, 0), [[expected]])


@test_case(name="padding 1 is cut off", points=0.5)
def test_padding(col2im):
    # Windows of one pixel, 4x4 of them: what is on the border fell on the padding
    close(col2im(numbered(1, 16), (1, 1, 2, 2), 1, 1, 1), [[[[6, 7], [10, 11]]]])


@test_case(name="the input stays as it was", points=0.25)
def test_unchanged(col2im):
    cols = numbered(1, 16)
    with unchanged(cols):
        image = col2im(cols, (1, 1, 2, 2), 1, 1, 1)
    close(image, [[[[6, 7], [10, 11]]]])
    # The same arrays, which nobody can write into
    cols = laid(cols, "read-only")
    close(col2im(cols, (1, 1, 2, 2), 1, 1, 1), [[[[6, 7], [10, 11]]]])
