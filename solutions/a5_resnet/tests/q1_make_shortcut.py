"""q1_make_shortcut, hidden: the reference's weights, at stride 1, 2 and 3."""

from checks import case_rng
from checks.transplant import compare_networks, large_images, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_make_shortcut"


@test_case(name="stride 2 and the same channels", points=2, hidden=True)
def test_stride(make_shortcut, reference):
    rng = case_rng()
    x = large_images(rng, 3, 5, 8, 7)
    compare_networks(
        make_shortcut, reference.make_shortcut, [5, 5, 2], x, rng, backward=False
    )


@test_case(name="stride 1 and other channels", points=2, hidden=True)
def test_channels(make_shortcut, reference):
    rng = case_rng()
    for arguments in ([4, 7, 1], [6, 2, 1]):
        x = large_images(rng, 3, arguments[0], 6, 7)
        compare_networks(
            make_shortcut, reference.make_shortcut, arguments, x, rng, backward=False
        )


@test_case(name="both at once, other strides and a single pixel", points=1, hidden=True)
def test_both(make_shortcut, reference):
    rng = case_rng()
    for arguments, size in (
        ([4, 6, 2], (9, 8)),
        ([4, 6, 3], (7, 9)),
        ([1, 2, 2], (1, 1)),
    ):
        x = small_images(rng, 3, arguments[0], *size)
        compare_networks(make_shortcut, reference.make_shortcut, arguments, x, rng)
