"""q10_architectures, public: the networks of the lecture against the published numbers.

(params, macs, field); MACs without the bias, ResNets with the stride on the 3x3.
"""

from checks import equal
from checks.architectures import (
    alexnet,
    branches,
    conv,
    googlenet,
    lenet5,
    relu,
    residual,
    resnet,
    vgg,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_architectures"


@test_case(name="LeNet-5 and three AlexNets", points=1)
def test_lenet_alexnet(network_totals):
    equal(network_totals(lenet5(), (1, 28, 28)), (61706, 416520, 16))
    drawn = network_totals(alexnet("drawn"), (3, 224, 224))
    equal(drawn, (50844008, 1009945728, 195))
    ungrouped = network_totals(alexnet("ungrouped"), (3, 227, 227))
    equal(ungrouped, (62378344, 1135256096, 195))
    paper = network_totals(alexnet("paper"), (3, 227, 227))
    equal(paper, (60965224, 724406816, 195))


@test_case(name="VGG-16 and VGG-19", points=0.5)
def test_vgg(network_totals):
    equal(network_totals(vgg(16), (3, 224, 224)), (138357544, 15470264320, 212))
    equal(network_totals(vgg(19), (3, 224, 224)), (143667240, 19632062464, 268))


@test_case(name="one residual block and one of branches, by hand", points=1)
def test_blocks(network_totals):
    # 3*3*2*4 + 3*3*4*4 weights in the body at 5x6 places, 2*4 in the shortcut.
    body = [conv(4, 3, stride=2, padding=1, bias=False), relu()]
    body += [conv(4, 3, padding=1, bias=False)]
    block = residual(body, [conv(4, 1, stride=2, bias=False)])
    equal(network_totals([block], (2, 10, 12)), (224, 6720, 7))
    # 1x1 to 3 channels and 3x3 to 2; the last layer gets all 5.
    split = branches([conv(3, 1)], [conv(2, 3, padding=1)])
    layers = [split, conv(1, 3, bias=False)]
    params = (1 * 3 + 3) + (9 * 2 + 2) + 9 * 5
    macs = 6 * 7 * (3 + 18) + 4 * 5 * 45
    equal(network_totals(layers, (1, 6, 7)), (params, macs, 5))


@test_case(name="GoogLeNet", points=1)
def test_googlenet(network_totals):
    equal(network_totals(googlenet(), (3, 224, 224)), (6998552, 1582671872, 715))


@test_case(name="ResNet-18 and ResNet-34", points=0.5)
def test_resnet_basic(network_totals):
    equal(network_totals(resnet(18), (3, 224, 224)), (11689512, 1814073344, 435))
    equal(network_totals(resnet(34), (3, 224, 224)), (21797672, 3663761408, 899))


@test_case(name="ResNet-50, ResNet-101 and ResNet-152", points=1)
def test_resnet_bottleneck(network_totals):
    equal(network_totals(resnet(50), (3, 224, 224)), (25557032, 4089184256, 427))
    equal(network_totals(resnet(101), (3, 224, 224)), (44549160, 7801405440, 971))
    equal(network_totals(resnet(152), (3, 224, 224)), (60192808, 11513626624, 1451))
