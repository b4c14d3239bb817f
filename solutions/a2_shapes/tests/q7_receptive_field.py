"""q7_receptive_field, hidden: random chains of layers."""

from checks import case_rng, equal
from checks.architectures import (
    alexnet,
    avg_pool,
    batch_norm,
    conv,
    global_avg_pool,
    linear,
    max_pool,
    relu,
    sigmoid,
    vgg,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_receptive_field"

MANY = 12


def _conv(rng, *, stride=1, dilation=1):
    kernel = int(rng.integers(2, 8))
    padding = int(rng.integers(0, 3))
    return conv(4, kernel, stride=stride, padding=padding, dilation=dilation)


def _check(receptive_field, reference, chains):
    expected = [reference.receptive_field(chain) for chain in chains]
    equal([receptive_field(chain) for chain in chains], expected)


@test_case(name="convolutions without a stride", points=1, hidden=True)
def test_plain(receptive_field, reference):
    rng = case_rng()
    chains = [[_conv(rng) for _ in range(rng.integers(2, 7))] for _ in range(MANY)]
    _check(receptive_field, reference, chains)


@test_case(name="convolutions with strides", points=1.5, hidden=True)
def test_strided(receptive_field, reference):
    rng = case_rng()
    chains = [
        [_conv(rng, stride=int(s)) for s in (*rng.permutation([1, 2, 3, 2, 3]), 1)]
        for _ in range(MANY)
    ]
    _check(receptive_field, reference, chains)


@test_case(name="convolutions and pooling of both kinds", points=1.5, hidden=True)
def test_pooled(receptive_field, reference):
    rng = case_rng()
    chains = []
    for _ in range(MANY):
        chain = [_conv(rng), relu(), max_pool(3, 2, padding=1), _conv(rng), sigmoid()]
        chain += [avg_pool(int(rng.integers(2, 5)), 3), batch_norm(), _conv(rng)]
        chains.append([*chain, max_pool(2, 2, ceil_mode=True)])
    _check(receptive_field, reference, chains)


@test_case(name="dilations", points=1, hidden=True)
def test_dilated(receptive_field, reference):
    rng = case_rng()
    chains = [
        [_conv(rng, stride=s, dilation=int(rng.integers(2, 5))) for s in (1, 2, 1)]
        for _ in range(MANY)
    ]
    _check(receptive_field, reference, chains)


@test_case(name="a sampling layer, a 1x1, and a head behind", points=1, hidden=True)
def test_borders(receptive_field, reference):
    rng = case_rng()
    chains = []
    for _ in range(MANY):
        chain = [_conv(rng, stride=2), max_pool(1, 2), conv(9, 1, stride=3), _conv(rng)]
        chains.append([*chain, global_avg_pool(), linear(10)])
    _check(receptive_field, reference, chains)


@test_case(name="AlexNet and VGG-19", points=1, hidden=True)
def test_networks(receptive_field):
    equal(receptive_field(alexnet()), (195, 32))
    equal(receptive_field(vgg(19)), (268, 32))
