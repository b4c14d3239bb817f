"""How moves are shown in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from autograder.runs.changes import CaseChange, Move

from autograder.marks.numbers import in_words

SHOWN_CASES = 3


def print_moves(console: Console, title: str, moves: Sequence[Move]) -> None:
    """Print whose mark moves, from what to what and by which cases.

    Whoever keeps the mark with other cases is only counted: a document has them all
    """
    movers = [move for move in moves if move.before != move.after]
    console.print(f"{title}: {len(movers) or 'nobody'}", soft_wrap=True)
    if movers:
        console.print(_table(movers))
    if len(moves) > len(movers):
        count = len(moves) - len(movers)
        console.print(
            f"{count} more keep their mark, with other cases or flags: see --json",
            soft_wrap=True,
        )


def _table(moves: Sequence[Move]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for heading in ("student", "was", "is", "by", "where"):
        table.add_column(heading, overflow="fold")
    for move in moves:
        name = move.student_name + (f" ({move.attempt})" if move.attempt > 1 else "")
        colour = "red" if move.gain < 0 else "green"
        table.add_row(
            escape(f"{name} [{move.roster_id or 'not on the roster'}]"),
            _points(move.before),
            _points(move.after),
            f"[{colour}]{move.gain:+g}[/]" if move.gain else "",
            escape(_where(move)),
        )
    return table


def _points(score: float | None) -> str:
    return "not graded" if score is None else in_words(score)


def _where(move: Move) -> str:
    if move.fault:
        return f"could not be graded: {move.fault}"
    if not move.why:
        return "graded for the first time"
    by_question: dict[str, list[CaseChange]] = {}
    for change in move.why:
        by_question.setdefault(change.question, []).append(change)
    return "\n".join(f"{name} {_changes(c)}" for name, c in by_question.items())


def _changes(changes: Sequence[CaseChange]) -> str:
    gain = sum((c.after or 0.0) - (c.before or 0.0) for c in changes)
    shown = [f"{c.case} ({_outcome(c)})" for c in changes[:SHOWN_CASES]]
    more = len(changes) - len(shown)
    cases = "; ".join([*shown, f"{more} more"] if more else shown)
    return f"{gain:+g}: {cases}"


def _outcome(change: CaseChange) -> str:
    if change.before is None:
        return f"new, {change.became}"
    if change.after is None:
        return "is no more"
    if change.was == change.became:
        return f"{in_words(change.before)} → {in_words(change.after)}"
    return f"{change.was} → {change.became}"
