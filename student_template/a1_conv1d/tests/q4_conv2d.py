"""q4_conv2d, public: an impulse, a row kernel and a shift, by hand."""

from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv2d"

IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
SHIFT = [[0, 0, 0], [0, 0, 1], [0, 0, 0]]


@test_case(name="an impulse gives the kernel", points=1.5)
def test_impulse(conv2d):
    impulse = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    expected = [[0] * 5, [0, 1, 2, 3, 0], [0, 4, 5, 6, 0], [0, 7, 8, 9, 0]]
    close(conv2d(impulse, IMAGE, "same", "zero"), expected)


@test_case(name="a kernel of one row, full and valid", points=1.5)
def test_row(conv2d):
    image = [[1, 2, 3], [4, 5, 6]]
    close(conv2d(image, [[1, 10]], "full", "zero"), [[1, 12, 23, 30], [4, 45, 56, 60]])
    close(conv2d(image, [[1, 10]], "valid", "zero"), [[12, 23], [45, 56]])


@test_case(name="what comes in from each boundary", points=1)
def test_boundaries(conv2d):
    first = {"zero": (0, 0, 0), "reflect": (2, 5, 8)}
    first |= {"replicate": (1, 4, 7), "circular": (3, 6, 9)}
    for boundary, column in first.items():
        expected = [[c, *row[:2]] for c, row in zip(column, IMAGE, strict=True)]
        close(conv2d(IMAGE, SHIFT, "same", boundary), expected)


@test_case(name="same, with an even kernel", points=0.5)
def test_even(conv2d):
    close(conv2d([[1, 2], [3, 4]], [[1, 10]], "same", "zero"), [[1, 12], [3, 34]])


@test_case(name="an unknown mode and an unknown boundary are refused", points=0.5)
def test_refused(conv2d):
    raises(ValueError, conv2d, IMAGE, SHIFT, "wide", "zero")
    raises(ValueError, conv2d, IMAGE, SHIFT, "same", "fog")
