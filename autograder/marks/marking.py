"""From what was graded to the mark: a person's decisions, lateness, rounding.

Pure. In this order: points of questions that a person set, what lateness costs, the
mark that a person set as a whole (which holds as it stands), rounding. Every step that
changed something is told in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from autograder.marks.class_marks import Entries, Status, StudentEntry
from autograder.marks.lateness import LENIENT, LatePolicy, after_lateness
from autograder.marks.numbers import exact, in_words, rounded
from autograder.marks.overrides import NONE, Override, Overrides
from autograder.records.results import Result

SETTLED_BY = "give the time: an override with submitted = …, or grade --times FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for one assignment.

    decimals : of the mark; None where it stays as it was graded
    """

    assignment: str
    late: LatePolicy = LENIENT
    decimals: int | None = None
    overrides: Overrides = NONE


def marked(entries: Entries, results: Mapping[str, Result], rules: Rules) -> Entries:
    """Return the class with marks as the rules make them.

    results : by submission key
    """
    return replace(
        entries,
        students=tuple(
            _marked(one, results.get(one.key), rules) for one in entries.students
        ),
    )


def _marked(entry: StudentEntry, result: Result | None, rules: Rules) -> StudentEntry:
    decided = rules.overrides.of(rules.assignment, entry.student.id)
    titles = {q.name: f"{q.title}: " for q in result.questions} if result else {}
    words = [
        f"{titles.get(one.question, '')}{one.comment} ({one.by})"
        for one in decided
        if one.comment
    ]
    if any(one.excused for one in decided):
        excuse = [f"excused ({_reason(one)})" for one in decided]
        return replace(
            entry,
            score=None,
            possible=None,
            status=Status.EXCUSED,
            words=(*excuse, *words),
        )
    whole = next((one for one in decided if not one.question), None)
    if whole is not None and whole.points is not None:
        before = "no mark" if entry.score is None else in_words(entry.score)
        told = f"{before} was set to {in_words(whole.points)} ({_reason(whole)})"
        return replace(
            entry,
            score=_rounded(exact(whole.points), rules),
            possible=entry.possible or rules.overrides.possible[rules.assignment],
            status=Status.GRADED,
            fault="",
            words=(told, *words),
        )
    if entry.score is None or entry.possible is None or result is None:
        waiting = [
            f"{in_words(one.points)} points of {one.question} wait until the rest is "
            f"graded ({_reason(one)})"
            for one in decided
            if one.points is not None
        ]
        return replace(entry, words=(*waiting, *words))
    points, told_of, questions = _questions(exact(entry.score), result, decided)
    left = after_lateness(points, exact(entry.possible), entry.late_by, rules.late)
    most = after_lateness(points, exact(entry.possible), entry.late_at_most, rules.late)
    doubt = entry.undecided or (entry.time_doubt if left.points != most.points else "")
    if doubt:
        return replace(
            entry,
            score=None,
            possible=None,
            status=Status.DOUBTFUL,
            fault=f"{doubt}; {SETTLED_BY}",
            words=(*told_of, *words),
        )
    told_of += [left.words] if left.words else []
    return replace(
        entry,
        score=_rounded(left.points, rules),
        words=(*told_of, *words),
        questions=questions,
    )


def _questions(
    points: Fraction, result: Result, decided: tuple[Override, ...]
) -> tuple[Fraction, list[str], tuple[tuple[str, float, float], ...]]:
    """Return points, words and the questions with what a person gave for them."""
    given = {one.question: one for one in decided}
    words, questions = [], []
    for question in result.questions:
        one = given.get(question.name)
        score = question.score
        if one is not None and one.points is not None:
            points += exact(one.points) - exact(score)
            words.append(
                f"{question.title}: {in_words(score)} was set to "
                f"{in_words(one.points)} ({_reason(one)})"
            )
            score = one.points
        questions.append((question.title, score, question.possible))
    return points, words, tuple(questions)


def _reason(one: Override) -> str:
    return f"{one.by}: {one.why}"


def _rounded(points: Fraction, rules: Rules) -> float:
    return float(points) if rules.decimals is None else rounded(points, rules.decimals)
