"""q7_gradient, public: an edge and two ramps, by hand."""

from checks import close
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_gradient"


@test_case(name="the strength of a horizontal edge", points=1)
def test_edge(gradient_magnitude):
    image = [[0, 0, 0], [0, 0, 0], [5, 5, 5], [5, 5, 5]]
    close(gradient_magnitude(image), [[0] * 3, [20] * 3, [20] * 3, [0] * 3])


@test_case(name="a ramp that rises to the right", points=1)
def test_rising(signed_edge):
    close(signed_edge([[0, 1, 2, 3]] * 3), [[3, 6, 6, 3]] * 3)


@test_case(name="a ramp that falls to the right", points=1)
def test_falling(signed_edge):
    close(signed_edge([[9, 6, 3, 0]] * 3), [[-9, -18, -18, -9]] * 3)
