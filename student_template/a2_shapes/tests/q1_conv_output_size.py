"""q1_conv_output_size, public: sizes counted on fingers, and the slide's."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv_output_size"


@test_case(name="the slide's 100 pixels, kernel 5", points=1)
def test_slide(conv_output_size):
    equal(conv_output_size(100, 5), 96)
    equal(conv_output_size(5, 5), 1)


@test_case(name="padding at both ends", points=0.5)
def test_padding(conv_output_size):
    equal(conv_output_size(100, 5, padding=2), 100)
    # Four pixels and one more at each end: a kernel of 5 starts at two of the six.
    equal(conv_output_size(4, 5, padding=1), 2)


@test_case(name="a stride that leaves pixels over", points=1)
def test_stride(conv_output_size):
    # Kernel 3 on pixels 0-7: it starts at 0, 2 and 4; at 6 it would stick out.
    equal(conv_output_size(8, 3, stride=2), 3)
    # AlexNet's first layer.
    equal(conv_output_size(227, 11, stride=4), 55)
    # Starts at 0, 3 and 6; two pixels are left over.
    equal(conv_output_size(11, 3, stride=3), 3)


@test_case(name="a dilated kernel reaches further", points=1)
def test_dilation(conv_output_size):
    # Three weights with one pixel between them reach over five: starts 0, 1, 2.
    equal(conv_output_size(7, 3, dilation=2), 3)
    equal(conv_output_size(7, 3, dilation=3), 1)
    equal(conv_output_size(9, 1, dilation=3), 9)


@test_case(name="a kernel longer than the padded axis is refused", points=0.5)
def test_too_long(conv_output_size):
    conv_output_size(7, 6)  # fits, so not refused
    raises(ValueError, conv_output_size, 1, 4)
    raises(ValueError, conv_output_size, 4, 5)
