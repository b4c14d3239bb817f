"""No line of a solution, hidden test or misconception is where a student may look."""

import ast
import functools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder.authoring.student_template import drift, template_files
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.course.stub import solution_lines
from autograder.sandbox.launch import OWN_FILES

COURSE = Path(autograder.__file__).parents[1]
EXAMPLE = COURSE / "examples" / "a6_transposed"
ALL = [(c, name) for c in (COURSE, EXAMPLE) for name in folders.names(c)]
CHECKS = COURSE / "assignments" / "checks"
TELLING = 28
"""Shorter lines, such as ``return out``, are nobody's secret."""
SHARED = (
    "name = ",
    "def ",
    "class ",
    "from ",
    "import ",
    "@",
)
"""What begins so stands in public and hidden files alike, and gives nothing away."""
IDIOMS = {
    "with np.errstate(all='ignore'):",
    "raise CheckFailedError('value', message)",
    "raise CheckFailedError('value', otherwise)",
}
"""Whole lines that say nothing of how a question is answered."""


@functools.cache
def template(course: Path) -> dict[str, bytes]:
    return template_files(course)


def code_lines(source: str) -> set[str]:
    """Return a module's lines of code as `ast.unparse` writes them, docstrings out."""
    lines = source.splitlines()
    found: set[str] = set()
    for statement in ast.parse(source).body:
        decorated = getattr(statement, "decorator_list", [])
        first = min(node.lineno for node in (statement, *decorated))
        # An edit leaves all statements but one as they are: those are looked up.
        found |= lines_of_statement("\n".join(lines[first - 1 : statement.end_lineno]))
    return found


@functools.cache
def lines_of_statement(text: str) -> frozenset[str]:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [
                n
                for n in body
                if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
            ]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined] # it has one
    return frozenset(line.strip() for line in ast.unparse(tree).splitlines())


def secret_lines(course: Path, name: str) -> Iterator[str]:
    loaded = assignments.load(course, name)
    path = loaded.secret / "reference.py"
    stub = template(course)[f"{name}/{loaded.manifest.file}"].decode()
    public = code_lines(stub) | {line.strip() for line in stub.splitlines()}
    sources = [loaded.reference_source, *map(loaded.edited, loaded.misconceptions)]
    variants = sorted((loaded.secret / "variants").glob("*.py"))
    sources += [file.read_text(encoding="utf-8") for file in variants]
    sources += [loaded.slips.source] if loaded.slips else []
    lines = set(solution_lines(loaded.reference_source, path))
    for hidden in sorted((loaded.secret / "tests").glob("*.py")):
        # How inputs are drawn and answers taken apart is no secret where the public
        # cases, or the helpers they use, do the same.
        shown = [*(loaded.public / "tests").glob("*.py"), CHECKS / "transplant.py"]
        lines |= code_lines(hidden.read_text(encoding="utf-8")).difference(
            *(code_lines(file.read_text(encoding="utf-8")) for file in shown)
        )
    for source in sources:
        lines |= code_lines(source)
    for line in lines - public:
        if len(line) >= TELLING and not line.startswith(SHARED) and line not in IDIOMS:
            yield line


@functools.cache
def readable(course: Path) -> dict[str, str]:
    """Return every text that a student or a worker can read, by place."""
    texts = {f"student_template/{n}": t for n, t in template(course).items()}
    for path in (course / "assignments").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            texts[str(path.relative_to(course))] = path.read_bytes()
    for file in OWN_FILES:
        texts[f"autograder/{file}"] = (COURSE / "autograder" / file).read_bytes()
    return {n: t.decode(errors="replace") for n, t in texts.items()}


@functools.cache
def readable_lines(course: Path) -> dict[str, set[str]]:
    """Return the lines of each, and its code's as `ast.unparse` writes them."""
    return {
        place: {line.strip() for line in text.splitlines()}
        | (code_lines(text) if place.endswith(".py") else set())
        | (code_lines(cells(text)) if place.endswith(".ipynb") else set())
        for place, text in readable(course).items()
    }


def cells(notebook: str) -> str:
    """Return a notebook's code."""
    found = json.loads(notebook)["cells"]
    return "\n".join("".join(c["source"]) for c in found if c["cell_type"] == "code")


@pytest.mark.parametrize(("course", "name"), ALL, ids=[name for _, name in ALL])
def test_no_secret_line_is_where_a_student_or_a_worker_can_read_it(
    course: Path, name: str
) -> None:
    lines = readable_lines(course)
    secret = set(secret_lines(course, name))
    assert len(secret) > 20
    leaks = [(p, line) for p, found in lines.items() for line in secret & found]
    assert leaks == []


@pytest.mark.parametrize(("course", "name"), ALL, ids=[name for _, name in ALL])
def test_no_sentence_about_a_mistake_can_be_read_before_it_is_made(
    course: Path, name: str
) -> None:
    texts = "\n".join(readable(course).values())
    mistakes = assignments.load(course, name).misconceptions
    assert [m.name for m in mistakes if m.message in texts] == []


def test_the_student_template_is_up_to_date() -> None:
    assert drift(COURSE) == []
