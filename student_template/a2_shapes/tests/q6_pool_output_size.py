"""q6_pool_output_size, public: windows counted by hand."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_pool_output_size"


@test_case(name="figure 14-8 drops a column", points=1)
def test_figure(pool_output_size):
    equal(pool_output_size(5, 2), 2)
    equal(pool_output_size(6, 2), 3)
    equal(pool_output_size(5, 2, ceil_mode=True), 3)


@test_case(name="overlapping, padded and too large windows", points=1)
def test_overlap(pool_output_size):
    # AlexNet's pooling and ResNet's.
    equal(pool_output_size(55, 3, stride=2), 27)
    equal(pool_output_size(112, 3, stride=2, padding=1), 56)
    # Pixels 0-3, windows of 3 from 0 and from 2: the second hangs over the end.
    equal(pool_output_size(4, 3, stride=2, ceil_mode=True), 2)
    raises(ValueError, pool_output_size, 2, 3)
