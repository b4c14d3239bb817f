"""How you stand: a line a question, a total, and what is not started."""

from collections.abc import Iterable, Sequence

from desk.about import Question
from desk.running import Outcome

_WIDTH = 72


def line(question: Question, results: Iterable[Outcome]) -> str:
    """Return a question, its functions, and the public points that are reached."""
    mine = list(results)
    words = f"{question.name} ({', '.join(question.functions)})"
    if {outcome.state for outcome in mine} == {"not started"}:
        how = "not started"
    else:
        how = f"{_reached(mine):g} of {question.public_points:g}"
    return f"{words:<{_WIDTH - 16}} {how:>15}"


def total(questions: Sequence[Question], results: Iterable[Outcome]) -> str:
    """Return the public points of some questions, and what grading asks beside them."""
    public = sum(question.public_points for question in questions)
    whole = sum(question.points for question in questions)
    return (
        f"{_reached(results):g} of {public:g} public points; grading asks for "
        f"{whole - public:g} more, with cases that you don't see"
    )


def waiting(questions: Sequence[Question], results: Iterable[Outcome]) -> str:
    """Return ``not started: q7, q9``, or ""."""
    states: dict[str, set[str]] = {}
    for outcome in results:
        states.setdefault(outcome.question, set()).add(outcome.state)
    numbers = [q.number for q in questions if states.get(q.name) == {"not started"}]
    return f"not started: {', '.join(numbers)}" if numbers else ""


def _reached(results: Iterable[Outcome]) -> float:
    return sum(outcome.points for outcome in results if outcome.state == "right")
