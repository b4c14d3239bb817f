"""Handouts as HTML: one page complete in itself, or the sections that a report quotes.

Markdown as GitHub reads it (tables, ``$`` and ``$$``), the formulas as MathML, which
browsers draw without any script, the figures within the page. What is rendered is the
course's own text, never a student's.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.atomic import write_atomically
from autograder.course.assignment import Assignment
from autograder.course.handout import anchor_of, complete
from autograder.errors import StaffError
from autograder.reports import html

_SECTION = ("h1", "h2")
"""A section goes from one of these headings to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a handout: its anchor in the page, its heading's text, its body."""

    anchor: str
    heading: str
    body: Markup


def page(assignment: Assignment) -> str:
    """Return the handout as one HTML page.

    Raises StaffError where its text or a figure of it cannot be read
    """
    tokens, folder = _tokens(complete(assignment)), assignment.public
    return html.render(
        "handout.html",
        title=assignment.manifest.title,
        file=assignment.manifest.file,
        contents=sections_of(tokens, folder)[1:],
        body=_rendered(tokens, folder),
    )


def write_page(folder: Path, assignment: Assignment) -> Path:
    """Write the handout into the folder and return its path.

    Raises StaffError where it cannot be read or written
    """
    path = folder / f"{assignment.name}.html"
    write_atomically(path, page(assignment).encode())
    return path


def sections(assignment: Assignment) -> dict[str, Section]:
    """Return the handout's sections by anchor.

    Raises StaffError where its text or a figure of it cannot be read
    """
    return _sections(complete(assignment), assignment.public)


@lru_cache(maxsize=16)
def _sections(text: str, folder: Path) -> dict[str, Section]:
    found = sections_of(_tokens(text), folder)
    return {section.anchor: section for section in found}


def sections_of(tokens: Sequence[Token], folder: Path) -> list[Section]:
    """Return the sections; the first is the page's heading with what follows it."""
    starts = [
        place
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag in _SECTION
    ]
    return [
        Section(
            anchor=str(tokens[start].attrGet("id")),
            heading=tokens[start + 1].content,
            body=_rendered(tokens[start + 3 : stop], folder),
        )
        for start, stop in zip(starts, [*starts[1:], len(tokens)], strict=True)
    ]


def _tokens(text: str) -> list[Token]:
    """Parse a handout; every heading has the anchor that GitHub gives it."""
    tokens = _parser().parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor_of(tokens[place + 1].content))
    return tokens


def _rendered(tokens: Sequence[Token], folder: Path) -> Markup:
    """Return the tokens as HTML, figures within.

    folder : that of the handout, to which its figures' paths are relative
    """
    for image in _images(tokens):
        source = str(image.attrGet("src"))
        if not source.startswith("data:"):
            image.attrSet("src", _data(folder / source))
    parser = _parser()
    # The course's own words: what is markup in them is meant.
    return Markup(parser.renderer.render(list(tokens), parser.options, {}))  # noqa: S704


def _images(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        yield from _images(token.children or ())


def _data(path: Path) -> str:
    try:
        picture = path.read_bytes()
    except OSError as error:
        told = f"no figure: {error.strerror}"
        raise StaffError(path, told, "run: make figures") from error
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    dollarmath_plugin(parser, renderer=_formula, double_inline=True)
    parser.add_render_rule("table_open", _wide)
    parser.add_render_rule("table_close", _narrow)
    return parser


def _wide(*_: Any) -> str:
    return '<div class="wide"><table>\n'


def _narrow(*_: Any) -> str:
    return "</table></div>\n"


def _formula(text: str, options: dict[str, Any]) -> str:
    """Return a formula as MathML; its LaTeX stays as its description.

    >>> _formula("n^2", {"display_mode": False})[:42]
    '<math xmlns="http://www.w3.org/1998/Math/M'
    """
    # Only a page with a formula needs its tables of symbols.
    from latex2mathml.converter import convert  # noqa: PLC0415

    display = "block" if options.get("display_mode") else "inline"
    return convert(text.strip(), display=display)
