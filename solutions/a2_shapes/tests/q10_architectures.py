"""q10_architectures, hidden: chains, kinds of blocks, then the lecture's networks.

Linear layers stand in chains only, batch normalisation where it is the question and in
ResNets, so that each is paid for there. Numbers in another order are told by their
values, and pay where the order is asked.
"""

from checks import case_rng, each, equal, in_any_order, in_order, one_close
from checks.architectures import (
    alexnet,
    avg_pool,
    batch_norm,
    branches,
    conv,
    global_avg_pool,
    googlenet,
    inception,
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
HEAD = 2  # layers at the end of a ResNet or GoogLeNet: flatten, linear


def _image(rng, step):
    """Return (3, h, w), never square, sides whole multiples of `step`."""
    h, w = step * rng.choice(range(4, 9), size=2, replace=False)
    return 3, int(h), int(w)


def _some(rng, count):
    """Return `count` different numbers of channels."""
    return rng.choice(range(3, 30), size=count, replace=False).tolist()


def _projected(rng, stride):
    """Return a block whose body sees further than its projection."""
    a, b = _some(rng, 2)
    kernel = int(rng.choice([3, 5]))
    first = conv(a, kernel, stride=stride, padding=kernel // 2, bias=False)
    body = [first, relu(), conv(b, 3, padding=1)]
    return residual(body, [conv(b, 1, stride=stride, bias=False)])


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
    got = each(network_totals, networks)
    for answer, (params, macs, field) in zip(got, expected, strict=True):
        right = {"params": params, "macs": macs, "field": field}
        got_params, got_macs, got_field = in_any_order(answer, **right)
        equal(got_params, params, what="parameters")
        equal(got_macs, macs, what="MACs")
        equal(got_field, field, what="receptive field")


@test_case(name="AlexNet and VGG on other images", points=0.75, hidden=True)
def test_chains(network_totals, reference):
    rng = case_rng()
    classes = int(rng.integers(5, 500))
    nets = [(vgg(16, classes), _image(rng, 32))]
    nets += [(alexnet("paper", classes), _image(rng, 32))]
    _check(network_totals, reference, nets)


@test_case(
    name="residual blocks with nothing on the shortcut", points=0.75, hidden=True
)
def test_identity(network_totals, reference):
    rng = case_rng()
    nets = []
    for c, kernel in zip(_some(rng, MANY), rng.integers(1, 4, size=MANY), strict=True):
        block = residual([conv(c, 3, padding=1), relu(), conv(c, 5, padding=2)])
        nets.append(([conv(c, int(kernel)), block, conv(4, 3)], _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="residual blocks with a projection", points=0.75, hidden=True)
def test_projection(network_totals, reference):
    rng = case_rng()
    nets = [([conv(7, 3), _projected(rng, 1)], _image(rng, 8)) for _ in range(MANY)]
    _check(network_totals, reference, nets)


@test_case(name="strides inside blocks", points=0.5, hidden=True)
def test_strides(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [_projected(rng, 2), relu(), _projected(rng, 2), conv(5, 3)]
        nets.append((layers, _image(rng, 16)))
    _check(network_totals, reference, nets)


@test_case(name="batch normalisation inside blocks", points=0.5, hidden=True)
def test_norms(network_totals, reference):
    rng = case_rng()
    nets = []
    for c in _some(rng, MANY):
        block = residual([conv(c, 3, padding=1), batch_norm(), relu()])
        nets.append(([conv(c, 2), batch_norm(), block], _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="a shortcut that sees further", points=0.5, hidden=True)
def test_far_shortcut(network_totals, reference):
    rng = case_rng()
    nets = []
    for kernel in rng.integers(1, 4, size=MANY).tolist():
        far = residual([conv(6, 1)], [conv(6, 7, padding=3)])
        layers = [conv(6, kernel, stride=2), far, avg_pool(3, 2)]
        nets.append((layers, _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="branches", points=0.75, hidden=True)
def test_branches(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [conv(4, 2, stride=2), _split(rng), relu(), _split(rng), conv(6, 3)]
        nets.append((layers, _image(rng, 8)))
    _check(network_totals, reference, nets)


@test_case(name="blocks inside blocks", points=0.5, hidden=True)
def test_nested(network_totals, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        a, b = _some(rng, 2)
        inner = residual([conv(a, 3, padding=1), relu()])
        halves = [max_pool(2, 2), conv(a, 1), inner], [conv(b, 4, stride=2, padding=1)]
        layers = [branches(*halves), global_avg_pool(), conv(3, 1)]
        nets.append((layers, _image(rng, 16)))
    _check(network_totals, reference, nets)


@test_case(name="GoogLeNet and a module of it on other images", points=0.5, hidden=True)
def test_googlenet(network_totals, reference):
    rng = case_rng()
    a, b, c, d, e, f = _some(rng, 6)
    module = inception(a, (b, c), (d, e), f)
    nets = [(googlenet()[:-HEAD], _image(rng, 32))]
    nets += [([conv(4, 3), module, conv(5, 3)], _image(rng, 10))]
    _check(network_totals, reference, nets)


@test_case(name="ResNets on other images", points=0.5, hidden=True)
def test_resnets(network_totals, reference):
    rng = case_rng()
    nets = [(resnet(depth)[:-HEAD], _image(rng, 32)) for depth in (18, 50)]
    _check(network_totals, reference, nets)


@test_case(name="the order of the three", points=1, hidden=True)
def test_order(network_totals, reference):
    rng = case_rng()
    network = [conv(int(rng.integers(5, 20)), 3)], _image(rng, 2)
    names = ("params", "macs", "field")
    right = dict(zip(names, reference.network_totals(*network), strict=True))
    got = in_order(network_totals(*network), **right)
    one_close(*zip(got, right.values(), strict=True))
