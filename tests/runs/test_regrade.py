"""After a test is mended: what is judged anew, who moves, and what a script reads."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.records.entries import Entry
from autograder.records.ledger import Ledger
from conftest import Edit
from small_class import RIGHT, SQUARE, invoke, on_class, write_class

pytestmark = pytest.mark.usefixtures("warm_graders")

HIDDEN_Q1 = "solutions/a0_scale/tests/q1_double.py"
HIDDEN_Q2 = "solutions/a0_scale/tests/q2_quadruple.py"
BROKEN = ("reference.quadruple(x))", "reference.quadruple(x) + 1)")
STATEFUL = (
    "import numpy\n"
    "def double(values):\n    numpy.was_here = True\n"
    "    return [2 * v for v in values]\n"
    "def quadruple(values):\n"
    "    factor = 4 if hasattr(numpy, 'was_here') else 5\n"
    "    return [factor * v for v in values]\n"
)
"""Right in a whole run only: what it leaves in NumPy outlasts its own module."""
TAMPERING = """
import fcntl, os
for number in range(3, 64):
    try:
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
            os.write(number, b"x" * 8)
    except OSError:
        pass
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_class(tmp_path, {"Ada Example": RIGHT, "Zoë Müller": SQUARE})
    return tmp_path


def entries(folder: Path) -> dict[str, Entry]:
    with Ledger(folder / "out/ledger.sqlite") as ledger:
        return {e.submission.student_name: e for e in ledger.entries("a0_scale")}


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_mended_test_is_judged_anew_alone_and_says_who_moves(
    course: Path, folder: Path, edit: Edit
) -> None:
    edit(HIDDEN_Q2, *BROKEN)
    on_class("grade", course, folder)
    before = entries(folder)
    pages = sorted((folder / "out/feedback").iterdir())
    edit(HIDDEN_Q2, *reversed(BROKEN))

    run = on_class("regrade", course, folder)

    assert run.exit_code == 0, run.output
    assert "2 judged anew, 0 stand" in run.output
    assert "q2_quadruple: its hidden tests changed" in run.output
    assert "q2_quadruple +20: random values (value → passed)" in run.output
    after = entries(folder)
    assert "│ 80  │ 100 │ +20 │" in run.output
    assert [before[n].result.score for n in ("Ada Example", "Zoë Müller")] == [80, 20]
    assert [after[n].result.score for n in ("Ada Example", "Zoë Müller")] == [100, 40]
    assert sorted((folder / "out/feedback").iterdir()) == pages
    assert not list((folder / "out").glob("*.csv"))


def test_questions_that_the_change_does_not_reach_are_kept_as_they_were(
    course: Path, folder: Path, edit: Edit
) -> None:
    on_class("grade", course, folder)
    before = entries(folder)["Ada Example"].result
    edit(HIDDEN_Q2, "size=5", "size=6")
    run = on_class("regrade", course, folder)
    assert "who moves in run 2: nobody" in run.output
    after = entries(folder)["Ada Example"].result
    # The times of the cases are those of the run that ran them.
    assert after.questions[0] == before.questions[0]
    assert after.questions[1] != before.questions[1]
    again = on_class("regrade", course, folder)
    assert "0 judged anew, 2 stand" in again.output
    assert "nothing was judged: nothing has changed since" in again.output
    assert (
        len(document(invoke("runs", "--out", folder / "out", "--json").stdout)["runs"])
        == 2
    )


def test_a_mark_moves_only_after_a_whole_run(
    course: Path, folder: Path, edit: Edit
) -> None:
    write_class(folder, {"Ada Example": STATEFUL})
    on_class("grade", course, folder)
    before = entries(folder)["Ada Example"].result
    edit(HIDDEN_Q2, "size=5", "size=6")
    run = on_class("regrade", course, folder)
    assert "who moves in run 2: nobody" in run.output
    after = entries(folder)["Ada Example"].result
    assert before.score == after.score == 100
    assert after.questions[0] != before.questions[0]


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    course: Path, folder: Path, edit: Edit
) -> None:
    on_class("grade", course, folder)
    edit(HIDDEN_Q1, "size=5", "size=6")
    run = on_class("regrade", course, folder, "--dry-run", "--json")
    assert run.exit_code == 0
    told = document(run.stdout)
    assert (told["command"], told["run"], told["stand"]) == ("regrade", None, 0)
    assert told["anew"][0]["why"] == [
        "q1_double: its hidden tests changed",
    ]
    assert told["anew"][0]["questions"] == ["q1_double", "q2_quadruple"]
    assert "nothing was judged" in run.stderr
    assert {e.run for e in entries(folder).values()} == {1}


def test_a_slow_submission_and_an_old_result_are_run_whole(
    course: Path, folder: Path, edit: Edit
) -> None:
    endless = RIGHT.replace("return [4", "while True: pass\n    return [4")
    write_class(folder, {"Ada Example": endless, "Zoë Müller": RIGHT})
    edit("assignments/a0_scale/manifest.toml", "per_case = 5", "per_case = 1")
    edit("assignments/a0_scale/manifest.toml", "submission = 30", "submission = 3")
    on_class("grade", course, folder)
    edit(HIDDEN_Q2, "size=5", "size=6")
    with sqlite3.connect(folder / "out/ledger.sqlite") as db:
        db.execute(
            "UPDATE result SET inputs = NULL, digest = NULL"
            " WHERE json_extract(submission, '$.student_name') = 'Zoë Müller'"
        )
    told = document(on_class("regrade", course, folder, "--dry-run", "--json").stdout)
    why = {anew["student_name"]: anew["why"][0] for anew in told["anew"]}
    assert why == {
        "Ada Example": "all questions: it took 3 s of computing before",
        "Zoë Müller": "all questions: an older version graded it and kept no hash "
        "a question",
    }
    assert all(anew["whole"] for anew in told["anew"])


def test_a_time_out_in_one_question_does_not_cost_the_others_another_run(
    course: Path, folder: Path, edit: Edit
) -> None:
    endless = RIGHT.replace("return [2", "while True: pass\n    return [2")
    write_class(folder, {"Ada Example": endless})
    edit("assignments/a0_scale/manifest.toml", "per_case = 5", "per_case = 0.5")
    on_class("grade", course, folder)
    before = entries(folder)["Ada Example"].result
    edit(HIDDEN_Q2, "size=5", "size=6")
    on_class("regrade", course, folder)
    after = entries(folder)["Ada Example"].result
    assert before.questions[0].cases[0].kind == "timeout"
    assert after.questions[0] == before.questions[0]
    assert after.questions[1] != before.questions[1]


def test_a_submission_that_tampered_with_the_channel_is_run_whole(
    course: Path, folder: Path, edit: Edit
) -> None:
    write_class(folder, {"Ada Example": TAMPERING + RIGHT})
    on_class("grade", course, folder)
    edit(HIDDEN_Q2, "size=5", "size=6")
    told = document(on_class("regrade", course, folder, "--dry-run", "--json").stdout)
    assert told["anew"][0]["why"][0] == (
        "all questions: it wrote into the grader's channel before"
    )


def test_a_fault_is_mended_by_a_regrade_and_exits_with_2_until_then(
    course: Path, folder: Path, edit: Edit
) -> None:
    test = "assignments/a0_scale/tests/q1_double.py"
    on_class("grade", course, folder)
    edit(test, "    close(double([1, 2]), [2, 4])", "    len(None)")
    broken = on_class("regrade", course, folder)
    assert broken.exit_code == 2
    assert "could not be graded" in broken.output
    edit(test, "    len(None)", "    close(double([1, 2]), [2, 4])")
    mended = on_class("regrade", course, folder, "--json")
    assert mended.exit_code == 0
    told = document(mended.stdout)
    assert {a["why"][0] for a in told["anew"]} == {
        "all questions: it could not be graded before"
    }
    assert [(m["before"], m["after"]) for m in told["moves"]] == [
        (None, 100.0),
        (None, 40.0),
    ]


def test_who_was_never_graded_is_named_and_left_to_grade(
    course: Path, folder: Path
) -> None:
    on_class("grade", course, folder)
    write_class(
        folder, {"Ada Example": RIGHT, "Zoë Müller": SQUARE, "Nia Nothing": RIGHT}
    )
    run = on_class("regrade", course, folder)
    assert "never graded: Nia Nothing" in run.output
    assert "Nia Nothing" not in entries(folder)


def test_there_must_be_something_to_regrade(course: Path, folder: Path) -> None:
    missing = on_class("regrade", course, folder)
    assert missing.exit_code == 1
    assert "there is no ledger (run: autograder grade)" in missing.stderr
    Ledger(folder / "out/ledger.sqlite").__exit__()
    empty = on_class("regrade", course, folder)
    assert "has no result of a0_scale (run: autograder grade)" in empty.stderr


def test_runs_are_numbered_listed_and_compared(
    course: Path, folder: Path, edit: Edit
) -> None:
    edit(HIDDEN_Q2, *BROKEN)
    on_class("grade", course, folder, "--reason", "the deadline")
    edit(HIDDEN_Q2, *reversed(BROKEN))
    on_class("regrade", course, folder)
    out = ("--out", folder / "out")

    listed = document(invoke("runs", *out, "--json").stdout)["runs"]
    assert [(r["number"], r["command"], r["results"]) for r in listed] == [
        (1, "grade", 2),
        (2, "regrade", 2),
    ]
    assert listed[0]["reason"] == "the deadline"
    assert listed[1]["reason"] == "q2_quadruple: its hidden tests changed"
    assert all(r["finished_at"] for r in listed)
    assert "the deadline" in invoke("runs", *out).output

    told = document(invoke("diff", 1, 2, *out, "--json").stdout)
    assert [(m["student_name"], m["before"], m["after"]) for m in told["moves"]] == [
        ("Ada Example", 80.0, 100.0),
        ("Zoë Müller", 20.0, 40.0),
    ]
    assert "+20" in invoke("diff", 1, 2, *out).output
    back = invoke("diff", 2, 1, *out).output
    assert "-20" in back
    assert "from run 2 to run 2: nobody" in invoke("diff", 2, 2, *out).output


def test_runs_that_cannot_be_compared_are_named(course: Path, folder: Path) -> None:
    out = ("--out", folder / "out")
    on_class("grade", course, folder)
    with Ledger(folder / "out/ledger.sqlite") as ledger:
        ledger.begin_run("grade", "a1_other", "")
    missing = invoke("diff", 1, 7, *out)
    assert missing.exit_code == 1
    assert "there is no run 7, the runs are 1 to 2" in missing.stderr
    other = invoke("diff", 1, 2, *out)
    assert "are of two assignments: a0_scale, a1_other" in other.stderr
    assert "compared with itself" in invoke("diff", 0, 0, *out).stderr


def test_a_run_that_was_killed_is_listed_as_not_finished(
    course: Path, folder: Path
) -> None:
    on_class("grade", course, folder)
    with Ledger(folder / "out/ledger.sqlite") as ledger:
        ledger.begin_run("regrade", "a0_scale", "killed")
    assert "not finished" in invoke("runs", "--out", folder / "out").output


def test_grade_show_and_export_give_documents_to_scripts(
    course: Path, folder: Path
) -> None:
    run = on_class("grade", course, folder, "--json")
    told = document(run.stdout)
    assert (told["command"], told["run"], told["graded_now"]) == ("grade", 1, 2)
    ada, zoe = told["students"]
    assert (ada["roster_id"], ada["score"], ada["verdict"]) == ("0012", 100.0, "passed")
    assert zoe["questions"] == {"q1_double": 0.0, "q2_quadruple": 40.0}
    assert zoe["misconceptions"] == ["squared"]
    assert "nothing handed in: Nia Nothing (0014)" in told["remarks"]
    assert told["outputs"]["results"] == str(folder / "out/ledger.sqlite")
    assert "2 graded now" in run.stderr

    out = ("--out", folder / "out")
    shown = document(invoke("show", "Zoë", *out, "--json").stdout)
    (one,) = shown["results"]
    assert one["run"] == 1
    assert one["submission"]["files"] == {}
    assert one["result"]["questions"][0]["cases"][0]["kind"] == "value"

    exported = invoke(
        *("export", "a0_scale", "--lms", "brightspace", "--course", course, *out),
        *("--roster", folder / "roster.csv", "--item", "HW0", "--json"),
    )
    told = document(exported.stdout)
    assert (told["written"], told["counts"]["marks"]) == (True, 2)
    assert Path(told["path"]).is_file()


def test_a_document_is_not_begun_where_a_command_cannot_do_its_work(
    folder: Path,
) -> None:
    run = invoke("runs", "--out", folder / "out", "--json")
    assert (run.exit_code, run.stdout) == (1, "")
    assert "there is no ledger" in run.stderr


def test_a_proof_is_a_document_too(course: Path) -> None:
    run = invoke("prove", "a0_scale", "--course", course, "--seed", "1", "--json")
    (proof,) = document(run.stdout)["proofs"]
    assert (proof["assignment"], proof["seed"], proof["holds"]) == (
        "a0_scale",
        "1",
        True,
    )
    kinds = {claim["kind"] for claim in proof["claims"]}
    others = {"reference", "stub", "junk", "promise", "variant"}
    assert kinds == {*others, "misconception"}
