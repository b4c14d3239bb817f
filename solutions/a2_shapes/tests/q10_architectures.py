"""q10_architectures, hidden: other images and classes, and random blocks."""

from checks import case_rng, equal
from checks.architectures import (
    alexnet,
    avg_pool,
    batch_norm,
    branches,
    conv,
    flatten,
    global_avg_pool,
    googlenet,
    inception,
    linear,
    max_pool,
    relu,
    residual,
    resnet,
    vgg,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_architectures"

MANY = 5


def _image(rng, step):
    """Return (3, h, w), never square, sides whole multiples of `step`."""
    h, w = step * rng.choice(range(4, 9), size=2, replace=False)
    return 3, int(h), int(w)


def _some(rng, count):
    """Return `count` different numbers of channels."""
    return rng.choice(range(3, 30), size=count, replace=False).tolist()


def _residual(rng, stride):
    """Return a block whose body sees further than its projection."""
    a, b = _some(rng, 2)
    body = [conv(a, int(rng.choice([3, 5])), stride=stride, padding=1, bias=False)]
    body[0]["padding"] = body[0]["kernel_size"] // 2
    body += [batch_norm(), relu(), conv(b, 3, padding=1)]
    return residual(body, [conv(b, 1, stride=stride, bias=False), batch_norm()])


def _split(rng):
    """Return branches that see 1, 5, 7 and 3 pixels, in a drawn order."""
    a, b, c, d, e = _some(rng, 5)
    paths = [
        [conv(a, 1), relu()],
        [conv(b, 1), conv(c, 5, padding=2)],
        [conv(d, 3, padding=1), relu(), conv(d, 5, padding=2, bias=False)],
        [max_pool(3, 1, padding=1), conv(e, 1)],
    ]
    return branches(*(paths[i] for i in rng.permutation(4)))


def _check(network_totals, reference, networks):
    expected = [reference.network_totals(*network) for network in networks]
    equal([network_totals(*network) for network in networks], expected)


@test_case(name="AlexNet and VGG on other images", points=1, hidden=True)
def test_chains(network_totals, reference):
    rng = case_rng()
    classes = int(rng.integers(5, 500))
    nets = [(vgg(16, classes), _image(rng, 32))]
    nets += [(alexnet("paper", classes), _image(rng, 32))]
    _check(network_totals, reference, nets)


@test_case(name="ResNets on other images", points=1.5, hidden=True)
def test_resnets(network_totals, reference):
    rng = case_rng()
    classes = int(rng.integers(5, 500))
    nets = [(resnet(depth, classes), _image(rng, 32)) for depth in (18, 50)]
    _check(network_totals, reference, nets)


@test_case(name="GoogLeNet on other images", points=1, hidden=True)
def test_googlenet(network_totals, reference):
    rng = case_rng()
    a, b, c, d, e, f = _some(rng, 6)
    module = inception(a, (b, c), (d, e), f)
    nets = [(googlenet(int(rng.integers(5, 500))), _image(rng, 32))]
    nets += [([conv(4, 3), module, conv(5, 3)], _image(rng, 10))]
    _check(network_totals, reference, nets)


@test_case(name="random residual blocks", points=1.5, hidden=True)
def test_random_residuals(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [conv(7, 3), _residual(rng, 2), relu(), _residual(rng, 1)]
        c = _some(rng, 1)[0]
        layers += [conv(c, 2), residual([conv(c, 3, padding=1), batch_norm()])]
        head = [global_avg_pool(), flatten(), linear(10)]
        nets.append(([*layers, *head], _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="branches, and a shortcut that sees further", points=1, hidden=True)
def test_random_branches(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [conv(4, 2, stride=2), _split(rng), relu(), _split(rng), conv(6, 3)]
        nets.append((layers, _image(rng, 8)))
        far = residual([conv(6, 1)], [conv(6, 7, padding=3)])
        layers = [conv(6, 3, stride=2), far, avg_pool(3, 2), far]
        nets.append((layers, _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="blocks inside blocks", points=1, hidden=True)
def test_nested(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        a, b = _some(rng, 2)
        inner = residual([conv(a, 3, padding=1), relu()])
        halves = [max_pool(2, 2), conv(a, 1), inner], [conv(b, 4, stride=2, padding=1)]
        layers = [branches(*halves), _residual(rng, 2), conv(3, 3)]
        nets.append((layers, _image(rng, 16)))
    _check(network_totals, reference, nets)
