"""The ranked pairs of a class as one self-contained page, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.reports.html import render
from autograder.reports.similarity import CERTAIN, Comparison, Pair, Source
from autograder.text import MAX_TEXT

NOTE = (
    "This page accuses nobody. It ranks pairs by code that they share and few others "
    "have. Short functions have few natural solutions, students talk, and all read the "
    "same lecture: similar code is a reason to look, never a finding. Read both files "
    "and ask before you conclude anything."
)

MOST_LINES = 3_000
MOST_CHARACTERS = 300_000
"""Of a file that has more, lines near shared ones are shown, and not more of them."""
AROUND = 20


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
    """Yield one side's lines, each with what is known of it.

    Of more than any answer has, those near shared ones, and so many: a file may have
    millions of lines, and stands on the page once for every pair
    """
    sides = comparison.sources[pair.first], comparison.sources[pair.second]
    both = frozenset(sides[0].grams) & frozenset(sides[1].grams)
    both -= comparison.stub_grams
    covered = {
        "given": source.lines_of(comparison.stub_grams),
        "unusual": source.lines_of(both - comparison.common),
        "common": source.lines_of(both & comparison.common),
    }
    # Lines end as Python's tokens count them: a form feed ends none.
    texts = source.text.split("\n")
    numbers: Sequence[int] = range(1, len(texts) + 1)
    if len(texts) > MOST_LINES or len(source.text) > MOST_CHARACTERS:
        shared = covered["unusual"] | covered["common"]
        near = {n for line in shared for n in range(line - AROUND, line + AROUND + 1)}
        numbers = sorted(near.intersection(numbers))[:MOST_LINES]
    shown = characters = 0
    for number in numbers:
        kind = next((k for k, lines in covered.items() if number in lines), "own")
        text = texts[number - 1].rstrip("\r")[:MAX_TEXT]
        characters += len(text)
        if characters > MOST_CHARACTERS:
            break
        shown += 1
        yield Line(number, text, kind)
    if shown < len(texts):
        said = f"({len(texts) - shown:,} lines of {len(texts):,} are not shown)"
        yield Line(len(texts), said, "own")
