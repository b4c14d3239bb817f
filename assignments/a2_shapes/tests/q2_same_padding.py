"""q2_same_padding, public: zeros counted by hand."""

from checks import equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_same_padding"


@test_case(name="odd kernels at stride 1", points=1.5)
def test_odd(same_padding):
    equal(same_padding(100, 5), (2, 2))
    equal(same_padding(7, 3), (1, 1))
    equal(same_padding(7, 1), (0, 0))


@test_case(name="an even kernel has its extra zero on the right", points=1)
def test_even(same_padding):
    equal(same_padding(10, 2), (0, 1))
    equal(same_padding(10, 4), (1, 2))


@test_case(name="a stride needs fewer zeros", points=0.5)
def test_stride(same_padding):
    # Pixels 0-8, starts at 0, 3, 6: all of it fits without a zero.
    equal(same_padding(9, 3, stride=3), (0, 0))
    # 10 pixels, stride 3: 4 outputs, the last kernel covers 9, 10, 11.
    equal(same_padding(10, 3, stride=3), (1, 1))


@test_case(name="the slide's stride 2: an odd number of zeros", points=0.5)
def test_slide(same_padding):
    # 50 outputs: the last kernel starts 98 pixels after the first and ends at 102.
    equal(same_padding(100, 5, stride=2), (1, 2))


@test_case(name="never fewer than no zeros", points=0.5)
def test_none(same_padding):
    equal(same_padding(8, 1, stride=2), (0, 0))
    equal(same_padding(9, 1, stride=4), (0, 0))
    equal(same_padding(9, 3, stride=1), (1, 1))


@test_case(name="a dilated kernel needs more", points=0.5)
def test_dilation(same_padding):
    equal(same_padding(20, 3, dilation=3), (3, 3))
