"""q10_build_from_reference, public: a small network comes back as it was."""

from checks import case_rng, equal
from checks.networks import rebuilt
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_build_from_reference"


@test_case(name="the same logits, in eval mode", points=1.5)
def test_same(build_from_reference, ResNet, BasicBlock):
    x = case_rng().normal(size=(3, 1, 12, 12))
    facts = rebuilt(build_from_reference, ResNet, [BasicBlock, [1, 1], 10], x)
    equal([facts["same"], facts["trains"]], [True, False])
