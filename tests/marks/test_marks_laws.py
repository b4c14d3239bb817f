"""Two laws of the whole path from attempts to totals, for every policy: no order of
anything matters, and more points in an attempt never give a lower total."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake.roster import Roster, RosterKind, Student
from autograder.marks.class_marks import entries_of
from autograder.marks.deadlines import Counts, Terms
from autograder.marks.lateness import LatePolicy, after_lateness
from autograder.marks.marking import Rules, marked
from autograder.marks.policy import Group, Planned, Policy
from autograder.marks.totals import totals
from gradebook_class import graded

DUE = datetime(2026, 10, 10, 23, 59, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
EXTENDED = {"2": DUE + timedelta(days=2)}
CLASS = Roster(
    place=Path("roster.csv"),
    kind=RosterKind.PLAIN,
    header=("id", "name"),
    heads=(),
    rows=(("1", "Ada"), ("2", "Bo"), ("3", "Cy")),
    students=(
        Student(id="1", name="Ada", row=0, line=2),
        Student(id="2", name="Bo", row=1, line=3),
        Student(id="3", name="Cy", row=2, line=4),
    ),
)
HOURS = st.integers(0, 100).map(lambda hours: timedelta(hours=hours))
LATE = st.builds(
    LatePolicy,
    grace=HOURS,
    percent=st.integers(0, 60).map(Fraction),
    every=st.none() | st.just(timedelta(days=1)),
    of=st.sampled_from(["full marks", "points earned"]),
    cut_off=st.none() | HOURS,
)
Attempt = tuple[str, int, int]
"""Whose it is, its points of 100, its hours after the deadline."""
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from("123"), st.integers(0, 100), st.integers(-40, 120)),
    max_size=8,
)
Work = dict[str, list[Attempt]]
WORK = st.fixed_dictionaries({"a1": ATTEMPTS, "a2": ATTEMPTS})


@dataclass(frozen=True)
class Course:
    late: LatePolicy
    counts: Counts
    decimals: int
    drop: int

    def terms(self) -> Terms:
        return Terms(
            due=DUE,
            zone=UTC,
            extended=EXTENDED,
            counts=self.counts,
            grace=self.late.grace,
            worth=lambda points, possible, by: (
                after_lateness(points, possible, by, self.late).points
            ),
        )

    def policy(self) -> Policy:
        return Policy(
            place=Path("policy.toml"),
            decimals=self.decimals,
            missing_is_zero=True,
            zone=UTC,
            groups=(Group(name="", weight=Fraction(1), drop_lowest=self.drop),),
            assignments={
                name: Planned(
                    name=name,
                    group="",
                    weight=Fraction(weight),
                    terms=self.terms(),
                    late=self.late,
                )
                for name, weight in (("a1", 1), ("a2", 2))
            },
        )


COURSES = st.builds(
    Course,
    late=LATE,
    counts=st.sampled_from(Counts),
    decimals=st.integers(0, 3),
    drop=st.integers(0, 1),
)


def percents(
    course: Course, work: Work, roster: Roster, order: Random | None = None
) -> dict[str, float]:
    found = {}
    for name, attempts in work.items():
        count = Counter[str]()
        pairs = []
        for who, points, hours in attempts:
            count[who] += 1
            at = DUE + timedelta(hours=hours)
            pair = graded(who, float(points), attempt=count[who], at=at)
            pairs.append(
                (msgspec.structs.replace(pair[0], key=f"{who}-{count[who]}"), pair[1])
            )
        if order is not None:
            order.shuffle(pairs)
        entries = entries_of(roster, pairs, terms=course.terms())
        results = {submission.key: result for submission, result in pairs}
        rules = Rules(assignment=name, late=course.late, decimals=course.decimals)
        found[name] = marked(entries, results, rules)
    all_of_them = totals(course.policy(), found, now=NOW)
    return {t.student.id: t.percent for t in all_of_them if t.percent is not None}


def points_more(work: Work, name: str, place: int, more: int) -> Work:
    attempts = list(work[name])
    who, points, hours = attempts[place]
    attempts[place] = (who, min(100, points + more), hours)
    return work | {name: attempts}


@given(course=COURSES, work=WORK, order=st.randoms(use_true_random=False))
def test_no_order_of_submissions_or_students_matters(
    course: Course, work: Work, order: Random
) -> None:
    turned = list(CLASS.students)
    order.shuffle(turned)
    other = replace(CLASS, students=tuple(turned))
    as_handed_in = percents(course, work, CLASS)
    assert percents(course, work, other, order) == as_handed_in
    assert all(0 <= percent <= 100 for percent in as_handed_in.values())


@given(course=COURSES, work=WORK, more=st.integers(1, 100))
def test_more_points_in_an_attempt_never_give_a_lower_total(
    course: Course, work: Work, more: int
) -> None:
    before = percents(course, work, CLASS)
    for name, attempts in work.items():
        for place in range(len(attempts)):
            after = percents(course, points_more(work, name, place, more), CLASS)
            assert all(after[student] >= before[student] for student in before)
