"""The instructor's two errands: grade a class, and write its gradebook.

Everything of a run lies in one folder: ``ledger.sqlite`` (every result), ``feedback/``
(a folder an assignment, a page a student) and the gradebook files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder import assignment as assignments
from autograder.assignment import Assignment
from autograder.batch import grade_all
from autograder.errors import StaffError
from autograder.feedback import feedback_folder, write_feedback
from autograder.feedback_zip import FeedbackZip, write_feedback_zip
from autograder.gradebook import FORMATS, ExportReport
from autograder.gradebook import export as write_gradebook
from autograder.gradebook.entries import Entries
from autograder.gradebook.sheet import PERCENT, Expressed
from autograder.gradebook.writing import check_marks
from autograder.grader import Job
from autograder.inputs import CourseInputs, Inputs, course_inputs, inputs_of
from autograder.intake import Intake, read_submissions
from autograder.isolation import refuse_where_not_isolated
from autograder.ledger import Entry, Ledger
from autograder.results import Verdict
from autograder.roster import Roster, read_roster
from autograder.standing import Asked, Standing
from autograder.submission import Submission
from autograder.totals import Total, entries_of_totals, totals

TOTAL = "total"
TOLD_BY_INTAKE = "not on the roster"


@dataclass(frozen=True, kw_only=True)
class GradingOrder:
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
class ExportOrder:
    """What ``autograder export`` was asked to do."""

    course: Path
    assignment: str
    lms: str
    roster_path: Path
    item: str | None
    asked: Asked
    dry_run: bool
    out: Path
    expressed: Expressed = Expressed.POINTS
    with_comments: bool = False
    decimal_comma: bool = False


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


def ledger_path(out: Path) -> Path:
    """Where a run's folder has its ledger."""
    return out / "ledger.sqlite"


def open_ledger(out: Path) -> Ledger:
    """Open the ledger of a run's folder; raises StaffError where there is none."""
    path = ledger_path(out)
    if not path.is_file():
        raise StaffError(path, "there is no ledger", "run: autograder grade")
    return Ledger(path)


def grade_class(
    order: GradingOrder,
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
        course_wide = course_totals(course, roster_path, out, asked)
        title, possible = "Total", PERCENT
        roster, marks = course_wide.roster, entries_of_totals(course_wide.totals)
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


def course_totals(
    course: Path, roster_path: Path, out: Path, asked: Asked
) -> CourseTotals:
    """Compute everybody's total, of every graded assignment that the policy plans.

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
    found = totals(policy, marks, now=datetime.now(UTC))
    return CourseTotals(roster=roster, marks=marks, totals=found)


def export_gradebook(order: ExportOrder) -> ExportReport:
    """Write the gradebook of the ledger's results, or only say what it would be."""
    item_is = FORMATS[order.lms].item_is
    if item_is and not order.item:
        raise StaffError("--item", f"{order.lms} wants {item_is}", "give it")
    marks = marks_of_class(
        order.course, order.assignment, order.roster_path, order.out, order.asked
    )
    return write_gradebook(
        order.lms,
        marks.roster,
        marks.entries,
        item_title=order.item or marks.title,
        possible=marks.possible,
        out_path=order.out / f"{order.assignment}-{order.lms}.csv",
        dry_run=order.dry_run,
        expressed=order.expressed,
        with_comments=order.with_comments,
        decimal_comma=order.decimal_comma,
    )


def export_feedback(
    course: Path, name: str, submissions: Path, roster_path: Path, out: Path
) -> FeedbackZip:
    """Pack the students' pages as the LMS that the download is from takes them back."""
    assignment = assignments.load(course, name)
    intake = read_submissions(
        submissions,
        file_name=assignment.manifest.file,
        roster=read_roster(roster_path),
    )
    with open_ledger(out) as ledger:
        results = [entry.result for entry in ledger.entries(name)]
    return write_feedback_zip(
        intake,
        results,
        assignment=name,
        pages=feedback_folder(out, name),
        out_path=out / f"{name}-feedback.zip",
    )


def _jobs(
    order: GradingOrder, course: CourseInputs, intake: Intake, ledger: Ledger
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
    order: GradingOrder, course: CourseInputs, submission: Submission
) -> Inputs:
    return inputs_of(course, submission, isolated=not order.no_sandbox)


def _report(
    order: GradingOrder,
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
            *map(str, intake.problems),
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
        ungraded=len(faults) + len(intake.ungraded),
    )


def _row(entry: Entry) -> tuple[str, str, str, str]:
    result = entry.result
    name = entry.submission.student_name
    if entry.submission.attempt > 1:
        name += f" (attempt {entry.submission.attempt})"
    score = "-" if result.score is None else f"{result.score:g}"
    named = [d.message for q in result.questions for d in q.diagnoses]
    kinds = [c.kind for q in result.questions for c in q.cases]
    plain = sorted({k for k in kinds if k not in {"passed", "carried", "value"}})
    stands_out = [*result.flags, *named] or plain
    shown = "; ".join(stands_out[:2])
    more = len(stands_out) - len(stands_out[:2])
    return name, score, result.verdict.value, f"{shown} (+{more})" if more else shown
