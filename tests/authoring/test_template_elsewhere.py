"""The template on other machines: Windows' rules, as far as Linux can play them.

Not tried: Windows and macOS themselves.
"""

import ast
import importlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path, PureWindowsPath

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


NOT_IN_OS = ("fork", "forkpty", "setsid", "wait", "killpg")
NOT_IN_SIGNAL = ("SIGALRM", "SIGHUP", "SIGKILL", "setitimer", "pthread_kill")
ON_WINDOWS = f"""
import os, runpy, signal, subprocess, sys, tempfile
for name in {(*sorted(NOT_ON_WINDOWS), "readline")!r}:
    sys.modules[name] = None
for name in {NOT_IN_OS!r}:
    delattr(os, name)
for name in {NOT_IN_SIGNAL!r}:
    delattr(signal, name)
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""
"""Run a module in a Python that has lost what Windows has not."""


@pytest.fixture
def on_windows(template: Path) -> Path:
    """The template as Windows has it: line ends, a path with a space and letters."""
    for path in template.rglob("*"):
        if path.is_file() and path.suffix in {".py", ".json", ".txt", ".ini", ".md"}:
            text = path.read_bytes()
            path.write_bytes(text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    folder = template.with_name("Müllers Übung (1)")
    template.rename(folder)
    return folder


def on_windows_run(folder: Path, *command: str) -> tuple[int, bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # students have no plugins
    done = subprocess.run(
        [sys.executable, "-c", ON_WINDOWS, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", [("desk", "check", "a0"), ("pytest", "a0_scale")])
def test_check_and_pytest_without_what_windows_has_not(
    on_windows: Path, command: tuple[str, ...]
) -> None:
    path = on_windows / "a0_scale/a0_scale.py"
    path.write_bytes(RIGHT.replace("\n", "\r\n").encode())
    code, said = on_windows_run(on_windows, *command)
    assert code == 0, said
    assert b"50 of 50 public points" in said
    path.write_bytes(path.read_bytes().replace(b"2 * v", b"[][1]"))
    code, said = on_windows_run(on_windows, *command)
    assert code == 1
    assert b"IndexError: list index out of range" in said
    assert "M\u00fcllers \u00dcbung (1)".encode("cp1252") in said


def test_submit_and_an_endless_loop_without_what_windows_has_not(
    on_windows: Path,
) -> None:
    path = on_windows / "a0_scale/a0_scale.py"
    source = RIGHT.replace("\n", "\r\n").encode()
    path.write_bytes(source)
    code, said = on_windows_run(on_windows, "desk", "submit", "a0")
    assert code == 0, said
    with zipfile.ZipFile(on_windows / "a0_scale.zip") as packed:
        assert packed.read("a0_scale.py") == source
    running = on_windows / "desk/limit.py"
    text = running.read_text(encoding="utf-8").replace(
        "SECONDS = 10.0", "SECONDS = 0.3"
    )
    running.write_text(text, encoding="utf-8")
    loop = b"def double(values):\r\n    while True:\r\n        pass\r\n"
    path.write_bytes(loop)
    code, said = on_windows_run(on_windows, "desk", "check", "a0", "q1")
    assert code == 1
    assert b"it computed for 0.3 s without an end" in said


def test_a_file_of_windows_editor_with_a_mark_in_front_is_read(
    on_windows: Path,
) -> None:
    path = on_windows / "a0_scale/a0_scale.py"
    path.write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    code, said = on_windows_run(on_windows, "desk", "check", "a0")
    assert code == 0, said


def test_paths_of_windows_name_an_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(COURSE / "student_template"))
    about = importlib.import_module("desk.about")
    monkeypatch.setattr(about, "Path", PureWindowsPath)
    for name in (r"a1_conv1d\a1_conv1d.py", ".\\a1_conv1d\\", "a1_conv1d/a1_conv1d.py"):
        assert about.about(name).name == "a1_conv1d"


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
