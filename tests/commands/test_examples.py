"""The sample class is a class as Brightspace gives it, the same every time."""

import csv
import io
import subprocess
import sys
import zipfile
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from autograder.intake import Intake, IssueKind, read_submissions
from autograder.intake.roster import Roster, RosterKind, read_roster

ROOT = Path(__file__).resolve().parents[2]
FEWEST = 20


@pytest.fixture(scope="module")
def make_class() -> ModuleType:
    spec = spec_from_file_location("make_class", ROOT / "examples/make_class.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # A dataclass looks its own module up.
    sys.modules["make_class"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample(make_class: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make_class.make_class(folder)
    return folder


@pytest.fixture(scope="module")
def roster(sample: Path) -> Roster:
    return read_roster(sample / "roster.csv")


@pytest.fixture(scope="module")
def intake(sample: Path, roster: Roster) -> Intake:
    return read_submissions(
        sample / "submissions.zip", file_name="a1_conv1d.py", roster=roster
    )


def test_the_same_bytes_are_made_every_time(
    make_class: ModuleType, sample: Path, tmp_path: Path
) -> None:
    make_class.make_class(tmp_path)
    names = sorted(path.name for path in sample.iterdir())
    assert names == ["canvas_export.csv", "roster.csv", "submissions.zip"]
    for name in names:
        assert (tmp_path / name).read_bytes() == (sample / name).read_bytes()


def test_nothing_of_it_is_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "examples"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    written = (".py", ".md", ".toml", ".yaml", "/Dockerfile")
    assert all(name.endswith(written) for name in tracked)


def test_names_are_as_diverse_as_a_class(roster: Roster) -> None:
    names = [student.name for student in roster.students]
    assert len(names) >= FEWEST
    assert Counter(names).most_common(1)[0][1] == 2, "two students of one name"
    assert len({student.id for student in roster.students}) == len(names)
    assert roster.kind is RosterKind.BRIGHTSPACE


def test_canvas_exports_the_same_people(sample: Path, roster: Roster) -> None:
    canvas = read_roster(sample / "canvas_export.csv")
    assert canvas.kind is RosterKind.CANVAS
    assert [s.sis_id for s in canvas.students] == [s.id for s in roster.students]
    assert [s.name for s in canvas.students] == [s.name for s in roster.students]


def test_every_roster_row_has_the_width_of_its_headings(sample: Path) -> None:
    text = (sample / "roster.csv").read_text(encoding="utf-8")
    widths = {len(row) for row in csv.reader(io.StringIO(text), strict=True)}
    assert len(widths) == 1


def test_the_zip_is_one_that_brightspace_could_give(sample: Path) -> None:
    with zipfile.ZipFile(sample / "submissions.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "index.html"
        assert {info.date_time for info in archive.infolist()} == {
            (2026, 10, 10, 8, 0, 0)
        }


def test_intake_finds_everybody_and_lists_whom_it_cannot(
    intake: Intake, roster: Roster
) -> None:
    assert intake.source == "brightspace"
    assert len(intake.submissions) >= FEWEST
    kinds = Counter(problem.kind for problem in intake.issues)
    assert kinds == {IssueKind.NOT_ON_ROSTER: 1, IssueKind.SAME_NAME: 1}
    assert len({s.key for s in intake.submissions}) == len(intake.submissions)
    known = {student.id for student in roster.students}
    handed_in = {s.roster_id for s in intake.submissions} - {None}
    assert handed_in <= known
    assert known - handed_in, "somebody handed in nothing"


def test_every_awkward_submission_is_in_it(
    make_class: ModuleType, intake: Intake
) -> None:
    by_name = {s.student_name: s for s in intake.submissions}
    assert by_name["Ima Empty"].files == {}
    assert "my_conv.py was taken as" in by_name["Wren Wrongname"].notices[0]
    assert by_name["Ed Edited"].notices == ("ignored: tests/q1_conv1d.py",)
    assert [s.attempt for s in intake.submissions if s.student_name == "Ari Again"] == [
        1,
        2,
    ]
    late = by_name["Lara Late"].submitted_at
    assert late is not None
    assert late > make_class.DUE
