import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.authoring.measure import Measured, costs_of
from autograder.cli import main
from autograder.course.assignment import load
from autograder.course.costs import Cost, read_costs

pytestmark = pytest.mark.sandbox
SLOW = """import time


def double(values):
    started = time.process_time()
    while time.process_time() - started < 0.1:
        pass
    return [2 * v for v in values]


def quadruple(values):
    return [4.0 * v for v in values]
"""


def measured(course: Path, *more: str) -> str:
    given = ["measure", "a0_scale", "--course", str(course), *more]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_slowest_right_answer_gives_each_case_its_cost(course: Path) -> None:
    (course / "solutions/a0_scale/variants/slow.py").write_text(SLOW)
    assert "3 right answers, the slowest is slow with" in " ".join(
        measured(course).split()
    )
    costs = load(course, "a0_scale").costs
    assert costs is not None
    assert costs.submission.by == "slow"
    assert costs.submission.seconds > 0.2
    twice = costs.question["q1_double"]
    assert [*twice] == ["one and two", "random values"]
    assert [(cost.by, cost.calls) for cost in twice.values()] == [("slow", 1)] * 2
    assert twice["one and two"].seconds > 0.09
    assert costs.question["q2_quadruple"]["one and three"].seconds < 0.09


def test_a_script_is_told_what_each_right_answer_took(course: Path) -> None:
    told = json.loads(measured(course, "--json"))
    assert [one["name"] for one in told["answers"]] == ["reference", "loops"]
    assert told["yardstick_seconds"] > 0
    assert Path(told["path"]).is_file()


def test_what_is_written_is_read_again(course: Path) -> None:
    assignment = load(course, "a0_scale")
    places = [
        (question.name, case.source.name)
        for question in assignment.manifest.question
        for case in assignment.cases[question.name]
    ]
    one = Measured(
        "loops", 0.5, {p: Cost(seconds=0.25, calls=3, by="a") for p in places}
    )
    two = Measured("ünüsual", 0.75, {places[0]: Cost(seconds=0.5, by='"quoted"')})
    costs = costs_of(assignment, [one, two])
    path = assignment.secret / "costs.toml"
    path.write_text(costs.to_toml("a0_scale"), encoding="utf-8")
    again = read_costs(assignment.secret)
    assert again is not None
    assert again.question == costs.question
    assert again.submission == Cost(seconds=0.75, by="ünüsual")
    assert again.question["q1_double"]["one and two"].by == '"quoted"'
    assert tomllib.loads(path.read_text())["yardstick_seconds"] > 0


def test_an_answer_that_is_not_right_is_not_measured(course: Path) -> None:
    wrong = SLOW.replace("2 * v", "3 * v")
    (course / "solutions/a0_scale/variants/slow.py").write_text(wrong)
    given = ["measure", "a0_scale", "--course", str(course)]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert "slow is not right: q1_double: one and two" in told
    assert "autograder prove a0_scale --only variant" in told
    assert not (course / "solutions/a0_scale/costs.toml").exists()
