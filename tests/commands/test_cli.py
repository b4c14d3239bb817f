"""The commands as an instructor types them, on a small class."""

import csv
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.commands.interruption import SAID
from autograder.sandbox import landlock
from autograder.sandbox.landlock_backend import unavailable
from conftest import Edit
from patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.sandbox

RIGHT = (
    "def double(values):\n    return [2 * v for v in values]\n"
    "def quadruple(values):\n    return double(double(values))\n"
)
SQUARE = RIGHT.replace("2 * v", "v * v")
STUDENTS = {"Ada Example": RIGHT, "Zoë Müller": SQUARE, "Gil Guest": RIGHT}
ROSTER = (
    "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
    "#0012,#ada,Example,Ada,#\n#0013,#zoe,Müller,Zoë,#\n#0014,#nia,Nothing,Nia,#\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the download and the roster of a small class."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    download(tmp_path, STUDENTS)
    return tmp_path


def download(folder: Path, students: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for number, (name, source) in enumerate(students.items()):
            place = f"{10001 + number}-{5001 + number} - {name} - Oct 9, 2026 1022 AM"
            archive.writestr(f"{place}/a0_scale.py", source)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def options(course: Path, folder: Path) -> list[object]:
    return ["--course", course, "--out", folder / "out"]


def roster(folder: Path) -> list[object]:
    return ["--roster", folder / "roster.csv"]


def grade(course: Path, folder: Path, *more: object) -> Result:
    arguments = ["grade", "a0_scale", folder / "class.zip", *roster(folder)]
    return invoke(*arguments, *options(course, folder), "--workers", 2, *more)


def export(course: Path, folder: Path, *more: object) -> Result:
    arguments = ["export", "a0_scale", "--lms", "brightspace", *roster(folder)]
    return invoke(*arguments, *options(course, folder), *more)


def test_a_class_is_graded_reported_shown_and_exported(
    course: Path, folder: Path
) -> None:
    run = grade(course, folder)
    assert run.exit_code == 2, run.output  # Gil Guest wants a person
    assert "3 graded now, 0 before" in run.output
    assert "Your output is the square of the input." in run.output
    assert "nothing handed in: Nia Nothing" in run.output
    assert "Gil Guest: is not on the roster" in run.output
    pages = sorted(p.name for p in (folder / "out/feedback/a0_scale").glob("*.html"))
    assert {"0012.html", "0013.html"} < set(pages)

    shown = invoke("show", "Müller", "--out", folder / "out")
    assert "40 of 100" in shown.output

    dry = export(course, folder, "--dry-run")
    assert "would be written" in dry.output
    path = folder / "out/a0_scale-brightspace.csv"
    assert not path.exists()
    done = export(course, folder, "--item", "HW0")
    assert done.exit_code == 2  # Gil Guest is in no row
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert [row[2] for row in rows] == ["HW0 Points Grade", "100", "40", ""]
    assert [row[0] for row in rows] == ["OrgDefinedId", "#0012", "#0013", "#0014"]


def test_why_nothing_is_right_stands_in_the_table_in_words(
    course: Path, folder: Path
) -> None:
    download(folder, {"Zoë Müller": ""})
    run = grade(course, folder)
    assert "function missing" in run.output
    assert "│ missing" not in run.output


def test_what_is_graded_already_is_not_graded_again(course: Path, folder: Path) -> None:
    grade(course, folder)
    assert "0 graded now, 3 before" in grade(course, folder).output
    assert "3 graded now" in grade(course, folder, "--force").output
    download(folder, {**STUDENTS, "Zoë Müller": RIGHT})
    assert "1 graded now, 2 before" in grade(course, folder).output


def test_who_wants_a_person_first_stays_blank_whatever_was_graded_before(
    course: Path, folder: Path
) -> None:
    grade(course, folder)
    with zipfile.ZipFile(folder / "class.zip", "a") as archive:
        place = "10001-6001 - Ada Example - Oct 10, 2026 1022 AM"
        archive.writestr(f"{place}/one.py", RIGHT)
        archive.writestr(f"{place}/two.py", SQUARE)
    run = grade(course, folder)
    assert run.exit_code == 2
    assert "one.py" in run.output
    export(course, folder, "--item", "HW0")
    text = (folder / "out/a0_scale-brightspace.csv").read_text(encoding="utf-8")
    assert [row[2] for row in csv.reader(text.splitlines())][1:] == ["", "40", ""]


def test_a_changed_test_makes_all_stale(course: Path, folder: Path, edit: Edit) -> None:
    grade(course, folder)
    edit("solutions/a0_scale/tests/q1_double.py", "size=5", "size=6")
    assert "3 graded now, 0 before" in grade(course, folder).output


def test_a_broken_test_leaves_the_class_ungraded_and_exits_with_2(
    course: Path, folder: Path, edit: Edit
) -> None:
    name = "assignments/a0_scale/tests/q1_double.py"
    edit(name, "    close(double([1, 2]), [2, 4])", "    len(None)")
    run = grade(course, folder)
    assert run.exit_code == 2
    assert "the test itself broke" in run.output
    export(course, folder, "--item", "HW0")
    text = (folder / "out/a0_scale-brightspace.csv").read_text(encoding="utf-8")
    assert [row[2] for row in csv.reader(text.splitlines())][1:] == ["", "", ""]
    edit(name, "    len(None)", "    close(double([1, 2]), [2, 4])")
    mended = grade(course, folder)
    assert mended.exit_code == 2  # Gil Guest is still on no roster
    assert "3 graded now" in mended.output


def test_a_killed_run_goes_on_where_it_stopped(course: Path, folder: Path) -> None:
    slow = "import time\ntime.sleep(1.2)\n" + RIGHT
    download(folder, {f"Student {i}": slow for i in range(6)})
    command = [sys.executable, "-m", "autograder", "grade", "a0_scale"]
    command += [str(a) for a in (folder / "class.zip", *roster(folder))]
    command += [str(a) for a in (*options(course, folder), "--workers", 1)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    ledger = folder / "out/ledger.sqlite"
    wait_until(lambda: count(ledger) >= 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = count(ledger)
    assert 2 <= kept < 6
    again = grade(course, folder)
    assert f"{6 - kept} graded now, {kept} before" in again.output


@pytest.mark.parametrize(("results", "times"), [(0, 2), (1, 1), (2, 2)])
def test_ctrl_c_ends_a_run_without_a_traceback_and_the_next_goes_on(
    course: Path, folder: Path, results: int, times: int
) -> None:
    slow = "import time\ntime.sleep(0.4)\n" + RIGHT
    download(folder, {f"Student {i}": slow for i in range(4)})
    command = [sys.executable, "-m", "autograder", "grade", "a0_scale"]
    command += [str(a) for a in (folder / "class.zip", *roster(folder))]
    command += [str(a) for a in (*options(course, folder), "--workers", 2)]
    ledger = folder / "out/ledger.sqlite"
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while not ledger.exists() or count(ledger) < results:
            time.sleep(0.02)
            assert process.poll() is None
        for _ in range(times):
            # As a terminal does: to the graders too.
            os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert said.split("\n") == ["", SAID, ""]
    kept = count(ledger)
    again = grade(course, folder)
    assert f"{4 - kept} graded now, {kept} before" in again.output


def count(ledger: Path) -> int:

    if not ledger.exists():
        return 0
    try:
        with sqlite3.connect(ledger) as db:
            return int(db.execute("SELECT count(*) FROM result").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_an_unknown_student_a_missing_ledger_and_a_wrong_path_are_told(
    course: Path, folder: Path
) -> None:
    assert "there is no ledger" in invoke("show", "x", "--out", folder).stderr
    grade(course, folder)
    missing = invoke("show", "nobody", "--out", folder / "out")
    assert missing.exit_code == 1
    assert "nobody called 'nobody' is in it" in missing.stderr
    (folder / "class.zip").write_text("no zip")
    broken = grade(course, folder)
    assert broken.exit_code == 1
    assert "class.zip" in broken.stderr


def test_an_output_folder_that_cannot_be_written_is_named_before_grading(
    course: Path, folder: Path
) -> None:
    (folder / "out").write_text("a file")
    run = grade(course, folder)
    assert run.exit_code == 1
    assert f"{folder / 'out'}" in run.stderr


def test_a_full_disk_is_told_and_what_was_graded_is_kept(
    course: Path, folder: Path
) -> None:
    download(folder, {f"Student {i}": RIGHT for i in range(20)})
    command = ["prlimit", "--fsize=90000", sys.executable, "-m", "autograder"]
    command += ["grade", "a0_scale", *map(str, (folder / "class.zip", *roster(folder)))]
    command += [str(a) for a in (*options(course, folder), "--workers", 1)]
    full = subprocess.run(command, capture_output=True, text=True, check=False)
    assert full.returncode == 1
    assert "ledger.sqlite: the ledger cannot be used" in full.stderr
    assert "is the disk full" in full.stderr
    kept = count(folder / "out/ledger.sqlite")
    assert 0 < kept < 20
    again = grade(course, folder)
    assert f"{20 - kept} graded now, {kept} before" in again.output


@pytest.fixture
def without_bubblewrap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("prlimit", "setpriv", "sh", "true", "unshare"):
        found = shutil.which(program)
        assert found is not None
        (folder / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.usefixtures("without_bubblewrap")
@pytest.mark.skipif(bool(unavailable()), reason=unavailable())
def test_no_bubblewrap_is_made_up_for_by_landlock_and_the_results_say_so(
    course: Path, folder: Path
) -> None:
    (course / "solutions").chmod(0o700)
    run = grade(course, folder)
    assert run.exit_code == 2, run.output  # for Gil Guest alone
    shown = invoke("show", "Müller", "--out", folder / "out")
    assert "40 of 100" in shown.output
    assert "Landlock" in invoke("show", "Ada", "--out", folder / "out").output


@pytest.mark.usefixtures("without_bubblewrap")
def test_no_bubblewrap_is_told_with_the_line_that_installs_it(
    course: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    run = grade(course, folder)
    assert run.exit_code == 1
    assert "apt-get install bubblewrap" in run.stderr
    assert "nor can workers be contained without it: " in run.stderr
    assert not list(folder.glob("out/feedback/**/*.html"))


def test_without_a_sandbox_the_results_say_so(course: Path, folder: Path) -> None:
    grade(course, folder, "--no-sandbox")
    shown = invoke("show", "Ada", "--out", folder / "out")
    assert "isolation: none" in shown.output


def test_prove_prints_a_table_and_fails_where_a_claim_does_not_hold(
    course: Path, edit: Edit
) -> None:
    good = invoke("prove", "a0_scale", "--course", course, "--seed", "1", "--mutants")
    assert good.exit_code == 0, good.output
    assert "loses exactly its questions" in " ".join(good.output.split())
    edit("solutions/a0_scale/variants/loops.py", "4.0 * v", "3.0 * v")
    bad = invoke("prove", "a0_scale", "--course", course, "--seed", "1")
    assert bad.exit_code == 2
    assert "does not hold: variant loops" in bad.output


def test_every_command_has_help() -> None:
    commands = ("grade", "show", "export", "report", "package", "release", "prove")
    for command in ("", *commands, "train"):
        run = invoke(*([command] if command else []), "--help")
        assert run.exit_code == 0
        assert "Usage" in run.output
