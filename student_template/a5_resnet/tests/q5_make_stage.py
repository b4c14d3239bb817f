"""q5_make_stage, public: the shapes after every block."""

from checks import equal
from checks.blocks import PlainBlock, WideBlock
from checks.networks import stage_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_make_stage"


@test_case(name="three blocks, the first with stride 2", points=2)
def test_shapes(make_stage):
    shapes = stage_shapes(make_stage, [PlainBlock, 4, 6, 3, 2], (1, 4, 9, 12))
    equal(shapes, [(1, 6, 5, 6)] * 3, what="the shapes after every block")


@test_case(name="blocks that give twice the channels", points=0.5)
def test_wide(make_stage):
    shapes = stage_shapes(make_stage, [WideBlock, 4, 3, 2, 1], (1, 4, 5, 6))
    equal(shapes, [(1, 6, 5, 6)] * 2, what="the shapes after every block")


@test_case(name="one block with stride 1", points=1)
def test_one(make_stage):
    shapes = stage_shapes(make_stage, [PlainBlock, 4, 3, 1, 1], (2, 4, 5, 5))
    equal(shapes, [(2, 3, 5, 5)], what="the shapes after every block")
