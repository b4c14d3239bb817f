"""q5_linear_params, hidden: random layers, and networks with less plain answers."""

from checks import case_rng, each, equal
from checks.architectures import (
    batch_norm,
    conv,
    flatten,
    global_avg_pool,
    linear,
    relu,
    sigmoid,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_linear_params"

MANY = 12


def _front(rng, stride):
    """Return layers that shrink a map to one pixel in `stride` along each axis."""
    channels = rng.integers(2, 20, size=2).tolist()
    kernel = stride + int(rng.integers(0, 3))
    layers = [conv(channels[0], kernel, stride=stride), batch_norm(), relu()]
    return [*layers, conv(channels[1], 3, padding=1), sigmoid()]


def _head(rng):
    return [flatten(), linear(int(rng.integers(5, 50))), relu(), linear(10)]


def _sides(rng):
    """Return a height and a width that differ by 30 at least."""
    height = int(rng.integers(40, 80))
    return height, height + int(rng.integers(30, 60))


def _check(can_infer, reference, nets):
    expected = [reference.can_infer(*net) for net in nets]
    equal(each(can_infer, nets), expected)


@test_case(name="random linear layers", points=1, hidden=True)
def test_random_linear(linear_params, reference):
    sizes = case_rng().integers((2, 30), (30, 99), size=(MANY, 2)).tolist()
    settings = [*((*s, True) for s in sizes), *map(tuple, sizes)]
    expected = [reference.linear_params(*s) for s in settings]
    equal(each(linear_params, settings), expected, what="parameters")


@test_case(name="random linear layers without bias", points=1, hidden=True)
def test_random_no_bias(linear_params, reference):
    sizes = case_rng().integers((2, 30), (30, 99), size=(MANY, 2)).tolist()
    expected = [reference.linear_params(*s, False) for s in sizes]
    equal(
        each(linear_params, [(*s, False) for s in sizes]), expected, what="parameters"
    )


@test_case(name="a flatten: the same size, higher, wider", points=1, hidden=True)
def test_flatten(can_infer, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [*_front(rng, 2), *_head(rng)]
        h, w = _sides(rng)
        sizes = [(h, w), (h + 20, w), (h, w + 20), (2 * h, 2 * w)]
        nets += [(layers, (h, w), size) for size in sizes]
    _check(can_infer, reference, nets)


@test_case(name="a stride that hides a pixel more", points=0.5, hidden=True)
def test_hidden_pixel(can_infer, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        layers = [*_front(rng, 3), *_head(rng)]
        kernel = layers[0]["kernel_size"]
        h, w = (kernel + 3 * int(n) for n in rng.choice(range(8, 30), 2, replace=False))
        sizes = [(h + 1, w), (h, w + 2), (h + 2, w + 1), (h + 3, w), (h, w - 1)]
        nets += [(layers, (h, w), size) for size in sizes]
    _check(can_infer, reference, nets)


@test_case(name="as many numbers in another shape", points=0.5, hidden=True)
def test_same_number(can_infer, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        h, w = 2 * rng.integers((10, 20), (20, 40))
        layers = [conv(int(rng.integers(2, 9)), 1), relu(), *_head(rng)]
        sizes = [(2 * h, w // 2), (h // 2, 2 * w), (w, h), (h, w + 1)]
        nets += [(layers, (int(h), int(w)), (int(a), int(b))) for a, b in sizes]
    _check(can_infer, reference, nets)


@test_case(name="no flatten, or an average first", points=0.5, hidden=True)
def test_any_size(can_infer, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        h, w = _sides(rng)
        average = [*_front(rng, 2), global_avg_pool(), *_head(rng)]
        for layers in (_front(rng, 3), average):
            nets += [(layers, (h, w), (h + 9, w - 9)), (layers, (h, w), (3 * w, h))]
    _check(can_infer, reference, nets)


@test_case(name="an image too small for the kernels", points=0.5, hidden=True)
def test_too_small(can_infer, reference):
    rng = case_rng()
    nets = []
    for _ in range(MANY):
        kernel = int(rng.integers(4, 9))
        layers = [conv(8, kernel), relu(), conv(8, kernel), global_avg_pool()]
        h, w = _sides(rng)
        least = 2 * kernel - 1
        sizes = [(h, w), (least - 1, w), (h, least - 1), (least - 1, least - 1)]
        nets += [(layers, (h, w), size) for size in sizes]
    _check(can_infer, reference, nets)
