"""q6_make_kernel, hidden: every odd size, every even one refused."""

from checks import close, each, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_make_kernel"

ODD = (5, 7, 3, 9)
NAMES = ("identity", "box", "gaussian", "sobel_x", "sobel_y", "sharpen")


def _compare(make_kernel, reference, name, sizes=ODD):
    got = each(make_kernel, [(name, size) for size in sizes])
    for answer, size in zip(got, sizes, strict=True):
        close(answer, reference.make_kernel(name, size))


@test_case(name="identity of several sizes", points=1, hidden=True)
def test_identity(make_kernel, reference):
    _compare(make_kernel, reference, "identity")


@test_case(name="box of several sizes", points=1.5, hidden=True)
def test_box(make_kernel, reference):
    _compare(make_kernel, reference, "box")


@test_case(name="gaussian of several sizes", points=2, hidden=True)
def test_gaussian(make_kernel, reference):
    _compare(make_kernel, reference, "gaussian")


@test_case(name="an even size is refused, whatever the name", points=0.5, hidden=True)
def test_even(make_kernel):
    for name in NAMES:
        make_kernel(name, 3)  # odd, so not refused
        for size in (2, 4, 6):
            raises(ValueError, make_kernel, name, size)


@test_case(name="kernels of one value", points=0.5, hidden=True)
def test_one(make_kernel, reference):
    for name in ("identity", "box", "gaussian"):
        _compare(make_kernel, reference, name, (1,))
