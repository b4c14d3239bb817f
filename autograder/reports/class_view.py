"""A graded class as its report tells it: values for the templates, nothing drawn yet.

Pure: the roster's entries and the results that count go in. Statistics are over the
students of the roster who have a mark; who has none is listed, never counted as 0.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.course.assignment import Assignment, Question
from autograder.kinds import NO_ANSWER, Kind
from autograder.marks.class_marks import Entries, Status, StudentEntry
from autograder.marks.numbers import duration
from autograder.points import total
from autograder.records.entries import Entry
from autograder.records.results import (
    CaseResult,
    QuestionResult,
    Result,
    Verdict,
    lost_to,
)
from autograder.reports.class_matters import Matter, matters_of
from autograder.reports.html import anchor
from autograder.reports.item_analysis import Item, Spread, histogram, item_of, spread_of
from autograder.reports.person_names import People, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One student's points in one question.

    state : ``passed``, ``partly``, ``failed``, ``fault`` or ``none``: the result has no
        such question
    """

    state: str
    score: float = 0.0
    possible: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """A student's line in the map; `cells` is empty where there is no mark.

    blank : why there is no mark, else ""; late : by how much, else ""
    """

    person: Person
    score: float | None
    cells: tuple[Cell, ...]
    blank: str
    late: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question of the assignment, as the class answered it.

    unnamed : students with wrong answers that no misconception gives; `kinds` in what
        ways they are wrong, and how many of these students, the most frequent first
    """

    number: int
    title: str
    anchor: str
    slide: str
    possible: float
    item: Item
    unnamed: int
    kinds: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MisconceptionLine:
    """A misconception that was recognised, and whose it is."""

    name: str
    message: str
    see: str
    question: QuestionLine
    people: tuple[Person, ...]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswerLine:
    """A way to give no answer at all, by a case's kind, and whose it is."""

    kind: str
    people: tuple[Person, ...]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectLine:
    """A case that may be at fault itself.

    lost_by : those of the upper group who lost it
    """

    question: QuestionLine
    name: str
    hidden: bool
    item: Item
    lost_by: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What grading one submission took."""

    person: Person
    seconds: float
    memory_mib: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """Everything that a class report tells.

    spread : of the marks; bins : students in each tenth of the points
    """

    title: str
    possible: float
    students: int
    graded: int
    matters: tuple[Matter, ...]
    spread: Spread | None
    bins: tuple[int, ...]
    rows: tuple[MapRow, ...]
    questions: tuple[QuestionLine, ...]
    misconceptions: tuple[MisconceptionLine, ...]
    no_answers: tuple[NoAnswerLine, ...]
    suspects: tuple[SuspectLine, ...]
    costs: tuple[CostLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graded:
    """A student with a mark, and the result that counts.

    score : the mark; points : those of the questions, before policy and overrides
    """

    person: Person
    entry: Entry
    score: float
    points: float
    questions: Mapping[str, QuestionResult]


def view_of(
    assignment: Assignment,
    entries: Entries,
    results: Sequence[Entry],
    *,
    link: Callable[[Entry], str],
) -> ClassView:
    """Return what the report tells.

    results : the newest result of every submission, those that don't count as well
    link : where a submission's own page is, "" where there is none
    """
    by_key = {entry.submission.key: entry for entry in results}
    people = People.of(entries, by_key, link)
    graded = list(_graded(entries, by_key, people))
    questions = tuple(
        _question_line(assignment, question, number, graded)
        for number, question in enumerate(assignment.manifest.question, 1)
    )
    marks = [g.score for g in graded]
    return ClassView(
        title=assignment.manifest.title,
        possible=assignment.possible,
        students=len(entries.students),
        graded=len(graded),
        matters=tuple(matters_of(assignment, entries, by_key, people)),
        spread=spread_of(marks),
        bins=histogram([_share(g.score, g.entry.result.possible) for g in graded]),
        rows=tuple(_rows(assignment, entries, graded, people)),
        questions=questions,
        misconceptions=tuple(_misconceptions(assignment, questions, graded)),
        no_answers=tuple(_no_answers(graded)),
        suspects=tuple(_suspects(assignment, questions, graded)),
        costs=tuple(_costs(results, people)),
    )


def _graded(
    entries: Entries, by_key: Mapping[str, Entry], people: People
) -> Iterator[_Graded]:
    for student in entries.students:
        entry = by_key.get(student.key)
        if student.score is not None and entry is not None:
            yield _Graded(
                person=people.student(student),
                entry=entry,
                score=student.score,
                points=total(q.score for q in entry.result.questions),
                questions={q.name: q for q in entry.result.questions},
            )


def _rows(
    assignment: Assignment,
    entries: Entries,
    graded: Sequence[_Graded],
    people: People,
) -> Iterator[MapRow]:
    """Yield the best first, of equals by name, and then who has no mark."""
    questions_of = {g.entry.submission.key: g.questions for g in graded}
    order = sorted(
        entries.students,
        key=lambda s: (
            s.score is None,
            -(s.score or 0.0),
            s.status is Status.MISSING,
            s.student.name.casefold(),
        ),
    )
    for student in order:
        found = questions_of.get(student.key, {})
        yield MapRow(
            person=people.student(student),
            score=student.score,
            cells=tuple(
                _cell(found.get(question.name))
                for question in assignment.manifest.question
                if student.score is not None
            ),
            blank=_blank(student),
            late=duration(student.late_by) if student.late_by else "",
        )


def _cell(result: QuestionResult | None) -> Cell:
    if result is None:
        return Cell(state="none")
    states = {
        Verdict.PASSED: "passed",
        Verdict.FAILED: "partly" if result.score > 0 else "failed",
        Verdict.FAULT: "fault",
    }
    return Cell(
        state=states[result.verdict], score=result.score, possible=result.possible
    )


def _blank(student: StudentEntry) -> str:
    return {
        Status.GRADED: "",
        Status.FAULT: "not graded",
        Status.DOUBTFUL: "time not known",
        Status.MISSING: "nothing handed in",
        Status.EXCUSED: "excused",
    }[student.status]


def _question_line(
    assignment: Assignment,
    question: Question,
    number: int,
    graded: Sequence[_Graded],
) -> QuestionLine:
    possible = assignment.points(question.name)
    found = [
        (g.questions[question.name], g.points)
        for g in graded
        if question.name in g.questions
        and g.questions[question.name].verdict is not Verdict.FAULT
        and g.questions[question.name].possible == possible
    ]
    unnamed = [
        result
        for result, _ in found
        if not result.diagnoses and _failed_kinds(result) - NO_ANSWER
    ]
    kinds = Counter(
        kind for result in unnamed for kind in _failed_kinds(result) - NO_ANSWER
    )
    return QuestionLine(
        number=number,
        title=question.title,
        anchor=anchor(question.name),
        slide=question.slide,
        possible=possible,
        item=item_of(
            [r.score for r, _ in found],
            [total - r.score for r, total in found],
            possible,
        ),
        unnamed=len(unnamed),
        kinds=tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _failed_kinds(result: QuestionResult) -> set[Kind]:
    return {case.kind for case in result.cases if case.verdict is Verdict.FAILED}


def _misconceptions(
    assignment: Assignment,
    questions: Sequence[QuestionLine],
    graded: Sequence[_Graded],
) -> Iterator[MisconceptionLine]:
    """Yield the most frequent first, of equals in a question the costliest."""
    found = []
    for place, question in enumerate(assignment.manifest.question):
        people: dict[str, list[Person]] = defaultdict(list)
        told = {}
        lost: dict[str, float] = defaultdict(float)
        for one in graded:
            result = one.questions.get(question.name)
            for diagnosis in result.diagnoses if result else ():
                people[diagnosis.name].append(one.person)
                told[diagnosis.name] = diagnosis
                lost[diagnosis.name] += lost_to(result, diagnosis.name) if result else 0
        found += [
            MisconceptionLine(
                name=name,
                message=told[name].message,
                see=told[name].see,
                question=questions[place],
                people=tuple(whose),
                share=len(whose) / len(graded),
            )
            for name, whose in sorted(people.items(), key=lambda p: -lost[p[0]])
        ]
    yield from sorted(found, key=lambda line: -len(line.people))


def _no_answers(graded: Sequence[_Graded]) -> Iterator[NoAnswerLine]:
    people: dict[str, list[Person]] = defaultdict(list)
    for one in graded:
        kinds = set().union(*map(_failed_kinds, one.questions.values())) & NO_ANSWER
        for found in sorted(kinds):
            people[found].append(one.person)
    for kind, whose in sorted(people.items(), key=lambda pair: -len(pair[1])):
        yield NoAnswerLine(
            kind=kind, people=tuple(whose), share=len(whose) / len(graded)
        )


def _suspects(
    assignment: Assignment,
    questions: Sequence[QuestionLine],
    graded: Sequence[_Graded],
) -> Iterator[SuspectLine]:
    """Yield cases that the best lose, or that the weak pass sooner than the strong.

    First what most of the best lose, then by discrimination, the most inverted first
    """
    lines = []
    for place, question in enumerate(assignment.manifest.question):
        for case in assignment.cases[question.name]:
            source = case.source
            found = [
                (one, case_result)
                for one in graded
                for case_result in _cases(one, question.name, source.name)
            ]
            passed = [result.verdict is Verdict.PASSED for _, result in found]
            rests = [
                one.points - got * result.points
                for (one, result), got in zip(found, passed, strict=True)
            ]
            item = item_of(passed, rests, 1)
            if item.is_inverted or item.is_lost_at_the_top:
                lines.append(
                    SuspectLine(
                        question=questions[place],
                        name=source.name,
                        hidden=source.hidden,
                        item=item,
                        lost_by=tuple(found[i][0].person for i in item.top_lost),
                    )
                )
    yield from sorted(
        lines,
        key=lambda line: (
            not line.item.is_lost_at_the_top,
            1.0 if line.item.discrimination is None else line.item.discrimination,
        ),
    )


def _cases(graded: _Graded, question: str, case: str) -> Iterator[CaseResult]:
    result = graded.questions.get(question)
    for one in result.cases if result else ():
        if one.name == case and one.verdict is not Verdict.FAULT:
            yield one


def _costs(results: Sequence[Entry], people: People) -> Iterator[CostLine]:
    """Yield every submission, the slowest first."""
    for entry in sorted(results, key=lambda e: -_seconds(e.result)):
        yield CostLine(
            person=people.submitter(entry.submission),
            seconds=_seconds(entry.result),
            memory_mib=entry.result.peak_memory_mib,
        )


def _seconds(result: Result) -> float:
    """Return the processor time; an older version wrote down the clock's only."""
    return result.wall_seconds if result.cpu_seconds is None else result.cpu_seconds


def _share(score: float, possible: float) -> float:
    return score / possible if possible else 0.0
