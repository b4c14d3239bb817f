"""What a person should look at before the marks go out, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.course.assignment import Assignment
from autograder.marks.class_marks import Entries, StudentEntry, Unmatched
from autograder.marks.numbers import duration
from autograder.records.entries import Entry
from autograder.reports.person_names import People, Person

NO_ISOLATION = "none"
Counted = Sequence[tuple[StudentEntry, Entry]]
"""Students with a mark, and the result that gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One kind of thing to look at, and whom it is about.

    advice : what to do
    is_open : marks are not final while it stands
    lines : whom, and what about them ("" where the heading says it)
    """

    heading: str
    advice: str
    is_open: bool
    lines: tuple[tuple[Person, str], ...]


def matters_of(
    assignment: Assignment,
    entries: Entries,
    by_key: Mapping[str, Entry],
    people: People,
) -> Iterator[Matter]:
    """Yield every kind that somebody is concerned by."""
    counted = [
        (student, by_key[student.key])
        for student in entries.students
        if student.score is not None and student.key in by_key
    ]
    everything = (
        *_open(assignment, entries, counted, people),
        *_settled(entries, counted, people),
    )
    yield from (matter for matter in everything if matter.lines)


def _open(
    assignment: Assignment, entries: Entries, counted: Counted, people: People
) -> Iterator[Matter]:
    yield Matter(
        heading="Not graded",
        advice="No fault of theirs: the cell stays blank until this is settled.",
        is_open=True,
        lines=tuple(
            (people.student(s), s.fault or "nobody knows why") for s in entries.faults
        ),
    )
    yield Matter(
        heading="Time not known",
        advice="Graded, but lateness costs marks and nobody knows when it came in: no "
        "mark until an override or a second file (grade --times) tells.",
        is_open=True,
        lines=tuple((people.student(s), s.fault) for s in entries.doubtful),
    )
    yield Matter(
        heading="Not on the roster",
        advice="Handed in, but in no gradebook: is the class list older than they are?",
        is_open=True,
        lines=tuple(_unmatched(entries.unmatched, people)),
    )
    yield Matter(
        heading="Graded with other questions than there are now",
        advice="Left out of what has changed: run autograder grade again.",
        is_open=True,
        lines=tuple(
            (people.student(s), "") for s, e in counted if _is_stale(assignment, e)
        ),
    )
    yield Matter(
        heading="Graded without a sandbox",
        advice="Don't trust these marks: a submission could have read the answers.",
        is_open=True,
        lines=tuple(
            (people.student(s), "")
            for s, e in counted
            if e.result.isolation == NO_ISOLATION
        ),
    )


def _settled(entries: Entries, counted: Counted, people: People) -> Iterator[Matter]:
    yield from _zeros(entries, people)
    yield from _about_marks(entries, counted, people)
    yield from _about_times(entries, people)


def _about_marks(
    entries: Entries, counted: Counted, people: People
) -> Iterator[Matter]:
    yield Matter(
        heading="Taken under another name",
        advice="The file had not the name that was asked for: is it the one meant?",
        is_open=False,
        lines=tuple(
            (people.student(s), s.taken_from) for s in entries.students if s.taken_from
        ),
    )
    yield Matter(
        heading="For a person to judge",
        advice="No points were taken for any of this.",
        is_open=False,
        lines=tuple(
            (people.student(s), "; ".join(e.result.flags))
            for s, e in counted
            if e.result.flags
        ),
    )
    yield Matter(
        heading="Changed by the policy or by a person",
        advice="The mark is no longer the sum of the points; why, as students read it.",
        is_open=False,
        lines=tuple(
            (people.student(s), "; ".join(s.words)) for s in entries.students if s.words
        ),
    )
    yield Matter(
        heading="Nothing handed in",
        advice="Blank in the gradebook, and not part of any number below.",
        is_open=False,
        lines=tuple((people.student(s), "") for s in entries.missing),
    )
    yield Matter(
        heading="Not on the class list any more",
        advice="They have left the class since they were graded; in no number below.",
        is_open=False,
        lines=tuple(_unmatched(entries.left, people)),
    )


def _about_times(entries: Entries, people: People) -> Iterator[Matter]:
    yield Matter(
        heading="Time in doubt, which costs nothing",
        advice="Whenever it came in, the mark is the same.",
        is_open=False,
        lines=tuple(
            (people.student(s), s.time_doubt)
            for s in entries.students
            if s.time_doubt and s.score is not None
        ),
    )
    yield Matter(
        heading="In time by the LMS's word",
        advice="Its download has no times and marks what is late, by its own deadline: "
        "is that the policy's? A second file has the times (grade --times).",
        is_open=False,
        lines=tuple((people.student(s), "") for s in entries.students if s.by_lms),
    )
    yield Matter(
        heading="Late",
        advice="After the student's deadline. What it costs is for the policy to say.",
        is_open=False,
        lines=tuple(
            (people.student(s), f"by {duration(s.late_by)}")
            for s in entries.late
            if s.late_by is not None
        ),
    )
    yield Matter(
        heading="More than one attempt",
        advice="The newest counts, unless the policy has another rule.",
        is_open=False,
        lines=tuple(
            (people.student(s), f"{s.attempts} attempts, number {s.attempt} counts")
            for s in entries.several
        ),
    )


def _zeros(entries: Entries, people: People) -> Iterator[Matter]:
    """Yield a matter a reason: a zero is looked at before it goes out."""
    by_reason: dict[str, list[Person]] = defaultdict(list)
    for student in entries.students:
        if student.zero and student.score == 0:
            by_reason[student.zero].append(people.student(student))
    for reason, whose in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        yield Matter(
            heading=f"0 because {reason}",
            advice="Look at what was handed in before these marks go out.",
            is_open=False,
            lines=tuple((person, "") for person in whose),
        )


def _unmatched(
    whose: Iterable[Unmatched], people: People
) -> Iterator[tuple[Person, str]]:
    for one in whose:
        could_be = " or ".join(f"{c.name} ({c.id})" for c in one.candidates)
        told = (f"could be {could_be}" if could_be else "", one.fault)
        yield people.submitter(one.submission), "; ".join(filter(None, told))


def _is_stale(assignment: Assignment, entry: Entry) -> bool:
    now = [(q.name, assignment.points(q.name)) for q in assignment.manifest.question]
    return [(q.name, q.possible) for q in entry.result.questions] != now
