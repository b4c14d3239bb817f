"""The template on other machines: Windows' rules, as far as Linux can play them.

Not tried: Windows and macOS themselves.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograder
from autograder.authoring.student_template import template_files
from autograder.course import folders
from student_desk import RIGHT, answer, released, run

COURSE = Path(autograder.__file__).parents[1]
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
NOT_ON_WINDOWS = {"resource", "fcntl", "pwd", "grp", "termios", "pty"}
LONGEST_PATH = 120
"""Windows takes 260 characters; a student's own folders come before it."""


@pytest.fixture
def template(course: Path) -> Path:
    """The small course's template, with the real tools."""
    return released(course)


def test_every_name_of_the_template_is_one_on_windows() -> None:
    names = template_files(COURSE)
    parts = {part for name in names for part in name.split("/")}
    assert [p for p in parts if RESERVED.match(p) or re.search(r'[<>:"|?*\\]', p)] == []
    assert [p for p in parts if p.endswith((".", " "))] == []
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= LONGEST_PATH


def test_nothing_in_the_template_needs_what_windows_has_not() -> None:
    """What is tried, and done without where it is not there, is no need."""
    used = set()
    for name, text in template_files(COURSE).items():
        if name.endswith(".py") and "/tests/" not in name:
            tree = ast.parse(text)
            tried = {
                inner
                for node in ast.walk(tree)
                if isinstance(node, ast.Try | ast.With)  # with suppress(ImportError)
                for inner in ast.walk(node)
            }
            for node in set(ast.walk(tree)) - tried:
                if isinstance(node, ast.Import):
                    used |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    used.add((node.module or "").partition(".")[0])
                elif isinstance(node, ast.Attribute):
                    assert node.attr not in {"SIGALRM", "setitimer", "fork"}, name
    assert used.isdisjoint(NOT_ON_WINDOWS)


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_public_tests_are_plain_ascii_as_otter_opens_them_in_any_encoding(
    name: str,
) -> None:
    for path in (COURSE / "assignments" / name / "tests").glob("*.py"):
        path.read_text(encoding="ascii")


def test_a_folder_with_spaces_windows_line_ends_and_a_console_of_few_letters(
    template: Path,
) -> None:
    """Each file is opened by its encoding, and no letter stops what is told."""
    folder = template.with_name("my work, Zoë")
    template.rename(folder)
    answer(folder, RIGHT)
    path = folder / "a0_scale/a0_scale.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    cases = folder / "a0_scale/tests/q1_double.py"
    text = cases.read_text(encoding="utf-8").replace("one and two", "1 → 2")
    cases.write_text(text, encoding="utf-8")
    warning = ["-X", "warn_default_encoding"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    for source, told in ((b"2 * v", b"30 of 30"), (b"3 * v", b"1 ? 2")):
        path.write_bytes(path.read_bytes().replace(b"2 * v", source))
        done = subprocess.run(
            [sys.executable, *warning, "-m", "desk", "check", "a0", "q1"],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
        assert told in done.stdout, done.stdout + done.stderr
        warned = [w for w in done.stderr.splitlines() if b"EncodingWarning" in w]
        assert [w for w in warned if b"site-packages" not in w] == []


def test_a_call_its_signature_and_what_many_cases_say_are_told_once(
    template: Path,
) -> None:
    cases = template / "a0_scale/tests/q1_double.py"
    text = cases.read_text(encoding="utf-8")
    another = text[text.index("@test_case") :].replace("one and two", "three and four")
    another = another.replace("test_small", "test_more").replace("1, 2", "3, 4")
    cases.write_text(f"{text}\n\n{another}", encoding="utf-8")
    answer(template, "def double():\n    return 1\n")
    said = run(template, "desk", "check", "a0", "q1")[1]
    once = (
        "    one and two\n"
        "    three and four\n"
        "    double([1, 2])\n"
        "    `double` could not be called: it should take (values): double() takes 0 "
        "positional arguments but 1 was given\n"
    )
    assert once in said
    by_pytest = run(template, "pytest", "-k", "q1")[1]
    assert "double([1, 2])\n`double` could not be called: it should take" in by_pytest
