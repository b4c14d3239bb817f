"""q6_pool_output_size, public: windows counted by hand."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_pool_output_size"


@test_case(name="figure 14-8 drops a column", points=0.5)
def test_figure(pool_output_size):
    equal(pool_output_size(5, 2), 2)
    equal(pool_output_size(6, 2), 3)


@test_case(name="overlapping and padded windows", points=0.5)
def test_overlap(pool_output_size):
    # AlexNet's pooling and ResNet's.
    equal(pool_output_size(55, 3, stride=2), 27)
    equal(pool_output_size(112, 3, stride=2, padding=1), 56)
    # Pixels 0-3 with one more at each end: windows of 2 from -1, 1 and 3.
    equal(pool_output_size(4, 2, stride=2, padding=1), 3)


@test_case(name="ceil_mode keeps the column", points=0.5)
def test_ceil(pool_output_size):
    equal(pool_output_size(5, 2, stride=2, ceil_mode=True), 3)
    # Pixels 0-3, windows of 2 from 0 and from 2: nothing is left over.
    equal(pool_output_size(4, 2, stride=2, ceil_mode=True), 2)


@test_case(name="ceil_mode where a window would see padding only", points=0.5)
def test_ceil_padding(pool_output_size):
    # Pixels 0-3 with one more at each end: windows from -1, 1 and 3; the one from 5
    # would start in the padding.
    equal(pool_output_size(4, 2, stride=2, padding=1, ceil_mode=True), 3)
    # Pixels 0-4: the one from 5 would again, though a pixel is left over behind 4.
    equal(pool_output_size(5, 2, stride=2, padding=1, ceil_mode=True), 3)


@test_case(name="a window longer than the axis is refused", points=0.5)
def test_too_long(pool_output_size):
    pool_output_size(3, 3)  # fits, so not refused
    raises(ValueError, pool_output_size, 2, 3)
