"""q3_output_size, public: sizes that you can count on paper."""

from checks import equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_output_size"


@test_case(name="stride 1, nothing else", points=1)
def test_plain(conv_transpose2d_output_size):
    equal(conv_transpose2d_output_size((5, 5), (3, 3), 1, 0, 0), (7, 7))


@test_case(name="stride 2", points=1)
def test_stride(conv_transpose2d_output_size):
    equal(conv_transpose2d_output_size((4, 4), (2, 2), 2, 0, 0), (8, 8))


@test_case(name="padding makes it smaller", points=1)
def test_padding(conv_transpose2d_output_size):
    equal(conv_transpose2d_output_size((6, 6), (5, 5), 1, 2, 0), (6, 6))


@test_case(name="output_padding, and an image that is not square", points=1)
def test_output_padding(conv_transpose2d_output_size):
    equal(conv_transpose2d_output_size((7, 9), (3, 3), 2, 0, 1), (16, 20))


@test_case(name="output_padding as large as the stride is refused", points=1)
def test_refused(conv_transpose2d_output_size):
    equal(conv_transpose2d_output_size((5, 5), (4, 4), 3, 0, 2), (18, 18))
    raises(ValueError, conv_transpose2d_output_size, (5, 5), (3, 3), 2, 1, 2)
    raises(ValueError, conv_transpose2d_output_size, (5, 5), (3, 3), 1, 0, 1)


@test_case(name="which output_padding gives n again", points=1)
def test_inverse(output_padding_for):
    ways = [(10, 3, 2, 1), (11, 3, 2, 1), (12, 5, 3, 0), (13, 5, 3, 0), (15, 4, 4, 1)]
    answers = [output_padding_for(*way) for way in ways]
    equal(answers, [1, 0, 1, 2, 1])
