"""What a student sees who runs pytest or otter in the template."""

import re
import runpy
import subprocess
import sys
from inspect import signature
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from otter.test_files import ExceptionTestFile

import autograder
from autograder.course import folders
from student_desk import RIGHT, answer, released, run, run_cold

MINOR = ".".join(np.__version__.split(".")[:2])
OTHERS = (
    f"By the way: you have numpy {np.__version__} and pytest {pytest.__version__}, "
    "grading uses numpy 1.99 and pytest 0.7; answers hardly ever differ, and "
    "`python -m pip install -r requirements.txt` brings the same.\n"
)


COURSE = Path(autograder.__file__).parents[1]


@pytest.fixture
def desk() -> SimpleNamespace:
    """What reads test files on a laptop."""
    path = COURSE / "assignments/template/desk/cases.py"
    return SimpleNamespace(**runpy.run_path(str(path)))


@pytest.fixture
def template(course: Path) -> Path:
    """The small course's template, with the real tools."""
    return released(course)


def test_a_stub_reads_not_started_yet_without_a_traceback(template: Path) -> None:
    code, output = run_cold(template, "pytest", "a0_scale")
    assert code == 0
    assert "2 skipped" in output
    assert re.search(r"q1_double \(double\) +not started", output)
    assert "\nnot started: q1, q2\n" in output
    assert "Traceback" not in output


def test_a_right_answer_passes_and_one_question_can_be_chosen(template: Path) -> None:
    answer(template, RIGHT)
    assert "2 passed" in run(template, "pytest")[1]
    assert "1 passed, 1 deselected" in run(template, "pytest", "-k", "q2")[1]


def test_a_wrong_answer_shows_expected_and_got(template: Path) -> None:
    answer(template, RIGHT.replace("2 * v", "3 * v"))
    code, output = run_cold(template, "pytest", "a0_scale", "-k", "q1", seed="77")
    assert code == 1
    assert "expected 2, got 3" in output
    assert "(inputs of seed 77)" in output
    assert "conftest.py" not in output


def test_an_error_shows_the_students_own_line_only(template: Path) -> None:
    answer(template, RIGHT.replace("return [2 * v for v in values]", "return [][1]"))
    _, output = run(template, "pytest", "-k", "q1")
    assert "IndexError: list index out of range" in output
    assert "return [][1]" in output
    assert "call_func" not in output


def test_a_syntax_error_shows_its_line(template: Path) -> None:
    answer(template, "def double(values:\n    return 1\n")
    _, output = run(template, "pytest", "-k", "q1")
    assert "a0_scale.py can't be graded:\nline 1: Python 3." in output
    assert output.count("'(' was never closed") == 1


def test_a_missing_function_is_named(template: Path) -> None:
    answer(template, "def triple(values):\n    return values\n")
    assert "there is no function `double`" in run(template, "pytest", "-k", "q1")[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (f"numpy=={MINOR}.*\nnosuchpackage==1.2.*\n", ""),
        ("numpy>=1\n", ""),
        (
            "numpy==1.99.*\npytest==0.7.*\n",
            OTHERS,
        ),
        (None, ""),
    ],
)
def test_another_version_than_grading_uses_is_said_and_fails_nothing(
    template: Path, asked: str | None, said: str
) -> None:
    answer(template, RIGHT)
    path = template / "requirements.txt"
    if asked is None:
        path.unlink()
    else:
        path.write_text(asked, encoding="utf-8")
    code, output = run(template, "pytest", "a0_scale")
    assert code == 0
    assert said in output
    assert ("By the way" in output) == bool(said)


def test_what_cases_of_a_question_have_in_common_is_told_once(template: Path) -> None:
    cases = template / "a0_scale/tests/q1_double.py"
    text = cases.read_text(encoding="utf-8")
    another = text[text.index("@test_case") :].replace("one and two", "three and four")
    another = another.replace("test_small", "test_more").replace("1, 2", "3, 4")
    cases.write_text(f"{text}\n\n{another}", encoding="utf-8")
    answer(template, "def duoble(values):\n    return values\n")
    output = run(template, "pytest", "-k", "q1")[1]
    assert output.count("did you mean `duoble`?") == 1
    assert output.count("as above, in: one and two") == 1


def test_pytest_says_how_you_stand_in_the_words_of_the_desk(template: Path) -> None:
    answer(template, RIGHT.replace("return double(double(values))", "return values"))
    standing = run(template, "desk", "check", "a0")[1].splitlines()
    output = run(template, "pytest", "a0_scale")[1].splitlines()
    points = [t for t in standing if re.match(r"q\d|\d+ of \d+ public points", t)]
    assert [told for told in points if told in output] == points
    assert len(points) == 3
    assert "\nFAILED " not in output


def test_a_question_that_was_not_run_whole_has_no_points(template: Path) -> None:
    answer(template, RIGHT)
    output = run(template, "pytest", "-k", "q2")[1]
    assert "q1_double (double)" not in output
    assert "20 of 20 public points" in output


def test_questions_come_in_their_order(template: Path) -> None:
    folder = template / "a0_scale/tests"
    text = (folder / "q2_quadruple.py").read_text(encoding="utf-8")
    text = text.replace("q2_quadruple", "q10_quadruple")
    (folder / "q10_quadruple.py").write_text(text, encoding="utf-8")
    said = run(template, "pytest", "-v", "a0_scale")[1]
    places = [said.index(name) for name in ("q1_d", "q2_q", "q10_q")]
    assert places == sorted(places)


def test_what_the_desk_tells_to_look_at_pytest_tells_too(template: Path) -> None:
    answer(template, RIGHT.replace("return [2", "import pandas\n    return [2"))
    told = "look at this: line 2: pandas is not there in grading"
    for command in (("desk", "check", "a0", "q1"), ("pytest", "-k", "q1")):
        assert told in run(template, *command)[1]


def test_nothing_of_otter_is_needed_or_waited_for(template: Path) -> None:
    """It brings 400 MB, and takes longer to import than the tests to run."""
    answer(template, RIGHT)
    refused = "import sys; sys.modules['otter'] = sys.modules['pandas'] = None; "
    for module, words in (("desk", ["check", "a0"]), ("pytest", ["a0_scale"])):
        run_it = f"import runpy; runpy.run_module({module!r}, run_name='__main__')"
        done = subprocess.run(
            [sys.executable, "-c", refused + run_it, *words],
            cwd=template,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "50 of 50 public points" in done.stdout


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_the_desk_reads_test_files_as_otter_does(
    name: str, desk: SimpleNamespace
) -> None:
    for path in (COURSE / "assignments" / name / "tests").glob("q*.py"):
        otters = ExceptionTestFile.from_file(str(path))
        ours = desk.TestFile(path)
        assert ours.question == otters.name
        assert [(case.name, case.points, list(case.wanted)) for case in ours.cases] == [
            (case.name, case.points, [*signature(case.body.test_func).parameters])
            for case in otters.test_cases
        ]
        assert {case.function for case in ours.cases} <= ours.functions.keys()


def test_otter_stays_what_it_was_where_the_desk_reads_a_test_file(
    desk: SimpleNamespace,
) -> None:
    path = COURSE / "assignments/a1_conv1d/tests/q1_conv1d.py"
    assert desk.TestFile(path).functions
    assert sys.modules["otter.test_files"].ExceptionTestFile is ExceptionTestFile


def test_otter_check_takes_the_same_tests(template: Path) -> None:
    answer(template, RIGHT)
    file, tests = "a0_scale/a0_scale.py", "a0_scale/tests"
    code, output = run(template, "otter", "check", file, "-t", tests)
    assert code == 0, output
    assert "All tests passed!" in output
