"""Public stand-ins: with one in the place of a wrong function, what builds on that is
right; and none is a right answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest
import torch
from checks import collected_notes, collected_offers, use_seed
from checks.blocks import STAND_INS, LargerOf, LargerOfWide, LeakyShortcut, resized

import autograder
from autograder.course.assignment import Assignment, Question, load, module_from

COURSE = Path(autograder.__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.torch]

NONE = "        return torch.relu(out + self.shortcut(x))\n"
FIRST = "        self.conv1 = nn"
STARTED = "    if in_channels == out_channels and stride == 1:\n"
STUB = "raise NotImplementedError\n"
WRONG: Mapping[str, tuple[str, str, str]] = {
    "a projection with a 3x3 kernel": (
        "make_shortcut",
        "kernel_size=1, stride=stride, bias=False",
        "kernel_size=3, padding=1, stride=stride",
    ),
    "a projection where nothing changes": (
        "make_shortcut",
        STARTED + "        return nn.Identity()\n",
        "",
    ),
    "a shortcut that is not started": (
        "make_shortcut",
        STARTED,
        f"    {STUB}{STARTED}",
    ),
    "a block that returns nothing": ("BasicBlock", NONE, NONE.replace("return ", "")),
    "a block that is not started": ("BasicBlock", FIRST, f"        {STUB}{FIRST}"),
    "a block without its second normalisation": (
        "BasicBlock",
        "out = self.bn2(self.conv2(out))",
        "out = self.conv2(out)",
    ),
    "a stage that is not started": (
        "make_stage",
        "    blocks = []\n",
        f"    {STUB}    blocks = []\n",
    ),
}
"""The function that is wrong, and an edit of the reference that makes it so."""


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load(COURSE, "a5_resnet")


def module(
    assignment: Assignment, source: str, stand_ins: Sequence[str] = ()
) -> ModuleType:
    made = module_from(source, assignment.secret / "reference.py")
    vars(made).update({name: STAND_INS[name] for name in stand_ins})
    return made


def lost(
    assignment: Assignment,
    student: ModuleType,
    reference: ModuleType,
    questions: Sequence[Question],
) -> set[tuple[str, str]]:
    """Return question and name of each case that fails, run in this process."""
    found = set()
    for question in questions:
        names = (*question.functions, *question.builds_on)
        for case in assignment.cases[question.name]:
            environment = {name: getattr(student, name) for name in names}
            environment |= assignment.secrets.environment()
            with use_seed(7), collected_notes(), collected_offers():
                try:
                    case.run({**environment, "reference": reference})
                except Exception:  # noqa: BLE001 a wrong network raises whatever it does
                    found.add((question.name, case.source.name))
    return found


def built_on(assignment: Assignment, function: str) -> list[Question]:
    """Return the questions that build on a function, themselves or by another."""
    return [
        question
        for question in assignment.manifest.question
        if function in assignment.foundations(question)
    ]


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_costs_its_own_question_and_nothing_that_builds_on_it(
    assignment: Assignment, name: str
) -> None:
    function, find, replace = WRONG[name]
    assert assignment.reference_source.count(find) == 1
    source = assignment.reference_source.replace(find, replace)
    asked = built_on(assignment, function)
    assert asked
    first = lost(assignment, module(assignment, source), assignment.reference, asked)
    assert first
    student = module(assignment, source, [function])
    ours = module(assignment, assignment.reference_source, [function])
    assert not lost(assignment, student, ours, asked) & first


def test_the_reference_is_right_with_every_stand_in_at_once(
    assignment: Assignment,
) -> None:
    source = assignment.reference_source
    # The reference finds a bottleneck's last layer by a name that is its own.
    names = sorted(STAND_INS.keys() - {"Bottleneck"})
    student, ours = (module(assignment, source, names) for _ in range(2))
    others = [
        question
        for question in assignment.manifest.question
        if question.builds_on and not STAND_INS.keys() & set(question.functions)
    ]
    assert [q.name for q in others] == [
        "q4_zero_init_residual",
        "q6_resnet",
        "q10_build_from_reference",
    ]
    assert not lost(assignment, student, ours, others)


@pytest.mark.parametrize("name", sorted(STAND_INS))
def test_a_stand_in_is_no_answer(assignment: Assignment, name: str) -> None:
    student = module(assignment, assignment.reference_source, [name])
    question = assignment.question_of(name)
    failing = {
        case for _, case in lost(assignment, student, assignment.reference, [question])
    }
    cases = assignment.cases[question.name]
    points = sum(c.source.points for c in cases if c.source.name not in failing)
    assert points <= 0.25 * assignment.points(question.name)
    assert {case.source.name for case in cases if case.source.hidden} <= failing


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("channels", "wanted"), [(4, 4), (4, 7), (5, 3)])
def test_stand_ins_give_the_shape_of_what_they_stand_in_for(
    channels: int, wanted: int, stride: int
) -> None:
    x = torch.randn(2, channels, 7, 10)
    size = (-(-7 // stride), -(-10 // stride))
    assert LeakyShortcut(channels, wanted, stride)(x).shape == (2, wanted, *size)
    assert LargerOf(channels, wanted, stride)(x).shape == (2, wanted, *size)
    assert LargerOfWide(channels, wanted, stride)(x).shape == (2, 4 * wanted, *size)


def test_what_does_not_change_is_not_resized() -> None:
    x = torch.randn(1, 3, 4, 4)
    assert resized(x, 3, 1) is x


def test_a_shortcut_for_other_channels_than_it_gets_is_told() -> None:
    with pytest.raises(RuntimeError, match="for 3 channels was given 4 channels"):
        LeakyShortcut(3, 3, 1)(torch.zeros(1, 4, 2, 2))
