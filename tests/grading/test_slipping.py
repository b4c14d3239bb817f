"""What no known mistake explains: slips, alone and in pairs, and where answers err."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading import slipping
from autograder.grading.agreement import Held
from autograder.grading.diagnosis import explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import Asked, AskedCase, Cell, WhereTrial
from doubled_slips import (
    BEGIN,
    ELSEWHERE,
    END,
    LONG,
    MORE,
    RNG,
    SHORT,
    SLIPS,
    called,
    told,
)

ZERO_LAST = [np.append(x, 0) for x in LONG]
ONE_LAST = [np.append(np.zeros(3), x) for x in RNG.normal(size=(4, 1))]
RESHAPED = "holds the right numbers, row after row, in another shape"


@pytest.fixture
def scaled(course: Path) -> Assignment:
    (course / "solutions/a0_scale/slips.py").write_text(SLIPS)
    (course / "solutions/a0_scale/misconceptions.toml").write_text("")
    return load(course, "a0_scale")


def test_a_slip_that_nobody_wrote_down_is_told(scaled: Assignment) -> None:
    assert told(scaled, lambda x: [*(2 * x[:-1]), 0]) == [
        f"{BEGIN}a place i is never the last{END}"
    ]


@pytest.mark.parametrize("most", [0, slipping.FEW_SLIPS])
def test_two_slips_that_show_by_themselves_somewhere_are_told_together(
    scaled: Assignment, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(slipping, "FEW_SLIPS", most)
    both = told(scaled, lambda x: [*x[:-1], 0], *ZERO_LAST, *ONE_LAST)
    assert both == [
        f"{BEGIN}a place i is never the last, and the value is `values[place]`{END}"
    ]


def test_two_slips_that_never_show_by_themselves_are_told_together(
    scaled: Assignment,
) -> None:
    assert told(scaled, lambda x: [*x[:-1], 0]) == [
        f"{BEGIN}a place i is never the last, and the value is `values[place]`{END}"
    ]


@pytest.mark.usefixtures("scaled")
def test_a_mistake_that_gives_few_of_many_wrong_answers_is_not_told(
    course: Path,
) -> None:
    (course / "solutions/a0_scale/misconceptions.toml").write_text("""
[[misconception]]
name = "long_ones_squared"
message = "You square long ones."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return values * (values if len(values) == 12 else 2)"
""")
    with_one = load(course, "a0_scale")

    def squares_long_ones(x: Any) -> Any:
        return x**2 if len(x) == 12 else 2 * x

    def knows_no_more(x: Any) -> Any:
        return x**2 if len(x) == 12 else np.cos(x) + RNG.normal(size=len(x))

    assert told(with_one, squares_long_ones) == ["You square long ones."]
    assert told(with_one, knows_no_more) == []


def test_what_is_seen_in_the_answers_is_told(scaled: Assignment) -> None:
    assert told(scaled, lambda x: -2 * x) == [
        "What you return has the wrong sign, everywhere."
    ]


def test_where_answers_are_wrong_is_told_when_nothing_gives_them(
    scaled: Assignment,
) -> None:
    noise = iter(RNG.normal(size=(len(LONG), 20)))

    def strange(x: Any) -> Any:
        return 2 * x if len(x) < 7 else next(noise)[: len(x)]

    assert told(scaled, strange) == [
        f"What you return is wrong wherever {MORE}, and right in every other call."
    ]


def test_what_answers_have_to_do_with_the_right_ones_there_is_told(
    scaled: Assignment,
) -> None:
    assert told(scaled, lambda x: 2 * x if len(x) < 7 else 2 * x[::-1]) == [
        f"What you return is right but runs backwards, wherever {MORE}; {ELSEWHERE}"
    ]


def test_where_it_raises_is_told(scaled: Assignment) -> None:
    def refusing(x: Any) -> Any:
        if len(x) > 6:
            raise ValueError("too long for me")
        return 2 * x

    assert told(scaled, refusing) == [
        f"Your double raises where {MORE}, and in no other call."
    ]


def test_of_random_answers_everywhere_nothing_is_told(scaled: Assignment) -> None:
    assert told(scaled, lambda x: RNG.normal(size=len(x))) == []


def test_where_it_raises_it_is_not_said_to_be_right(scaled: Assignment) -> None:
    noise = iter(RNG.normal(size=(len(LONG), 20)))

    def strange(x: Any) -> Any:
        if len(x) == 3:
            raise ValueError("too short for me")
        return 2 * x if len(x) < 7 else next(noise)[: len(x)]

    returns, raises = sorted(told(scaled, strange, *RNG.normal(size=(6, 5))))
    other = "every other call that does not raise"
    assert returns == f"What you return is wrong wherever {MORE}, and right in {other}."
    assert raises == (
        "Your double raises where there are three values, and in no other call."
    )


def test_keys_that_a_submission_chose_are_no_part_of_an_answer(
    scaled: Assignment,
) -> None:
    """What one hidden call got, a later one could say in the key of a dict."""
    seen: list[Any] = []

    def telling(x: Any) -> Any:
        if len(x) < 7:
            return 2 * x
        seen.append(x)
        return {f"first of {seen[0][0]}": 1, "Kestrel 7351": 2}

    assert told(scaled, telling) == [
        f"What you return is wrong wherever {MORE}, and right in every other call."
    ]


def test_in_how_many_calls_answers_are_wrong_is_not_told(scaled: Assignment) -> None:
    """How many may be a number that a hidden call gave."""
    noise = iter(RNG.normal(size=(8, 20)))
    more = RNG.normal(size=8)

    def strange(most: int) -> Callable[[Any], Any]:
        return lambda x: next(noise)[: len(x)] if 7 < len(x) < most else 2 * x

    nine, twelve = (told(scaled, strange(n), more) for n in (10, 13))
    assert nine == twelve
    (message,) = nine
    assert message == (
        f"What you return is wrong at least half of the time where {MORE}, and right "
        "in every other call."
    )


@pytest.mark.parametrize(
    ("function", "hidden", "public"),
    [
        (
            lambda x: 6 * x,
            "is always the same multiple of what is right, everywhere.",
            "is 3 times what is right, everywhere.",
        ),
        (
            lambda x: (2 * x).reshape(1, -1),
            f"{RESHAPED}.",
            f"{RESHAPED}: (1, 3) where (3,) is asked for.",
        ),
    ],
)
def test_numbers_are_those_of_public_calls(
    function: Callable[[Any], Any], hidden: str, public: str, scaled: Assignment
) -> None:
    assert told(scaled, function) == [f"What you return {hidden}"]
    assert told(scaled, function, public={3}) == [f"What you return {public}"]


def test_what_it_leaves_in_its_arguments_is_not_told_as_an_answer(
    scaled: Assignment,
) -> None:
    calls = [called(lambda x: 2 * x, x) for x in (*SHORT, *LONG)]
    noise = RNG.normal(size=20)
    cases = []
    for number, call in enumerate(calls):
        changes = len(call.args[0]) > 6
        if changes:
            left = (noise[: len(call.args[0])],)
            outcome = replace(call.outcome, changed=(0,), left=left)
            call = replace(call, outcome=outcome)  # noqa: PLW2901
        case = AskedCase(name=str(number), points=1, failed=changes, calls=[call])
        cases.append(case)
    (diagnosis,) = explain(scaled, "q1_double", cases).diagnoses
    assert diagnosis.message == (
        f"Your double leaves its arguments other than it should where {MORE}, and in "
        "no other call."
    )


def test_an_exception_that_is_missing_is_not_told_as_one(course: Path) -> None:
    reference = course / "solutions/a0_scale/reference.py"
    refusing = "    if len(values) > 6:\n        raise ValueError('too many')\n"
    source = reference.read_text()
    head = next(
        line for line in source.splitlines(keepends=True) if "def double" in line
    )
    reference.write_text(source.replace(head, head + refusing))
    (course / "solutions/a0_scale/slips.py").write_text(SLIPS)
    (course / "solutions/a0_scale/misconceptions.toml").write_text("")
    assignment = load(course, "a0_scale")
    noise = RNG.normal(size=20)
    calls = [
        called(lambda x: 2 * x if len(x) < 7 else noise[: len(x)], x)
        for x in (*SHORT, *LONG)
    ]
    cases = [
        AskedCase(name=str(n), points=1, failed=len(c.args[0]) > 6, calls=[c])
        for n, c in enumerate(calls)
    ]
    assert [d.message for d in explain(assignment, "q1_double", cases).diagnoses] == [
        f"Your double should raise and does not where {MORE}, and in no other call."
    ]


def test_functions_that_are_not_written_out_are_those_of_the_reference(
    course: Path,
) -> None:
    (course / "solutions/a0_scale/slips.py").write_text(
        "import numpy as np\n\n\ndef double(values):\n    #: it\n    it = 2 * values\n"
        "    return it\n"
    )
    assignment = load(course, "a0_scale")
    other = Call("quadruple", (SHORT[0],), {}, Outcome(SHORT[1]))
    case = AskedCase(
        name="a",
        points=1,
        failed=True,
        calls=[called(lambda x: x + 0.3, SHORT[0]), other],
    )
    assert explain(assignment, "q1_double", [case]).diagnoses == ()


NEVER_LAST = "a place i is never the last"
ELSE_WRONG = f"Wherever {MORE}, something else is wrong too."


def noisy(right: Callable[[Any], Any], *, at: Collection[int]) -> Callable[[Any], Any]:
    """Return a function that gives noise for so many values, else what is right."""
    return lambda x: RNG.normal(size=len(x)) if len(x) in at else right(x)


def never_last(x: Any) -> Any:
    return [*(2 * x[:-1]), 0]


def test_a_slip_that_another_mistake_hides_somewhere_is_told_with_where(
    scaled: Assignment,
) -> None:
    long = {7, 8, 9, 12}
    assert told(scaled, noisy(never_last, at=long)) == [
        f"{BEGIN}{NEVER_LAST}{END} {ELSE_WRONG}"
    ]
    # Of six values it is hidden, too, and nothing is so of these and of those.
    hidden = told(scaled, noisy(never_last, at={6, *long}))
    assert not any("something else" in message for message in hidden)
    # Where it is right it can't be the slip that is hidden.
    right = told(scaled, lambda x: 2 * x if len(x) in long else never_last(x))
    assert not any("something else" in message for message in right)


def test_what_is_told_of_one_function_stays_beside_what_is_told_of_another(
    scaled: Assignment,
) -> None:
    hidden = noisy(never_last, at={7, 8, 9, 12})
    calls = [called(hidden, x) for x in (*SHORT, *LONG)]
    calls += [Call("quadruple", (x,), {}, Outcome(-4 * x)) for x in SHORT]
    cases = [
        AskedCase(name=str(n), points=1, failed=True, calls=[call])
        for n, call in enumerate(calls)
    ]
    found = explain(scaled, "q1_double", cases).diagnoses
    assert {d.message.split(",")[0] for d in found} == {
        "What you return has the wrong sign",
        "What you return is",
    }
    assert any(ELSE_WRONG in d.message for d in found)


@pytest.mark.parametrize(
    ("fact", "wrong", "says"),
    [
        ("len(values) == 3: there are three values", {3, 7, 8, 9, 12}, " or "),
        ("len(values) % 4 == 0: they come in fours", {8, 12}, " and "),
    ],
)
def test_where_one_of_two_things_is_so_or_both_are_is_told(
    course: Path, scaled: Assignment, fact: str, wrong: set[int], says: str
) -> None:
    slips = course / "solutions/a0_scale/slips.py"
    slips.write_text(SLIPS.replace("len(values) == 3: there are three values", fact))
    where = f"{MORE}{says}{fact.partition(': ')[2]}"
    more = RNG.normal(size=(3, 8))
    strange = noisy(lambda x: 2 * x, at=wrong)
    assert told(load(course, scaled.name), strange, *more) == [
        f"What you return is wrong wherever {where}, and right in every other call."
    ]


@pytest.mark.usefixtures("scaled")
def test_a_known_mistake_that_another_hides_somewhere_is_told_with_where(
    course: Path,
) -> None:
    (course / "solutions/a0_scale/misconceptions.toml").write_text("""
[[misconception]]
name = "cosines"
message = "You return cosines."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return np.cos(values)"
""")
    with_one = load(course, "a0_scale")
    assert told(with_one, noisy(np.cos, at={7, 8, 9, 12})) == [
        f"You return cosines. {ELSE_WRONG}"
    ]


def test_what_is_so_nearly_everywhere_is_no_place(scaled: Assignment) -> None:
    """Wrong in half of the calls, each of which is one of nearly all."""
    calls = [called(lambda x: 2 * x, x) for x in (*LONG, *LONG, *LONG, SHORT[1])]
    for number in range(6):
        calls[number] = called(
            noisy(never_last, at={7, 8, 9, 12}), calls[number].args[0]
        )
    cases = [
        AskedCase(name=str(n), points=1, failed=n < 6, calls=[call])
        for n, call in enumerate(calls)
    ]
    assert explain(scaled, "q1_double", cases).diagnoses == ()


ONE_LINE = """
[[misconception]]
name = "squared"
message = "You square twelve values."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return values * (values if len(values) == 12 else 2)"
[[misconception]]
name = "last"
message = "You forget the last."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return np.append(2 * values[:-1], 0)"
"""


@pytest.mark.parametrize("right_at", [0, 8])
def test_two_mistakes_of_one_line_are_told_where_neither_speaks_against_what_is_right(
    course: Path, right_at: int
) -> None:
    (course / "solutions/a0_scale/misconceptions.toml").write_text(ONE_LINE)

    def either(x: Any) -> Any:
        if len(x) == 12:
            return x**2
        return 2 * x if len(x) == right_at else never_last(x)

    both = ["You forget the last.", "You square twelve values."]
    found = told(load(course, "a0_scale"), either, *RNG.normal(size=(30, 12)))
    assert sorted(found) == (both[1:] if right_at else both)


def test_of_mistakes_that_hide_one_another_what_gives_most_is_told_first(
    scaled: Assignment,
) -> None:
    noise = [RNG.normal(size=len(x)) for x in (*SHORT, *LONG)]
    values = zip((*SHORT, *LONG), noise, strict=True)
    calls = [Call("double", (x,), {}, Outcome(y)) for x, y in values]
    case = AskedCase(name="a", points=1, failed=True, calls=calls)
    asked = Asked(scaled, "q1_double", [case], NamingBudget.of(scaled.costs))
    first, *cells = asked.unexplained([])

    def giving(message: str, *cells: Cell) -> WhereTrial:
        return WhereTrial(asked, "q1_double", {*cells}, message)

    found = [giving("found", first)]
    few, most = giving("few", *cells[:2]), giving("most", *cells[:3])
    other = giving("other", cells[3])

    def told_of(*trials: WhereTrial) -> list[str]:
        return [t.messages[0] for t in slipping.beside(asked, trials, found)]

    assert told_of(few, other, most) == ["found", "most", "other"]
    # Which of two it is that give the same, nothing tells.
    assert told_of(most, giving("like most", *cells[:3]), other) == ["found", "other"]


def test_a_mistake_is_hidden_by_another_only_in_the_parts_that_the_other_gives(
    scaled: Assignment,
) -> None:
    noise = [RNG.normal(size=len(x)) for x in LONG]
    values = zip(LONG, noise, strict=True)
    calls = [Call("double", (x,), {}, Outcome(y)) for x, y in values]
    case = AskedCase(name="a", points=1, failed=True, calls=calls)
    asked = Asked(scaled, "q1_double", [case], NamingBudget.of(scaled.costs))
    first, second, *cells = asked.unexplained([])
    found = [WhereTrial(asked, "q1_double", {first}, "found")]
    hidden = WhereTrial(asked, "q1_double", {*cells}, "hidden")

    def is_told(number: int, *others: str) -> bool:
        hidden.held[number] = Held(against=True, other=frozenset(others))
        told_of = slipping.beside(asked, [hidden], found)
        hidden.held[number] = Held()
        return told_of == [*found, hidden]

    assert is_told(first[0], first[1])
    assert is_told(first[0])
    assert not is_told(first[0], first[1], "another part")
    assert not is_told(second[0], second[1])
