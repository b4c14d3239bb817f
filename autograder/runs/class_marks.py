"""Who gets what for an assignment or in all: what is exported and pushed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.errors import StaffError
from autograder.gradebook.csv_cells import check_marks
from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import Entries, Unmatched
from autograder.marks.numbers import PERCENT
from autograder.marks.rules import Asked, Standing
from autograder.marks.totals import Total, entries_of_totals, totals
from autograder.records.ledger import ledger_path, open_ledger

TOTAL = "total"


@dataclass(frozen=True, kw_only=True)
class ClassMarks:
    """Who gets what for an assignment or in all, as it stands now.

    possible : the points of full marks
    """

    title: str
    possible: float
    roster: Roster
    entries: Entries


def marks_of_class(
    course: Path, name: str, roster_path: Path, out: Path, asked: Asked
) -> ClassMarks:
    """Read who gets what: what `export` writes and `push` sends.

    name : an assignment's, or `TOTAL`
    Raises StaffError where a mark cannot be, or there is no ledger
    """
    if name == TOTAL:
        course_wide = course_totals(course, roster_path, out, asked, datetime.now(UTC))
        title, possible = "Total", PERCENT
        roster = course_wide.roster
        marks = entries_of_totals(
            course_wide.totals,
            unmatched=course_wide.unmatched,
            left=_once(u for e in course_wide.marks.values() for u in e.left),
        )
    else:
        assignment = assignments.load(course, name)
        title, possible = assignment.manifest.title, assignment.possible
        roster = read_roster(roster_path)
        with open_ledger(out) as ledger:
            marks = Standing(course, roster, asked).marks(ledger, name)
    check_marks(marks, possible, ledger_path(out))
    return ClassMarks(title=title, possible=possible, roster=roster, entries=marks)


@dataclass(frozen=True, kw_only=True)
class CourseTotals:
    """Everybody's total, and the marks that it was made of, by assignment."""

    roster: Roster
    marks: Mapping[str, Entries]
    totals: tuple[Total, ...]

    @property
    def unmatched(self) -> list[Unmatched]:
        """Whose work is in nobody's total, each once."""
        return _once(u for entries in self.marks.values() for u in entries.unmatched)


def course_totals(
    course: Path, roster_path: Path, out: Path, asked: Asked, now: datetime
) -> CourseTotals:
    """Compute everybody's total, of every graded assignment that the policy plans.

    now : work that is missing counts from its deadline on
    Raises StaffError where there is no policy, or nothing is graded
    """
    roster = read_roster(roster_path)
    standing = Standing(course, roster, asked)
    policy = standing.policy
    if policy is None:
        raise StaffError("--policy", "a total needs one", "give the policy's file")
    with open_ledger(out) as ledger:
        graded = [n for n in policy.assignments if n in ledger.assignments()]
        marks = {name: standing.marks(ledger, name) for name in graded}
    if not marks:
        problem = "none of its assignments is graded"
        raise StaffError(policy.place, problem, "run: autograder grade")
    found = totals(policy, marks, now=now)
    return CourseTotals(roster=roster, marks=marks, totals=found)


def _once(whose: Iterable[Unmatched]) -> list[Unmatched]:
    """Return each person once, though they handed in several assignments."""
    people = {}
    for one in whose:
        submission = one.submission
        people[submission.roster_id or submission.origin or submission.key] = one
    return list(people.values())
