"""Grade a class: what is not graded yet, each result kept at once, then the pages.

Everything of a run lies in one folder: ``ledger.sqlite`` (every result), ``feedback/``
(a folder an assignment, a page a student) and the gradebook files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.intake import Intake, read_submissions
from autograder.intake.roster import read_roster
from autograder.kinds import Kind, Left
from autograder.marks.class_marks import Entries
from autograder.marks.rules import Asked, Standing
from autograder.records.dependencies import (
    CourseInputs,
    Inputs,
    course_inputs,
    inputs_of,
)
from autograder.records.ledger import Entry, Ledger, ledger_path
from autograder.records.results import Verdict
from autograder.records.submission import Submission
from autograder.reports.student_report import feedback_folder, write_feedback
from autograder.sandbox.backends import refuse_where_not_isolated

TOLD_BY_INTAKE = "not on the roster"


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
    force: bool
    no_sandbox: bool
    workers: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run did, for the terminal.

    run : its number in the ledger
    graded_now : how many submissions it judged; entries : all that stand
    rows : student, score, verdict, what stands out
    remarks : what a person should know or decide
    outputs : label and path of what was written
    ungraded : how many submissions have no mark through no fault of their own
    """

    title: str
    run: int
    graded_now: int
    entries: list[Entry]
    rows: list[tuple[str, str, str, str]]
    remarks: list[str]
    outputs: list[tuple[str, Path]]
    ungraded: int


def grade_class(
    order: GradingRequest,
    *,
    planned: Callable[[int], None],
    done: Callable[[], None],
) -> Summary:
    """Grade what is not graded yet, store each result at once, write the reports.

    planned, done : told the number of submissions, and each one that is finished
    """
    assignment = assignments.load(order.course, order.assignment)
    roster = read_roster(order.roster_path)
    intake = read_submissions(
        order.submissions,
        file_name=assignment.manifest.file,
        roster=roster,
        source=order.source,
    )
    standing = Standing(order.course, roster, order.asked)
    standing.terms(assignment.name)  # a wrong file is told before anything is graded
    if not order.no_sandbox:
        refuse_where_not_isolated(order.course, assignment)
    course = course_inputs(assignment)
    with Ledger(ledger_path(order.out)) as ledger:
        jobs = _jobs(order, course, intake, ledger)
        planned(len(jobs))
        run = ledger.begin_run("grade", assignment.name, order.reason)
        for submission, result in grade_all(jobs, order.workers):
            inputs = _inputs(order, course, submission)
            ledger.add(submission, result, inputs.hash, run=run, inputs=inputs)
            done()
        held_back = {
            p.roster_id: p.text for p in intake.ungraded if p.roster_id is not None
        }
        ledger.hold_back(assignment.name, held_back)
        ledger.end_run(run)
        current = {s.key for s in intake.submissions}
        entries = [
            e for e in ledger.entries(assignment.name) if e.submission.key in current
        ]
    gradebook = standing.marks_of(assignment.name, entries, held_back)
    return _report(
        order, assignment, intake, entries, standing, gradebook, len(jobs), run
    )


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


def _report(
    order: GradingRequest,
    assignment: Assignment,
    intake: Intake,
    entries: list[Entry],
    standing: Standing,
    gradebook: Entries,
    graded_now: int,
    run: int,
) -> Summary:
    folder = feedback_folder(order.out, assignment.name)
    terms = standing.terms(assignment.name)
    counted = {one.key: one for one in gradebook.students}
    for entry in entries:
        one = entry.submission
        mark = counted.get(one.key)
        write_feedback(
            folder,
            one,
            entry.result,
            assignment=assignment,
            terms=terms,
            words=mark.words if mark else (),
            mark=mark.score if mark else None,
        )
    faults = [e for e in entries if e.result.verdict is Verdict.FAULT]
    before = len(entries) - graded_now
    title = f"{assignment.name}: {graded_now} graded now, {before} before"
    return Summary(
        title=title,
        run=run,
        graded_now=graded_now,
        entries=entries,
        rows=[_row(entry) for entry in entries],
        remarks=[
            *map(str, intake.issues),
            *(
                line
                for kind, lines in gradebook.listed()
                if kind != TOLD_BY_INTAKE
                for line in lines
            ),
        ],
        outputs=[
            ("results", ledger_path(order.out)),
            ("feedback", folder),
        ],
        ungraded=len(faults) + len(intake.ungraded) + (not entries),
    )


def _row(entry: Entry) -> tuple[str, str, str, str]:
    result = entry.result
    name = entry.submission.student_name
    if entry.submission.attempt > 1:
        name += f" (attempt {entry.submission.attempt})"
    score = "-" if result.score is None else f"{result.score:g}"
    named = [d.message for q in result.questions for d in q.diagnoses]
    kinds = [c.kind for q in result.questions for c in q.cases]
    telling = {k for k in kinds if k.left is not Left.RIGHT} - {Kind.VALUE}
    plain = [kind.value for kind in Kind if kind in telling]
    stands_out = [*result.flags, *named] or plain
    shown = "; ".join(stands_out[:2])
    more = len(stands_out) - len(stands_out[:2])
    return name, score, result.verdict.value, f"{shown} (+{more})" if more else shown
