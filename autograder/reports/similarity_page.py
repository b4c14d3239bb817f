"""The ranked pairs of a class as one self-contained page, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.reports.html import render
from autograder.reports.similarity import CERTAIN, Comparison, Pair, Source

NOTE = (
    "This page accuses nobody. It ranks pairs by code that they share and few others "
    "have. Short functions have few natural solutions, students talk, and all read the "
    "same lecture: similar code is a reason to look, never a finding. Read both files "
    "and ask before you conclude anything."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a submission; kind: ``unusual``, ``common``, ``given`` or ``own``."""

    number: int
    text: str
    kind: str


def page_of(
    comparison: Comparison,
    title: str,
    top: int,
    copies: Sequence[Sequence[str]] = (),
) -> str:
    """Return the page with the first `top` pairs.

    title : the assignment's
    copies : the names of those who handed in one and the same file
    """
    shown = comparison.pairs[:top]
    return render(
        "similar.html",
        title=title,
        note=NOTE,
        copies=copies,
        many=comparison.many,
        certain=CERTAIN,
        compared=sorted(
            comparison.compared, key=lambda c: (-c.boilerplate, c.student_name)
        ),
        pairs=[
            {
                "pair": pair,
                "sides": [
                    (s.student, list(lines_of(comparison, pair, s)))
                    for s in (
                        comparison.sources[pair.first],
                        comparison.sources[pair.second],
                    )
                ],
            }
            for pair in shown
        ],
        left_out=len(comparison.pairs) - len(shown),
    )


def lines_of(comparison: Comparison, pair: Pair, source: Source) -> Iterator[Line]:
    """Yield one side's lines, each with what is known of it."""
    sides = comparison.sources[pair.first], comparison.sources[pair.second]
    both = frozenset(sides[0].grams) & frozenset(sides[1].grams)
    both -= comparison.stub_grams
    covered = {
        "given": source.lines_of(comparison.stub_grams),
        "unusual": source.lines_of(both - comparison.common),
        "common": source.lines_of(both & comparison.common),
    }
    # Lines end as Python's tokens count them: a form feed ends none.
    for number, text in enumerate(source.text.split("\n"), 1):
        kind = next((k for k, lines in covered.items() if number in lines), "own")
        yield Line(number, text.rstrip("\r"), kind)
