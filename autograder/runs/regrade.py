"""Judge anew what a change of the course reaches, and say who moves, from what to what.

Results go into the ledger as a new run. Nothing is published: pages are written by
``grade`` and gradebooks by ``export``, once a person has seen who moves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment
from autograder.errors import StaffError
from autograder.grading.grader import Job
from autograder.intake import Intake
from autograder.intake.roster import Roster, read_roster
from autograder.kinds import Kind
from autograder.marks.rules import Asked, Standing
from autograder.records.dependencies import (
    BUILT_ON,
    Inputs,
    course_inputs,
    inputs_of,
    touched,
)
from autograder.records.entries import UNNUMBERED, Entry
from autograder.records.hand_ins import HandIn
from autograder.records.ledger import Ledger, open_ledger
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.reports.person_names import told_apart
from autograder.runs.changes import Move, moves
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
from autograder.sandbox.machine_speed import limits_here

MUCH_OF_THE_TIME = 0.5
"""Whoever computed for more of what a submission may may have had none left for some
question."""
EVERYTHING = "all questions"


@dataclass(frozen=True, kw_only=True)
class RegradeRequest:
    """What ``autograder regrade`` was asked to do."""

    course: Path
    assignment: str
    submissions: Path
    roster_path: Path
    out: Path
    source: str | None
    asked: Asked
    times: Path | None
    reason: str
    dry_run: bool
    no_sandbox: bool
    workers: int
    scheduler: str | None = None


class Anew(msgspec.Struct, frozen=True, kw_only=True):
    """One submission that is to be judged anew.

    questions : those that are run, in the manifest's order
    whole : whether all are, with no result kept
    why : what has changed, in words
    """

    submission_key: str
    student_name: str
    roster_id: str | None
    questions: tuple[str, ...]
    whole: bool
    why: tuple[str, ...]


class Regrade(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged anew, and who moves.

    run : this run's number, or null where nothing was judged
    before : the run that the moves are counted from
    anew : the submissions that were (would be) judged anew
    stand : how many were not, since nothing that they depend on has changed
    not_in_ledger : students with a submission that was never graded
    moves : whose result is another now, losses first
    faults : how many submissions could not be graded
    held_back : what of the download a person must look at first, a line each
    """

    assignment: str
    run: int | None
    before: int
    anew: tuple[Anew, ...]
    stand: int
    not_in_ledger: tuple[str, ...]
    moves: tuple[Move, ...]
    faults: int
    held_back: tuple[str, ...] = ()

    @property
    def wanting(self) -> int:
        """How many submissions of the download a person must look at."""
        return self.faults + len(self.not_in_ledger) + len(self.held_back)


@dataclass(frozen=True)
class _Task:
    anew: Anew
    job: Job
    inputs: Inputs


def regrade(order: RegradeRequest, listener: Listener) -> Regrade:
    """Judge anew what has changed since it was graded, and compare.

    Raises StaffError where the ledger has no result of the assignment
    """
    assignment = assignments.load(order.course, order.assignment)
    with open_ledger(order.out) as ledger:
        before = ledger.entries(assignment.name)
        if not before:
            raise StaffError(
                ledger.path,
                f"has no result of {assignment.name}",
                "run: autograder grade",
            )
        roster = read_roster(order.roster_path)
        intake = with_former_owners(
            _download(order, assignment, roster), ledger.owners(assignment.name), roster
        )
        submissions = list(intake.submissions)
        known = {entry.submission.key: entry for entry in before}
        names = told_apart(submissions, roster)
        tasks = list(_tasks(order, assignment, submissions, known, ledger.secret))
        last = max(
            (r.number for r in ledger.runs() if r.assignment == assignment.name),
            default=UNNUMBERED,
        )
        run = None
        if tasks and not order.dry_run:
            hand_ins = _hand_ins(order, assignment, intake, known, tasks)
            run = _run(order, assignment, ledger, tasks, hand_ins, listener)
        after = ledger.entries(assignment.name)
    judged = {task.anew.submission_key for task in tasks}
    return Regrade(
        assignment=assignment.name,
        run=run,
        before=last,
        anew=tuple(task.anew for task in tasks),
        stand=sum(s.key in known and s.key not in judged for s in submissions),
        not_in_ledger=tuple(names[s.key] for s in submissions if s.key not in known),
        moves=tuple(moves(before, after)),
        faults=sum(
            e.result.verdict is Verdict.FAULT and e.submission.key in judged
            for e in after
        ),
        held_back=tuple(map(str, intake.ungraded)),
    )


def _download(order: RegradeRequest, assignment: Assignment, roster: Roster) -> Intake:
    standing = Standing(order.course, roster, order.asked)
    return read_download(
        order.submissions, assignment, standing, source=order.source, times=order.times
    )


def _hand_ins(
    order: RegradeRequest,
    assignment: Assignment,
    intake: Intake,
    known: Mapping[str, Entry],
    tasks: Sequence[_Task],
) -> list[HandIn]:
    """Return the download's hand-ins, with what each is to be graded with."""
    course = course_inputs(assignment)
    anew = {task.anew.submission_key: task.inputs.hash for task in tasks}

    def inputs_hash_of(one: Submission) -> str:
        if one.key in known and one.key not in anew:
            return known[one.key].inputs_hash
        return inputs_of(course, one, isolated=not order.no_sandbox).hash

    return list(hand_ins_of(intake, inputs_hash_of))


def _tasks(
    order: RegradeRequest,
    assignment: Assignment,
    submissions: list[Submission],
    known: dict[str, Entry],
    secret: bytes,
) -> Iterator[_Task]:
    course = course_inputs(assignment)
    limits = limits_here(assignment)
    names = [question.name for question in assignment.manifest.question]
    for submission in submissions:
        entry = known.get(submission.key)
        inputs = inputs_of(course, submission, isolated=not order.no_sandbox)
        if entry is None or _stands(entry, inputs):
            continue
        reached = (
            {} if entry.inputs is None else touched(entry.inputs, inputs, assignment)
        )
        obstacle = _why_whole(entry, limits.submission)
        whole = bool(obstacle) or set(reached) == set(names)
        anew = Anew(
            submission_key=submission.key,
            student_name=submission.student_name,
            roster_id=submission.roster_id,
            questions=tuple(n for n in names if whole or n in reached),
            whole=whole,
            why=(*((obstacle,) if obstacle else ()), *_causes(reached, names)),
        )
        job = Job(
            course=order.course,
            assignment=assignment.name,
            submission=submission,
            secret=secret,
            isolated=not order.no_sandbox,
            before=None if whole else entry.result,
            touched=frozenset(reached),
        )
        yield _Task(anew, job, inputs)


def _causes(reached: dict[str, tuple[str, ...]], names: list[str]) -> list[str]:
    """Say each thing that has changed once, and not what only follows from it."""
    found: dict[str, None] = {}
    for name, reasons in reached.items():
        for reason in reasons:
            shared = all(reason in reached.get(other, ()) for other in names)
            if not reason.startswith(BUILT_ON):
                place = EVERYTHING if shared and len(names) > 1 else name
                found[f"{place}: {reason} changed"] = None
    return list(found)


def _stands(entry: Entry, inputs: Inputs) -> bool:
    return (
        entry.inputs_hash == inputs.hash and entry.result.verdict is not Verdict.FAULT
    )


def _why_whole(entry: Entry, seconds_per_submission: float) -> str:
    """Say why no question of a result may be kept, or "" where those that stand may.

    A question starts from a freshly loaded module, in a fresh worker where the one
    before died: what is left to share is the time, and a worker that was tampered with
    """
    result: Result = entry.result
    if result.verdict is Verdict.FAULT:
        return f"{EVERYTHING}: it could not be graded before"
    if entry.inputs is None:
        return f"{EVERYTHING}: an older version graded it and kept no hash a question"
    if any(case.kind is Kind.PROTOCOL for q in result.questions for case in q.cases):
        return f"{EVERYTHING}: it wrote into the grader's channel before"
    if (result.cpu_seconds or 0.0) > MUCH_OF_THE_TIME * seconds_per_submission:
        return f"{EVERYTHING}: it took {result.cpu_seconds:.0f} s of computing before"
    return ""


def _run(
    order: RegradeRequest,
    assignment: Assignment,
    ledger: Ledger,
    tasks: list[_Task],
    hand_ins: list[HandIn],
    listener: Listener,
) -> int:
    refuse_an_unsafe_machine(order, assignment)
    listener.planned(len(tasks))
    inputs = {task.anew.submission_key: task.inputs for task in tasks}
    why = dict.fromkeys(reason for task in tasks for reason in task.anew.why)
    reason = order.reason or "; ".join(why)
    run = ledger.begin_run("regrade", assignment.name, reason, hand_ins)
    jobs = [task.job for task in tasks]
    grade_and_store(order, jobs, lambda one: inputs[one.key], ledger, run, listener)
    return run
