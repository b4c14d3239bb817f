"""q3_output_size, hidden: sizes of every kind."""

from checks import case_rng, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_output_size"


def _compare(conv_transpose2d_output_size, reference, draw):
    rng = case_rng()
    for _ in range(6):
        layer = draw(rng)
        expected = reference.conv_transpose2d_output_size(*layer)
        equal(conv_transpose2d_output_size(*layer), expected)


@test_case(name="random square sizes, stride 1", points=0.5, hidden=True)
def test_plain(conv_transpose2d_output_size, reference):
    def draw(rng):
        n, k = (int(v) for v in rng.integers(3, 30, size=2))
        return (n, n), (k, k), 1, 0, 0

    _compare(conv_transpose2d_output_size, reference, draw)


@test_case(name="random strides", points=1, hidden=True)
def test_stride(conv_transpose2d_output_size, reference):
    def draw(rng):
        n, k, stride = (int(v) for v in rng.integers(2, 20, size=3))
        return (n, n), (k, k), stride, 0, 0

    _compare(conv_transpose2d_output_size, reference, draw)


@test_case(name="random padding", points=1, hidden=True)
def test_padding(conv_transpose2d_output_size, reference):
    def draw(rng):
        n, padding = int(rng.integers(9, 30)), int(rng.integers(1, 5))
        return (n, n), (5, 5), 1, padding, 0

    _compare(conv_transpose2d_output_size, reference, draw)


@test_case(name="random output_padding", points=1, hidden=True)
def test_output_padding(conv_transpose2d_output_size, reference):
    def draw(rng):
        n, more = int(rng.integers(5, 30)), int(rng.integers(1, 4))
        return (n, n), (3, 3), 5, 0, more

    _compare(conv_transpose2d_output_size, reference, draw)


@test_case(name="images and kernels that are not square", points=1, hidden=True)
def test_oblong(conv_transpose2d_output_size, reference):
    def draw(rng):
        h, w, kh, kw = (int(v) for v in rng.permutation(20)[:4] + 2)
        return (h, w), (kh, kw), 1, 0, 0

    _compare(conv_transpose2d_output_size, reference, draw)


@test_case(name="padding that leaves one value, or nothing", points=0.5, hidden=True)
def test_nothing_left(conv_transpose2d_output_size):
    n = int(case_rng().integers(2, 5))
    size = 2 * n + 1, 2 * n + 1
    equal(conv_transpose2d_output_size(size, (1, 1), 1, n, 0), (1, 1))
    for layer in ((size, (1, 2), 1, n + 1, 0), ((5, 9), (1, 1), 1, 3, 0)):
        raises(ValueError, conv_transpose2d_output_size, *layer)
    raises(ValueError, conv_transpose2d_output_size, (9, 4), (1, 1), 1, 2, 0)


@test_case(name="random layers back to n", points=2, hidden=True)
def test_inverse(output_padding_for, reference):
    rng = case_rng()
    wanted, answers = [], []
    for _ in range(12):
        kernel, stride, padding = (int(v) for v in rng.integers((1, 2, 0), (8, 6, 4)))
        n = kernel + int(rng.integers(0, 30))
        wanted.append(reference.output_padding_for(n, kernel, stride, padding))
        answers.append(output_padding_for(n, kernel, stride, padding))
    equal(answers, wanted)


@test_case(name="stride 1 leaves nothing over", points=1, hidden=True)
def test_inverse_stride_1(output_padding_for):
    rng = case_rng()
    n, more = int(rng.integers(8, 30)), int(rng.integers(0, 3))
    answers = [output_padding_for(n, 3, stride, 1) for stride in (1, n, n - 1)]
    equal(answers, [0, n - 1, 0])
    equal(output_padding_for(n + more, n, 3, 0), more)
