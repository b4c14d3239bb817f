"""Grade a class: what is not graded yet, each result kept at once, then the pages.

Everything of a run lies in one folder: ``ledger.sqlite`` (every result), ``feedback/``
(a folder an assignment, a page a student) and the gradebook files.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment
from autograder.grading.grader import Job
from autograder.intake import Intake
from autograder.intake.roster import read_roster
from autograder.kinds import Kind, Left
from autograder.marks.class_marks import Entries
from autograder.marks.numbers import in_words
from autograder.marks.rules import Asked, Standing
from autograder.records.dependencies import (
    CourseInputs,
    Inputs,
    course_inputs,
    inputs_of,
)
from autograder.records.entries import NEVER, Entry
from autograder.records.ledger import Ledger, ledger_path
from autograder.records.profile import (
    Part,
    RunProfile,
    profile_path,
    write_profile,
)
from autograder.records.submission import Submission
from autograder.reports.pages import write_pages
from autograder.reports.person_names import told_apart
from autograder.runs.changes import changed_times
from autograder.runs.download import (
    hand_ins_of,
    read_download,
    with_former_owners,
)
from autograder.runs.grading_jobs import (
    Listener,
    grade_and_store,
    refuse_an_unsafe_machine,
)
from autograder.runs.run_meter import RunMeter, Unwatched, Watching


@dataclass(frozen=True, kw_only=True)
class GradingRequest:
    """What ``autograder grade`` was asked to do."""

    course: Path
    assignment: str
    submissions: Path
    roster_path: Path
    out: Path
    source: str | None
    asked: Asked
    times: Path | None
    anyway: bool
    force: bool
    no_sandbox: bool
    workers: int
    scheduler: str | None = None
    reason: str = ""
    profile: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run did, for the terminal.

    run : its number in the ledger
    graded_now : how many submissions it judged; graded_before : how many others of
        the download have a result; entries : all that stand
    rows : student, score, verdict, what stands out
    remarks : what a person should know or decide
    outputs : label and path of what was written
    ungraded : how many submissions have no mark through no fault of their own, or may
        lie among the files of nobody
    profile : where the time went, where that was asked
    """

    title: str
    run: int
    graded_now: int
    graded_before: int
    entries: list[Entry]
    rows: list[tuple[str, str, str, str]]
    remarks: list[str]
    outputs: list[tuple[str, Path]]
    ungraded: int
    profile: RunProfile | None = None


def grade_class(
    order: GradingRequest, listener: Listener, meter: RunMeter | None = None
) -> Summary:
    """Grade what is not graded yet, store each result at once, write the reports.

    meter : measures the run, where its profile is wanted
    """
    watch = meter or Unwatched()
    with watch.of(Part.START):
        assignment = assignments.load(order.course, order.assignment)
        roster = read_roster(order.roster_path)
        standing = Standing(order.course, roster, order.asked)
        # A wrong file is told before anything is graded.
        standing.check(assignment.name)
        intake = read_download(
            order.submissions,
            assignment,
            standing,
            source=order.source,
            times=order.times,
            anyway=order.anyway,
        )
        refuse_an_unsafe_machine(order, assignment)
    with Ledger(ledger_path(order.out)) as ledger:
        with watch.of(Part.LEDGER):
            intake = with_former_owners(intake, ledger.owners(assignment.name), roster)
            before = ledger.entries(assignment.name)
        run, count = _grade(order, assignment, intake, ledger, listener, watch)
        with watch.of(Part.LEDGER):
            entries = ledger.entries(assignment.name)
    marks = standing.marks_of(assignment.name, entries)
    with watch.of(Part.PAGES):
        folder = write_pages(order.out, assignment, standing, entries, marks)
    profile = meter.profile(run) if meter else None
    if profile:
        write_profile(profile_path(order.out, assignment.name), profile)
    current = {s.key for s in (*intake.submissions, *_held_back(intake))}
    shown = [entry for entry in entries if entry.submission.key in current]
    names = told_apart((entry.submission for entry in shown), roster)
    before_this = sum(e.result.graded_at != NEVER and e.run != run for e in shown)
    return Summary(
        title=f"{assignment.name}: {count} graded now, {before_this} before",
        run=run,
        graded_now=count,
        graded_before=before_this,
        entries=shown,
        rows=[_row(entry, names) for entry in shown],
        remarks=[
            *_remarks(intake, entries, before, marks),
            *_without(marks, current).remarks,
        ],
        outputs=[("results", ledger_path(order.out)), ("feedback", folder)],
        # An issue without a student of the roster is among those who are on none.
        ungraded=marks.wanting + (not shown) + len(intake.work_of_nobody),
        profile=profile,
    )


def _grade(
    order: GradingRequest,
    assignment: Assignment,
    intake: Intake,
    ledger: Ledger,
    listener: Listener,
    watch: Watching,
) -> tuple[int, int]:
    """Grade what has no standing result; return the run and how many there were."""
    course = course_inputs(assignment)

    def inputs(submission: Submission) -> Inputs:
        return _inputs(order, course, submission)

    with watch.of(Part.LEDGER):
        jobs = _jobs(order, course, intake, ledger)
        listener.planned(len(jobs))
        # First who handed in what: a run that is interrupted must leave nobody out.
        hand_ins = hand_ins_of(intake, lambda one: inputs(one).hash)
        run = ledger.begin_run("grade", assignment.name, order.reason, hand_ins)
    grade_and_store(order, jobs, inputs, ledger, run, listener, watch)
    return run, len(jobs)


def _jobs(
    order: GradingRequest, course: CourseInputs, intake: Intake, ledger: Ledger
) -> list[Job]:
    """Return what is to be graded: all, or what has no standing result."""
    return [
        Job(
            course=order.course,
            assignment=order.assignment,
            submission=submission,
            secret=ledger.secret,
            isolated=not order.no_sandbox,
            profile=order.profile,
        )
        for submission in intake.submissions
        if order.force
        or not ledger.graded(
            order.assignment, submission.key, _inputs(order, course, submission).hash
        )
    ]


def _inputs(
    order: GradingRequest, course: CourseInputs, submission: Submission
) -> Inputs:
    return inputs_of(course, submission, isolated=not order.no_sandbox)


def _remarks(
    intake: Intake,
    entries: Sequence[Entry],
    before: Sequence[Entry],
    marks: Entries,
) -> Iterator[str]:
    """Yield what this download shows: doubts, what is new, and whom it lacks."""
    # Who has left the class, or has been given to a student by hand, is no stranger.
    strangers = {"", *(u.submission.key for u in marks.unmatched)}
    told = {e.student.id for e in marks.faults}
    yield from (
        str(issue)
        for issue in intake.issues
        if issue.submission_key in strangers
        # Who is held back is told with the marks, as not graded and why.
        and not (issue in intake.ungraded and issue.roster_id in told)
    )
    yield from changed_times(before, entries)
    here = {s.identity for s in (*intake.submissions, *_held_back(intake))}
    elsewhere = {e.submission.identity for e in entries} - here
    if elsewhere:
        count = len(elsewhere)
        yield (
            f"not in this download: {count} student{'' if count == 1 else 's'}, who "
            f"keep{'s' if count == 1 else ''} what an earlier one had"
        )


def _without(marks: Entries, told: Collection[str]) -> Entries:
    """Leave out who is not on the roster, where the download's issues have told it."""
    return replace(
        marks,
        unmatched=tuple(u for u in marks.unmatched if u.submission.key not in told),
    )


def _held_back(intake: Intake) -> list[Submission]:
    return [submission for submission, _ in intake.held_back]


def _row(entry: Entry, names: Mapping[str, str]) -> tuple[str, str, str, str]:
    result = entry.result
    name = names[entry.submission.key]
    if entry.submission.attempt > 1:
        name += f" (attempt {entry.submission.attempt})"
    score = "-" if result.score is None else in_words(result.score)
    named = [d.message for q in result.questions for d in q.diagnoses]
    kinds = [c.kind for q in result.questions for c in q.cases]
    telling = {k for k in kinds if k.left is not Left.RIGHT} - {Kind.VALUE}
    plain = [kind.words for kind in Kind if kind in telling]
    stands_out = [*result.flags, *named] or plain
    shown = "; ".join(stands_out[:2])
    more = len(stands_out) - len(stands_out[:2])
    return name, score, result.verdict.value, f"{shown} (+{more})" if more else shown
