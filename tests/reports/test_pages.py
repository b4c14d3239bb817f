"""Each page says what stands now: the mark under the rules, its words, its time."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import load
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import Status
from autograder.marks.rules import Asked, Standing
from autograder.reports import pages
from autograder.reports.pages import write_pages
from graded_class import entry

POLICY = (
    'timezone = "America/Edmonton"\nlate = { percent = 10 }\n\n[[assignment]]\n'
    'name = "a0_scale"\ndue = 2026-10-09T00:00:00\n'
)


DECIDED = """
[[override]]
student = "c"
assignment = "a0_scale"
submitted = 2026-10-08T12:00:00
by = "MK"
why = "by e-mail"
"""


def test_a_page_has_the_mark_that_counts_and_the_time_that_a_person_gave(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: dict[str, dict[str, Any]] = {}

    def write(folder: Path, submission: Any, result: Any, **options: Any) -> None:
        told = {"folder": folder, "submission": submission, "result": result}
        written[submission.key] = told | options

    monkeypatch.setattr(pages, "write_feedback", write)
    policy, listed = tmp_path / "policy.toml", tmp_path / "roster.csv"
    policy.write_text(POLICY, encoding="utf-8")
    listed.write_text("id,name\na,Ada\nb,Bo\nc,Cem\n", encoding="utf-8")
    decided = tmp_path / "overrides.toml"
    decided.write_text(DECIDED, encoding="utf-8")
    asked = Asked(policy=policy, overrides=decided)
    standing = Standing(course, read_roster(listed), asked)
    entries = [
        entry("a", "1111"),
        entry("b", "1111", submitted_at=None),
        entry("c", "1111", submitted_at=None),
        entry("z", "1111", roster_id=None),
    ]
    marks = standing.marks_of("a0_scale", entries)
    assignment = load(course, "a0_scale")
    folder = write_pages(tmp_path, assignment, standing, entries, marks)
    assert folder == tmp_path / "feedback/a0_scale"
    assert [one["folder"] for one in written.values()] == [folder] * 4
    ada, bo, cem, stranger = (written[one.submission.key] for one in entries)
    assert (ada["mark"], ada["waits"]) == (90.0, False)
    assert "late by 12 h" in ada["words"][0]
    assert (cem["mark"], cem["waits"]) == (100.0, False)
    assert cem["submission"].submitted_at == datetime(2026, 10, 8, 12)  # noqa: DTZ001 local
    assert marks.students[1].status is Status.DOUBTFUL
    assert (bo["mark"], bo["waits"]) == (None, True)
    assert (stranger["mark"], stranger["words"], stranger["waits"]) == (None, (), False)
    assert ada["terms"] == standing.terms("a0_scale")
    # An attempt that does not count has no mark of its own.
    nobodys = replace(marks, students=())
    write_pages(tmp_path, assignment, standing, entries[:1], nobodys)
    assert written[entries[0].submission.key]["mark"] is None
