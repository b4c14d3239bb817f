"""q5_make_stage, hidden: the reference's weights, with blocks that widen."""

from checks import case_rng, equal
from checks.blocks import PlainBlock, WideBlock
from checks.networks import stage_shapes
from checks.transplant import compare_networks, small_images
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_make_stage"


@test_case(name="blocks that give twice the channels", points=2, hidden=True)
def test_wide(make_stage, reference):
    arguments = [WideBlock, 3, 4, 3, 2]
    expected = stage_shapes(reference.make_stage, arguments, (1, 3, 9, 10))
    equal(stage_shapes(make_stage, arguments, (1, 3, 9, 10)), expected)


@test_case(name="with the same weights the same map", points=3, hidden=True)
def test_weights(make_stage, reference):
    rng = case_rng()
    x = small_images(rng, 2, 4, 12, 9)
    for arguments in ([PlainBlock, 4, 6, 3, 2], [PlainBlock, 4, 4, 2, 1]):
        compare_networks(make_stage, reference.make_stage, arguments, x, rng)
