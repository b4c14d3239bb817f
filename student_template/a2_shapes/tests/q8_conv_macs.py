"""q8_conv_macs, public: one product for each weight at each place."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_conv_macs"


@test_case(name="the slide's layer: 96x96 places, 2400 products each", points=1)
def test_slide(conv_macs):
    equal(conv_macs((3, 100, 100), 32, 5), 96 * 96 * 2400, what="MACs")


@test_case(name="stride and padding change the number of places", points=0.5)
def test_places(conv_macs):
    # 4x3 places of a 3x3 kernel, one channel in and one out.
    equal(conv_macs((1, 8, 6), 1, 3, stride=2, padding=1), 4 * 3 * 9, what="MACs")
    equal(conv_macs((1, 8, 6), 1, 3, padding="same"), 8 * 6 * 9, what="MACs")


@test_case(name="dilation changes the number of places", points=0.5)
def test_dilation(conv_macs):
    # A 3x3 kernel that reaches over 5x5 pixels: 4x2 places, still 9 weights.
    equal(conv_macs((1, 8, 6), 1, 3, dilation=2), 4 * 2 * 9, what="MACs")


@test_case(name="a kernel that is not square", points=0.5)
def test_not_square(conv_macs):
    equal(conv_macs((1, 8, 6), 1, (2, 3)), 7 * 4 * 6, what="MACs")


@test_case(name="groups", points=0.5)
def test_groups(conv_macs):
    # 8x6 places; each of the 6 outputs has 9 weights for 2 of the 4 channels.
    equal(conv_macs((4, 8, 6), 6, 3, padding=1, groups=2), 8 * 6 * 18 * 6, what="MACs")


@test_case(name="a MAC is two FLOPs", points=1)
def test_flops(conv_flops):
    # 25 products and 25 additions at each pixel.
    flops = conv_flops((1, 100, 100), 1, 5, padding="same")
    equal(flops, 100 * 100 * 50, what="FLOPs")


@test_case(name="a kernel that does not fit is refused", points=0.5)
def test_too_large(conv_macs):
    conv_macs((1, 4, 4), 1, 4)  # fits, so not refused
    raises(ValueError, conv_macs, (1, 4, 4), 1, 5)
