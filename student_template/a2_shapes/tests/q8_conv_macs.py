"""q8_conv_macs, public: one product for each weight at each place."""

from checks import equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_conv_macs"


@test_case(name="the slide's layer: 96x96 places, 2400 products each", points=1)
def test_slide(conv_macs):
    equal(conv_macs((3, 100, 100), 32, 5), 96 * 96 * 2400)


@test_case(name="stride and padding change the number of places", points=1)
def test_places(conv_macs):
    # 4x3 places of a 3x3 kernel on 2 channels, 5 kernels.
    equal(conv_macs((2, 8, 6), 5, 3, stride=2, padding=1), 4 * 3 * 18 * 5)
    equal(conv_macs((2, 8, 6), 5, 3, padding="same"), 8 * 6 * 18 * 5)


@test_case(name="groups and kernels that are not square", points=1)
def test_groups(conv_macs):
    # 7x4 places; each of the 6 outputs has 2*3 weights for 2 of the 4 channels.
    equal(conv_macs((4, 8, 6), 6, (2, 3), groups=2), 7 * 4 * 12 * 6)


@test_case(name="a MAC is two FLOPs", points=1)
def test_flops(conv_flops):
    equal(conv_flops((3, 100, 100), 32, 5), 44236800)
