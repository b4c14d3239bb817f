"""q10_architectures, public: by hand, then the lecture's networks as published.

(params, macs, field); MACs without the bias, ResNets with the stride on the 3x3.
"""

from checks import equal, in_any_order, in_order, one_close
from checks.architectures import (
    alexnet,
    branches,
    conv,
    flatten,
    googlenet,
    lenet5,
    linear,
    relu,
    residual,
    resnet,
    vgg,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_architectures"


def _compare(totals, params, macs, field):
    right = {"params": params, "macs": macs, "field": field}
    got_params, got_macs, got_field = in_any_order(totals, **right)
    equal(got_params, params, what="parameters")
    equal(got_macs, macs, what="MACs")
    equal(got_field, field, what="receptive field")


@test_case(name="a convolution and a linear layer, by hand", points=0.5)
def test_chain(network_totals):
    # 2 kernels of 9 weights at 4x3 places; 24 pixels to 5 outputs.
    layers = [conv(2, 3), flatten(), linear(5)]
    params, macs = 18 + 2 + 24 * 5 + 5, 4 * 3 * 18 + 24 * 5
    _compare(network_totals(layers, (1, 6, 5)), params, macs, 3)


@test_case(name="a residual block with nothing on its shortcut, by hand", points=0.5)
def test_identity(network_totals):
    # The block's 4 channels go on: 3 kernels of 4 weights behind it.
    layers = [residual([conv(4, 3, padding=1, bias=False)]), conv(3, 1, bias=False)]
    _compare(network_totals(layers, (4, 8, 8)), 144 + 12, 64 * (144 + 12), 3)


@test_case(name="a residual block with a projection, by hand", points=0.5)
def test_projection(network_totals):
    # 3*3*2*4 + 3*3*4*4 weights in the body at 5x6 places, 2*4 in the shortcut.
    body = [conv(4, 3, stride=2, padding=1, bias=False), relu()]
    body += [conv(4, 3, padding=1, bias=False)]
    block = residual(body, [conv(4, 1, stride=2, bias=False)])
    _compare(network_totals([block], (2, 10, 12)), 224, 6720, 7)


@test_case(name="a shortcut that sees further, by hand", points=0.5)
def test_far_shortcut(network_totals):
    # 9 weights of the 3x3 on the shortcut and 1 of the body, both at 6x7 places.
    block = residual([conv(1, 1, bias=False)], [conv(1, 3, padding=1, bias=False)])
    _compare(network_totals([block], (1, 6, 7)), 10, 420, 3)


@test_case(name="branches, by hand", points=0.5)
def test_branches(network_totals):
    # 1x1 to 3 channels and 3x3 to 2; the last layer gets all 5.
    split = branches([conv(3, 1)], [conv(2, 3, padding=1)])
    layers = [split, conv(1, 3, bias=False)]
    params = (1 * 3 + 3) + (9 * 2 + 2) + 9 * 5
    macs = 6 * 7 * (3 + 18) + 4 * 5 * 45
    _compare(network_totals(layers, (1, 6, 7)), params, macs, 5)


@test_case(name="LeNet-5 and three AlexNets", points=0.25)
def test_lenet_alexnet(network_totals):
    _compare(network_totals(lenet5(), (1, 28, 28)), 61706, 416520, 16)
    drawn = network_totals(alexnet("drawn"), (3, 224, 224))
    _compare(drawn, 50844008, 1009945728, 195)
    ungrouped = network_totals(alexnet("ungrouped"), (3, 227, 227))
    _compare(ungrouped, 62378344, 1135256096, 195)
    paper = network_totals(alexnet("paper"), (3, 227, 227))
    _compare(paper, 60965224, 724406816, 195)


@test_case(name="VGG-16 and VGG-19", points=0.25)
def test_vgg(network_totals):
    _compare(network_totals(vgg(16), (3, 224, 224)), 138357544, 15470264320, 212)
    _compare(network_totals(vgg(19), (3, 224, 224)), 143667240, 19632062464, 268)


@test_case(name="GoogLeNet", points=0.25)
def test_googlenet(network_totals):
    _compare(network_totals(googlenet(), (3, 224, 224)), 6998552, 1582671872, 715)


@test_case(name="ResNet-18 and ResNet-34", points=0.25)
def test_resnet_basic(network_totals):
    _compare(network_totals(resnet(18), (3, 224, 224)), 11689512, 1814073344, 435)
    _compare(network_totals(resnet(34), (3, 224, 224)), 21797672, 3663761408, 899)


@test_case(name="ResNet-50, ResNet-101 and ResNet-152", points=0.5)
def test_resnet_bottleneck(network_totals):
    _compare(network_totals(resnet(50), (3, 224, 224)), 25557032, 4089184256, 427)
    _compare(network_totals(resnet(101), (3, 224, 224)), 44549160, 7801405440, 971)
    _compare(network_totals(resnet(152), (3, 224, 224)), 60192808, 11513626624, 1451)


@test_case(name="parameters come first, then MACs, then the field", points=1)
def test_order(network_totals):
    # 2 kernels of 9 weights and a bias each, at 4x3 places.
    totals = network_totals([conv(2, 3)], (1, 6, 5))
    params, macs, field = in_order(totals, params=20, macs=216, field=3)
    # Who reckons some of them wrongly pays for that above.
    one_close((params, 20), (macs, 216), (field, 3))
