"""q9_summarize, hidden: random chains of every simple layer, and whole networks."""

from checks import case_rng, equal
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

name = "q9_summarize"

MANY = 6


def _image(rng):
    """Return (c, h, w), never square."""
    h = int(rng.integers(40, 60))
    return int(rng.integers(1, 5)), h, h + int(rng.integers(20, 40))


def _convs(rng, *, bias=True):
    """Return two convolutions with an activation, every knob drawn."""
    c1 = int(rng.integers(6, 12))
    c2 = 2 * c1 + int(rng.integers(2, 5))
    first = conv(
        c1, int(rng.integers(2, 6)), padding=int(rng.integers(0, 3)), bias=bias
    )
    second = conv(
        c2,
        int(rng.integers(2, 4)),
        stride=int(rng.integers(1, 3)),
        dilation=int(rng.integers(1, 4)),
        bias=bias,
    )
    return [first, relu(), second, sigmoid()]


def _check(summarize, reference, networks):
    expected = [reference.summarize(*network) for network in networks]
    equal([summarize(*network) for network in networks], expected)


@test_case(name="random convolutions", points=1.5, hidden=True)
def test_random_convs(summarize, reference):
    rng = case_rng()
    nets = [(_convs(rng), _image(rng)) for _ in range(MANY)]
    nets += [(_convs(rng, bias=False), _image(rng)) for _ in range(MANY)]
    _check(summarize, reference, nets)


@test_case(name="random groups", points=1, hidden=True)
def test_random_groups(summarize, reference):
    rng = case_rng()
    nets = []
    for groups in (2, 3, 4):
        c1, c2 = groups * rng.integers((2, 8), (8, 16))
        layers = [conv(int(c1), 3), conv(int(c2), 3, groups=groups), relu()]
        nets.append((layers, _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="random pooling of both kinds", points=1.5, hidden=True)
def test_random_pools(summarize, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        a, b = rng.integers(2, 5, size=2).tolist()
        pools = [max_pool(a, 2, padding=1), avg_pool(b, 3, ceil_mode=True)]
        layers = [conv(5, 3), relu(), pools[0], conv(7, 3), pools[1]]
        nets.append((layers, _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="random networks with batch normalisation", points=1.5, hidden=True)
def test_random_norms(summarize, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        one, _, two, _ = _convs(rng, bias=False)
        layers = [one, batch_norm(), relu(), two, batch_norm(), relu()]
        nets.append(([*layers, global_avg_pool()], _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="random networks with a flatten", points=1.5, hidden=True)
def test_random_heads(summarize, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        a, b = rng.integers(5, 50, size=2).tolist()
        head = [flatten(), linear(a, bias=False), relu(), linear(b)]
        nets.append(([*_convs(rng), max_pool(3, 2), *head], _image(rng)))
        nets.append(([*_convs(rng), global_avg_pool(), *head], _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="AlexNet and VGG on other images", points=2, hidden=True)
def test_networks(summarize, reference):
    rng = case_rng()
    h, w = 32 * rng.choice(range(4, 9), size=2, replace=False)
    image, classes = (3, int(h), int(w)), int(rng.integers(5, 500))
    nets = [(alexnet("paper", classes), image), (alexnet("drawn", classes), image)]
    nets += [(vgg(16, classes), image), (vgg(19, classes), image)]
    _check(summarize, reference, nets)
