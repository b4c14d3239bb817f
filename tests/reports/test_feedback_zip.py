"""Feedback goes back under the names that each LMS reads, and only for who has some."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from click.testing import Result

from autograder.intake import Intake, read_submissions
from autograder.intake.roster import read_roster
from autograder.records.dependencies import CourseInputs, Inputs
from autograder.records.ledger import Ledger
from autograder.records.results import Verdict
from autograder.reports.feedback_zip import write_feedback_zip
from autograder.reports.student_report import file_name
from graded_class import entry
from small_class import RIGHT, SQUARE, invoke, on_class

pytestmark = pytest.mark.usefixtures("warm_graders")

ROSTER = "id,username,name\n0012,ada,Ada Example\n0013,zoe,Zoë Müller\n"
BRIGHTSPACE = {
    "10001-500001 - Ada Example - Oct 9, 2026 1022 AM/a0_scale.py": RIGHT,
    "10001-500001 - Ada Example - Oct 9, 2026 1122 AM/a0_scale.py": SQUARE,
    "10002-500001 - Zoë Müller - Oct 9, 2026 1022 AM/a0_scale.py": RIGHT,
}
MOODLE = {
    "Ada Example_123_assignsubmission_file/a0_scale.py": SQUARE,
    "Zoë Müller_124_assignsubmission_file/a0_scale.py": RIGHT,
}
CANVAS = {
    "exampleada_42_987_a0_scale.py": SQUARE,
    "müllerzoë_LATE_43_988_a0_scale.py": RIGHT,
    "müllerzoë_LATE_43_text.html": "<p>Hello</p>",
}


def pages_for(folder: Path, course: Path, files: dict[str, str]) -> dict[str, str]:
    """Grade a download, pack the feedback, and return it by the name in the zip."""
    graded(folder, course, files)
    result = packed(folder, course)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    data = (folder / "out/a0_scale-feedback.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {n: archive.read(n).decode() for n in archive.namelist()}
    assert sorted(document["names"]) == sorted(found)
    return found


def graded(folder: Path, course: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert on_class("grade", course, folder).exit_code == 0


def packed(folder: Path, course: Path) -> Result:
    given = ["export-feedback", "a0_scale", folder / "class.zip", "--json"]
    given += ["--roster", folder / "roster.csv", "--out", folder / "out"]
    return invoke(*given, "--course", course)


def test_moodle_finds_participant_plugin_and_name(course: Path, tmp_path: Path) -> None:
    whose = {}
    for path, page in pages_for(tmp_path, course, MOODLE).items():
        # As importziplib.php takes a name apart.
        _, participant, kind, plugin, name = path.split("_", 4)
        assert (kind, plugin) == ("assignsubmission", "file")
        assert name == "a0_scale-feedback.html"
        whose[int(participant)] = page
    assert "Ada Example" in whose[123]
    assert "Zoë Müller" in whose[124]


def test_canvas_finds_user_and_attachment(course: Path, tmp_path: Path) -> None:
    whose = {}
    for path, page in pages_for(tmp_path, course, CANVAS).items():
        # As infer_comment_context_from_filename does: the first two whole numbers.
        numbers = [part for part in path.split("_") if re.fullmatch(r"\d+", part)]
        whose[tuple(map(int, numbers[:2]))] = page
    assert "Ada Example" in whose[42, 987]
    assert "Zoë Müller" in whose[43, 988]


def test_brightspace_gets_a_page_for_every_folder(course: Path, tmp_path: Path) -> None:
    found = pages_for(tmp_path, course, BRIGHTSPACE)
    folders = {Path(name).parent.name for name in BRIGHTSPACE}
    assert {Path(name).parent.name for name in found} == folders
    first, second = sorted(name for name in found if "Ada" in name)
    assert "Attempt 1" in found[first]
    assert "Attempt 2" in found[second]


def test_the_same_pages_give_the_same_zip(course: Path, tmp_path: Path) -> None:
    pages_for(tmp_path, course, MOODLE)
    first = (tmp_path / "out/a0_scale-feedback.zip").read_bytes()
    packed(tmp_path, course)
    assert (tmp_path / "out/a0_scale-feedback.zip").read_bytes() == first


def test_who_cannot_get_a_page_is_listed(course: Path, tmp_path: Path) -> None:
    typed = {"müllerzoë_LATE_43_text.html": "<p>Hello</p>"}
    graded(tmp_path, course, {"exampleada_42_987_a0_scale.py": RIGHT} | typed)
    result = packed(tmp_path, course)
    assert result.exit_code == 2
    (left_out,) = json.loads(result.stdout)["left_out"]
    wanted = "Zoë Müller (0013): handed in nothing that canvas takes a file back for"
    assert left_out == wanted


def test_a_page_that_is_gone_is_made_again_and_work_not_graded_is_listed(
    course: Path, tmp_path: Path
) -> None:
    graded(tmp_path, course, MOODLE)
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        (ada, _) = ledger.entries("a0_scale")
    page = tmp_path / "out/feedback/a0_scale" / file_name(ada.submission)
    page.unlink()
    with zipfile.ZipFile(tmp_path / "class.zip", "a") as archive:
        archive.writestr("Nia New_125_assignsubmission_file/a0_scale.py", RIGHT)
    result = packed(tmp_path, course)
    (left_out,) = json.loads(result.stdout)["left_out"]
    assert left_out.startswith("Nia New (not on the roster): is not graded yet")
    assert page.is_file()
    assert result.exit_code == 2


def test_a_layout_that_takes_nothing_back_and_an_empty_zip_are_refused(
    course: Path, tmp_path: Path
) -> None:
    graded(tmp_path, course, {"0012/a0_scale.py": RIGHT})
    result = packed(tmp_path, course)
    assert result.exit_code == 1
    assert "feedback files go back to moodle, canvas, brightspace" in result.output
    other = {"Nia New_125_assignsubmission_file/a0_scale.py": RIGHT}
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name, text in other.items():
            archive.writestr(name, text)
    assert (
        "would be empty (grade the submissions first)"
        in packed(tmp_path, course).output
    )


def test_who_could_not_be_graded_gets_no_page(course: Path, tmp_path: Path) -> None:
    graded(tmp_path, course, MOODLE)
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        ada, zoe = ledger.entries("a0_scale")
    fault = msgspec.structs.replace(
        ada.result, verdict=Verdict.FAULT, score=None, fault="no sandbox"
    )
    made = write_feedback_zip(
        read_submissions(
            tmp_path / "class.zip",
            file_name="a0_scale.py",
            roster=read_roster(tmp_path / "roster.csv"),
        ),
        [replace(ada, result=fault), zoe],
        assignment="a0_scale",
        pages=tmp_path / "out/feedback/a0_scale",
        out_path=tmp_path / "out.zip",
    )
    assert made.left_out == ("Ada Example (0012): could not be graded: no sandbox",)
    assert len(made.names) == 1


def test_who_has_no_page_in_it_is_told_why(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out.zip"
    pages.mkdir()
    entries = {
        name: entry(name, "1111", student_name=name.title())
        for name in ("ada", "bob", "cem", "dai", "eva", "gil")
    }
    other = Inputs(
        submission={"the files": "others"},
        course=CourseInputs(shared={}, questions={}),
    )
    entries["cem"] = replace(entries["cem"], inputs=other)
    faulty = msgspec.structs.replace(
        entries["dai"].result, verdict=Verdict.FAULT, fault="the disk was full"
    )
    entries["dai"] = replace(entries["dai"], result=faulty)
    for name in ("ada", "cem", "dai", "eva"):
        (pages / file_name(entries[name].submission)).write_text(name)
    submissions = [one.submission for one in entries.values()]
    intake = SimpleNamespace(
        source="moodle",
        submissions=submissions,
        taken_back={
            one.key: "" if one.roster_id == "eva" else f"{one.roster_id}_"
            for one in submissions
        },
        held_back=[(entry("hal", "1111").submission, "two files")],
    )
    given = [one for name, one in entries.items() if name != "bob"]
    made = write_feedback_zip(
        cast("Intake", intake), given, assignment="a0", pages=pages, out_path=out
    )
    assert made.names == ("ada_a0-feedback.html",)
    assert made.left_out == (
        "Bob (bob): is not graded yet",
        "Cem (cem): handed in other files since they were graded: run autograder grade",
        "Dai (dai): could not be graded: the disk was full",
        "Eva (eva): handed in nothing that moodle takes a file back for",
        (
            f"Gil (gil): has no page {file_name(entries['gil'].submission)}: run "
            "autograder grade again"
        ),
        "Name hal (hal): two files",
    )
