"""An assignment's handout in full: what its author wrote, and what is known anyway.

Numbers, functions and points stand in the manifest, the reference and the tests; rules
of honest work in one file of the course. `complete` puts them where they belong in the
``README.md`` that the author writes, so that each fact is written once.
"""

import ast
import re
from collections.abc import Iterator

from autograder.course import folders
from autograder.course.assignment import Assignment, Question
from autograder.course.question_names import named, number_of, rest_of
from autograder.course.toml_files import read_text
from autograder.points import total

HANDOUT = "README.md"
RULES = "RULES.md"
"""In ``assignments/template``: what the course asks of honest work."""
QUESTIONS = "<!-- questions -->"
"""Where the table of the questions goes: else it stands before the first of them."""
_HEADING = re.compile(r"^(#{1,6}) (.+)$")


def complete(assignment: Assignment) -> str:
    """Return the handout as students get it, Markdown.

    Raises StaffError where its file cannot be read
    """
    text = read_text(assignment.public / HANDOUT)
    questions = {
        line: question
        for question in assignment.manifest.question
        for line in _headings_of(question)
    }
    signatures = _signatures(assignment)
    lines: list[str] = []
    table = list(_table(assignment, anchors(text)))
    placed = QUESTIONS in text
    for line in text.rstrip("\n").split("\n"):
        heading = _HEADING.match(line)
        question = questions.get(heading[2]) if heading else None
        if question and not placed:
            lines += [*table, ""]
            placed = True
        lines += table if line.strip() == QUESTIONS else [line]
        if question:
            lines += ["", _about(assignment, question, signatures)]
    return "\n".join([*lines, "", *_honesty(assignment)]) + "\n"


def gaps(assignment: Assignment) -> list[str]:
    """Return a line for what students are sent to in a handout and will not find."""
    text = read_text(assignment.public / HANDOUT)
    known = anchors(text)
    found = [
        f"{question.name} has no heading: write ## {question.name}"
        for question in assignment.manifest.question
        if not place_of(question, known)
    ]
    found += [
        f"the misconception {wrong.name} says see = {wrong.see!r}: no such heading"
        for wrong in assignment.misconceptions
        if wrong.see.startswith(f"{HANDOUT}#")
        and wrong.see.removeprefix(f"{HANDOUT}#") not in known
    ]
    return [f"{assignment.name}/{HANDOUT}: {line}" for line in found]


def anchors(text: str) -> list[str]:
    r"""Return the anchors that GitHub makes of a page's headings, in their order.

    >>> anchors("# Twice\n\n## 2. pad1d\n\n### How far?")
    ['twice', '2-pad1d', 'how-far']
    """
    headings = (_HEADING.match(line) for line in text.split("\n"))
    return [anchor_of(found[2]) for found in headings if found]


def anchor_of(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.casefold())
    return kept.strip().replace(" ", "-")


def place_of(question: Question, known: list[str]) -> str:
    """Return the anchor of a question's heading, "" where it has none."""
    of_it = (anchor_of(heading) for heading in _headings_of(question))
    return next((anchor for anchor in of_it if anchor in known), "")


def _headings_of(question: Question) -> tuple[str, ...]:
    """Return the headings that a question may have: its name, or "2. pad1d"."""
    number = number_of(question.name)
    if not number:
        return (question.name,)
    called = (rest_of(question.name), *question.functions[:1])
    return (question.name, *(f"{number}. {name}" for name in called))


def _table(assignment: Assignment, known: list[str]) -> Iterator[str]:
    yield "| question | | what you write | points |"
    yield "|--:|---|---|--:|"
    for question in assignment.manifest.question:
        anchor = place_of(question, known)
        title = f"[{question.title}](#{anchor})" if anchor else question.title
        functions = ", ".join(f"`{name}`" for name in question.functions)
        points = _points(assignment.points(question.name))
        number = number_of(question.name)
        yield f"| {number} | {title} | {functions} | {points} |"
    whole = total(assignment.points(q.name) for q in assignment.manifest.question)
    yield f"| | | together | {_points(whole)} |"


def _about(
    assignment: Assignment, question: Question, signatures: dict[str, str]
) -> str:
    number = number_of(question.name)
    title = f"Question {number}. {question.title}" if number else question.title
    calls = ", ".join(f"`{signatures.get(n, n)}`" for n in question.functions)
    return f"**{title}** ({_points(assignment.points(question.name))} points): {calls}"


def _points(points: float) -> str:
    return f"{points:g}"


def _signatures(assignment: Assignment) -> dict[str, str]:
    """Return how each function or class of the reference is called, by its name."""
    found = {}
    for node in ast.parse(assignment.reference_source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = f"{node.name}({_parameters(node)})"
        elif isinstance(node, ast.ClassDef):
            made = [
                n
                for n in node.body
                if isinstance(n, ast.FunctionDef) and n.name == "__init__"
            ]
            found[node.name] = (
                f"{node.name}({_parameters(made[0])})" if made else node.name
            )
    return found


def _parameters(function: ast.FunctionDef) -> str:
    """Return the parameters' names, without types and `self`."""
    arguments = function.args
    for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        one.annotation = None
    text = ast.unparse(arguments)
    return text.removeprefix("self").removeprefix(", ")


def _honesty(assignment: Assignment) -> Iterator[str]:
    """Yield the course's rules one heading deeper, and the calls that staff see."""
    course = assignment.public.parents[1]
    path = folders.shared(course, f"assignments/template/{RULES}")
    for line in read_text(path).rstrip("\n").split("\n"):
        yield f"#{line}" if _HEADING.match(line) else line
    shown = [q for q in assignment.manifest.question if q.review]
    if shown:
        yield ""
        yield "In this assignment they see, where a file has them:"
        yield ""
    for question in shown:
        calls = ", ".join(f"`{call}`" for call in question.review)
        yield f"- {named(question.name, question.title)}: {calls}"
