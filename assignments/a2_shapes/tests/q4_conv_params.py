"""q4_conv_params, public: the slide's layer, counted weight by weight."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv_params"


@test_case(name="the slide's layer: 2432, not 2430", points=1)
def test_slide(conv_params):
    equal(conv_params(3, 32, 5), 5 * 5 * 3 * 32 + 32, what="parameters")
    equal(conv_params(3, 32, 5), 2432, what="parameters")


@test_case(name="without bias", points=1)
def test_no_bias(conv_params):
    equal(conv_params(3, 32, 5, bias=False), 2400, what="parameters")
    equal(conv_params(16, 7, 1, bias=False), 112, what="parameters")


@test_case(name="a kernel that is not square", points=0.5)
def test_not_square(conv_params):
    # Six weights a kernel, for the one input channel; 4 kernels, 4 biases.
    equal(conv_params(1, 4, (2, 3)), 6 * 4 + 4, what="parameters")


@test_case(name="groups", points=0.5)
def test_groups(conv_params):
    # Two groups: 3 of the 6 input channels for each of the 4 kernels.
    equal(conv_params(6, 4, 1, bias=False, groups=2), 12, what="parameters")


@test_case(name="every channel by itself", points=0.5)
def test_depthwise(conv_params):
    # 8 kernels of 9 weights, 8 biases.
    equal(conv_params(8, 8, 3, groups=8), 80, what="parameters")


@test_case(name="groups that do not divide the channels are refused", points=1)
def test_bad_groups(conv_params):
    conv_params(6, 4, 3, groups=2)  # divides both, so not refused
    raises(ValueError, conv_params, 4, 6, 3, groups=3)
    raises(ValueError, conv_params, 6, 4, 3, groups=3)
