"""Wrong answers are named on evidence, two mistakes together, and silence in doubt."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading import diagnosis
from autograder.grading.diagnosis import explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import AskedCase
from autograder.sandbox.complaint import figures_of, normalised
from conftest import Edit

RNG = np.random.default_rng(1)
X = RNG.normal(size=4)
Y = RNG.normal(size=7)
SHAPES = "operands could not be broadcast together"
LEAF = """
[[misconception]]
name = "{name}"
message = "Your {name}."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "{find}"
replace = "{replace}"
"""
FIRST, SECOND = "first = _scaled(values)", "second = _scaled(values)"
MISTAKES = {
    "first_negative": (FIRST, "first = -_scaled(values)"),
    "first_zero": (FIRST, "first = 0 * _scaled(values)"),
    "first_none": (FIRST, "first = np.zeros(len(values))"),
    "second_squared": (SECOND, "second = _scaled(values) ** 2"),
    "added": ("return first, second", "return first + second, second"),
    "stops_when_long": (
        "return first, second",
        "return first + np.zeros(min(len(values), 4)), second",
    ),
}


@pytest.fixture
def pairs(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns its values twice."""
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        f"    {FIRST}\n    {SECOND}\n    return first, second",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaves = (
        LEAF.format(name=name, find=find, replace=new)
        for name, (find, new) in MISTAKES.items()
    )
    path.write_text("".join(leaves), encoding="utf-8")
    return load(course, "a0_scale")


Double = Callable[[Any], Any]


def asked(
    name: str, function: Double, *inputs: Any, points: float = 1, failed: bool = True
) -> AskedCase:
    """Return a case that called `function` with each input."""
    calls = []
    for given in inputs:
        try:
            outcome = Outcome(function(given))
        except ValueError as error:
            words = str(error).partition(" with ")[0]
            outcome = Outcome(error="ValueError", complaint=words)
        calls.append(Call("double", (given,), {}, outcome))
    return AskedCase(name=name, points=points, failed=failed, calls=calls)


def named(assignment: Assignment, *cases: AskedCase) -> list[str]:
    """Return the known mistakes that are told, without what is only described."""
    known = {m.name for m in assignment.misconceptions}
    told = explain(assignment, "q1_double", cases).diagnoses
    return [d.name for d in told if d.name in known]


def test_one_wrong_part_of_a_tuple_is_named(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (-x, x), X)) == ["first_negative"]
    assert named(pairs, asked("a", lambda x: (x, x**2), X)) == ["second_squared"]
    assert named(pairs, asked("a", lambda x: [-x, x[:2]], X)) == ["first_negative"]


def test_two_mistakes_in_two_parts_are_both_named_the_costlier_first(
    pairs: Assignment,
) -> None:
    def both(values: Any) -> Any:
        return -values, values**2

    first = asked("first", both, X, points=1)
    second = asked("second", both, Y, points=3)
    cases = [
        replace(first, actual=first.calls[0].outcome.value[0]),
        replace(second, actual=second.calls[0].outcome.value[1]),
    ]
    explanation = explain(pairs, "q1_double", cases)
    names = [d.name for d in explanation.diagnoses]
    assert names == ["second_squared", "first_negative"]
    assert explanation.by_case == {
        "first": ("first_negative",),
        "second": ("second_squared",),
    }


def test_two_mistakes_in_one_part_are_found_as_a_pair_of_edits(
    pairs: Assignment,
) -> None:
    both = asked("a", lambda x: (x + x**2, x), X, Y)
    assert named(pairs, both) == []
    both = asked("a", lambda x: (x + x**2, x**2), X, Y)
    assert set(named(pairs, both)) == {"second_squared", "added"}


def test_pairs_are_not_looked_for_where_every_call_got_the_same_number(
    pairs: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    def search(*given: Any) -> Any:
        searched.append(given)
        return given[-1]

    def is_searched(answer: Double, calls: int) -> bool:
        inputs = [np.array([1.0, n]) for n in range(2, 2 + calls)]
        searched.clear()
        named(pairs, asked("a", answer, *inputs))
        return bool(searched)

    monkeypatch.setattr(diagnosis, "_with_several", search)
    assert not is_searched(lambda x: (0 * x, [0, 0.0]), 6)
    assert not is_searched(lambda _: None, 6)
    assert is_searched(lambda x: (0 * x, [0, 0.0]), 5), "chance gives few the same"
    assert is_searched(lambda x: (0 * x, x[:1]), 6)
    assert is_searched(lambda x: (0 * x, None), 6)
    assert is_searched(lambda x: (x + 1, x), 6)


def test_an_answer_that_nobody_knows_has_no_name(pairs: Assignment) -> None:
    answers: list[Any] = [(X + 1, X), (X, X), None, "seven", (X,), 0]
    for answer in answers:
        call = Call("double", (X,), {}, Outcome(answer))
        case = AskedCase(name="a", points=1, failed=True, calls=[call])
        assert named(pairs, case) == []


def test_a_passed_case_that_speaks_against_a_name_silences_it(
    pairs: Assignment,
) -> None:
    failed = asked("long", lambda x: (-x, x), Y)
    passed = asked("short", lambda x: (x, x), X, failed=False)
    assert named(pairs, failed) == ["first_negative"]
    assert named(pairs, failed, passed) == []


def test_of_two_that_fit_as_well_none_is_named(pairs: Assignment) -> None:
    zeros = asked("a", lambda x: (np.zeros(len(x)), x), X, Y)
    assert named(pairs, zeros) == []


def stops_when_long(values: Any) -> Any:
    return values + np.zeros(min(len(values), 4)), values


def test_an_exception_is_named_where_it_is_raised_on_just_those_calls(
    pairs: Assignment,
) -> None:
    short = [RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("five", stops_when_long, RNG.normal(size=5)),
        asked("seven", stops_when_long, Y),
    ]
    assert named(pairs, *cases) == ["stops_when_long"]


def test_an_exception_has_no_name_where_one_more_call_raises(
    pairs: Assignment,
) -> None:
    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("seven", stops_when_long, Y),
        asked("four", lambda x: x + np.ones(3), X),
    ]
    assert named(pairs, *cases) == []


def test_an_exception_has_no_name_where_every_call_raises(pairs: Assignment) -> None:
    def raises(_: Any) -> Any:
        return np.ones(2) + np.ones(3)

    cases = [asked(str(n), raises, RNG.normal(size=7)) for n in range(6)]
    assert named(pairs, *cases) == []


def test_an_exception_of_another_kind_has_no_name(pairs: Assignment) -> None:
    def refuses(values: Any) -> Any:
        if len(values) > 4:
            raise ValueError("cannot reshape array of size #")
        return values, values

    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", refuses, *short, failed=False),
        asked("long", refuses, Y),
    ]
    assert named(pairs, *cases) == []
    alike = asked("long", stops_when_long, Y)
    assert named(pairs, cases[0], alike) == ["stops_when_long"]


def test_a_crash_and_a_wrong_value_are_each_judged_by_their_own_evidence(
    pairs: Assignment,
) -> None:
    def both(values: Any) -> Any:
        first, second = stops_when_long(values)
        return first, second**2

    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", both, *short, points=1),
        asked("long", both, Y, points=2),
    ]
    assert named(pairs, *cases) == ["stops_when_long", "second_squared"]


def test_where_all_passed_there_is_nothing_to_explain(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (x, x), X, failed=False)) == []


def with_leaf(course: Path, name: str, message: str, old: str, new: str) -> Assignment:
    """Add a misconception to those of `pairs`."""
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaf = LEAF.format(name=name, find=old, replace=new)
    leaf = leaf.replace(f"Your {name}.", message)
    path.write_text(path.read_text(encoding="utf-8") + leaf, encoding="utf-8")
    return load(course, "a0_scale")


@pytest.mark.usefixtures("pairs")
def test_of_two_that_give_the_same_values_none_is_named_unless_they_say_the_same(
    course: Path,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    new = "first = 0.0 - _scaled(values)"
    other = with_leaf(course, "first_below_zero", "It is another.", FIRST, new)
    assert named(other, negative) == []
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("It is another.", "Your first_negative."), encoding="utf-8"
    )
    assert named(load(course, "a0_scale"), negative) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_of_two_that_give_the_same_the_one_that_goes_beyond_the_other_is_not_named(
    course: Path,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    new = "first = 0.0 - _scaled(values)"
    with_leaf(course, "and_more", "It is two.", FIRST, new)
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"It is two."', '"It is two."\nbeyond = "first_negative"'),
        encoding="utf-8",
    )
    assert named(load(course, "a0_scale"), negative) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_what_is_plainly_seen_needs_no_more_evidence(course: Path) -> None:
    ones = asked("a", lambda x: (np.ones(len(x)), x), X)
    new = "first = np.ones(len(values))"
    other = with_leaf(course, "first_of_ones", "It is 1 everywhere.", FIRST, new)
    assert named(other, ones) == []
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"It is 1 everywhere."', '"It is 1 everywhere."\nplain = true'),
        encoding="utf-8",
    )
    assert named(load(course, "a0_scale"), ones) == ["first_of_ones"]


@pytest.mark.usefixtures("pairs")
def test_six_mistakes_that_show_one_by_one_are_all_named(course: Path) -> None:
    path = course / "solutions/a0_scale/misconceptions.toml"
    sizes = range(5, 11)
    leaves = [
        LEAF.format(
            name=f"size_{size}",
            find=FIRST,
            replace=f"first = (1 - 2 * (len(values) == {size})) * _scaled(values)",
        )
        for size in sizes
    ]
    path.write_text("".join(leaves), encoding="utf-8")
    cases = [asked(str(n), lambda x: (-x, x), RNG.normal(size=n)) for n in sizes]
    assert set(named(load(course, "a0_scale"), *cases)) == {f"size_{n}" for n in sizes}


def test_one_mistake_that_most_wrong_answers_show_is_named_beside_unknown_ones(
    pairs: Assignment,
) -> None:
    inputs = [RNG.normal(size=size) for size in (3, 4, 5, 6, 7)]
    most = [asked(f"{x.size}", lambda x: (-x, x), x) for x in inputs]
    odd = asked("nobody's", lambda x: (x + 1, x), RNG.normal(size=8))
    assert named(pairs, *most, odd) == ["first_negative"]
    assert named(pairs, *most[:2], odd) == []
    right = asked("right", lambda x: (x, x), RNG.normal(size=9), failed=False)
    assert named(pairs, *most, odd, right) == []


@pytest.mark.usefixtures("pairs")
def test_of_two_that_raise_on_the_same_calls_none_is_named(course: Path) -> None:
    short = [RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("five", stops_when_long, RNG.normal(size=5)),
        asked("seven", stops_when_long, Y),
    ]
    new = "return np.zeros(min(len(values), 4)) + first, second"
    other = with_leaf(
        course, "stops_too", "It is another.", "return first, second", new
    )
    assert named(other, *cases) == []


SIZES = "The size of tensor a ({}) must match the size of tensor b ({})"


def asked_of_sizes(name: str, size: int, *inputs: Any) -> AskedCase:
    """Return a case in which PyTorch refused long inputs beside so many values."""
    calls = []
    for given in inputs:
        outcome = Outcome((given, given))
        if len(given) > 4:
            words = SIZES.format(size, len(given))
            complaint, figures = normalised(words), figures_of(words)
            outcome = Outcome(
                error="RuntimeError", complaint=complaint, figures=figures
            )
        calls.append(Call("double", (given,), {}, outcome))
    failed = any(call.outcome.error for call in calls)
    return AskedCase(name=name, points=1, failed=failed, calls=calls)


@pytest.mark.usefixtures("pairs")
def test_of_two_that_raise_on_the_same_calls_the_sizes_of_layers_decide(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/reference.py",
        "def _scaled(values):",
        f"def _refused(*sizes):\n    raise RuntimeError({SIZES!r}.format(*sizes))\n\n\n"
        "def _scaled(values):",
    )
    for name, size in (("narrow", 2), ("wide", 8)):
        refused = f"_refused({size}, len(values)) if len(values) > 4 else "
        new = f"return {refused}(first, second)"
        with_leaf(course, f"too_{name}", name, "return first, second", new)
    found = load(course, "a0_scale")
    short = asked_of_sizes("short", 0, *(RNG.normal(size=4) for _ in range(8)))
    assert named(found, short, asked_of_sizes("long", 8, Y)) == ["too_wide"]
    assert named(found, short, asked_of_sizes("long", 2, Y)) == ["too_narrow"]
    assert named(found, short, asked_of_sizes("long", 9, Y)) == []
    # Where every call raises, it takes the numbers of several.
    throughout = [RNG.normal(size=size) for size in (5, 6, 7)]
    assert named(found, asked_of_sizes("all", 8, *throughout)) == ["too_wide"]
    assert named(found, asked_of_sizes("all", 8, *throughout[:2])) == []
    assert named(found, asked_of_sizes("all", 9, *throughout)) == []


@pytest.mark.usefixtures("pairs")
def test_two_mistakes_that_each_show_alone_excuse_one_another_where_both_show(
    course: Path,
) -> None:
    new = "return (first + second, second) if len(values) < 2 else (first, second**2)"
    found = with_leaf(course, "mixed", "It is mixed.", "return first, second", new)

    def both(values: Any) -> Any:
        if len(values) < 2:
            return -values + values, values
        return -values, values**2

    cases = [asked("some", both, X, Y), asked("one", both, RNG.normal(size=1))]
    assert set(named(found, *cases)) == {"first_negative", "mixed"}


def test_beside_a_mistake_that_is_clear_a_second_one_needs_what_one_name_needs(
    pairs: Assignment, edit: Edit, course: Path
) -> None:
    assert pairs
    edit(
        "solutions/a0_scale/reference.py",
        f"    {FIRST}\n    {SECOND}\n    return first, second",
        "    hits = sum(values > 0)\n    count = len(values)\n    return hits / count",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(
        LEAF.format(name="percent", find="return hits", replace="return 100 * hits")
        + LEAF.format(
            name="four",
            find="count = len(values)",
            replace="count = max(4, len(values))",
        ),
        encoding="utf-8",
    )
    found = load(course, "a0_scale")

    def both(values: Any) -> float:
        return float(100 * sum(values > 0) / max(4, len(values)))

    long = [np.array([1] * 3 + [-1] * 2), np.array([1] * 7 + [-1] * 3)]
    short = [np.array([1, -1, 1]), np.array([1, -1])]
    cases = [asked("long", both, *long), asked("short", both, *short)]
    assert named(found, *cases) == ["percent", "four"]
    # One small number alone may be 25 or 50 for many a reason.
    assert "four" not in named(found, cases[0], asked("one", both, short[1]))


def test_a_part_with_a_name_is_judged_by_the_answers_of_that_part(
    pairs: Assignment, edit: Edit, course: Path
) -> None:
    assert pairs
    edit(
        "solutions/a0_scale/reference.py",
        "    return first, second",
        "    return {'first': first, 'even': len(second) % 2 == 0}",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(
        LEAF.format(
            name="first_negative", find=FIRST, replace=MISTAKES["first_negative"][1]
        )
        + LEAF.format(name="odd_for_even", find="% 2 == 0", replace="% 2 == 1"),
        encoding="utf-8",
    )
    found = load(course, "a0_scale")
    some = [RNG.normal(size=size) for size in (2, 3, 4, 5, 6)]
    cases = [
        asked(str(n), lambda x: {"first": -x, "even": len(x) % 2 == 1}, given)
        for n, given in enumerate(some)
    ]
    assert named(found, *cases) == ["first_negative", "odd_for_even"]


def test_only_the_points_of_failed_cases_with_a_name_order_the_names(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y, points=1)
    explanation = explain(pairs, "q1_double", [negative])
    (diagnosis,) = explanation.diagnoses
    assert (diagnosis.name, diagnosis.message) == (
        "first_negative",
        "Your first_negative.",
    )
    assert explanation.by_case == {"a": ("first_negative",)}


def test_a_mistake_of_an_earlier_question_is_no_name_of_this_one(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    found = explain(pairs, "q2_quadruple", [negative], ["first_negative"])
    assert "first_negative" not in [d.name for d in found.diagnoses]
    assert "first_negative" not in found.by_case["a"]


def leaves(course: Path, edits: dict[str, tuple[str, str]]) -> Assignment:
    """Load the course of `pairs` with these misconceptions alone."""
    text = "".join(
        LEAF.format(name=name, find=old, replace=new)
        for name, (old, new) in edits.items()
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(text, encoding="utf-8")
    return load(course, "a0_scale")


RETURN = "return first, second"
SHORT = [RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]


def test_a_name_wants_every_mistake_tried_within_the_questions_share_of_the_budget(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)

    def found(left: float) -> tuple[list[str], bool]:
        budget = NamingBudget(left=left)
        told = explain(pairs, "q1_double", [negative], budget=budget)
        return [d.name for d in told.diagnoses], budget.cut

    # Eight runs at 5 ms each: half of what is left is one question's.
    assert found(0.081) == (["first_negative"], False)
    assert found(0.079) == ([], True)


def test_pairs_have_two_fifths_of_what_is_left(pairs: Assignment) -> None:
    both = asked("a", lambda x: (x + x**2, x**2), X, Y)

    def found(left: float) -> list[str]:
        budget = NamingBudget(left=left)
        told = explain(pairs, "q1_double", [both], budget=budget)
        return sorted(d.name for d in told.diagnoses)

    assert found(0.28) == ["added", "second_squared"]
    assert found(0.22) == ["second_squared"]


@pytest.mark.usefixtures("pairs")
def test_what_raises_throughout_has_no_name_as_a_pair_either(course: Path) -> None:
    cut = (FIRST, "first = _scaled(values)[:-1]")
    known = leaves(course, {"first_cut": cut, "added": MISTAKES["added"]})

    def raises(values: Any) -> Any:
        return values[:-1] + values, values

    longer = [RNG.normal(size=size) for size in range(4, 14)]
    every = asked("all", raises, *longer)
    assert named(known, every) == []
    otherwise = Call(
        "double", (X[:3],), {}, Outcome(error="ValueError", complaint="no")
    )
    other = AskedCase(name="other", points=1, failed=True, calls=[otherwise])
    assert set(named(known, every, other)) == {"first_cut", "added"}


@pytest.mark.usefixtures("pairs")
def test_what_a_mistake_in_values_also_raises_needs_no_second_name(
    course: Path,
) -> None:
    stops = "first = -_scaled(values) + np.zeros(min(len(values), 4))"
    known = leaves(
        course,
        {
            "negative_and_stops": (FIRST, stops),
            "stops_when_long": MISTAKES["stops_when_long"],
        },
    )

    def negative(values: Any) -> Any:
        return -values + np.zeros(min(len(values), 4)), values

    cases = [asked("short", negative, *SHORT), asked("long", negative, Y)]
    assert named(known, *cases) == ["negative_and_stops"]


def calls_of(function: str, case: AskedCase) -> AskedCase:
    return replace(case, calls=[replace(c, function=function) for c in case.calls])


@pytest.mark.usefixtures("pairs")
def test_an_exception_has_no_name_where_another_function_raised_otherwise(
    course: Path,
) -> None:
    stops = ("return GAIN * np.asarray(values)", "return np.asarray(values) + STOP")
    stops = (stops[0], stops[1].replace("STOP", "np.zeros(min(len(values), 4))"))
    known = leaves(course, {"stops_in_the_helper": stops})

    def refuses(_: Any) -> Any:
        raise ValueError("cannot reshape array")

    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    assert named(known, short, long) == ["stops_in_the_helper"]
    other = calls_of("quadruple", asked("other", refuses, Y))
    assert named(known, short, long, other) == []


@pytest.mark.usefixtures("pairs")
def test_what_another_function_raises_is_no_part_of_the_pattern(course: Path) -> None:
    stops = "return first + np.zeros(min(len(values), 4) if first.ndim == 1 else 1)"
    known = leaves(course, {"stops_when_long": (RETURN, f"{stops}, second")})

    def refuses(_: Any) -> Any:
        raise ValueError("cannot reshape array")

    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    other = calls_of("quadruple", asked("other", refuses, X, X[:3]))
    assert named(known, short, long, other) == ["stops_when_long"]


@pytest.mark.usefixtures("pairs")
def test_of_two_exceptions_one_that_the_other_hides_everywhere_is_no_second_name(
    course: Path,
) -> None:
    # The second one raises wherever the first does, in a way of its own.
    joined = "return first, np.concatenate([second] * (len(values) < 5))"
    stops = "first = _scaled(values) + np.zeros(min(len(values), 3))"
    known = leaves(
        course,
        {"stops_when_long": (RETURN, joined), "stops_at_four": (FIRST, stops)},
    )

    def both(values: Any) -> Any:
        if len(values) > 4:
            raise ValueError("need at least one array to concatenate")
        if len(values) > 3:
            return values + np.zeros(3)
        return values, values

    cases = [
        asked("short", both, *(s for s in SHORT if len(s) < 4), failed=False),
        asked("four", both, X),
        asked("five", both, RNG.normal(size=5)),
    ]
    assert named(known, *cases) == []


@pytest.mark.usefixtures("pairs")
def test_an_earlier_questions_mistake_explains_beside_an_own_one_and_is_no_name(
    course: Path,
) -> None:
    leaves(course, {"first_negative": MISTAKES["first_negative"]})
    path = course / "solutions/a0_scale/misconceptions.toml"
    own = LEAF.format(
        name="only_doubled",
        find="return double(double(values))",
        replace="return double(values)",
    ).replace("q1_double", "q2_quadruple")
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    known = load(course, "a0_scale")
    case = calls_of("quadruple", asked("a", lambda x: (-x, x), X, Y))
    found = explain(known, "q2_quadruple", [case], ["first_negative"])
    assert [d.name for d in found.diagnoses] == ["only_doubled"]
    assert found.by_case == {"a": ("only_doubled",)}
    alone = explain(known, "q2_quadruple", [case])
    assert alone.diagnoses == ()


@pytest.mark.usefixtures("pairs")
def test_what_explains_less_than_another_makes_that_one_no_less_certain(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "negative_when_short": (
                FIRST,
                "first = _scaled(values) * (-1 if len(values) < 5 else 1)",
            ),
            "first_negative": MISTAKES["first_negative"],
            "long_and_squared": (
                RETURN,
                "return (-first if len(values) > 4 else first), second ** 2",
            ),
        },
    )
    both = asked("a", lambda x: (-x, x**2), X, Y)
    assert set(named(known, both)) == {"first_negative", "long_and_squared"}


@pytest.mark.usefixtures("pairs")
def test_a_pair_takes_the_place_of_what_explained_a_part_of_it(course: Path) -> None:
    known = leaves(
        course,
        {
            "first_tripled": (FIRST, "first = 3 * _scaled(values)"),
            "added": MISTAKES["added"],
            "four_when_short": (
                FIRST,
                "first = _scaled(values) * (4 if len(values) < 5 else 1)",
            ),
        },
    )
    both = asked("a", lambda x: (4 * x, x), X, Y)
    assert set(named(known, both)) == {"first_tripled", "added"}


@pytest.mark.usefixtures("pairs")
def test_a_pair_is_named_on_what_no_single_mistake_explains(course: Path) -> None:
    known = leaves(
        course,
        {
            "first_negative": MISTAKES["first_negative"],
            "sum_for_second": (RETURN, "return first, first + second"),
        },
    )
    # That the second one is 0 everywhere may be by chance.
    zeros = asked("a", lambda x: (-x, 0 * x), X, Y)
    assert named(known, zeros) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_three_mistakes_that_meet_in_every_call_are_named_together(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "first_tripled": (FIRST, "first = 3 * _scaled(values)"),
            "second_squared": MISTAKES["second_squared"],
            "added": MISTAKES["added"],
            "first_zero": MISTAKES["first_zero"],
        },
    )
    all_three = asked("a", lambda x: (3 * x + x**2, x**2), X, Y)
    made = {"first_tripled", "second_squared", "added"}
    assert set(named(known, all_three)) == made


NEGATIVE = "first = _scaled(values) * (-1 if len(values) > {} else {})"


@pytest.mark.usefixtures("pairs")
def test_what_adds_next_to_nothing_to_what_another_one_gives_is_no_name(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "from_five_on": (FIRST, NEGATIVE.format(4, 1)),
            "from_six_on_and_0": (FIRST, NEGATIVE.format(5, "len(values) != 1")),
        },
    )
    long = [RNG.normal(size=size) for size in (5, 6, 7)]
    cases = [
        asked("long", lambda x: (-x, x), *long),
        asked("one value", lambda x: (0 * x, x), RNG.normal(size=1)),
    ]
    assert named(known, *cases) == ["from_five_on"]


@pytest.mark.usefixtures("pairs")
def test_what_gives_all_that_others_leave_needs_less_evidence(course: Path) -> None:
    known = leaves(
        course,
        {
            "from_five_on": (FIRST, NEGATIVE.format(4, 1)),
            "one_value_is_0": (FIRST, NEGATIVE.format(99, "len(values) != 1")),
        },
    )
    long = [RNG.normal(size=size) for size in (5, 6, 7, 5, 6)]
    ones = [RNG.normal(size=1) for _ in range(3)]
    negative = asked("long", lambda x: (-x, x), *long)
    zero = asked("one value", lambda x: (0 * x, x), *ones)
    assert set(named(known, negative, zero)) == {"from_five_on", "one_value_is_0"}
    else_ = asked("another", lambda x: (x + 1, x), RNG.normal(size=3))
    assert named(known, negative, zero, else_) == ["from_five_on"]


def long_only(answer: Double) -> Double:
    return lambda x: (answer(x) if len(x) > 4 else x, x)


@pytest.mark.usefixtures("pairs")
def test_which_calls_went_wrong_tells_beside_what_came_of_them(course: Path) -> None:
    known = leaves(
        course,
        {
            "twice_when_long": (
                FIRST,
                "first = _scaled(values) * (2 if len(values) > 4 else 1)",
            ),
            "one_more_when_long": (
                RETURN,
                "return (first + 1 if len(values) > 4 else first), second",
            ),
        },
    )
    pair = long_only(lambda x: 2 * x + 1)
    hundreds = [np.full(5, 100.0), np.full(6, 100.0)]
    alone = asked("long", pair, *hundreds)
    assert named(known, alone) == []
    right = asked("short", pair, *SHORT, failed=False)
    assert set(named(known, alone, right)) == {"twice_when_long", "one_more_when_long"}
    three_when_long = "first = np.where(len(values) > 4, 3, _scaled(values))"
    threes = leaves(course, {"three_when_long": (FIRST, three_when_long)})
    three = long_only(lambda x: 0 * x + 3)
    wrong = asked("long", three, Y)
    assert named(threes, wrong) == []
    many = asked("short", three, *(X + n for n in range(100)), failed=False)
    assert named(threes, wrong, many) == ["three_when_long"]


@pytest.mark.usefixtures("pairs")
def test_two_ways_of_raising_tell_what_one_alone_does_not(course: Path) -> None:
    known = leaves(
        course,
        {
            "stops_when_long": MISTAKES["stops_when_long"],
            "stops_when_short": (
                FIRST,
                "first = np.concatenate([_scaled(values)] * (len(values) // 5))",
            ),
        },
    )

    def both(values: Any) -> Any:
        if len(values) < 5:
            raise ValueError("need at least one array to concatenate")
        return stops_when_long(values)

    cases = [asked("short", both, X), asked("long", both, Y)]
    assert set(named(known, *cases)) == {"stops_when_long", "stops_when_short"}


def test_an_error_that_was_asked_for_is_no_part_of_the_pattern(
    pairs: Assignment,
) -> None:
    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    refused = Call("double", (None,), {}, Outcome(error="TypeError", complaint="no"))
    none = AskedCase(name="none", points=1, failed=False, calls=[refused])
    assert named(pairs, short, long, none) == ["stops_when_long"]


def test_a_name_says_where_to_read_on_and_explains_failed_cases_only(
    course: Path,
) -> None:
    failed = asked("failed", lambda x: x**2, X, Y)
    passed = replace(failed, name="passed", failed=False)
    found = explain(load(course, "a0_scale"), "q1_double", [failed, passed])
    (diagnosis,) = found.diagnoses
    assert (diagnosis.name, diagnosis.see) == ("squared", "README.md#twice")
    assert found.by_case == {"failed": ("squared",)}


def test_of_two_possible_answers_those_tell_that_were_seldom_wrong_else(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        "    return len(values) < 9 and len(values) % 3 != 0",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    new = "% 3 != 0 or len(values) == 6"
    path.write_text(LEAF.format(name="six_goes", find="% 3 != 0", replace=new), "utf-8")
    assignment = load(course, "a0_scale")

    def names(sizes: Collection[int], *wrong: int) -> list[str]:
        """Return them for who says the opposite for lists of some sizes."""

        def answer(x: Any) -> bool:
            return (len(x) < 9 and len(x) % 3 != 0) != (len(x) in wrong)

        return named(assignment, asked("a", answer, *map(np.ones, sizes)))

    # Of 39 that don't go, the student has these six go: just as the mistake has it.
    assert names([*range(1, 41), *[6] * 5], 1, 6) == ["six_goes"]
    # Who has 21 of 23 go has the sixteen go anyway, many as they are.
    assert names([*range(1, 15), *[6] * 15], 1, 3, 6, 9, 10, 11, 13) == []
