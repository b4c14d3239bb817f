"""Nothing is invented: interrupted runs, times, strangers, zeros, wrong downloads."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.records.ledger import Ledger
from conftest import Edit
from small_class import RIGHT, SQUARE, invoke, on_class

pytestmark = pytest.mark.usefixtures("warm_graders")

ROSTER = (
    "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
    "#0012,#ada,Example,Ada,#\n#0013,#zoe,Müller,Zoë,#\n#0014,#nia,Nothing,Nia,#\n"
)
POLICY = """\
timezone = "America/Edmonton"

[late]
percent = 10
cut_off = "3 d"

[[assignment]]
name = "a0_scale"
due = 2026-10-09T23:59:00
"""
ON_TIME, UNREAD = "Oct 9, 2026 1022 AM", "Sept 12, 2026 1022 AM"
INTERRUPTS = """import contextlib, os, pathlib, sqlite3, time

folder = pathlib.Path({folder!r})
with contextlib.closing(sqlite3.connect(folder / "out/ledger.sqlite")) as ledger:
    while ledger.execute("select count(*) from result").fetchone() == (0,):
        time.sleep(0.05)
os.kill(int((folder / "pid").read_text()), {how})
time.sleep(1e9)
"""
"""A file that ends its own run once another result is stored: run without isolation."""


def write(folder: Path, files: dict[str, str], *, policy: str = POLICY) -> None:
    """Write ``class.zip``, ``roster.csv`` and ``policy.toml``."""
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "policy.toml").write_text(policy, encoding="utf-8")


def brightspace(number: int, name: str, when: str = ON_TIME) -> str:
    return f"{10000 + number}-5001 - {name} - {when}/a0_scale.py"


def ruled(command: str, course: Path, folder: Path, *more: object) -> tuple[str, int]:
    """Run a command on the class under its policy; return all it printed and how."""
    given: list[object] = [command]
    given += [] if command == "total" else ["a0_scale"]
    if command == "export-feedback":
        given.append(folder / "class.zip")
    given += ["--roster", folder / "roster.csv", "--out", folder / "out"]
    given += ["--policy", folder / "policy.toml", "--course", course]
    run = invoke(*given, *more)
    return run.output, run.exit_code


def grade(course: Path, folder: Path, *more: object) -> tuple[str, int]:
    run = on_class("grade", course, folder, "--policy", folder / "policy.toml", *more)
    return run.output, run.exit_code


def cells(folder: Path) -> dict[str, str]:
    """Return the marks of the gradebook file, by id without its guard."""
    path = folder / "out/a0_scale-brightspace.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    return {row[0].lstrip("#"): row[2] for row in rows[1:]}


def run_until_its_end(course: Path, folder: Path) -> None:
    """Run ``grade`` in a process of its own, which leaves its number in ``pid``."""
    told = "import os, pathlib, runpy, sys; folder = pathlib.Path(sys.argv.pop(1));"
    told += "(folder / 'pid').write_text(str(os.getpid()));"
    told += "runpy.run_module('autograder', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", told, str(folder), "grade", "a0_scale"]
    command += [str(folder / "class.zip"), "--roster", str(folder / "roster.csv")]
    command += ["--out", str(folder / "out"), "--course", str(course), "--workers", "1"]
    subprocess.run([*command, "--no-sandbox"], stdout=subprocess.DEVNULL, check=False)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_nobody_out_in_any_command(
    course: Path, tmp_path: Path, how: signal.Signals
) -> None:
    ends = INTERRUPTS.format(folder=str(tmp_path), how=int(how))
    names = {brightspace(1, "Ada Example"): RIGHT, brightspace(2, "Zoë Müller"): ends}
    write(tmp_path, names)
    run_until_its_end(course, tmp_path)
    why = "handed in, not graded yet (run 1 was interrupted: run grade again)"
    for command, more in (
        ("export", ("--lms", "brightspace")),
        ("total", ()),
        ("export-feedback", ()),
    ):
        told, code = ruled(command, course, tmp_path, *more)
        assert (code, why in told) == (2, True), told
        assert "nothing handed in: Zoë" not in told
    assert cells(tmp_path) == {"0012": "100", "0013": "", "0014": ""}
    rows = csv.reader((tmp_path / "out/total.csv").read_text("utf-8-sig").splitlines())
    assert [row[3] for row in rows] == ["total", "100", "", "0"]
    assert ruled("report", course, tmp_path)[1] == 2
    page = (tmp_path / "out/a0_scale-class.html").read_text(encoding="utf-8")
    assert why in page
    shown = invoke("show", "Zoë", "--out", tmp_path / "out")
    assert (shown.exit_code, why in shown.output) == (2, True)
    document = json.loads(
        invoke("show", "Zoë", "--out", tmp_path / "out", "--json").stdout
    )
    assert document["results"][0]["result"]["score"] is None


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_late_or_not_does_not_hang_on_the_machines_clock(
    course: Path, tmp_path: Path, zone: str
) -> None:
    # 05:58 UTC on the 10th is 23:58 on the 9th in Edmonton, a minute before the end.
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: Ada Example\n    :sid: '0012'\n"
        "  :created_at: 2026-10-10 05:58:00.5 Z\n"
        "submission_2:\n  :submitters:\n  - :name: Zoë Müller\n    :sid: '0013'\n"
        "  :created_at: 2026-10-10 06:00:00 Z\n"
    )
    top = "assignment_7_export"
    files = {f"{top}/submission_{n}/a0_scale.py": RIGHT for n in (1, 2)}
    write(tmp_path, files | {f"{top}/submission_metadata.yml": metadata})
    command = [sys.executable, "-m", "autograder", "grade", "a0_scale"]
    command += [str(tmp_path / "class.zip"), "--roster", str(tmp_path / "roster.csv")]
    command += ["--out", str(tmp_path / "out"), "--course", str(course)]
    command += ["--policy", str(tmp_path / "policy.toml"), "--no-sandbox"]
    run = subprocess.run(
        [*command, "--workers", "1"],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "late by 1 min: Zoë Müller (0013)" in run.stdout
    assert "Ada Example (0012): 100 of 100, late" not in run.stdout
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        found = [e.submission.submitted_at for e in ledger.entries("a0_scale")]
    assert all(time is not None and time.tzinfo is not None for time in found)


def test_a_time_that_cannot_be_read_leaves_the_cell_blank_until_a_person_gives_it(
    course: Path, tmp_path: Path
) -> None:
    files = {
        brightspace(1, "Ada Example", UNREAD): RIGHT,
        brightspace(2, "Zoë Müller"): RIGHT,
    }
    write(tmp_path, files)
    told, code = grade(course, tmp_path)
    assert code == 2
    assert (
        "Ada Example (0012): its time cannot be read: 'Sept 12, 2026 1022 AM'" in told
    )
    told, code = ruled("export", course, tmp_path, "--lms", "brightspace")
    assert (code, "its time cannot be read" in told) == (2, True)
    assert cells(tmp_path) == {"0012": "", "0013": "100", "0014": ""}
    assert ruled("report", course, tmp_path)[1] == 2
    page = tmp_path / "out/feedback/a0_scale/0012.html"
    assert "What counts is open" in page.read_text(encoding="utf-8")

    override = tmp_path / "overrides.toml"
    override.write_text(
        '[[override]]\nstudent = "0012"\nassignment = "a0_scale"\nby = "S. I."\n'
        'why = "the log of the LMS"\nsubmitted = 2026-10-10T12:00:00\n'
    )
    given = ("--lms", "brightspace", "--overrides", override)
    assert ruled("export", course, tmp_path, *given)[1] == 0
    assert cells(tmp_path)["0012"] == "90"


def test_moodles_worksheet_has_the_times_that_its_download_lacks(
    course: Path, tmp_path: Path
) -> None:
    write(
        tmp_path,
        {
            "Ada Example_123_assignsubmission_file/a0_scale.py": RIGHT,
            "Zoë Müller_124_assignsubmission_file/a0_scale.py": RIGHT,
        },
    )
    told, code = grade(course, tmp_path)
    assert code == 2
    assert told.count("the download has no times") == 2
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(
        'Identifier,"Full name","Last modified (submission)"\n'
        '"Participant 123","Ada Example","Friday, 9 October 2026, 11:58 PM"\n'
        '"Participant 124","Zoë Müller","Samstag, 10. Oktober 2026, 12:30"\n',
        encoding="utf-8",
    )
    told, code = grade(course, tmp_path, "--times", worksheet)
    assert (code, "0 graded now, 2 before" in told) == (0, True)
    assert "late by 12 h 31 min: Zoë Müller (0013)" in told
    ruled("export", course, tmp_path, "--lms", "brightspace")
    assert cells(tmp_path) == {"0012": "100", "0013": "90", "0014": ""}


def test_canvas_marks_are_no_times_until_its_api_gives_them(
    course: Path, tmp_path: Path
) -> None:
    late = {
        "exampleada_LATE_101_9_a0_scale.py": RIGHT,
        "müllerzoë_102_8_a0_scale.py": RIGHT,
    }
    write(tmp_path, {name.replace("_LATE", ""): text for name, text in late.items()})
    told, code = grade(course, tmp_path)
    assert code == 0
    assert "2 without a time count as in time, since the LMS marks what is late" in told
    # The same files, and one of them is marked as late by now.
    write(tmp_path, late)
    told, code = grade(course, tmp_path)
    assert (code, "0 graded now, 2 before" in told) == (2, True)
    assert "new in this download: Ada Example (0012): late, by the LMS's word" in told
    assert "Ada Example (0012): Canvas marks it as late; give the time" in told
    answer = [
        {"user_id": 101, "submitted_at": "2026-10-10T06:30:00Z", "late": True},
        {"user_id": 102, "submitted_at": "2026-10-09T12:00:00Z", "late": False},
    ]
    (tmp_path / "times.json").write_text(json.dumps(answer))
    told, code = grade(course, tmp_path, "--times", tmp_path / "times.json")
    assert (code, "late by 31 min: Ada Example (0012)" in told) == (0, True)


def test_a_download_of_another_assignment_is_refused_and_leaves_no_trace(
    course: Path, tmp_path: Path
) -> None:
    other = "def convolve(x):\n    return x\n"
    files = {
        brightspace(n, name).replace("a0_scale", "a1_conv1d"): other
        for n, name in ((1, "Ada Example"), (2, "Zoë Müller"))
    }
    write(tmp_path, files)
    told, code = grade(course, tmp_path)
    assert code == 1
    assert "no file of this assignment in 2 of 2: wrong download?" in told
    assert not (tmp_path / "out/ledger.sqlite").exists()
    told, code = grade(course, tmp_path, "--anyway")
    assert code == 0
    assert "0 because none of the functions is in the file: 2: " in told
    assert "taken under another name: Ada Example (0012): a1_conv1d.py" in told


def test_a_renamed_file_of_empty_lines_keeps_nobody_waiting(
    course: Path, tmp_path: Path
) -> None:
    empty = brightspace(1, "Ada Example").replace("a0_scale", "mine")
    right = brightspace(2, "Zoë Müller")
    write(tmp_path, {empty: "\n" * 900_000, right: RIGHT})
    told, code = grade(course, tmp_path)
    assert code == 0, told
    assert "0 because none of the functions is in the file: 1: Ada Example" in told


@pytest.mark.parametrize(("stray", "status"), [("work/a0.py", 2), ("notes.txt", 0)])
def test_a_file_of_nobodys_that_may_be_work_leaves_something_open(
    course: Path, tmp_path: Path, stray: str, status: int
) -> None:
    write(tmp_path, {brightspace(2, "Zoë Müller"): RIGHT, stray: RIGHT})
    told, code = grade(course, tmp_path)
    assert "nobody's submission" in told
    assert code == status, told


def test_zeros_are_told_with_their_reasons(course: Path, tmp_path: Path) -> None:
    course_book = brightspace(2, "Zoë Müller").replace("a0_scale.py", "explore.ipynb")
    write(
        tmp_path,
        {
            brightspace(1, "Ada Example"): "def double(values:\n",
            course_book: "{}",
            brightspace(3, "Nia Nothing").replace(".py", ".py.txt"): RIGHT,
        },
    )
    told, _ = grade(course, tmp_path)
    reasons = (
        "0 because the file could not be read: 1: Ada Example (0012)",
        "0 because the course's own notebook was handed in, and no Python file: 1: ",
        "0 because the file's name does not end in .py: 1: Nia Nothing (0014)",
    )
    assert all(reason in told for reason in reasons), told
    told, _ = ruled("export", course, tmp_path, "--lms", "brightspace")
    assert all(reason in told for reason in reasons), told
    ruled("report", course, tmp_path)
    page = (tmp_path / "out/a0_scale-class.html").read_text(encoding="utf-8")
    assert "0 because the file could not be read" in page


def test_a_late_add_and_a_drop_are_each_told_once(course: Path, tmp_path: Path) -> None:
    files = {
        brightspace(1, "Ada Example"): RIGHT,
        brightspace(2, "Zoë Müller"): SQUARE,
        brightspace(4, "Lea Late"): RIGHT,
    }
    write(tmp_path, files)
    told, code = grade(course, tmp_path)
    assert (code, told.count("Lea Late: is not on the roster")) == (2, 1)
    roster = tmp_path / "roster.csv"
    # Lea is on the list by now, and Zoë has left.
    added = ROSTER.replace("#0013,#zoe,Müller,Zoë,#", "#0015,#lea,Late,Lea,#")
    roster.write_text(added, encoding="utf-8")
    told, code = grade(course, tmp_path)
    assert code == 0, told
    assert "is not on the roster" not in told
    assert told.count("Zoë Müller") == 2  # the table, and one remark
    assert "not on the class list any more: Zoë Müller (0013)" in told
    told, code = ruled("export", course, tmp_path, "--lms", "brightspace")
    assert (code, told.count("Zoë Müller")) == (0, 1)
    assert cells(tmp_path) == {"0012": "100", "0015": "100", "0014": ""}


def test_a_regrade_reaches_whoever_has_left_and_asks_nothing_of_a_person(
    course: Path, tmp_path: Path, edit: Edit
) -> None:
    files = {brightspace(1, "Ada Example"): RIGHT, brightspace(2, "Zoë Müller"): SQUARE}
    write(tmp_path, files)
    grade(course, tmp_path)
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER.replace("#0013,#zoe,Müller,Zoë,#\n", ""), encoding="utf-8")
    edit("solutions/a0_scale/tests/q2_quadruple.py", "size=5", "size=6")
    run = on_class("regrade", course, tmp_path)
    assert (run.exit_code, "2 judged anew, 0 stand" in run.output) == (0, True)
    assert "never graded" not in run.output
    told, code = ruled("export", course, tmp_path, "--lms", "brightspace")
    assert (code, "not graded yet" in told) == (0, False)
    # Back on the list: everything of theirs is there.
    roster.write_text(ROSTER, encoding="utf-8")
    run = on_class("regrade", course, tmp_path)
    assert (run.exit_code, "0 judged anew, 2 stand" in run.output) == (0, True)
    ruled("export", course, tmp_path, "--lms", "brightspace")
    assert cells(tmp_path) == {"0012": "100", "0013": "40", "0014": ""}


def test_a_namesake_who_handed_in_nothing_is_told_apart_too(
    course: Path, tmp_path: Path
) -> None:
    write(tmp_path, {"0012/a0_scale.py": RIGHT, "0013/a0_scale.py": RIGHT})
    twins = ROSTER.replace("#nia,Nothing,Nia", "#ada2,Example,Ada")
    (tmp_path / "roster.csv").write_text(twins, encoding="utf-8")
    told, _ = grade(course, tmp_path)
    assert "│ Ada Example (0012) │" in told
    run = invoke(
        *("similar", "a0_scale", tmp_path / "class.zip", "--course", course),
        *("--roster", tmp_path / "roster.csv", "--out", tmp_path / "out", "--json"),
    )
    copies = json.loads(run.stdout)["copies"]
    assert copies == [["Ada Example (0012)", "Zoë Müller"]]


def test_a_download_of_one_student_leaves_the_others_as_they_were(
    course: Path, tmp_path: Path
) -> None:
    write(
        tmp_path,
        {brightspace(1, "Ada Example"): RIGHT, brightspace(2, "Zoë Müller"): SQUARE},
    )
    grade(course, tmp_path)
    write(tmp_path, {brightspace(3, "Nia Nothing"): RIGHT})
    told, code = grade(course, tmp_path)
    assert code == 0
    assert "not in this download: 2 students, who keep what an earlier one had" in told
    assert "nothing handed in" not in told
    ruled("export", course, tmp_path, "--lms", "brightspace")
    assert cells(tmp_path) == {"0012": "100", "0013": "40", "0014": "100"}


def test_pages_are_packed_as_they_stand_after_a_persons_decision(
    course: Path, tmp_path: Path
) -> None:
    write(tmp_path, {brightspace(2, "Zoë Müller"): SQUARE})
    grade(course, tmp_path)
    override = tmp_path / "overrides.toml"
    override.write_text(
        '[[override]]\nstudent = "0013"\nassignment = "a0_scale"\npoints = 77.0\n'
        'by = "S. I."\nwhy = "seen by hand"\n'
    )
    told, code = ruled("export-feedback", course, tmp_path, "--overrides", override)
    assert code == 0, told
    with zipfile.ZipFile(tmp_path / "out/a0_scale-feedback.zip") as archive:
        (page,) = (archive.read(name).decode() for name in archive.namelist())
    assert "40 was set to 77 (S. I.: seen by hand)" in page


def test_copies_of_one_file_stand_in_one_row(course: Path, tmp_path: Path) -> None:
    other = RIGHT.replace("2 * v", "v + v")
    write(
        tmp_path,
        {
            brightspace(1, "Ada Example"): RIGHT,
            brightspace(2, "Zoë Müller"): RIGHT,
            brightspace(3, "Nia Nothing"): other,
        },
    )
    run = invoke(
        *("similar", "a0_scale", tmp_path / "class.zip", "--course", course),
        *("--roster", tmp_path / "roster.csv", "--out", tmp_path / "out", "--json"),
    )
    document = json.loads(run.stdout)
    assert document["copies"] == [["Ada Example", "Zoë Müller"]]
    assert len(document["compared"]) == 2


def test_the_diff_that_a_regrade_names_works_beside_other_assignments(
    course: Path, tmp_path: Path, edit: Edit
) -> None:
    write(tmp_path, {brightspace(1, "Ada Example"): RIGHT})
    grade(course, tmp_path)
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        ledger.end_run(ledger.begin_run("grade", "a9_other", ""))
    edit("solutions/a0_scale/tests/q2_quadruple.py", "size=5", "size=6")
    told = on_class("regrade", course, tmp_path).output
    assert f"autograder diff 1 3 --out {tmp_path / 'out'}" in told
    shown = invoke("diff", "1", "3", "--out", tmp_path / "out")
    assert (shown.exit_code, "who moved from run 1 to run 3" in shown.output) == (
        0,
        True,
    )
