"""q7_receptive_field, hidden: random chains of layers.

Strides stand where they, or pooling, are the question. Two numbers that are exchanged
are told by their values, and pay where the order is asked.
"""

from checks import case_rng, each, equal, in_any_order, in_order, one_close
from checks.architectures import (
    alexnet,
    avg_pool,
    batch_norm,
    conv,
    flatten,
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


def _conv(rng, **settings):
    return conv(4, int(rng.integers(2, 8)), **settings)


def _check(receptive_field, reference, chains):
    expected = [reference.receptive_field(chain) for chain in chains]
    got = each(receptive_field, [(chain,) for chain in chains])
    for answer, (size, jump) in zip(got, expected, strict=True):
        got_size, got_jump = in_any_order(answer, size=size, jump=jump)
        equal(got_size, size, what="size")
        equal(got_jump, jump, what="jump")


@test_case(name="convolutions without a stride", points=1.5, hidden=True)
def test_plain(receptive_field, reference):
    rng = case_rng()
    chains = [[_conv(rng) for _ in range(rng.integers(2, 7))] for _ in range(MANY)]
    _check(receptive_field, reference, chains)


@test_case(name="dilations", points=0.5, hidden=True)
def test_dilated(receptive_field, reference):
    rng = case_rng()
    chains = [
        [_conv(rng, dilation=int(rng.integers(2, 5))) for _ in range(3)]
        for _ in range(MANY)
    ]
    _check(receptive_field, reference, chains)


@test_case(name="padding and layers that change nothing", points=1, hidden=True)
def test_passed_over(receptive_field, reference):
    rng = case_rng()
    chains = []
    for _ in range(MANY):
        chain = [_conv(rng, padding=2), batch_norm(), relu(), conv(9, 1), sigmoid()]
        chain += [_conv(rng, padding=1), max_pool(3, 1, padding=1)]
        chains.append([*chain, global_avg_pool(), flatten(), linear(10)])
    _check(receptive_field, reference, chains)


@test_case(name="convolutions with strides", points=1, hidden=True)
def test_strided(receptive_field, reference):
    rng = case_rng()
    chains = [
        [_conv(rng, stride=int(s)) for s in (*rng.permutation([1, 2, 3, 2, 3]), 1)]
        for _ in range(MANY)
    ]
    _check(receptive_field, reference, chains)


@test_case(name="pooling of both kinds that overlaps", points=1, hidden=True)
def test_pooled(receptive_field, reference):
    rng = case_rng()
    chains = []
    for _ in range(MANY):
        chain = [_conv(rng), relu(), max_pool(int(rng.integers(2, 5)), 1)]
        chain += [_conv(rng), avg_pool(int(rng.integers(2, 5)), 1), _conv(rng)]
        chains.append(chain)
    _check(receptive_field, reference, chains)


@test_case(
    name="pooling with strides, a sampling layer, a strided 1x1",
    points=0.5,
    hidden=True,
)
def test_sampling(receptive_field, reference):
    rng = case_rng()
    chains = []
    for _ in range(MANY):
        chain = [_conv(rng), max_pool(3, 2), _conv(rng)]
        chain += [avg_pool(int(rng.integers(2, 5)), 3), _conv(rng)]
        chains.append([*chain, max_pool(2, 2, ceil_mode=True)])
        chain = [_conv(rng, stride=2), max_pool(1, 2), conv(9, 1, stride=3), _conv(rng)]
        chains.append(chain)
    _check(receptive_field, reference, chains)


@test_case(name="strides and dilations at once", points=0.5, hidden=True)
def test_all_at_once(receptive_field, reference):
    rng = case_rng()
    chains = [
        [_conv(rng, stride=s, dilation=int(rng.integers(2, 5))) for s in (1, 2, 1)]
        for _ in range(MANY)
    ]
    _check(receptive_field, reference, chains)


@test_case(name="AlexNet and VGG-19", points=0.5, hidden=True)
def test_networks(receptive_field):
    for layers, size in ((alexnet(), 195), (vgg(19), 268)):
        answer = receptive_field(layers)
        equal(in_any_order(answer, size=size, jump=32), (size, 32))


@test_case(name="the order of the two", points=1, hidden=True)
def test_order(receptive_field, reference):
    rng = case_rng()
    chain = [conv(4, int(rng.integers(5, 8)), stride=int(rng.integers(2, 5)))]
    size, jump = reference.receptive_field(chain)
    got_size, got_jump = in_order(receptive_field(chain), size=size, jump=jump)
    one_close((got_size, size), (got_jump, jump))
