"""Naming has a budget: what was not tried has no name, and staff are told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.course.costs import Cost, Costs
from autograder.grading import trials
from autograder.grading.diagnosis import explain
from autograder.grading.naming_budget import LEAST, MULTIPLE, UNKNOWN, NamingBudget
from autograder.grading.proxy import Call, Outcome, observe
from autograder.grading.trials import AskedCase

RNG = np.random.default_rng(3)
OTHERS = """
[[misconception]]
name = "{name}"
message = "Your {name}."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return GAIN * np.asarray(values)"
replace = "return GAIN * np.asarray(values) + {name!r}.count('x')"
"""


@pytest.fixture
def many(course: Path) -> Assignment:
    """The small course, with twenty mistakes more."""
    path = course / "solutions/a0_scale/misconceptions.toml"
    more = (OTHERS.format(name="x" * n) for n in range(1, 21))
    path.write_text(path.read_text() + "".join(more), encoding="utf-8")
    return load(course, "a0_scale")


def costs(seconds: float, of_the_case: float) -> Costs:
    cost = Cost(seconds=of_the_case, by="reference", calls=1)
    return Costs(
        yardstick_seconds=1.0,
        submission=Cost(seconds=seconds, by="reference"),
        question={"q1_double": {"a": cost}},
    )


def asked(function: Any, count: int = 1) -> list[AskedCase]:
    inputs = [RNG.normal(size=5) for _ in range(count)]
    calls = [Call("double", (x,), {}, function(x)) for x in inputs]
    return [AskedCase(name="a", points=1, failed=True, calls=calls)]


def squared(x: Any) -> Outcome:
    return Outcome(x**2)


def test_it_is_a_multiple_of_what_a_right_answer_takes() -> None:
    assert NamingBudget.of(costs(30.0, 1.0)).left == MULTIPLE * 30
    assert NamingBudget.of(costs(0.1, 0.01)).left == LEAST
    assert NamingBudget.of(None).left == LEAST


def test_a_call_is_charged_its_share_of_the_case() -> None:
    budget = NamingBudget.of(costs(30.0, 6.0))
    assert budget.of_a_call("q1_double", "a", 3) == 2.0
    assert budget.of_a_call("q1_double", "a", 1) == 6.0
    assert budget.of_a_call("q1_double", "a", 0) == 6.0
    assert budget.of_a_call("q1_double", "another", 3) == UNKNOWN
    # So that a thousand calls of which nothing is known are tried, and not a million.
    assert 1_000 < LEAST / UNKNOWN < 1_000_000


def test_what_is_over_is_not_taken_and_remembered() -> None:
    budget = NamingBudget(left=1.0)
    assert budget.take(0.75)
    assert not budget.take(0.5)
    assert (budget.cut, budget.left) == (True, 0.25)


def test_a_question_and_its_pairs_leave_something_for_those_behind() -> None:
    budget = NamingBudget(left=8.0)
    budget.begin_question()
    taken = sum(budget.take(0.5) for _ in range(100))
    assert taken == 8
    budget.begin_pairs()
    assert sum(budget.take(0.5) for _ in range(100)) == 3
    assert budget.left == 2.5


def test_with_enough_left_a_mistake_has_its_name(many: Assignment) -> None:
    budget = NamingBudget.of(costs(30.0, 1.0))
    found = explain(many, "q1_double", asked(squared), (), budget)
    assert [d.name for d in found.diagnoses] == ["squared"]
    assert not budget.cut


def test_where_not_every_mistake_was_tried_none_is_named(many: Assignment) -> None:
    # Twenty-one are to be tried, at a second each.
    budget = NamingBudget(left=15.0, cases={"q1_double": {"a": 1.0}})
    found = explain(many, "q1_double", asked(squared), (), budget)
    assert found.diagnoses == ()
    assert budget.cut


@pytest.mark.parametrize("budget", [5.0, 40.0])
def test_what_nothing_explains_runs_no_more_than_the_budget_has(
    many: Assignment, monkeypatch: pytest.MonkeyPatch, budget: float
) -> None:
    runs = []

    def counted(module: Any, call: Call) -> Outcome:
        runs.append(call)
        return observe(module, call)

    monkeypatch.setattr(trials, "observe", counted)
    cases = asked(lambda x: Outcome(np.sin(x)), 10)
    left = NamingBudget(left=budget, cases={"q1_double": {"a": 1.0}})
    assert explain(many, "q1_double", cases, (), left).diagnoses == ()
    # A tenth of a second a run, and once what is right.
    assert len(runs) <= 10 * budget + 10
    assert left.left >= 0


def test_one_exception_everywhere_is_not_looked_into(
    many: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    def counted(module: Any, call: Call) -> Outcome:
        runs.append(call)
        return observe(module, call)

    monkeypatch.setattr(trials, "observe", counted)
    raised = Outcome(error="TypeError", complaint="double takes 0 arguments")
    cases = asked(lambda _: raised, 7)
    assert explain(many, "q1_double", cases).diagnoses == ()
    assert len(runs) == 7


def test_names_are_the_same_however_slow_the_machine_is(many: Assignment) -> None:
    budgets = [NamingBudget.of(costs(30.0, 1.0)) for _ in range(2)]
    for budget in budgets:
        explain(many, "q1_double", asked(squared), (), budget)
    assert budgets[0].left == budgets[1].left


def test_slips_have_a_budget_of_their_own_and_leave_that_of_names() -> None:
    budget = NamingBudget(left=10.0)
    budget.begin_question()
    with budget.of_slips():
        assert budget.take(2.4)
        assert not budget.take(0.2)
    assert budget.left == pytest.approx(10.0)
    assert not budget.cut
    assert budget.take(4.9)
    with budget.of_slips():
        assert budget.take(1.2)
        assert not budget.take(0.2)
