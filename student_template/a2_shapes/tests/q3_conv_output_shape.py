"""q3_conv_output_shape, public: the slide's table, and images that are not square."""

from checks import equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_conv_output_shape"


@test_case(name="the slide's table, row 1: same", points=0.5)
def test_slide_same(conv_output_shape):
    equal(conv_output_shape((3, 100, 100), 32, 5, padding="same"), (32, 100, 100))


@test_case(name="the slide's table, row 2: same with stride 2", points=1)
def test_slide_stride(conv_output_shape):
    equal(conv_output_shape((1, 100, 100), 32, 5, 2, "same"), (32, 50, 50))


@test_case(name="the slide's table, row 3: the ???", points=1)
def test_slide_valid(conv_output_shape):
    equal(conv_output_shape((3, 100, 100), 32, 5, padding="valid"), (32, 96, 96))
    equal(conv_output_shape((3, 100, 100), 32, 5), (32, 96, 96))


@test_case(name="height and width each have their own", points=1.5)
def test_not_square(conv_output_shape):
    equal(conv_output_shape((3, 48, 64), 8, 5), (8, 44, 60))
    equal(conv_output_shape((3, 48, 64), 8, (3, 5), padding=(0, 2)), (8, 46, 64))
    equal(conv_output_shape((3, 48, 64), 8, 3, stride=(1, 2)), (8, 46, 31))
    equal(conv_output_shape((3, 48, 64), 8, 3, dilation=(2, 1)), (8, 44, 62))
