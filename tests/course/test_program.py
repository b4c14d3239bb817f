"""A program compiled section by section is the one that is compiled whole."""

import ast
import types
from collections.abc import Iterable
from pathlib import Path

import pytest

import autograder
from autograder.course.assignment import load
from autograder.course.program import Program

COURSE = Path(autograder.__file__).parents[1]
PATH = Path("made.py")
SOURCE = '''"""Double and halve."""

from __future__ import annotations

import functools

TWO = 2


def double(x: Unknown) -> Unknown:
    """Return twice x."""
    return TWO * x


@functools.cache
@functools.wraps(
    double,
)
def half(x: int) -> float:
    return x / TWO


class Fraction:
    """Nothing yet."""


LATE = half(6)
"""Stands behind a class."""


def fails() -> None:
    raise ValueError(LATE)
'''


def trees(texts: Iterable[str]) -> list[str]:
    """Return what each statement of some sources is, whatever line it is in."""
    return [ast.dump(statement) for text in texts for statement in ast.parse(text).body]


def whole(source: str) -> types.ModuleType:
    module = types.ModuleType(PATH.stem)
    exec(compile(source, str(PATH), "exec", dont_inherit=True), vars(module))  # noqa: S102
    return module


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("", ""),
        ("TWO * x", "x"),
        ("x / TWO", "x // TWO\n\n\ndef third(x: int) -> float:\n    return x / 3"),
        ("\n\n\n@functools.cache", "\n\n\n@functools.lru_cache(2)"),
        ("class Fraction:", "class Ratio:"),
        ("def half(", "def halve(x: int) -> int:\n    return x // 2\n\n\ndef half("),
        ('    """Nothing yet."""\n\n\nLATE', "    TWO = 2\n\n\nLATE"),
        ("import functools\n", "import functools\nimport math\n"),
    ],
)
def test_an_edited_program_is_what_its_whole_source_makes(
    find: str, replace: str
) -> None:
    edited = SOURCE.replace(find, replace) if find else SOURCE
    program = Program(SOURCE, PATH)
    assert program.is_program(edited)
    made, wanted = program.module(edited), whole(edited)
    sections = [text for _, text in program.sections(edited)]
    assert "".join(sections) == edited
    assert trees(sections) == trees([edited])
    assert len(sections) > 3
    assert vars(made).keys() - {"__file__"} == vars(wanted).keys() - {
        "__builtins__"
    } | {"__builtins__"}
    assert made.__doc__ == wanted.__doc__ == "Double and halve."
    assert vars(made)["double"].__annotations__ == {"x": "Unknown", "return": "Unknown"}


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("TWO * x", "TWO * (x"),
        ("def half(", "def half(("),
        ("TWO = 2\n", "TWO = '''\n"),
    ],
)
def test_an_edit_that_breaks_it_leaves_no_program(find: str, replace: str) -> None:
    edited = SOURCE.replace(find, replace)
    assert not Program(SOURCE, PATH).is_program(edited)
    with pytest.raises(SyntaxError):
        Program(SOURCE, PATH).module(edited)


def test_an_edit_may_reach_over_the_end_of_a_section() -> None:
    edited = SOURCE.replace("    return TWO * x\n", "    '''\n").replace(
        "    return x / TWO\n", "    '''\n    return x / TWO\n"
    )
    edited = edited.replace("LATE = half(6)", "LATE = double(8)")
    made = Program(SOURCE, PATH).module(edited)
    assert vars(made).keys() == vars(whole(edited)).keys() | {"__file__"}
    assert vars(made)["LATE"] == 4


def test_a_module_has_globals_of_its_own() -> None:
    program = Program(SOURCE, PATH)
    one, other = program.module(SOURCE), program.module(SOURCE)
    vars(one)["TWO"] = 7
    assert vars(one)["double"](1) == 7
    assert vars(other)["double"](1) == 2


def test_tracebacks_tell_the_lines_of_the_source_that_was_not_edited() -> None:
    edited = SOURCE.replace("TWO = 2\n", "TWO = 2\n\nMORE = 3\n")
    made = Program(SOURCE, PATH).module(edited)
    with pytest.raises(ValueError, match="3") as raised:
        vars(made)["fails"]()
    line = SOURCE.split("\n").index("    raise ValueError(LATE)") + 1
    assert raised.traceback[-1].lineno == line - 1
    assert raised.traceback[-1].frame.code.raw.co_filename == "made.py"


@pytest.mark.parametrize("name", ["a1_conv1d", "a3_layers"])
def test_a_known_mistake_is_what_its_whole_source_makes(name: str) -> None:
    assignment = load(COURSE, name)
    program = Program(assignment.reference_source, PATH)
    for wrong in assignment.misconceptions[::12]:
        edited = assignment.edited(wrong)
        sections = [text for _, text in program.sections(edited)]
        assert "".join(sections) == edited, wrong.name
        assert trees(sections) == trees([edited]), wrong.name
        made = assignment.wrong_reference(wrong)
        assert vars(made).keys() == vars(whole(edited)).keys() | {"__file__"}
        assert assignment.wrong_reference(wrong) is made, "imported once"
