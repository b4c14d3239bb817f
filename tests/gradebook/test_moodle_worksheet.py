"""Moodle's own worksheet filled in, in seven languages, and what its upload takes."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import StaffError
from autograder.gradebook import ExportReport, export
from autograder.intake.moodle_words import LANGUAGES
from autograder.intake.roster import RosterKind, read_roster
from autograder.marks.class_marks import entries_of
from gradebook_class import graded, write
from moodle_importer import MoodleAssignment, MoodleGrade

GRADED = datetime(2026, 10, 10, 9, 0)  # noqa: DTZ001 Moodle's local time
NO_ENGLISH = "Samstag, 10. Oktober 2026, 09:00"


def worksheet(language: str, *, maximum: str = "100,00", graded_at: str = "-") -> str:
    """Return a worksheet as a site of that language gives it, with one graded."""
    w = LANGUAGES[language]
    headings = [w.identifier, w.full_name, w.email, ("Status",), w.grade, w.maximum]
    headings += [w.may_change, w.submitted_at, w.graded_at, w.feedback]
    rows = [[spellings[0] for spellings in headings]]
    for number, name, was, at in (
        ("101", "Zoë Doe", "50,00", graded_at),
        ("102", "Bo Li", "", "-"),
    ):
        email = f"{number}@x.example"
        who = [f"Participant {number}", name, email, "-", was, maximum]
        rows.append([*who, "Yes", "-", at, "<p>Great proof in C:\\</p>"])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def exported(
    folder: Path, text: str, marks: dict[str, float], **options: Any
) -> tuple[ExportReport, bytes]:
    roster = read_roster(write(folder, text))
    assert roster.kind is RosterKind.MOODLE_WORKSHEET
    by_name = {s.name: s for s in roster.students}
    results = [graded(by_name[n].id, m, name=n) for n, m in marks.items()]
    report = export(
        "moodle-worksheet",
        roster,
        entries_of(roster, results),
        item_title="HW1",
        possible=100.0,
        out_path=folder / "out.csv",
        dry_run=False,
        **options,
    )
    return report, (folder / "out.csv").read_bytes()


def assignment(language: str, **changes: Any) -> MoodleAssignment:
    w = LANGUAGES[language]
    old = MoodleGrade(50.0, GRADED, "<p>Great proof in the appendix.</p>")
    return MoodleAssignment(
        {"101": old, "102": MoodleGrade()},
        identifier=w.identifier[0],
        grade=w.grade[0],
        graded_at=w.graded_at[0],
        feedback=w.feedback[0],
        **changes,
    )


MARKS = {"Zoë Doe": 62.5, "Bo Li": 7.0}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worksheet_of_every_language_goes_back(tmp_path: Path, language: str) -> None:
    text = worksheet(language, graded_at=NO_ENGLISH)
    report, data = exported(tmp_path, text, MARKS)
    there = assignment(language)
    assert there.upload(data, ignore_modified=True) == 2
    assert [p.grade for p in there.participants.values()] == [62.5, 7.0]
    assert there.participants["101"].feedback == "<p>Great proof in the appendix.</p>"
    assert there.skipped == []
    assert "tick \u201cAllow updating" in "\n".join(report.remarks)


def test_without_the_box_moodle_keeps_what_it_cannot_date(tmp_path: Path) -> None:
    # This is why the box is asked for: without it Zoë's mark stays as it was.
    _, data = exported(tmp_path, worksheet("German", graded_at=NO_ENGLISH), MARKS)
    there = assignment("German")
    assert there.upload(data) == 1
    assert there.participants["101"].grade == 50.0


def test_a_mark_that_is_there_needs_no_box_and_loses_no_feedback(
    tmp_path: Path,
) -> None:
    text = worksheet("French", graded_at="samedi 10 octobre 2026, 09:00")
    report, data = exported(tmp_path, text, {"Zoë Doe": 50.0})
    assert "tick" not in "\n".join(report.remarks)
    there = assignment("French")
    assert there.upload(data, ignore_modified=True) == 0
    assert there.participants["101"].feedback == "<p>Great proof in the appendix.</p>"


def test_comments_go_into_the_languages_own_column(tmp_path: Path) -> None:
    _, data = exported(
        tmp_path, worksheet("Italian", graded_at=NO_ENGLISH), MARKS, with_comments=True
    )
    there = assignment("Italian")
    there.upload(data, ignore_modified=True)
    assert there.participants["102"].feedback == "7 of 100 points."


@pytest.mark.parametrize("told", ["10.00", "10,00", "1,00", "1.000"])
def test_another_maximum_is_refused_or_scaled_to(tmp_path: Path, told: str) -> None:
    text = worksheet("Spanish", maximum=told)
    with pytest.raises(StaffError, match=r"here full marks are 100|assignment has 100"):
        exported(tmp_path, text, MARKS)
    if told in {"10.00", "10,00"}:
        report, data = exported(tmp_path, text.replace("50,00", ""), MARKS, scale=True)
        there = assignment("Spanish", maximum=10.0)
        there.upload(data, ignore_modified=True)
        assert [p.grade for p in there.participants.values()] == [6.25, 0.7]
        assert "scaled: full marks are 100 here and 10" in "\n".join(report.remarks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scale_of_every_language_is_refused(tmp_path: Path, language: str) -> None:
    w = LANGUAGES[language]
    text = worksheet(language, maximum="Fail,Pass").replace(w.maximum[0], w.scale[0])
    with pytest.raises(StaffError, match="graded with the scale 'Fail,Pass'"):
        exported(tmp_path, text, MARKS)
    # And that is what Moodle would do with points there: nothing.
    there = assignment(language, maximum=None, scale=("Fail", "Pass"))
    _, data = exported(tmp_path, worksheet(language), MARKS)
    assert there.upload(data, ignore_modified=True) == 0


@pytest.mark.parametrize("with_comments", [False, True])
def test_feedback_that_nobody_asked_for_does_not_go_back(
    tmp_path: Path, *, with_comments: bool
) -> None:
    heading, *rows = worksheet("English").splitlines()
    text = "\n".join([f"{heading},More feedback", *(f"{row},x" for row in rows), ""])
    _, data = exported(tmp_path, text, MARKS, with_comments=with_comments)
    header = next(csv.reader(io.StringIO(data.decode("utf-8"))))
    before = next(csv.reader([heading]))
    assert header == (before if with_comments else before[:-1])


def test_a_worksheet_with_points_is_none_of_a_scales(tmp_path: Path) -> None:
    heading, *rows = worksheet("English").splitlines()
    scale = LANGUAGES["English"].scale[0]
    text = "\n".join([f"{heading},{scale}", *(f"{row}," for row in rows), ""])
    _, data = exported(tmp_path, text, MARKS)
    assert assignment("English").upload(data, ignore_modified=True) == 2


@pytest.mark.parametrize("word", ["own", "no"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_locked_row_of_every_language_stays(
    tmp_path: Path, language: str, word: str
) -> None:
    no = LANGUAGES[language].no if word == "own" else word
    text = worksheet(language).replace(",Yes,", f",{no.title()},")
    report, data = exported(tmp_path, text, MARKS)
    assert assignment(language).upload(data, ignore_modified=True) == 0
    assert report.counts["left alone in the LMS"] == 2


def test_headings_of_no_known_language_name_the_way_out(tmp_path: Path) -> None:
    text = worksheet("German").replace("Zuletzt geändert (Bewertung)", "Muutettu")
    with pytest.raises(StaffError, match="set yours to English in Moodle") as refused:
        exported(tmp_path, text, MARKS)
    assert "has no column 'Zuletzt geändert (Bewertung)'" in str(refused.value)
    assert "list.csv" not in str(refused.value)
    assert "roster.csv:1" in str(refused.value)


NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=' ,"\\;=.'),
    min_size=1,
    max_size=8,
).map(lambda text: f"N{text}n")


@given(
    people=st.lists(st.tuples(NAMES, st.floats(0, 100)), min_size=1, max_size=6),
    language=st.sampled_from([*LANGUAGES]),
    comments=st.booleans(),
)
def test_whatever_the_worksheet_a_mark_is_its_participants(
    people: list[tuple[str, float]],
    language: str,
    comments: bool,  # noqa: FBT001 hypothesis gives it by name
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    w = LANGUAGES[language]
    headings = (w.identifier, w.full_name, w.grade, w.maximum, w.graded_at, w.feedback)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([spellings[0] for spellings in headings])
    for n, (name, _) in enumerate(people):
        writer.writerow([f"Participant {n}", name, "", "100.00", "-", f"old {name}"])
    folder = tmp_path_factory.mktemp("moodle")
    roster = read_roster(write(folder, text.getvalue()))
    results = [
        graded(s.id, score, name=name)
        for s, (name, score) in zip(roster.students, people, strict=True)
    ]
    export(
        "moodle-worksheet",
        roster,
        entries_of(roster, results),
        item_title="HW1",
        possible=100.0,
        out_path=folder / "out.csv",
        dry_run=False,
        with_comments=comments,
    )
    there = MoodleAssignment(
        {str(n): MoodleGrade() for n in range(len(people))},
        identifier=w.identifier[0],
        grade=w.grade[0],
        graded_at=w.graded_at[0],
        feedback=w.feedback[0],
    )
    there.upload((folder / "out.csv").read_bytes())
    assert there.skipped == []
    for n, (_, score) in enumerate(people):
        told = there.participants[str(n)].grade
        assert told is not None
        assert abs(told - score) <= 0.0050001
