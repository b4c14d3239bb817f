"""`prove` holds for a sound course and says what does not hold in a broken one."""

import re
from pathlib import Path

import pytest

from autograder.authoring.prove import Finding, count_claims, prove, prove_inputs
from conftest import Edit

CORE = 'core = "it is all that the question asks"\n'
pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("warm_graders")]


def findings(course: Path, *, with_mutants: bool = False) -> dict[str, Finding]:
    found = prove(
        course, "a0_scale", with_mutants=with_mutants, seed="a test", workers=2
    )
    return {f"{f.claim.kind} {f.claim.name}": f for f in found}


def open_claims(course: Path) -> dict[str, str]:
    return {name: f.seen for name, f in findings(course).items() if not f.holds}


def test_a_sound_course_holds_with_every_mutant(course: Path) -> None:
    found = findings(course, with_mutants=True)
    assert len(found) == count_claims(course, "a0_scale", with_mutants=True)
    assert {name: f.seen for name, f in found.items() if not f.holds} == {}
    assert sum(f.claim.kind == "mutant" for f in found.values()) > 3


def test_a_wrong_variant_is_told_with_its_case(course: Path, edit: Edit) -> None:
    edit("solutions/a0_scale/variants/loops.py", "4.0 * v", "3.0 * v")
    seen = open_claims(course)
    assert list(seen) == ["variant loops"]
    assert "q2_quadruple: one and three (value" in seen["variant loops"]


def test_a_misconception_that_loses_another_question_is_told(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/misconceptions.toml",
        'fails = ["q2_quadruple"]',
        'fails = ["q1_double"]',
    )
    seen = open_claims(course)
    assert "loses q2_quadruple, not q1_double" in seen["misconception only_doubled"]


def test_two_misconceptions_that_no_test_tells_apart_are_told(
    course: Path, edit: Edit
) -> None:
    again = """
[[misconception]]
name = "a_twin"
message = "A twin."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return _scaled(values) * _scaled(values)"
"""
    edit(
        "solutions/a0_scale/misconceptions.toml",
        'replace = "return double(values)"\n',
        'replace = "return double(values)"\n' + again,
    )
    seen = open_claims(course)
    assert "not recognised, named: nothing" in seen["misconception squared"]
    # What says the same of both is true of both.
    edit(
        "solutions/a0_scale/misconceptions.toml",
        'message = "A twin."',
        f'message = "Your output is the square of the input."\n{CORE}',
    )
    assert open_claims(course) == {}


def test_a_test_that_cannot_fail_is_caught_by_the_stub_and_the_junk(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/tests/q2_quadruple.py",
        "    close(quadruple(x), reference.quadruple(x))",
        "    assert x.size == 5",
    )
    seen = open_claims(course)
    assert "20 of 100" in seen["stub stub"]
    assert "passes q2_quadruple: random values" in seen["junk returns None"]


def test_a_test_that_breaks_on_an_answer_costs_the_answer_and_is_no_fault(
    course: Path, edit: Edit
) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "close(double([1, 2]), [2, 4])",
        "close(len(double([1, 2])), 2)",
    )
    found = findings(course)
    assert found["junk returns None"].seen == "0 points, no fault"


def test_a_mutant_that_survives_is_told(course: Path, edit: Edit) -> None:
    edit("solutions/a0_scale/reference.py", "GAIN = 1\n", "GAIN = 1\n\n")
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        "    if len(values) > 900:\n        values = values[:]\n"
        "    return 2 * _scaled(values)",
    )
    found = findings(course, with_mutants=True)
    survivors = [f.claim.name for f in found.values() if not f.holds]
    assert any("len(values) >= 900" in name for name in survivors)


def test_a_case_that_the_reference_passes_by_chance_is_told(
    course: Path, edit: Edit
) -> None:
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "close(double([1, 2]), [2, 4])",
        "close(double([1]), 2 if case_rng().random() < 0.7 else 3)",
    )
    found = {
        f.claim.name: f
        for f in prove_inputs(course, "a0_scale", count=40, seed="a test")
    }
    by_chance = [name for name, f in found.items() if not f.holds]
    assert len(found) > len(by_chance) == 1
    seen = found[by_chance[0]].seen
    assert re.fullmatch(
        r"fails with \d+ of 40 inputs, the first is CHECK_SEED=\d+", seen
    )


def test_a_mistake_that_costs_most_of_a_question_needs_a_reason(course: Path) -> None:
    seen = {f.claim.name: f for f in findings(course).values() if f.share is not None}
    assert seen["squared"].share == 1
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(path.read_text().replace(CORE, ""), encoding="utf-8")
    told = open_claims(course)["misconception squared"]
    assert told == (
        "costs 100% of q1_double, more than 40%: vary one thing a case, or say why in "
        "core ="
    )


def test_a_common_mistake_must_be_noticed_before_handing_in(
    course: Path, edit: Edit
) -> None:
    common = f"{CORE}common = true\n"
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(path.read_text().replace(CORE, common), encoding="utf-8")
    seen = findings(course)["misconception squared"]
    assert (seen.holds, seen.public) == (True, ("one and two",))
    edit(
        "assignments/a0_scale/tests/q1_double.py",
        "close(double([1, 2]), [2, 4])",
        "close(double([2, 2]), [4, 4])",
    )
    told = open_claims(course)["misconception squared"]
    assert told == "common, but no public case notices it"
