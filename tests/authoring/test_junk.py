"""Files in which nothing is solved, as `prove` hands them in."""

from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.authoring.junk import BY_CHANCE, junk
from autograder.course.assignment import load

COURSE = Path(autograder.__file__).parents[1]


def test_every_function_of_the_small_course_is_answered_without_work(
    course: Path,
) -> None:
    files = list(junk(load(course, "a0_scale")))
    assert len({one.name for one in files}) == len(files)
    for one in files:
        module: dict[str, object] = {}
        exec(one.source, module)  # noqa: S102 - our own
        assert callable(module["double"])
        assert callable(module["quadruple"])


def test_a_copied_public_case_is_all_that_its_file_answers(course: Path) -> None:
    files = {one.name: one for one in junk(load(course, "a0_scale"))}
    copy = files["copies “one and two” of q1_double"]
    assert copy.most == 30
    module: dict[str, object] = {}
    exec(copy.source, module)  # noqa: S102 - our own
    double: Any = module["double"]
    quadruple: Any = module["quadruple"]
    assert double([1, 2]) == [2, 4]
    for function, values in ((double, [1, 3]), (quadruple, [1, 2])):
        with pytest.raises(ValueError, match=r"double|quadruple"):
            function(values)


def test_zeros_of_the_right_shape_are_zeros_of_the_right_shape(course: Path) -> None:
    files = {one.name: one for one in junk(load(course, "a0_scale"))}
    module: dict[str, object] = {}
    exec(files["returns zeros of the right shape"].source, module)  # noqa: S102 - our own
    double: Any = module["double"]
    assert double([1, 2]).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["a1_conv1d", "a2_shapes", "a3_layers"])
def test_a_copied_answer_is_worth_no_more_than_chance(name: str) -> None:
    files = junk(load(COURSE, name))
    assert [one.name for one in files if one.most > BY_CHANCE] == []
