"""What a student sees who asks the desk: how they stand, and what grading will say."""

import hashlib
import json
import re
import runpy
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.authoring import student_template
from books import book
from student_desk import RIGHT, answer, released, run, run_cold


@pytest.fixture
def template(course: Path) -> Path:
    """The small course's template, with the real tools."""
    return released(course)


def check(folder: Path, *words: str) -> tuple[int, str]:
    return run(folder, "desk", "check", "a0_scale", *words)


def test_a_line_a_question_in_order_with_points_and_one_total(template: Path) -> None:
    answer(template, RIGHT)
    code, said = run_cold(template, "desk", "check", "a0_scale")
    lines = said.splitlines()
    assert code == 0, said
    assert re.fullmatch(r"q1_double \(double\) +30 of 30", lines[0])
    assert re.fullmatch(r"q2_quadruple \(quadruple\) +20 of 20", lines[1])
    assert "50 of 50 public points; grading asks for 50 more" in said


def test_what_is_not_started_is_named_at_the_end(template: Path) -> None:
    code, said = check(template)
    assert code == 1
    assert re.search(r"q1_double \(double\) +not started", said)
    assert said.rstrip().endswith("not started: q1, q2")


def test_one_question_can_be_asked(template: Path) -> None:
    answer(template, RIGHT)
    for word in ("q2", "q2_quadruple"):
        code, said = check(template, word)
        assert code == 0
        assert "q1_double" not in said
        assert "20 of 20 public points" in said


def test_a_file_without_a_word_is_told_and_not_packed(template: Path) -> None:
    answer(template, "\n\n")
    code, said = check(template)
    assert code == 1
    assert (
        "grading can't take this: the file is empty: has your editor saved it?" in said
    )
    assert "Nothing was packed" in run(template, "desk", "submit", "a0_scale")[1]
    (template / "a0_scale/a0_scale.py").unlink()
    said = check(template)[1]
    assert "there is no a0_scale/a0_scale.py: take it from the template again" in said


def test_of_a_check_of_nothing_only_the_assignment_is_missing(template: Path) -> None:
    code, said = run(template, "desk", "check")
    assert code == 2
    assert said.rstrip().endswith("arguments are required: assignment")


def test_a_wrong_answer_says_the_same_words_as_pytest(template: Path) -> None:
    answer(template, RIGHT.replace("2 * v", "3 * v"))
    said = check(template, "q1")[1]
    by_pytest = run(template, "pytest", "-k", "q1")[1]
    told = [line.strip() for line in said.splitlines() if line.startswith("    ")]
    assert len(told) > 2
    for line in filter(None, told[1:]):
        assert line in by_pytest


@pytest.mark.parametrize("word", ["a0", "a0_scale/a0_scale.py", "a0_scale/"])
def test_an_assignment_goes_by_its_number_folder_or_file(
    template: Path, word: str
) -> None:
    answer(template, RIGHT)
    assert run(template, "desk", "check", word, "q1")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a9",), "there is no assignment a9: a0_scale"),
        (("a0", "q7"), "a0_scale has no question q7: q1_double, q2_quadruple"),
    ],
)
def test_what_there_is_not_is_named(
    template: Path, words: tuple[str, ...], said: str
) -> None:
    code, output = run_cold(template, "desk", "check", *words)
    assert code == 2
    assert said in output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import matplotlib.pyplot", "No module named 'matplotlib' in grading"),
        ("from scipy import signal", "No module named 'scipy' in grading"),
        ("import __main__, nowhere", "No module named 'nowhere' in grading"),
        ("data = open('/etc/hostname').read()", "no such file in grading"),
        ("open('notes.txt', 'w')", "no such file in grading: 'notes.txt'"),
        ("name = input('who? ')", "no `input()` outside the functions"),
        ("raise SystemExit", "ends the program (exit, quit)"),
        ("import os; os.system('true')", "grading starts no programs"),
        ("import socket; socket.create_connection(('localhost', 9))", "no network"),
        ("import os; os._exit(3)", "importing the file ends Python"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("type X = int", "Python 3."),
    ],
)
def test_what_runs_here_and_cannot_be_graded_is_told_before_handing_in(
    template: Path, line: str, said: str
) -> None:
    answer(template, f"{line}\n{RIGHT}")
    code, output = check(template)
    assert code == 1
    assert "grading can't take this: " in output
    assert said in output
    assert "public points" not in output
    code, output = run(template, "desk", "submit", "a0")
    assert code == 1
    assert "Nothing was packed" in output
    assert not list(template.glob("*.zip"))


@pytest.mark.parametrize(
    "line",
    [
        "import numpy.linalg, math, json, typing, concurrent.futures",
        "try:\n    import pandas\nexcept ImportError:\n    pandas = None",
        "if __name__ == '__main__':\n    import nowhere\n    input()",
        "print('hello')",
    ],
)
def test_what_grading_can_take_is_no_problem(template: Path, line: str) -> None:
    answer(template, f"{line}\n{RIGHT}")
    code, output = check(template)
    assert code == 0, output
    assert "grading" not in output.partition("public points")[0]


def test_an_import_inside_a_function_is_something_to_look_at(template: Path) -> None:
    source = RIGHT.replace("    return [2", "    import scipy\n    return [2")
    answer(template, source + "\n\ndef unused():\n    import nowhere\n")
    said = check(template)[1]
    assert "look at this: line 2: scipy is not there in grading" in said
    assert "nowhere is not there in grading" in said


def test_a_file_that_is_not_utf8_is_named_with_its_line(template: Path) -> None:
    path = template / "a0_scale/a0_scale.py"
    path.write_bytes(b"# one\n# caf\xe9\n" + RIGHT.encode())
    assert "line 2: this is not UTF-8 text" in check(template)[1]


def test_what_is_submitted_is_the_file_alone_with_a_receipt(template: Path) -> None:
    answer(template, RIGHT)
    code, said = run_cold(template, "desk", "submit", "a0", "--out", "out")
    assert code == 0, said
    source = (template / "a0_scale/a0_scale.py").read_bytes()
    with zipfile.ZipFile(template / "out/a0_scale.zip") as file:
        assert file.namelist() == ["a0_scale.py"]
        assert file.read("a0_scale.py") == source
    receipt = (template / "out/a0_scale-receipt.txt").read_text("utf-8")
    assert f"SHA-256 {hashlib.sha256(source).hexdigest()}" in receipt
    assert "50 of 50 public points" in receipt
    assert sorted(p.name for p in (template / "out").iterdir()) == [
        "a0_scale-receipt.txt",
        "a0_scale.zip",
    ]


def test_the_same_file_gives_the_same_zip(template: Path) -> None:
    answer(template, RIGHT)
    zips = []
    for out in ("one", "two"):
        run(template, "desk", "submit", "a0", "--out", out)
        zips.append((template / out / "a0_scale.zip").read_bytes())
    assert zips[0] == zips[1]


def test_whoever_wants_to_hand_in_what_cannot_be_graded_may(template: Path) -> None:
    answer(template, "import nowhere\n")
    code, said = run(template, "desk", "submit", "a0", "--anyway")
    assert code == 1
    assert "grading can't read it" in said
    assert (template / "a0_scale.zip").exists()


def test_a_seed_gives_the_inputs_of_a_failure(template: Path) -> None:
    answer(template, RIGHT.replace("2 * v", "3 * v"))
    assert "(inputs of seed 7)" in check(template, "q1", "--seed", "7")[1]
    said = run(template, "pytest", "-k", "q1", "--seed", "7")[1]
    assert "(inputs of seed 7)" in said


@pytest.fixture
def limit(template: Path) -> SimpleNamespace:
    """What ``desk.limit`` has."""
    return SimpleNamespace(**runpy.run_path(str(template / "desk/limit.py")))


def test_a_case_that_computes_without_an_end_is_stopped(limit: SimpleNamespace) -> None:
    def endless() -> None:
        with limit.limited(0.2):
            while True:
                pass

    with pytest.raises(limit.TooLongError, match="an endless loop"):
        endless()


def test_waiting_is_not_computing(limit: SimpleNamespace) -> None:
    with limit.limited(0.2):
        time.sleep(0.5)
    before = threading.active_count()
    with limit.limited(None):
        assert threading.active_count() == before  # nobody watches


def test_a_ctrl_c_of_the_student_stays_one(limit: SimpleNamespace) -> None:
    with pytest.raises(KeyboardInterrupt), limit.limited(30.0):
        raise KeyboardInterrupt


def test_an_endless_loop_in_a_case_is_told_and_the_others_go_on(
    template: Path,
) -> None:
    path = template / "desk/limit.py"
    text = path.read_text("utf-8")
    path.write_text(text.replace("SECONDS = 10.0", "SECONDS = 0.3"), "utf-8")
    endless = "def double(values):\n    while True:\n        pass\n"
    answer(template, endless + "def quadruple(values):\n    return [4, 12]\n")
    code, said = check(template)
    assert code == 1
    assert "an endless loop?" in said
    assert re.search(r"q2_quadruple \(quadruple\) +20 of 20", said)
    assert "an endless loop?" in run(template, "pytest", "-k", "q1")[1]


def test_what_students_are_told_of_an_assignment_holds_no_answer(course: Path) -> None:
    about = student_template.template_files(course)["a0_scale/about.json"].decode()
    assert '"public_points": 30.0' in about
    assert "GAIN" not in about
    assert "random values" not in about  # the name of a hidden case


def answer_in_a_notebook(template: Path, *cells: str, **more: object) -> None:
    (template / "a0_scale/a0_scale.py").unlink(missing_ok=True)
    (template / "a0_scale/a0_scale.ipynb").write_bytes(book(*cells, **more))


DEMO = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt\n!pip list",
    RIGHT,
    "plt.plot(double([1, 2]))\nopen('my data.csv')\nwhile True: input()",
)


def test_a_notebook_is_checked_as_it_is_graded(template: Path) -> None:
    answer_in_a_notebook(template, *DEMO)
    code, said = check(template)
    assert code == 0, said
    assert "50 of 50 public points" in said
    assert (
        "a0_scale.ipynb, look at this: cell 1, line 2: grading has no matplotlib"
        in said
    )
    code, said = run(template, "pytest", "a0_scale")
    assert code == 0, said


def test_a_notebook_is_packed_as_it_is_with_a_receipt(template: Path) -> None:
    answer_in_a_notebook(template, *DEMO)
    code, said = run(template, "desk", "submit", "a0")
    assert code == 0, said
    with zipfile.ZipFile(template / "a0_scale.zip") as packed:
        assert packed.namelist() == ["a0_scale.ipynb"]
        data = packed.read("a0_scale.ipynb")
    assert data == book(*DEMO)
    receipt = (template / "a0_scale-receipt.txt").read_text(encoding="utf-8")
    assert hashlib.sha256(data).hexdigest() in receipt
    assert "file a0_scale.ipynb," in receipt


def test_an_error_in_a_notebook_is_shown_with_its_cell_and_line(template: Path) -> None:
    wrong = RIGHT.replace("return [2 * v for v in values]", "return values[99]")
    answer_in_a_notebook(template, "import math", f"# mine\n{wrong}")
    said = check(template, "q1")[1]
    assert 'a0_scale.ipynb", cell 2, line 3, in double\n' in said
    assert "    return values[99]" in said
    by_pytest = run(template, "pytest", "-k", "q1")[1]
    assert 'a0_scale.ipynb", cell 2, line 3, in double\n' in by_pytest


def test_a_notebook_beside_the_file_is_not_guessed_between(template: Path) -> None:
    answer_in_a_notebook(template, RIGHT)
    answer(template, RIGHT.replace("2 * v", "3 * v"))
    code, said = check(template)
    assert code == 1
    assert "there are a0_scale.py and a0_scale.ipynb, and one of them counts" in said
    assert run(template, "desk", "submit", "a0")[0] == 2
    assert "one of them counts" in run(template, "pytest")[1]
    assert not list(template.glob("*.zip"))
    code, said = run(template, "desk", "check", "a0_scale/a0_scale.ipynb")
    assert (code, "50 of 50" in said) == (0, True)
    code, said = run(template, "desk", "check", "a0_scale.py")
    assert (code, "50 of 50" in said) == (1, False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "it is damaged (Expecting property name"),
        (book(metadata={"kernelspec": {"language": "R"}}), "a notebook in R"),
        (book(nbformat=3), "Jupyter's old format 3"),
        (book("1 / 0", "x = 1 / 0\ndef double(v): return v * x"), "cell 2, line 1"),
    ],
)
def test_a_notebook_that_cannot_be_graded_is_told_in_words(
    template: Path, data: bytes, said: str
) -> None:
    answer_in_a_notebook(template)
    (template / "a0_scale/a0_scale.ipynb").write_bytes(data)
    code, told = check(template)
    assert code == 1
    assert "a0_scale.ipynb, grading can't take this: " in told
    assert said in told


def test_nobody_is_asked_to_type_anything_in(template: Path) -> None:
    answer(template, RIGHT.replace("return [2", "input('n? ')\n    return [2"))
    for command in (("desk", "check", "a0", "q1"), ("pytest", "-k", "q1")):
        said = run(template, *command)[1]
        assert "input('n? ')" in said
        assert "EOFError: EOF when reading a line; nobody types anything" in said


def test_an_assertion_of_your_own_is_shown_with_its_line(template: Path) -> None:
    answer(template, RIGHT.replace("return [2", "assert not values\n    return [2"))
    for command in (("desk", "check", "a0", "q1"), ("pytest", "-k", "q1")):
        said = run(template, *command)[1]
        assert "line 2, in double" in said
        assert said.count("AssertionError\n") == 1


def test_a_long_way_to_an_error_is_shown_by_its_ends(template: Path) -> None:
    answer(template, RIGHT.replace("return [2", "return double(values)\n    return [2"))
    said = check(template, "q1")[1]
    assert said.count("in double") == 6
    assert re.search(r"\.\.\. \d+ more lines", said)
    assert "RecursionError: maximum recursion depth exceeded" in said


def test_no_case_sees_what_another_one_did_to_its_inputs(template: Path) -> None:
    """As in grading: there a function never gets the test's own arrays and lists."""
    cases = template / "a0_scale/tests/q1_double.py"
    text = cases.read_text(encoding="utf-8").replace("[1, 2]", "X")
    text = text.replace("@test_case", "X = [1, 2]\n\n\n@test_case", 1)
    another = text[text.index("@test_case") :].replace("one and two", "once more")
    cases.write_text(text + "\n\n" + another.replace("_small", "_more"), "utf-8")
    spoiled = (
        "    answer = [2 * v for v in values]\n    values.clear()\n    return answer"
    )
    answer(template, RIGHT.replace("    return [2 * v for v in values]", spoiled))
    code, said = check(template, "q1")
    assert code == 0, said


def test_a_changed_array_is_told_and_stays_what_it_was(template: Path) -> None:
    cases = template / "a0_scale/tests/q1_double.py"
    text = cases.read_text(encoding="utf-8").replace("double([1, 2])", "double(X)")
    text = text.replace("    close(", "    with unchanged(X):\n        close(")
    head = "import numpy as np\nfrom checks import unchanged\n\nX = np.ones(2)\n\n\n"
    text = text.replace("@test_case", head + "@test_case", 1)
    cases.write_text(text.replace("[2, 4]", "2 * X"), encoding="utf-8")
    spoiled = (
        "    answer = [2 * v for v in values]\n    values[:] = 0\n    return answer"
    )
    answer(template, RIGHT.replace("    return [2 * v for v in values]", spoiled))
    said = check(template, "q1")[1]
    assert "your function changed its array argument number 1: work on a copy" in said


def test_a_loop_outside_of_functions_is_told(template: Path) -> None:
    path = template / "desk/as_graded.py"
    text = path.read_text(encoding="utf-8")
    assert "COMPUTING_SECONDS = 10.0" in text
    path.write_text(text.replace("SECONDS = 10.0", "SECONDS = 0.2"), encoding="utf-8")
    answer(template, RIGHT + "while True:\n    pass\n")
    code, said = check(template)
    assert code == 1
    assert "importing the file computes for more than 0.2 s: is there a loop" in said


@pytest.fixture
def without_torch(template: Path) -> Path:
    """A template whose assignment needs a package that is not installed."""
    path = template / "a0_scale/about.json"
    text = path.read_text(encoding="utf-8").replace('"numpy"', '"numpy", "torchx"')
    path.write_text(text, encoding="utf-8")
    lines = "-r requirements.txt\ntorchx==2.13.*\n"
    (template / "requirements-torch.txt").write_text(lines, encoding="utf-8")
    answer(template, RIGHT)
    return template


def test_a_package_that_is_not_installed_is_named_with_the_way_to_it(
    without_torch: Path,
) -> None:
    told = (
        "a0_scale.py, not tried here: a0_scale needs torchx, which is not installed: "
        "python -m pip install -r requirements-torch.txt\n"
    )
    code, said = check(without_torch)
    assert code == 1
    assert told in said
    code, said = run(without_torch, "pytest")
    assert code == 0
    assert told in said
    assert "2 skipped" in said


def test_what_could_not_be_tried_is_packed_only_on_demand(without_torch: Path) -> None:
    said = run(without_torch, "desk", "submit", "a0")[1]
    assert "Nothing was packed: it was not tried. (--anyway packs it.)" in said
    run(without_torch, "desk", "submit", "a0", "--anyway")
    receipt = (without_torch / "a0_scale-receipt.txt").read_text(encoding="utf-8")
    assert "\nnot tried here\n" in receipt


def test_an_environment_that_is_not_active_is_told(template: Path) -> None:
    code = "import sys; sys.modules['numpy'] = None; import runpy; "
    code += "runpy.run_module('desk', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "a0"],
        cwd=template,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("numpy is not installed in this Python (")
    assert "Is .venv active?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_as_it_was_given_out_is_not_run(template: Path, line_end: str) -> None:
    """Nobody waits for PyTorch because of an assignment that is not begun."""
    path = template / "a0_scale/a0_scale.py"
    stub = path.read_text(encoding="utf-8")
    given = "import torchx\n" + stub
    path.write_bytes(given.replace("\n", line_end).encode())
    about = template / "a0_scale/about.json"
    facts = json.loads(about.read_text(encoding="utf-8"))
    assert facts["stub"] == hashlib.sha256(stub.encode()).hexdigest()
    facts["stub"] = hashlib.sha256(given.encode()).hexdigest()
    about.write_text(json.dumps(facts), encoding="utf-8")
    for command in (("desk", "check", "a0"), ("pytest", "a0_scale")):
        said = run(template, *command)[1]
        assert "torchx" not in said
        assert "\nnot started: q1, q2\n" in said
    path.write_bytes(path.read_bytes() + b"# begun\n")
    for command in (("desk", "check", "a0"), ("pytest", "a0_scale")):
        assert "No module named 'torchx' in grading" in run(template, *command)[1]


def test_what_grading_has_not_is_not_there_inside_of_functions_either(
    template: Path,
) -> None:
    """Green here is never 0 there."""
    import_it = "import jupytext\n    return [2"
    answer(template, RIGHT.replace("return [2", import_it))
    for command in (("desk", "check", "a0", "q1"), ("pytest", "-k", "q1")):
        code, said = run_cold(template, *command)
        assert code == 1
        assert "ModuleNotFoundError: No module named 'jupytext' in grading" in said
    tried = "try:\n        import jupytext\n    except ImportError:\n        pass\n"
    answer(template, RIGHT.replace("return [2", tried + "    return [2"))
    code, said = run_cold(template, "desk", "check", "a0", "q1")
    assert code == 0, said
