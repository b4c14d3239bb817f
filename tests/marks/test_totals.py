"""Totals: by hand, and three laws for every policy: more is never less, order never
matters, and what is not graded is never counted."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from autograder.intake.roster import Student
from autograder.marks.class_marks import Entries, Status, StudentEntry, Unmatched
from autograder.marks.deadlines import Terms
from autograder.marks.lateness import LENIENT
from autograder.marks.policy import Group, Planned, Policy
from autograder.marks.totals import (
    Part,
    Total,
    entries_of_totals,
    share_of_group,
    totals,
)
from gradebook_class import graded

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ADA = Student(id="a", name="Ada", row=0, line=2)


def planned(name: str, group: str, weight: float = 1, *, in_days: int = -1) -> Planned:
    return Planned(
        name=name,
        group=group,
        weight=Fraction(weight),
        terms=Terms(due=NOW + timedelta(days=in_days)),
        late=LENIENT,
    )


def policy(groups: list[Group], members: list[Planned], decimals: int = 2) -> Policy:
    return Policy(
        place=Path("policy.toml"),
        decimals=decimals,
        missing_is_zero=True,
        zone=UTC,
        groups=tuple(groups),
        assignments={one.name: one for one in members},
    )


def group(name: str, weight: float = 1, drop: int = 0) -> Group:
    return Group(name=name, weight=Fraction(weight), drop_lowest=drop)


def marks(score: float | None, status: Status = Status.GRADED) -> Entries:
    possible = None if score is None else 10.0
    return Entries(
        students=(
            StudentEntry(student=ADA, score=score, possible=possible, status=status),
        )
    )


HOMEWORK = policy(
    [group("homework", 60, drop=1), group("project", 40)],
    [
        planned("a1", "homework"),
        planned("a2", "homework", 2),
        planned("a3", "homework"),
        planned("a4", "project"),
    ],
)
ALL = {"a1": marks(9.0), "a2": marks(6.0), "a3": marks(8.0), "a4": marks(5.0)}


def total(rules: Policy, found: dict[str, Entries]) -> Total:
    (one,) = totals(rules, found, now=NOW)
    return one


def test_a_total_is_worked_out_as_by_hand() -> None:
    # Without a2 (0.6, weight 2) homework is (0.9 + 0.8) / 2 = 0.85;
    # 0.85 * 60 + 0.5 * 40 = 71.
    one = total(HOMEWORK, ALL)
    assert one.percent == 71.0
    assert one.words == (
        "homework: mean of a1 90 %, a3 80 % = 85 %; dropped: a2",
        "project: mean of a4 50 % = 50 %",
        "total: (85 % x 60 + 50 % x 40) / 100 = 71 %",
    )


def test_what_helps_most_is_dropped_and_not_simply_the_lowest() -> None:
    # Dropping a2 (0.6, weight 2) gives 0.55, dropping a1 (0.3) gives 0.667.
    found = ALL | {"a1": marks(3.0)}
    assert "dropped: a1" in total(HOMEWORK, found).words[0]


def test_what_nobody_has_handed_in_yet_counts_for_nobody() -> None:
    assert total(HOMEWORK, {"a1": ALL["a1"]}).percent == 90.0
    assert totals(HOMEWORK, {}, now=NOW) == ()


def test_what_is_missing_counts_zero_from_the_deadline_on() -> None:
    found = {"a1": marks(9.0), "a4": marks(None, Status.MISSING)}
    assert total(HOMEWORK, found).percent == 54.0
    members = {**HOMEWORK.assignments, "a4": planned("a4", "project", in_days=1)}
    one = total(replace(HOMEWORK, assignments=members), found)
    assert (one.percent, one.open) == (None, ("a4: nothing handed in yet",))


def test_what_is_missing_is_never_zero_without_a_deadline() -> None:
    found = {"a1": marks(9.0), "a4": marks(None, Status.MISSING)}
    without = replace(planned("a4", "project"), terms=Terms())
    members = {**HOMEWORK.assignments, "a4": without}
    one = total(replace(HOMEWORK, assignments=members), found)
    assert (one.percent, one.open) == (None, ("a4: nothing handed in yet",))


def test_a_time_that_is_not_known_leaves_the_total_open() -> None:
    entries = marks(None, Status.DOUBTFUL)
    waiting = replace(entries.students[0], fault="'Sept 12' cannot be read")
    found = {"a1": replace(entries, students=(waiting,))}
    one = total(HOMEWORK, found)
    assert one.open == ("a1: time not known: 'Sept 12' cannot be read",)
    assert one.told == ("a1: not known yet when you handed in",)


def test_a_policy_may_leave_a_total_open_where_something_is_missing() -> None:
    found = {"a1": marks(9.0), "a4": marks(None, Status.MISSING)}
    one = total(replace(HOMEWORK, missing_is_zero=False), found)
    assert (one.percent, one.open) == (None, ("a4: nothing handed in yet",))


def test_a_fault_of_ours_leaves_the_total_open() -> None:
    one = total(HOMEWORK, ALL | {"a3": marks(None, Status.FAULT)})
    assert (one.percent, one.open) == (None, ("a3: not graded: unknown why",))
    assert one.told == ("a3: not graded yet",)
    (entry,) = entries_of_totals([one]).students
    assert (entry.score, entry.status) == (None, Status.FAULT)
    assert entry.fault == "a3: not graded: unknown why"


def test_who_is_excused_is_counted_without_it() -> None:
    assert total(HOMEWORK, ALL | {"a4": marks(None, Status.EXCUSED)}).percent == 85.0
    excused = {name: marks(None, Status.EXCUSED) for name in ALL}
    assert total(HOMEWORK, excused).open == ("nothing counts yet",)


PARTS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=7
)


@given(PARTS, st.integers(0, 7))
def test_no_other_choice_of_what_is_dropped_gives_more(
    shares: list[tuple[int, int]], drop: int
) -> None:
    parts = [
        Part(name=str(i), share=Fraction(share, 6), weight=Fraction(weight))
        for i, (share, weight) in enumerate(shares)
    ]
    found, kept = share_of_group(parts, drop)
    # Every choice, by the definition of a weighted mean.
    choices = itertools.combinations(parts, max(1, len(parts) - drop))
    means = {
        choice: sum(p.share * p.weight for p in choice) / sum(p.weight for p in choice)
        for choice in choices
    }
    assert found == max(means.values()) == means[tuple(kept)]


def test_many_small_assignments_take_no_search() -> None:
    # 20 of 40 can be dropped in 10^11 ways. Kept: 20 ... 39, whose mean is 29.5.
    parts = [
        Part(name=str(i), share=Fraction(i, 40), weight=Fraction(1)) for i in range(40)
    ]
    share, kept = share_of_group(parts, 20)
    assert share == Fraction(59, 80)
    assert [part.name for part in kept] == [str(i) for i in range(20, 40)]


SCORES = st.integers(0, 100).map(lambda n: n / 10)
SHAPES = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(1, 5), SCORES, SCORES),
    min_size=1,
    max_size=6,
)
GROUPS = st.fixed_dictionaries(
    {name: st.tuples(st.integers(1, 9), st.integers(0, 2)) for name in "xyz"}
)
Shape = list[tuple[str, int, float, float]]


def built(shape: Shape, groups: dict[str, tuple[int, int]]) -> Policy:
    members = [planned(f"a{i}", g, w) for i, (g, w, _, _) in enumerate(shape)]
    return policy([group(n, w, d) for n, (w, d) in groups.items()], members, 6)


@given(SHAPES, GROUPS)
def test_more_points_never_give_a_lower_total(
    shape: Shape, groups: dict[str, tuple[int, int]]
) -> None:
    rules = built(shape, groups)
    low = {f"a{i}": marks(min(one[2:])) for i, one in enumerate(shape)}
    high = {f"a{i}": marks(max(one[2:])) for i, one in enumerate(shape)}
    lower, higher = total(rules, low).percent, total(rules, high).percent
    assert lower is not None
    assert higher is not None
    assert 0 <= lower <= higher <= 100


@given(SHAPES, GROUPS, st.randoms(use_true_random=False))
def test_no_order_matters(
    shape: Shape, groups: dict[str, tuple[int, int]], random: Random
) -> None:
    rules = built(shape, groups)
    found = {f"a{i}": marks(one[2]) for i, one in enumerate(shape)}
    names = list(found)
    random.shuffle(names)
    turned = replace(
        rules,
        groups=tuple(reversed(rules.groups)),
        assignments={name: rules.assignments[name] for name in names},
    )
    shuffled = {name: found[name] for name in reversed(names)}
    assert total(turned, shuffled).percent == total(rules, found).percent


def test_a_total_has_as_many_decimals_as_the_policy_says() -> None:
    found = {"a1": marks(1.0), "a2": marks(3.0), "a3": marks(3.0)}
    for decimals, percent in ((0, 23.0), (1, 23.3), (4, 23.3333)):
        members = [planned(name, "") for name in found]
        rules = policy([group("")], members, decimals)
        assert total(rules, found).percent == percent


def test_a_share_is_exact_whatever_the_points_are_out_of() -> None:
    entry = StudentEntry(student=ADA, score=0.1, possible=0.3, status=Status.GRADED)
    rules = policy([group("")], [planned("a1", "")], 6)
    found = total(rules, {"a1": Entries(students=(entry,))})
    assert found.percent == 33.333333
    assert found.words == ("total: mean of a1 33.33 % = 33.33 %",)


def test_what_is_missing_counts_from_the_students_own_deadline_on_to_the_moment() -> (
    None
):
    found = {"a1": marks(9.0), "a4": marks(None, Status.MISSING)}

    def percent(terms: Terms) -> float | None:
        members = {
            **HOMEWORK.assignments,
            "a4": replace(planned("a4", "project"), terms=terms),
        }
        return total(replace(HOMEWORK, assignments=members), found).percent

    day = timedelta(days=1)
    assert percent(Terms(due=NOW - day)) == 54.0
    assert percent(Terms(due=NOW - day, extended={"a": NOW + day})) is None
    assert percent(Terms(due=NOW - day, extended={"b": NOW + day})) == 54.0
    assert percent(Terms(due=NOW)) == 54.0
    assert percent(Terms(due=NOW + timedelta(seconds=1))) is None


def test_weights_are_told_where_those_that_count_differ_and_in_the_policys_order() -> (
    None
):
    rules = policy(
        [group("homework")], [planned("a2", "homework", 3), planned("a1", "homework")]
    )
    found = total(rules, {"a1": marks(10.0), "a2": marks(6.0)})
    assert found.percent == 70.0
    assert found.words == (
        "homework: mean of a2 60 % (weight 3), a1 100 % (weight 1) = 70 %",
    )


def test_an_open_total_is_a_fault_with_its_reasons_and_has_no_points() -> None:
    (one,) = totals(HOMEWORK, {"a1": marks(None, Status.FAULT)}, now=NOW)
    stranger = Unmatched(submission=graded("404", 1.0)[0], anothers=False)
    entries = entries_of_totals([one], unmatched=[], left=[stranger])
    (student,) = entries.students
    assert (student.score, student.possible, student.status) == (
        None,
        None,
        Status.FAULT,
    )
    assert student.fault == "a1: not graded: unknown why"
    assert entries.left == (stranger,)
    assert entries.unmatched == ()


def test_a_total_is_a_mark_out_of_a_hundred_with_its_words() -> None:
    (one,) = totals(HOMEWORK, {"a1": marks(9.0)}, now=NOW)
    stranger = Unmatched(submission=graded("404", 1.0)[0], anothers=False)
    entries = entries_of_totals([one], unmatched=[stranger])
    (student,) = entries.students
    assert (student.score, student.possible, student.status) == (
        90.0,
        100.0,
        Status.GRADED,
    )
    assert student.words == one.words != ()
    assert entries.unmatched == (stranger,)


def test_where_nothing_counts_yet_student_and_staff_are_told_so() -> None:
    found = total(HOMEWORK, {"a1": marks(None, Status.EXCUSED)})
    assert (found.percent, found.open, found.told) == (
        None,
        ("nothing counts yet",),
        ("nothing counts yet",),
    )


def test_an_open_total_shows_what_counts_already() -> None:
    found = total(HOMEWORK, {"a1": marks(9.0), "a2": marks(None, Status.FAULT)})
    assert found.percent is None
    assert found.words[0].startswith("homework: mean of a1 90 %")


def test_an_assignment_of_no_points_has_no_share() -> None:
    none = replace(marks(0.0).students[0], possible=0.0)
    found = total(HOMEWORK, {"a1": Entries(students=(none,)), "a2": marks(6.0)})
    assert found.percent is None


def test_a_fault_in_a_total_is_told_to_staff_in_its_own_words() -> None:
    fault = replace(marks(None, Status.FAULT).students[0], fault="no sandbox")
    found = total(HOMEWORK, {"a1": Entries(students=(fault,))})
    assert (found.open, found.told) == (
        ("a1: not graded: no sandbox",),
        ("a1: not graded yet",),
    )


def test_a_share_that_ends_in_half_a_hundredth_is_rounded_up() -> None:
    entry = StudentEntry(student=ADA, score=1.005, possible=100.0, status=Status.GRADED)
    assert total(HOMEWORK, {"a1": Entries(students=(entry,))}).percent == 1.01
