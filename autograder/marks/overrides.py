"""What a person decided about a mark: one TOML file with who, what and why.

An override lies beside the ledger, never in it: a regrade changes results, and what a
person decided holds on top of whatever they are then.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from autograder.course.toml_files import line_of_table, read_text, read_toml
from autograder.errors import StaffError
from autograder.intake.roster import Roster
from autograder.intake.witnesses import same_name
from autograder.points import total


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision.

    student : an id of the class list; assignment : its name
    name : the student's, a witness: with it the id of another list is noticed
    question : of which the points are; "" where they are the whole mark, which then
        holds as it stands, late or not
    points : None where there is only a comment or an excuse
    excused : the assignment does not count for the student
    submitted : when it was handed in, where the download does not say; in the policy's
        zone, where it names none
    comment : for the student; by, why : who decided it, and the reason, shown too
    """

    student: str
    assignment: str
    by: str
    why: str
    name: str = ""
    question: str = ""
    points: float | None = None
    excused: bool = False
    submitted: datetime | None = None
    comment: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    override: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """All decisions, by assignment and roster id, in the file's order.

    possible : the points of full marks of every assignment in the file
    """

    by_student: Mapping[tuple[str, str], tuple[Override, ...]]
    possible: Mapping[str, float] = field(default_factory=dict)

    def of(self, assignment: str, student_id: str) -> tuple[Override, ...]:
        """Return what was decided about a student's assignment."""
        return self.by_student.get((assignment, student_id), ())


NONE = Overrides(by_student={})


def read_overrides(
    path: Path,
    roster: Roster,
    known: Collection[str],
    points: Callable[[str], Mapping[str, float]],
) -> Overrides:
    """Read and check what was decided.

    known : names of the course's assignments
    points : gives the points of an assignment's questions
    Raises AuthoringError or StaffError with the file and the line
    """
    file, text = read_toml(path, _File), read_text(path)
    students = roster.by_identifier
    found: dict[tuple[str, str], tuple[Override, ...]] = {}
    questions: dict[str, Mapping[str, float]] = {}
    for index, one in enumerate(file.override):
        owners = students.get(one.student, ())
        student_id = owners[0].id if len(owners) == 1 else ""
        before = found.get((one.assignment, student_id), ())
        if one.assignment in known and one.assignment not in questions:
            questions[one.assignment] = points(one.assignment)
        if len(owners) != 1:
            many = "several students" if owners else "nobody"
            problem = f"{one.student!r} is {many} on {roster.place}"
        elif one.name and not same_name(one.name, owners[0].name):
            problem = (
                f"{one.student!r} is {owners[0].name!r} on {roster.place}, not "
                f"{one.name!r}"
            )
        else:
            problem = _problem(one, before, questions)
        if problem:
            place = f"{path}:{line_of_table(text, 'override', index)}"
            raise StaffError(place, problem, "correct it or take it out")
        found[one.assignment, student_id] = (*before, one)
    possible = {name: total(each.values()) for name, each in questions.items()}
    return Overrides(by_student=found, possible=possible)


def _problem(
    one: Override,
    before: Collection[Override],
    questions: Mapping[str, Mapping[str, float]],
) -> str:
    """Say what is wrong with a decision, "" where nothing is."""
    what = one.question or one.assignment
    bad = {
        f"the course has no assignment {one.assignment!r}": (
            one.assignment not in questions
        ),
        f"{one.student}: it must say by whom and why": not (
            one.by.strip() and one.why.strip()
        ),
        f"{one.student}: there are neither points nor a comment, nor a time": (
            one.points is None
            and not one.comment.strip()
            and not one.excused
            and one.submitted is None
        ),
        f"{one.student}: excused, and points or a question, or a time, as well": (
            one.excused
            and (
                one.points is not None
                or one.question != ""
                or one.submitted is not None
            )
        ),
        f"{one.student}: the time is of the whole assignment, not of a question": (
            one.submitted is not None and one.question != ""
        ),
        f"{one.student}: excused from {one.assignment}, and more beside it": any(
            o.excused or one.excused for o in before
        ),
        f"a second override of {what} for {one.student}": any(
            o.question == one.question for o in before
        ),
    }
    first = next((problem for problem, is_so in bad.items() if is_so), "")
    return first or _misfit(one, questions[one.assignment])


def _misfit(one: Override, points: Mapping[str, float]) -> str:
    if one.question and one.question not in points:
        return f"{one.assignment} has no question {one.question!r}"
    possible = points[one.question] if one.question else total(points.values())
    if one.points is not None and not 0 <= one.points <= possible:
        what = one.question or one.assignment
        return f"{one.student}: {one.points:g} points of {what}, which has {possible:g}"
    return ""
