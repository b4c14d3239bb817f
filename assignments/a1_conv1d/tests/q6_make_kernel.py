"""q6_make_kernel, public: the kernels of 3 x 3, and a box of 5 x 5."""

from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_make_kernel"


@test_case(name="identity", points=0.5)
def test_identity(make_kernel):
    close(make_kernel("identity", 3), [[0, 0, 0], [0, 1, 0], [0, 0, 0]])


@test_case(name="a box of 3 and one of 5", points=1)
def test_box(make_kernel):
    close(make_kernel("box", 3), [[1 / 9] * 3] * 3)
    close(make_kernel("box", 5), [[1 / 25] * 5] * 5)


@test_case(name="sobel_x", points=0.5)
def test_sobel_x(make_kernel):
    close(make_kernel("sobel_x", 3), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@test_case(name="sobel_y", points=0.5)
def test_sobel_y(make_kernel):
    close(make_kernel("sobel_y", 3), [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])


@test_case(name="sharpen", points=0.5)
def test_sharpen(make_kernel):
    close(make_kernel("sharpen", 3), [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])


@test_case(name="the gaussian of size 3", points=0.5)
def test_gaussian(make_kernel):
    corner, side, centre = 0.0113437, 0.0838195, 0.6193470
    rows = [[corner, side, corner], [side, centre, side], [corner, side, corner]]
    close(make_kernel("gaussian", 3), rows)


@test_case(name="an even size is refused", points=0.5)
def test_even(make_kernel):
    make_kernel("box", 3)  # odd, so not refused
    raises(ValueError, make_kernel, "box", 4)


@test_case(name="an unknown name is refused", points=0.5)
def test_unknown(make_kernel):
    make_kernel("box", 3)  # known, so not refused
    raises(ValueError, make_kernel, "donut", 3)
