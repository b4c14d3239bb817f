"""A class that hands in notebooks: graded, compared and marked as with Python files."""

import html
import json
import re
import zipfile
from pathlib import Path

from books import book
from small_class import RIGHT, ROSTER, invoke, on_class

DEMO = "import matplotlib.pyplot as plt\nplt.plot(double([1]))\nwhile True: input()"
POLICY = """\
timezone = "America/Edmonton"
[late]
percent = 10
cut_off = "3 d"
[[assignment]]
name = "a0_scale"
due = 2026-10-08T23:59:00
"""


def write_class(folder: Path, **books: bytes) -> None:
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    people = {"ada": "Ada Example", "zoe": "Zoë Müller", "nia": "Nia Nothing"}
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for number, (name, data) in enumerate(books.items()):
            place = f"{10001 + number}-5001 - {people[name]} - Oct 9, 2026 1022 AM"
            archive.writestr(f"{place}/a0_scale.ipynb", data)


def page_of(folder: Path) -> str:
    page = folder / "out/feedback/a0_scale/0012.html"
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    return re.sub(r"\s+", " ", html.unescape(text))


def test_right_answers_in_a_notebook_get_all_points(
    course: Path, tmp_path: Path
) -> None:
    write_class(tmp_path, ada=book("%pip list", RIGHT, DEMO))
    run = on_class("grade", course, tmp_path, "--json")
    assert run.exit_code == 0, run.output
    (line, *_) = json.loads(run.stdout)["students"]
    assert line["score"] == line["possible"] == 100
    text = page_of(tmp_path)
    assert "read as its 3 code cells" in text
    assert "something of cell 3" in text
    assert "lines for Jupyter alone (%, !, ?) in cell 1" in text


def test_the_report_names_cell_and_line(course: Path, tmp_path: Path) -> None:
    wrong = RIGHT.replace("return [2 * v for v in values]", "return values[99]")
    write_class(tmp_path, ada=book("import math", f"# mine\n\n{wrong}", DEMO))
    run = on_class("grade", course, tmp_path)
    assert run.exit_code == 0, run.output
    text = page_of(tmp_path)
    assert "at cell 2, line 4 of a0_scale.ipynb" in text
    assert "something of cell 3" in text


def test_late_similar_and_exported_as_any_other(course: Path, tmp_path: Path) -> None:
    shared = "def double(values):\n    found = []\n    at = 0\n    while at < len("
    shared += (
        "values):\n        found.append(values[at] + values[at])\n        at += 1\n"
    )
    shared += "    return found\n"
    write_class(
        tmp_path,
        ada=book(shared, DEMO),
        zoe=book("x = 1", shared.replace("found", "mine")),
        nia=b"{",
    )
    policy = ("--policy", tmp_path / "policy.toml")
    run = on_class("grade", course, tmp_path, *policy)
    assert run.exit_code == 2
    assert "Nia Nothing (0014): what was handed in could not be read" in run.output
    assert "is damaged" in run.output
    given = ("a0_scale", "--roster", tmp_path / "roster.csv", "--course", course)
    out = ("--out", tmp_path / "out")
    run = invoke("export", *given, *out, *policy, "--lms", "brightspace")
    assert "late by 10 h 23 min: Ada Example (0012)" in run.output
    assert "taken under another name" not in run.output
    compared = invoke("similar", *given, *out, tmp_path / "class.zip", "--json")
    (pair,) = json.loads(compared.stdout)["pairs"]
    assert {pair["first_name"], pair["second_name"]} == {"Ada Example", "Zoë Müller"}
