"""q5_make_stage, hidden: the reference's weights, with blocks that widen."""

from checks import case_rng, equal
from checks.blocks import PlainBlock, WideBlock
from checks.networks import stage_shapes
from checks.transplant import compare_networks, large_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_make_stage"


@test_case(name="more blocks that give twice the channels", points=1.5, hidden=True)
def test_wide(make_stage, reference):
    for arguments in ([WideBlock, 3, 4, 3, 1], [WideBlock, 3, 4, 2, 2]):
        expected = stage_shapes(reference.make_stage, arguments, (1, 3, 9, 10))
        got = stage_shapes(make_stage, arguments, (1, 3, 9, 10))
        equal(got, expected, what="the shapes after every block")


@test_case(name="stride 1: the same weights give the same map", points=1.5, hidden=True)
def test_channels(make_stage, reference):
    rng = case_rng()
    for arguments in ([PlainBlock, 4, 6, 2, 1], [PlainBlock, 4, 4, 3, 1]):
        x = large_images(rng, 2, 4, 7, 9)
        compare_networks(
            make_stage, reference.make_stage, arguments, x, rng, train=[False]
        )


@test_case(name="stride 2: the same weights give the same map", points=1.5, hidden=True)
def test_stride(make_stage, reference):
    rng = case_rng()
    for arguments in ([PlainBlock, 4, 4, 1, 2], [PlainBlock, 4, 6, 3, 2]):
        x = large_images(rng, 2, 4, 12, 9)
        compare_networks(
            make_stage, reference.make_stage, arguments, x, rng, train=[False]
        )
