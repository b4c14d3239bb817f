"""q1_make_shortcut, hidden: the reference's weights, at stride 1, 2 and 3."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_make_shortcut"


@test_case(name="stride 2 and other channels", points=2, hidden=True)
def test_both(make_shortcut, reference):
    rng = case_rng()
    for stride in (2, 3):
        x = small_images(rng, 3, 4, 9, 8)
        compare_networks(make_shortcut, reference.make_shortcut, [4, 6, stride], x, rng)


@test_case(name="stride 2 and the same channels", points=1.5, hidden=True)
def test_stride(make_shortcut, reference):
    rng = case_rng()
    x = small_images(rng, 3, 5, 8, 7)
    compare_networks(make_shortcut, reference.make_shortcut, [5, 5, 2], x, rng)


@test_case(name="stride 1 and other channels", points=1.5, hidden=True)
def test_channels(make_shortcut, reference):
    rng = case_rng()
    x = small_images(rng, 3, 4, 6, 7)
    compare_networks(make_shortcut, reference.make_shortcut, [4, 7, 1], x, rng)
