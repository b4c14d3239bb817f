"""q3_conv_output_shape, public: the slide's table, and images that are not square."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_conv_output_shape"


@test_case(name="the slide's table, row 1: same", points=0.5)
def test_slide_same(conv_output_shape):
    equal(conv_output_shape((3, 100, 100), 32, 5, padding="same"), (32, 100, 100))


@test_case(name="the slide's table, row 2: same with stride 2", points=0.5)
def test_slide_stride(conv_output_shape):
    equal(conv_output_shape((1, 100, 100), 32, 5, 2, "same"), (32, 50, 50))


@test_case(name="the slide's table, row 3: the ???", points=0.5)
def test_slide_valid(conv_output_shape):
    equal(conv_output_shape((3, 100, 100), 32, 5, padding="valid"), (32, 96, 96))
    equal(conv_output_shape((3, 100, 100), 32, 5), (32, 96, 96))


@test_case(name="an image that is not square", points=0.5)
def test_not_square(conv_output_shape):
    equal(conv_output_shape((1, 48, 64), 1, 5), (1, 44, 60))


@test_case(name="height and width each have their own kernel", points=0.5)
def test_kernel_pair(conv_output_shape):
    equal(conv_output_shape((1, 50, 50), 1, (3, 5)), (1, 48, 46))


@test_case(name="their own stride, padding and dilation", points=0.5)
def test_other_pairs(conv_output_shape):
    equal(conv_output_shape((1, 50, 50), 1, 3, stride=(1, 2)), (1, 48, 24))
    equal(conv_output_shape((1, 50, 50), 1, 5, padding=(0, 2)), (1, 46, 50))
    equal(conv_output_shape((1, 50, 50), 1, 3, dilation=(2, 1)), (1, 46, 48))


@test_case(name="same, with a dilated kernel", points=0.5)
def test_same_dilated(conv_output_shape):
    equal(conv_output_shape((1, 50, 50), 1, 3, 1, "same", dilation=2), (1, 50, 50))


@test_case(name="a kernel too high, and one too wide", points=0.5)
def test_too_large(conv_output_shape):
    conv_output_shape((1, 4, 4), 1, (4, 4))  # fits, so not refused
    raises(ValueError, conv_output_shape, (1, 4, 4), 1, (5, 4))
    raises(ValueError, conv_output_shape, (1, 4, 4), 1, (4, 5))
