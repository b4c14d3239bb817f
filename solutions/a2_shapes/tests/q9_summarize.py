"""q9_summarize, hidden: one kind of layer after the other, then whole networks."""

from checks import case_rng, each, equal, fields, in_any_order, in_order, one_close
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


def _conv(rng, *, bias=True, dilation=1):
    """Return a convolution, its channels, kernel, stride and padding drawn."""
    c_out, kernel, stride, padding = rng.integers((6, 2, 1, 0), (20, 5, 3, 3)).tolist()
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    return conv(c_out, kernel, bias=bias, **settings)


def _named(row):
    return dict(zip(("type", "output shape", "parameters"), row, strict=True))


def _check(summarize, reference, networks):
    expected = [reference.summarize(*network) for network in networks]
    got = each(summarize, networks)
    for rows, right in zip(got, expected, strict=True):
        several = fields(rows, *(f"row {i}" for i in range(1, len(right) + 1)))
        pairs = zip(several, right, strict=True)
        parts = [in_any_order(row, **_named(values)) for row, values in pairs]
        kinds, shapes, learned = zip(*right, strict=True)
        equal([kind for kind, _, _ in parts], kinds, what="types")
        equal([shape for _, shape, _ in parts], shapes, what="output shapes")
        equal([count for _, _, count in parts], learned, what="parameters")


@test_case(name="one convolution with strides and padding", points=0.75, hidden=True)
def test_conv(summarize, reference):
    rng = case_rng()
    _check(summarize, reference, [([_conv(rng)], _image(rng)) for _ in range(MANY)])


@test_case(name="dilations", points=0.5, hidden=True)
def test_dilations(summarize, reference):
    rng = case_rng()
    spreads = rng.integers(2, 5, size=MANY).tolist()
    nets = [([_conv(rng, dilation=spread)], _image(rng)) for spread in spreads]
    _check(summarize, reference, nets)


@test_case(name="convolutions behind one another", points=0.75, hidden=True)
def test_convs(summarize, reference):
    rng = case_rng()
    nets = [([_conv(rng), _conv(rng)], _image(rng)) for _ in range(MANY)]
    _check(summarize, reference, nets)


@test_case(name="convolutions without bias", points=0.5, hidden=True)
def test_no_bias(summarize, reference):
    rng = case_rng()
    nets = [([_conv(rng, bias=False)], _image(rng)) for _ in range(MANY)]
    _check(summarize, reference, nets)


@test_case(name="groups", points=1, hidden=True)
def test_groups(summarize, reference):
    rng = case_rng()
    nets = []
    for groups in (2, 3, 4):
        c_in, c_out = groups * rng.integers((2, 8), (8, 16))
        _, h, w = _image(rng)
        nets.append(([conv(int(c_out), 3, groups=groups)], (int(c_in), h, w)))
    _check(summarize, reference, nets)


@test_case(name="max pooling", points=0.5, hidden=True)
def test_max_pool(summarize, reference):
    rng = case_rng()
    nets = []
    for kernel, stride in rng.integers((2, 1), (5, 5), size=(MANY, 2)).tolist():
        layers = [max_pool(kernel, stride, padding=1), max_pool(kernel, 2)]
        nets.append((layers, _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="average pooling, ceil_mode", points=0.5, hidden=True)
def test_avg_pool(summarize, reference):
    rng = case_rng()
    nets = []
    for kernel in rng.integers(2, 5, size=MANY).tolist():
        layers = [avg_pool(kernel, 3, ceil_mode=True), avg_pool(2, 2, ceil_mode=True)]
        nets.append((layers, _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="batch normalisation", points=0.75, hidden=True)
def test_norms(summarize, reference):
    rng = case_rng()
    nets = [([_conv(rng), batch_norm()], _image(rng)) for _ in range(MANY)]
    nets += [([batch_norm()], _image(rng)) for _ in range(MANY)]
    _check(summarize, reference, nets)


@test_case(name="a flatten and linear layers", points=0.75, hidden=True)
def test_flatten(summarize, reference):
    rng = case_rng()
    nets = []
    for a, b in rng.integers(5, 50, size=(MANY, 2)).tolist():
        head = [flatten(), linear(a, bias=False), linear(b)]
        nets.append(([_conv(rng), max_pool(3, 2), *head], _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="a global average and a linear layer", points=0.5, hidden=True)
def test_average(summarize, reference):
    rng = case_rng()
    nets = []
    for a in rng.integers(5, 50, size=MANY).tolist():
        head = [global_avg_pool(), flatten(), linear(a)]
        nets.append(([_conv(rng), *head], _image(rng)))
    _check(summarize, reference, nets)


@test_case(name="activations have a row", points=0.5, hidden=True)
def test_activations(summarize, reference):
    rng = case_rng()
    nets = [([relu(), _conv(rng), sigmoid()], _image(rng)) for _ in range(MANY)]
    _check(summarize, reference, nets)


@test_case(name="AlexNet and VGG on other images", points=1, hidden=True)
def test_networks(summarize, reference):
    rng = case_rng()
    h, w = 32 * rng.choice(range(4, 9), size=2, replace=False)
    image, classes = (3, int(h), int(w)), int(rng.integers(5, 500))
    nets = [(alexnet("paper", classes), image), (alexnet("drawn", classes), image)]
    nets += [(vgg(16, classes), image), (vgg(19, classes), image)]
    _check(summarize, reference, nets)


@test_case(name="the order in a row", points=1, hidden=True)
def test_order(summarize, reference):
    rng = case_rng()
    network = [conv(int(rng.integers(5, 20)), 3)], _image(rng)
    (right,) = reference.summarize(*network)
    (row,) = fields(summarize(*network), "row 1")
    _, *got = in_order(row, **_named(right))
    one_close(*zip(got, right[1:], strict=True))
