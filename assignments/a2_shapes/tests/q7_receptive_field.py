"""q7_receptive_field, public: small stacks by hand, then whole networks."""

from checks import equal, in_any_order, in_order, one_close
from checks.architectures import avg_pool, conv, lenet5, max_pool, relu, vgg
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_receptive_field"


def _sees(receptive_field, layers, size, jump):
    got_size, got_jump = in_any_order(receptive_field(layers), size=size, jump=jump)
    equal(got_size, size, what="size")
    equal(got_jump, jump, what="jump")


@test_case(name="one layer, and none", points=0.5)
def test_one_layer(receptive_field):
    _sees(receptive_field, [], 1, 1)
    _sees(receptive_field, [conv(8, 5)], 5, 1)
    _sees(receptive_field, [conv(8, 5, padding=2)], 5, 1)


@test_case(name="two 3x3 see what a 5x5 sees", points=1)
def test_stack(receptive_field):
    _sees(receptive_field, [conv(8, 3), relu(), conv(8, 3)], 5, 1)
    _sees(receptive_field, [conv(8, 3)] * 3, 7, 1)


@test_case(name="a stride, and what comes behind it", points=0.5)
def test_stride(receptive_field):
    _sees(receptive_field, [conv(8, 5, stride=2)], 5, 2)
    # 3, then 3 + 2*3
    _sees(receptive_field, [conv(8, 3, stride=3), conv(8, 3)], 9, 3)


@test_case(name="why downsample: three 3x3 with pooling between them", points=0.5)
def test_downsampling(receptive_field):
    # conv 3; pool sees 4, jumps 2; conv 4 + 2*2 = 8; pool 8 + 2 = 10, jumps 4;
    # conv 10 + 2*4 = 18.
    layers = [conv(8, 3), max_pool(2, 2), conv(8, 3), avg_pool(2, 2), conv(8, 3)]
    _sees(receptive_field, layers, 18, 4)


@test_case(name="a dilated kernel", points=0.5)
def test_dilated(receptive_field):
    _sees(receptive_field, [conv(8, 3, dilation=2)], 5, 1)
    _sees(receptive_field, [conv(8, 2), conv(8, 3, dilation=3)], 8, 1)


@test_case(name="LeNet-5 and VGG-16", points=0.5)
def test_networks(receptive_field):
    _sees(receptive_field, lenet5(), 16, 4)
    _sees(receptive_field, vgg(16), 212, 32)


@test_case(name="the size comes first, then the jump", points=1)
def test_order(receptive_field):
    answer = receptive_field([conv(8, 5, stride=2)])
    size, jump = in_order(answer, size=5, jump=2)
    # Who reckons one of the two wrongly pays for that above.
    one_close((size, 5), (jump, 2))
