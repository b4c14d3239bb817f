"""q3_bottleneck, hidden: the reference's weights, one thing after the other."""

from checks import case_rng
from checks.transplant import compare_networks, large_images, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_bottleneck"


@test_case(name="narrowed to a single channel", points=0.5, hidden=True)
def test_single(Bottleneck, reference):
    # A shortcut of one channel can be added to four without an error.
    rng = case_rng()
    x = large_images(rng, 3, 4, 6, 7)
    compare_networks(
        *(Bottleneck, reference.Bottleneck, [4, 1, 1], x, rng),
        train=[False],
        backward=False,
    )


@test_case(name="stride 1, the same channels", points=2, hidden=True)
def test_plain(Bottleneck, reference):
    rng = case_rng()
    x = large_images(rng, 3, 12, 6, 7)
    compare_networks(
        *(Bottleneck, reference.Bottleneck, [12, 3, 1], x, rng),
        train=[False],
        backward=False,
    )


@test_case(name="the gradient of the input", points=1.5, hidden=True)
def test_gradient(Bottleneck, reference):
    rng = case_rng()
    x = large_images(rng, 3, 8, 5, 6)
    compare_networks(Bottleneck, reference.Bottleneck, [8, 2, 1], x, rng, train=[False])


@test_case(name="train mode: statistics of the batch", points=1.5, hidden=True)
def test_train(Bottleneck, reference):
    rng = case_rng()
    x = large_images(rng, 4, 8, 6, 5)
    compare_networks(
        *(Bottleneck, reference.Bottleneck, [8, 2, 1], x, rng),
        train=[True],
        backward=False,
    )


@test_case(name="stride 2, the same channels", points=1.5, hidden=True)
def test_stride(Bottleneck, reference):
    rng = case_rng()
    x = large_images(rng, 3, 12, 8, 7)
    compare_networks(
        *(Bottleneck, reference.Bottleneck, [12, 3, 2], x, rng),
        train=[False],
        backward=False,
    )


@test_case(name="stride 1, other channels", points=1.5, hidden=True)
def test_channels(Bottleneck, reference):
    rng = case_rng()
    for arguments in ([5, 3], [4, 4]):
        x = large_images(rng, 2, arguments[0], 6, 5)
        compare_networks(
            *(Bottleneck, reference.Bottleneck, arguments, x, rng),
            train=[False],
            backward=False,
        )


@test_case(name="all at once, on small numbers", points=1, hidden=True)
def test_all(Bottleneck, reference):
    rng = case_rng()
    x = small_images(rng, 3, 6, 9, 8)
    compare_networks(Bottleneck, reference.Bottleneck, [6, 4, 2], x, rng)
