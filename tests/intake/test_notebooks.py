"""A notebook becomes the Python that its answers need; what can't be read is words."""

import json
import random
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import notebook
from autograder.errors import IntakeError
from autograder.intake import (
    Intake,
    IssueKind,
    notebooks,
    read_single,
    read_submissions,
)
from autograder.intake.notebooks import NotebookError, NotebookReader
from autograder.intake.roster import read_roster
from autograder.notebook import NotebookError as Unreadable
from autograder.notebook import as_python, notes, place
from books import book
from zips import Content, save, zipped

FILE, BOOK = "a1_conv1d.py", "a1_conv1d.ipynb"
ASKED = ("conv1d", "pad1d")
CELL = "def conv1d(x, k): return 1"
ADA = "10001-500001 - Ada Example - Oct 10, 2025 1022 AM"
ROSTER = (
    "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
    "#0012345,#zdoe,Doe,Zoë,#\n#0000007,#aex,Example,Ada,#\n"
)


def python(*cells: str | list[str]) -> str:
    return as_python(book(*cells), functions=ASKED, packages=["numpy"])


def ran(source: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(source, FILE, "exec"), names)  # noqa: S102 made here
    return names


def code(source: str) -> str:
    """Return what is run, without comments and empty lines."""
    lines = [line for line in source.split("\n") if line and line[0] != "#"]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "demo",
    [
        "print(conv1d([1], [2]))",
        "out = conv1d([1], [2])\nplt.plot(out)",
        "for n in range(9): conv1d([n], [n])",
        "while True: pass",
        "input('your name? ')",
        "raise SystemExit",
        "open('photo.png')",
        "x = await fetch()",
        "@interact(k=(1, 5))\ndef demo(k): return conv1d(k, k)",
        "def demo(x=np.load('x.npy')): return x",
        "assert conv1d([1], [2]) == [2]",
        "import os; os.chdir('/content')",
        "if True:\n    %time conv1d([1], [2])",
        "conv1d?",
        "?conv1d",
        "!pip install \\\n  scipy",
        "files = !ls",
        "%timeit -n 3 conv1d([1], [2])",
        "%%bash\nrm -rf x\nexit",
        "%%timeit\nconv1d([1], [2])",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "import matplotlib.pyplot as plt",
        "def half(:",
        "def f(a, a): pass",
        "return 3",
        "\ud800",
        "null \0 byte",
        "-" * 100_000 + "1",
        "(" * 5_000,
        "",
    ],
)
def test_what_no_answer_needs_is_not_run(demo: str) -> None:
    source = python("import numpy as np", "def conv1d(x, k): return 1", demo)
    assert code(source) == "import numpy as np\ndef conv1d(x, k): return 1"


@pytest.mark.parametrize(
    "needed",
    [
        "TABLE = {}\nfor n in range(3): TABLE[n] = n",
        "TABLE = []\nTABLE.extend(range(3))",
        "def entry(n): return n\nTABLE = [entry(n) for n in range(3)]",
        "size = 3\nTABLE = list(range(size))",
        "try:\n    import nowhere\nexcept ImportError:\n    TABLE = [0, 1, 2]",
        "class Table:\n    values = 0, 1, 2\nTABLE = Table.values",
        "%%time\nTABLE = [0, 1, 2]",
        "TABLE = [3]; TABLE = [0, 1, 2]",
        "class Table: pass\nTable.values = 0, 1, 2\nTABLE = Table.values",
    ],
)
def test_what_an_answer_needs_is_run_in_order(needed: str) -> None:
    source = python("def conv1d(x, k): return TABLE[2]", needed, "TABLE2 = 1 / 0")
    assert ran(source)["conv1d"](0, 0) == 2  # type: ignore[operator]


def test_the_last_definition_counts_as_after_running_all_cells() -> None:
    source = python("def conv1d(): return 1", "def conv1d(): return 2")
    assert ran(source)["conv1d"]() == 2  # type: ignore[operator]


def test_names_inside_a_function_are_no_names_of_the_notebook() -> None:
    source = python("image = open('photo.png')", "def conv1d(image): return image")
    assert "open" not in code(source)


def test_what_sets_a_package_up_is_run() -> None:
    source = python(
        "import sys, numpy as np\nnp.random.seed(0)\nsys.setrecursionlimit(9000)",
        "plt.set_cmap('gray')\nnp.setdiff1d(conv1d(1), 2)\ndef conv1d(x): return x",
    )
    assert "np.random.seed(0)" in source
    assert "sys.setrecursionlimit(9000)" in source
    assert "set_cmap" not in source
    assert "setdiff1d" not in source


def test_a_line_in_a_string_or_in_brackets_is_no_magic() -> None:
    text = 's = """\n%not\n!one\n"""\ny = (7\n  % 4)\nz = 7 \\\n  % 4\n'
    source = python(f"{text}def conv1d():\n    return s, y, z")
    assert ran(source)["conv1d"]() == ("\n%not\n!one\n", 3, 3)  # type: ignore[operator]


def test_what_comes_from_the_future_comes_first() -> None:
    source = python(
        "x = 1", "from __future__ import annotations\ndef conv1d(x: Y): ..."
    )
    assert ran(source)["conv1d"]


def test_of_an_import_only_what_grading_lacks_is_left_out() -> None:
    source = python(
        "import numpy as np, scipy.signal\nfrom math import pi\ndef conv1d(): return pi"
    )
    assert "import numpy as np\n" in source
    assert "scipy" not in code(source)
    assert any("cell 1, line 1: grading has no scipy" in note for note in notes(source))


def test_every_line_is_found_again_in_its_cell() -> None:
    source = python(
        "", "import math\n\n\ndef pad1d():\n    return math", "def conv1d(): 1"
    )
    lines = source.split("\n")
    at = lines.index("    return math") + 1
    assert str(place(source, at)) == "cell 2, line 5"
    assert str(place(source, lines.index("def conv1d(): 1") + 1)) == "cell 3, line 1"
    assert place(source, 1) is None
    assert place("def conv1d(): 1\n", 1) is None


def test_what_is_left_out_is_told_in_words() -> None:
    told = notes(python("%ls", "print(3)", "def f(:", "%%html\n<b>", "def conv1d(): 1"))
    assert told[0].startswith("the notebook was read as its 5 code cells")
    assert told[1:] == [
        "not run, since no answer needs it: something of cell 2",
        "left out: lines for Jupyter alone (%, !, ?) in cell 1",
        (
            "cell 3, line 1: Python can't read this (invalid syntax), so the cell is "
            "left out"
        ),
        "cell 4 begins with %%html: left out",
    ]


RANDOM = random.Random(0)  # noqa: S311 nothing is secret
LARGE = RANDOM.randbytes(16 * 2**20)
UNREADABLE = [
    (b"", "is damaged (Expecting value"),
    (b"{", "is damaged (Expecting property name"),
    (b"\xff\xff", "is damaged"),
    (b"[]", "is no notebook: there are no cells in it"),
    (b"{}", "is no notebook: there are no cells in it"),
    (b'{"cells": 3}', "is no notebook: there are no cells in it"),
    (
        b'{"cells": [{"cell_type": "code", "source": [1]}]}',
        "a cell's source is no text",
    ),
    (b"[" * 10**6, "is damaged (it is nested too deeply)"),
    (b'{"a":' * 10**6, "is damaged (it is nested too deeply)"),
    (b"1" * 5_000, "is damaged (Exceeds the limit"),
    (book(nbformat=3), "is a notebook of Jupyter's old format 3"),
    (b'{"nbformat": 3, "worksheets": []}', "is a notebook of Jupyter's old format 3"),
    (book(metadata={"kernelspec": {"language": "R"}}), "is a notebook in R"),
    (book(metadata={"language_info": {"name": "julia"}}), "is a notebook in julia"),
    (
        b" " * (16 * 2**20 + 1),
        "has 16,777,217 bytes, at most 16,777,216 are read: clear",
    ),
]


@pytest.mark.parametrize(("data", "said"), UNREADABLE)
def test_what_cannot_be_read_is_said_in_words(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(said)):
        as_python(data)


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {"kernelspec": {"name": "python3", "language": "python"}}},
        {"metadata": {"language_info": {"name": "ipython3"}}},
        {"metadata": {"kernelspec": {"name": "conda-env-x"}}},
        {"metadata": None},
        {"metadata": {"language_info": [], "kernelspec": {"language": 3}}},
        {"nbformat": "4"},
    ],
)
def test_any_other_metadata_is_fine(more: dict[str, object]) -> None:
    assert "conv1d" in as_python(book("def conv1d(): 1", **more))


def test_text_in_other_encodings_of_json_is_read() -> None:
    text = book(["def conv1d():\r\n", "    return 'é'"]).decode()
    for encoding in ("utf-8-sig", "utf-16"):
        assert "return 'é'" in as_python(text.encode(encoding))


@given(st.lists(st.text(), max_size=4))
def test_any_cells_give_python_that_can_be_compiled(cells: list[str]) -> None:
    compile(as_python(book(*cells)), FILE, "exec", dont_inherit=True)


def test_it_is_read_in_a_process_with_limits() -> None:
    reader = NotebookReader(functions=ASKED, packages=("numpy",))
    data = book("def conv1d(): 1", "mine = print(7)", "def own(): return mine")
    assert b"print" in NotebookReader().read(data)
    assert b"print" not in reader.read(data)
    data = book("import scipy", "def conv1d(): 1")
    assert reader.read(data).decode() == python("import scipy", "def conv1d(): 1")
    with pytest.raises(NotebookError, match="is no notebook"):
        reader.read(b"{}")


@pytest.mark.parametrize("end", ["import os; os.abort()", "print('no JSON')"])
def test_whatever_ends_that_process_is_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    (tmp_path / "ends.py").write_text(end, encoding="utf-8")
    monkeypatch.setattr(notebook, "__file__", str(tmp_path / "ends.py"))
    with pytest.raises(NotebookError, match="can't be read within the memory"):
        NotebookReader().read(book(CELL))


def test_a_process_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "waits.py").write_text("import time; time.sleep(20)", encoding="utf-8")
    monkeypatch.setattr(notebook, "__file__", str(tmp_path / "waits.py"))
    monkeypatch.setattr(notebooks, "_SECONDS", 0.2)
    with pytest.raises(NotebookError, match="takes too long to be read"):
        NotebookReader().read(book(CELL))


def take(folder: Path, files: list[tuple[str, Content]]) -> Intake:
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return read_submissions(
        save(folder, zipped(files)),
        file_name=FILE,
        roster=read_roster(folder / "roster.csv"),
        notebooks=NotebookReader(functions=ASKED, packages=("numpy",)),
    )


@pytest.mark.parametrize(
    "path",
    [f"{ADA}/{BOOK}", f"{ADA}/hw/{BOOK}", f"aex_{BOOK}", "exampleada_7_9_" + BOOK],
)
def test_a_notebook_is_taken_in_the_files_place(tmp_path: Path, path: str) -> None:
    (submission,) = take(tmp_path, [(path, book(CELL, "print(1)"))]).submissions
    assert submission.files[FILE].decode() == python(CELL, "print(1)")
    assert submission.taken_from == ""
    assert (
        "not run, since no answer needs it: something of cell 2" in submission.notices
    )


def test_a_notebook_of_another_name_is_taken_where_it_is_the_only_one(
    tmp_path: Path,
) -> None:
    (one,) = take(tmp_path, [(f"{ADA}/hw 1.ipynb", book(CELL))]).submissions
    assert one.taken_from == "hw 1.ipynb"
    assert one.notices[0].startswith(f"hw 1.ipynb was taken as {BOOK}, since there is")


@pytest.mark.parametrize(
    "names",
    [
        (FILE, BOOK),
        (BOOK, f"old/{FILE}"),
        (FILE, f"deep/er/{BOOK}"),
        (FILE, "a1_conv1d (1).ipynb"),
        (BOOK, "a1_conv1d (1).py"),
        ("one.ipynb", "two.ipynb"),
        ("one.ipynb", "two.py"),
        ("a1_conv1d (1).ipynb", "a1_conv1d (2).ipynb"),
    ],
)
def test_where_two_can_be_meant_a_person_is_asked(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    files: list[tuple[str, Content]] = [
        (f"{ADA}/{name}", book(f"def f(): {n}") if name.endswith("b") else f"x = {n}")
        for n, name in enumerate(names)
    ]
    intake = take(tmp_path, files)
    assert intake.submissions == ()
    (issue,) = intake.issues
    assert issue.kind is IssueKind.WHICH_FILE
    assert "which file is meant is not clear: " in issue.text


def test_the_courses_own_notebook_is_nobodys_answer(tmp_path: Path) -> None:
    files: list[tuple[str, Content]] = [
        (f"{ADA}/{FILE}", "x = 1"),
        (f"{ADA}/explore.ipynb", book(CELL)),
    ]
    (submission,) = take(tmp_path, files).submissions
    assert submission.files == {FILE: b"x = 1"}
    (alone,) = take(tmp_path, files[1:]).submissions
    assert alone.files == {}


@pytest.mark.parametrize(("data", "said"), UNREADABLE[1:5] + UNREADABLE[10:-1])
def test_one_that_cannot_be_read_is_left_to_a_person_and_costs_nobody_else(
    tmp_path: Path, data: bytes, said: str
) -> None:
    zoe = f"{ADA.replace('10001', '10002').replace('Ada Example', 'Zoë Doe')}/{FILE}"
    intake = take(tmp_path, [(f"{ADA}/{BOOK}", data), (zoe, "x = 1")])
    assert [s.student_name for s in intake.submissions] == ["Zoë Doe"]
    (issue,) = intake.issues
    assert issue.kind is IssueKind.WHICH_FILE
    assert f"could not be read: {BOOK}: {said}" in issue.text


def test_a_damaged_notebook_beside_the_file_is_not_passed_over(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/{BOOK}", "{"), (f"{ADA}/{FILE}", "x = 1")])
    assert intake.submissions == ()


def test_of_one_student_few_notebooks_are_read(tmp_path: Path) -> None:
    many: list[tuple[str, Content]] = [
        (f"{ADA}/try {n}.ipynb", book(f"n = {n}")) for n in range(9)
    ]
    intake = take(tmp_path, [*many, (f"{ADA}/{BOOK}", book(CELL))])
    (submission,) = intake.submissions
    assert submission.files[FILE].decode() == python(CELL)
    assert any("8 are read" in notice for notice in submission.notices)


def test_gradescope_hands_a_notebook_over_as_well(tmp_path: Path) -> None:
    (tmp_path / BOOK).write_bytes(book(CELL))
    reader = NotebookReader(functions=ASKED, packages=("numpy",))
    found = read_single(tmp_path, file_name=FILE, student="7", notebooks=reader)
    assert found.files[FILE].decode() == python(CELL)
    (tmp_path / FILE).write_text("x = 1", encoding="utf-8")
    with pytest.raises(IntakeError, match="which file is meant is not clear"):
        read_single(tmp_path, file_name=FILE, student="7", notebooks=reader)


def test_outputs_are_not_kept(tmp_path: Path) -> None:
    drawn = json.loads(book(CELL))
    drawn["cells"][1]["outputs"] = [RANDOM.randbytes(3_000_000).hex()]
    (submission,) = take(tmp_path, [(f"{ADA}/{BOOK}", json.dumps(drawn))]).submissions
    assert submission.files[FILE].decode() == python(CELL)


def test_a_notebook_is_read_by_a_python_that_takes_nothing_from_its_surroundings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        ran.append(command)
        return SimpleNamespace(stdout=b'{"source": "x = 1"}')

    monkeypatch.setattr(subprocess, "run", run)
    assert NotebookReader().read(b"{}") == b"x = 1"
    assert ran[0][1:3] == ["-I", "-S"]


def test_every_function_that_is_asked_for_is_looked_for() -> None:
    def question(*functions: str) -> SimpleNamespace:
        return SimpleNamespace(functions=functions)

    manifest = SimpleNamespace(
        question=(question("a", "b"), question("c")), packages=("numpy",)
    )
    assignment: Any = SimpleNamespace(manifest=manifest)
    wanted = NotebookReader(functions=("a", "b", "c"), packages=("numpy",))
    assert NotebookReader.of(assignment) == wanted
