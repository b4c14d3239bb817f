"""How moves are shown in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.moves import CaseChange, Move

SHOWN_CASES = 4


def print_moves(console: Console, title: str, moves: Sequence[Move]) -> None:
    """Print who moves, from what to what and by which cases."""
    if not moves:
        console.print(f"{title}: nobody", soft_wrap=True)
        return
    console.print(f"{title}: {len(moves)}", soft_wrap=True)
    table = Table()
    for heading in ("student", "was", "is", "by", "which cases"):
        table.add_column(heading, overflow="fold")
    for move in moves:
        name = move.student_name + (f" ({move.attempt})" if move.attempt > 1 else "")
        gain = f"{move.gain:+g}" if move.gain else ""
        colour = "red" if move.gain < 0 else "green"
        table.add_row(
            escape(f"{name} [{move.roster_id or 'not on the roster'}]"),
            _points(move.before),
            _points(move.after),
            f"[{colour}]{gain}[/]" if gain else "",
            escape(_why(move)),
        )
    console.print(table)


def _points(score: float | None) -> str:
    return "not graded" if score is None else f"{score:g}"


def _why(move: Move) -> str:
    if move.fault:
        return f"could not be graded: {move.fault}"
    if not move.why:
        return "graded for the first time" if move.before is None else "other flags"
    lines = [_line(change) for change in move.why[:SHOWN_CASES]]
    more = len(move.why) - SHOWN_CASES
    return "\n".join([*lines, f"and {more} more cases"] if more > 0 else lines)


def _line(change: CaseChange) -> str:
    place = f"{change.question}: {change.case}"
    if change.before is None:
        return f"{place}: new, {change.became}, {change.after:g} points"
    if change.after is None:
        return f"{place}: is no more, gave {change.before:g} points"
    points = f"{change.before:g} → {change.after:g}"
    kinds = f"{change.was} → {change.became}" if change.was != change.became else ""
    return f"{place}: {points}" + (f" ({kinds})" if kinds else "")
