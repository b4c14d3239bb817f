"""q7_inception, hidden: the reference's weights; all branches differ in size."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_inception"


@test_case(name="the same weights give the same map", points=5, hidden=True)
def test_transplant(InceptionModule, reference):
    rng = case_rng()
    x = small_images(rng, 2, 6, 9, 8)
    arguments = [6, 5, [3, 7], [2, 4], 8]
    compare_networks(InceptionModule, reference.InceptionModule, arguments, x, rng)


@test_case(name="other sizes, on negative maps", points=4, hidden=True)
def test_negative(InceptionModule, reference):
    rng = case_rng()
    x = small_images(rng, 2, 4, 5, 7) - 1
    arguments = [4, 3, [5, 6], [2, 9], 7]
    compare_networks(InceptionModule, reference.InceptionModule, arguments, x, rng)
