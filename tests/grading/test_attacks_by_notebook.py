"""Every attack of ``attacks/notebooks``: handed in, read, graded, beside two others.

A folder holds ``notebook.py``, whose DATA is the notebook, and ``expected.toml``:

    about = what it tries       threats = numbers of the threat list
    defence = what stops it
    held_back = words of why a person must look first    or
    score = what the work in it is worth
    kinds = the outcomes of its cases, without those that passed
    says = words of a notice    (none where nothing particular is said)

Whatever it is, it costs its author: it is no fault, nothing of it is run while it is
read, its page can be drawn, and whoever handed in before and after has full marks.
"""

import re
import resource
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder import notebook
from autograder.grading.grader import Grader, Job
from autograder.intake import Intake, NotebookReader, read_submissions
from autograder.intake.roster import read_roster
from autograder.marks.deadlines import Terms
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.reports import student_report
from books import DOUBLE, QUADRUPLE, book
from conftest import written_course
from small_class import RIGHT, ROSTER
from zips import save, zipped

ATTACKS = sorted((Path(__file__).parents[1] / "attacks/notebooks").iterdir())
AT_LEAST = 30
BEFORE, ATTACKER, AFTER = "Nia Nothing", "Ada Example", "Zoë Müller"
READER = NotebookReader(functions=("double", "quadruple"), packages=("numpy",))
MOST_MIB = 300
"""What reading a download may take beside what lies in it."""

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_course(tmp_path_factory.mktemp("notebooks") / "course")


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def handed_in(folder: Path, data: bytes) -> Intake:
    """Return what intake makes of a class of three, the attack in the middle."""
    files: list[tuple[str, str | bytes]] = [
        (f"10000-5000 - {BEFORE} - Oct 9, 2026 1022 AM/a0_scale.py", RIGHT),
        (f"10001-5001 - {ATTACKER} - Oct 9, 2026 1022 AM/a0_scale.ipynb", data),
        (
            f"10002-5002 - {AFTER} - Oct 9, 2026 1022 AM/a0_scale.ipynb",
            book(DOUBLE, QUADRUPLE),
        ),
    ]
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return read_submissions(
        # As it is: what packs a megabyte into a kilobyte is refused before it is read.
        save(folder, zipped(files, method=0)),
        file_name="a0_scale.py",
        roster=read_roster(folder / "roster.csv"),
        notebooks=READER,
    )


def graded(grader: Grader, course: Path, submission: Submission) -> Result:
    job = Job(
        course=course,
        assignment="a0_scale",
        submission=submission,
        secret=b"s" * 32,
        seconds_per_case=2.0,
    )
    return grader.grade(job)


def expected_of(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", ATTACKS, ids=lambda folder: folder.name)
def test_a_hostile_notebook_costs_its_author_only(
    folder: Path,
    grader: Grader,
    small: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    expected = expected_of(folder)
    data: bytes = runpy.run_path(str(folder / "notebook.py"))["DATA"]
    memory_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    computed_before = resource.getrusage(resource.RUSAGE_CHILDREN)

    intake = handed_in(tmp_path, data)

    memory_after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    computed = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(computed[:2]) - sum(computed_before[:2])
    # The kernel ends it there; one beside it is honest.
    assert seconds < notebook.COMPUTING_SECONDS + 2
    assert memory_after - memory_before < MOST_MIB * 1024, "KiB"
    of = {s.student_name: s for s in intake.submissions}
    for name in (BEFORE, AFTER):
        assert graded(grader, small, of[name]).score == 100
    if "held_back" in expected:
        assert ATTACKER not in of
        ((whose, why),) = intake.held_back
        assert whose.student_name == ATTACKER
        assert expected["held_back"] in why
        (issue,) = intake.issues
        assert (issue.who, issue.roster_id) == (ATTACKER, "0012")
        assert expected["held_back"] in issue.text
        assert issue.text.isprintable()
    else:
        assert intake.issues == ()
        looked_at(graded(grader, small, of[ATTACKER]), of[ATTACKER], expected)
    assert capfd.readouterr() == ("", "")


def looked_at(result: Result, submission: Submission, expected: dict[str, Any]) -> None:
    cases = [case for question in result.questions for case in question.cases]
    failed = {case.kind.value for case in cases if case.verdict is Verdict.FAILED}
    assert result.fault == ""
    assert (result.score, sorted(failed)) == (expected["score"], expected["kinds"])
    said = "\n".join(submission.notices)
    assert expected.get("says", "") in said
    assert all(notice.isprintable() for notice in submission.notices)
    kept = msgspec.json.decode(msgspec.json.encode(result), type=Result)
    page = student_report.render(submission, kept, title="Scaling", terms=Terms())
    assert not re.search(r"<script|onerror=|\x1b|\u202e|\0", page)


def test_attacks_are_many_and_tell_what_they_try() -> None:
    assert len(ATTACKS) >= AT_LEAST
    for folder in ATTACKS:
        expected = expected_of(folder)
        assert expected["about"], folder
        assert expected["defence"], folder
        assert expected["threats"], folder
        assert ("held_back" in expected) != ("score" in expected), folder
