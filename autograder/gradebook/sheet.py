"""What goes into a gradebook file: marks as points, in percent or by question."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import mark
from autograder.gradebook.points import FullMarks, factor_to, scaled_note
from autograder.intake.roster import Roster
from autograder.marks.class_marks import Entries, StudentEntry, label
from autograder.marks.numbers import PERCENT, exact
from autograder.text import printable

LONGEST_COMMENT = 1000


class Expressed(enum.Enum):
    """How marks are written."""

    POINTS = "points"
    PERCENT = "percent"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of marks, a cell a student in the roster's order; None is no mark.

    possible : the points of full marks
    """

    title: str
    possible: float
    marks: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A class's marks for one grade item, ready to be written.

    entries : with scores as they are to be written
    item : the grade item's title; possible : the points of full marks
    questions : a column a question, where that was asked for
    comments : a line a student, None where none were asked for
    decimal_comma : write 7,5 and not 7.5, in a file of semicolons
    scale : multiply the marks where the LMS's column has other points
    item_points : the column's points as a person says they are, where a number in the
        file can be read in two ways
    """

    roster: Roster
    entries: Entries
    item: str
    possible: float
    questions: tuple[Column, ...] = ()
    comments: tuple[str, ...] | None = None
    decimal_comma: bool
    scale: bool
    item_points: float | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to write: the questions', or the one of the item."""
        marks = tuple(entry.score for entry in self.entries.students)
        whole = Column(title=self.item, possible=self.possible, marks=marks)
        return self.questions or (whole,)

    def scaled_to(self, there: FullMarks) -> tuple["Sheet", list[str]]:
        """Return the sheet in the points that the LMS's column has, and what to say.

        Raises StaffError where they are others than ours and no scale was asked for
        """
        factor = factor_to(
            there, self.possible, scale=self.scale, item_points=self.item_points
        )
        if factor == 1:
            return self, []
        possible = float(exact(self.possible) * factor)
        entries = scaled_entries(self.entries, factor)
        sheet = replace(self, entries=entries, possible=possible)
        return sheet, scaled_note(factor, self.possible)

    def mark(self, score: float | None) -> str:
        """Return a mark's cell, "" where there is none."""
        text = "" if score is None else mark(score)
        return text.replace(".", ",") if self.decimal_comma else text

    def comment(self, place: int) -> str:
        """Return the comment on the student who stands there in the roster."""
        return self.comments[place] if self.comments else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A gradebook file's content, and what a person should know about it.

    left_alone : whose mark is not in it since people decided otherwise in the LMS, a
        line each
    """

    data: bytes
    notes: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file that some LMS takes.

    name : what ``--lms`` calls it; made_for : in words
    write : gives the file's content; told where it will lie, for errors
    takes_questions, takes_comments : whether it has room for them
    takes_decimal_comma : whether sites with a decimal comma want one in it
    has_points : whether the LMS's own list says how many points the column has, so
        that marks can be scaled to it
    item_is : what ``--item`` must be, "" where the assignment's title will do
    """

    name: str
    made_for: str
    write: Callable[[Sheet, Path], Written]
    takes_questions: bool = False
    takes_comments: bool = False
    takes_decimal_comma: bool = False
    has_points: bool = False
    item_is: str = ""


def sheet_of(
    roster: Roster,
    entries: Entries,
    *,
    item: str,
    possible: float,
    expressed: Expressed,
    with_comments: bool,
    decimal_comma: bool = False,
    scale: bool = False,
    item_points: float | None = None,
) -> Sheet:
    """Return the marks as they were asked for."""
    comments = tuple(map(comment_on, entries.students)) if with_comments else None
    questions: tuple[Column, ...] = ()
    if expressed is Expressed.PERCENT:
        entries, possible = in_percent(entries), PERCENT
    elif expressed is Expressed.QUESTIONS:
        questions = _by_question(entries, item)
    return Sheet(
        roster=roster,
        entries=entries,
        item=item,
        possible=possible,
        questions=questions,
        comments=comments,
        decimal_comma=decimal_comma,
        scale=scale,
        item_points=item_points,
    )


def scaled_entries(entries: Entries, factor: Fraction) -> Entries:
    """Return everybody's score multiplied by a factor."""
    return replace(
        entries,
        students=tuple(
            entry
            if entry.score is None
            else replace(
                entry,
                score=float(exact(entry.score) * factor),
                possible=None
                if entry.possible is None
                else float(exact(entry.possible) * factor),
            )
            for entry in entries.students
        ),
    )


def in_percent(entries: Entries) -> Entries:
    """Return everybody's score as percents of the points of full marks."""
    return replace(entries, students=tuple(map(_in_percent, entries.students)))


def comment_on(entry: StudentEntry) -> str:
    """Return one line for the student: the score, why it changed, what to look at.

    "" where there is no mark. It begins with a digit, so that no spreadsheet computes
    it, and has no line break.
    """
    if entry.score is None or entry.possible is None:
        return ""
    parts = [f"{mark(entry.score)} of {mark(entry.possible)} points.", *entry.words]
    parts += [f"{title}: {message}" for title, message in entry.named]
    line = " ".join(" ".join(parts).split())
    cut = f"{line[: LONGEST_COMMENT - 1]}…"
    return line if len(line) <= LONGEST_COMMENT else cut


def differing(entries: Entries) -> Iterator[str]:
    """Say whose mark is not the sum of their questions, a line each.

    A policy or a person changed the whole mark; question columns know nothing of it.
    """
    for entry in entries.students:
        total = sum((exact(points) for _, points, _ in entry.questions), Fraction(0))
        if entry.score is not None and mark(float(total)) != mark(entry.score):
            yield (
                f"{label(entry.student)}: the questions sum to {mark(float(total))}, "
                f"the mark is {mark(entry.score)}: enter it by hand, or give "
                "--as points"
            )


def _in_percent(entry: StudentEntry) -> StudentEntry:
    if entry.score is None or not entry.possible:
        return entry
    share = exact(entry.score) / exact(entry.possible) * Fraction(100)
    return replace(entry, score=float(share), possible=PERCENT)


def _by_question(entries: Entries, item: str) -> tuple[Column, ...]:
    """Return a column a question, in the order of the first student who has them.

    Raises StaffError where a student has a mark, but of other questions or of none: by
    its place a mark would end up in another question's column
    """
    known = next((e.questions for e in entries.students if e.questions), ())
    if not known:
        raise StaffError(
            "--as questions",
            f"nobody of the class list has points by question for {printable(item)!r}",
            "see by --as points who has none and why, or grade again",
        )
    wanted = [(title, possible) for title, _, possible in known]
    for entry in entries.students:
        found = [(title, possible) for title, _, possible in entry.questions]
        if entry.score is not None and found != wanted:
            there = ", ".join(printable(title) for title, _ in found) or "none"
            raise StaffError(
                "--as questions",
                f"{label(entry.student)} has a mark, but other questions than the "
                f"class: {there}",
                "grade again, or give --as points",
            )
    columns = []
    for at, (title, _, possible) in enumerate(known):
        marks = tuple(
            e.questions[at][1] if e.score is not None else None
            for e in entries.students
        )
        columns.append(Column(title=f"{item}: {title}", possible=possible, marks=marks))
    return tuple(columns)
