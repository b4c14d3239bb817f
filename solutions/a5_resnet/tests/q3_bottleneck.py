"""q3_bottleneck, hidden: the reference's weights, in both modes, both ways."""

from checks import case_rng
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_bottleneck"


@test_case(name="stride 1, the same channels", points=4, hidden=True)
def test_plain(Bottleneck, reference):
    rng = case_rng()
    x = small_images(rng, 3, 12, 6, 7)
    compare_networks(Bottleneck, reference.Bottleneck, [12, 3, 1], x, rng)


@test_case(name="stride 2, other channels", points=4, hidden=True)
def test_stride(Bottleneck, reference):
    rng = case_rng()
    x = small_images(rng, 3, 6, 9, 8)
    compare_networks(Bottleneck, reference.Bottleneck, [6, 4, 2], x, rng)


@test_case(name="stride 1, other channels", points=2, hidden=True)
def test_channels(Bottleneck, reference):
    rng = case_rng()
    x = small_images(rng, 2, 5, 6, 6)
    compare_networks(Bottleneck, reference.Bottleneck, [5, 3], x, rng)
