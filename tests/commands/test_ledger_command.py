"""``autograder ledger``, and what every other command makes of an ill ledger."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result

from autograder.records.ledger import Ledger
from graded_class import entry
from ill_ledgers import (
    ILLS,
    Harm,
    a_folder,
    a_pipe,
    cut_in_half,
    emptied,
    held_by_another_program,
    newer,
    with_another_secret,
    without_its_secret,
)
from small_class import RIGHT, SQUARE, invoke, on_class, write_class

pytestmark = pytest.mark.usefixtures("warm_graders")

LEDGER, COPY = "out/ledger.sqlite", "out/ledger-copy.sqlite"
COMMANDS = (
    ("grade",),
    ("regrade",),
    ("runs",),
    ("diff", "1", "1"),
    ("show", "ada"),
    ("report", "a0_scale"),
    ("total", "--policy"),
    ("export", "a0_scale", "--lms", "csv"),
    ("export-feedback", "a0_scale"),
    ("push", "canvas", "a0_scale", "--url", "https://canvas.example"),
)
POLICY = (
    'timezone = "UTC"\n[[assignment]]\nname = "a0_scale"\ndue = 2026-10-08T23:59:00Z\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of two, with a ledger as if it were graded."""
    write_class(tmp_path, {"Ada Example": SQUARE, "Zoë Müller": RIGHT})
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    with Ledger(tmp_path / LEDGER) as ledger:
        assert ledger.secret
        run = ledger.begin_run("grade", "a0_scale", "")
        for student in ("0012", "0013"):
            one = entry(student, "1010")
            ledger.add(one.submission, one.result, "h", run=run)
        ledger.end_run(run)
    return tmp_path


def run(folder: Path, course: Path, words: tuple[str, ...]) -> Result:
    roster = ("--roster", folder / "roster.csv")
    out = ("--out", folder / "out")
    if words[0] in {"grade", "regrade"}:
        return on_class(words[0], course, folder)
    if words[0] in {"runs", "diff", "show"}:
        return invoke(*words, *out)
    more: tuple[object, ...] = ()
    if words[0] == "total":
        more = (folder / "policy.toml",)
    if words[0] == "export-feedback":
        more = (folder / "class.zip",)
    if words[0] == "push":
        more = ("--course-id", 1, "--assignment-id", 1)
    return invoke(*words, *more, *roster, *out, "--course", course)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("harm", [emptied, cut_in_half], ids=lambda f: f.__name__)
def test_no_command_begins_an_ill_ledger_afresh_or_calls_it_safe(
    folder: Path, course: Path, words: tuple[str, ...], harm: Harm
) -> None:
    harm(folder / LEDGER)
    before = (folder / LEDGER).read_bytes()
    ended = run(folder, course, words)
    assert ended.exit_code == 1, ended.output
    assert "error:" in ended.stderr
    assert "the ledger is" in ended.stderr
    assert "autograder ledger restore --out" in ended.stderr
    assert "safe" not in ended.output
    assert (folder / LEDGER).read_bytes() == before


def test_a_ledger_that_holds_is_told_in_words_and_as_a_document(folder: Path) -> None:
    ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 0
    assert "2 results of 1 runs, 0 of them cannot be read" in ended.output
    assert "ledger-copy.sqlite is how it was at" in ended.output
    told = json.loads(invoke("ledger", "check", folder / LEDGER, "--json").stdout)
    assert (told["command"], told["problems"], told["results"]) == (
        "ledger check",
        [],
        2,
    )
    assert told["copy"] == str(folder / COPY)


@pytest.mark.parametrize(
    ("harm", "told"), ILLS, ids=lambda v: getattr(v, "__name__", "")
)
def test_check_names_what_is_wrong_and_changes_nothing(
    folder: Path, harm: Harm, told: str
) -> None:
    harm(folder / LEDGER)
    before = {p: p.read_bytes() for p in (folder / "out").glob("*") if p.is_file()}
    ended = invoke("ledger", "check", "--out", folder / "out")
    assert ended.exit_code == 2
    assert re.search(told, ended.output), ended.output
    assert ("ledger restore --out" in ended.output) == (
        harm not in {newer, a_folder, a_pipe}
    )
    after = {p: p.read_bytes() for p in (folder / "out").glob("*") if p.is_file()}
    assert after == before


def test_check_says_where_there_is_no_ledger(tmp_path: Path) -> None:
    ended = invoke("ledger", "check", tmp_path / "none")
    assert ended.exit_code == 2
    assert "there is no ledger: run autograder grade" in ended.output


def test_check_asks_for_one_folder() -> None:
    ended = invoke("ledger", "check")
    assert ended.exit_code == 2
    assert "Give the folder of results: FOLDER, or --out." in ended.output


def test_check_lists_rows_that_cannot_be_read(folder: Path, course: Path) -> None:
    assert on_class("grade", course, folder).exit_code == 0
    with sqlite3.connect(folder / LEDGER) as db:
        db.execute("UPDATE result SET score = 100 WHERE id = 3")
    ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 2
    assert "row 3 cannot be read (it is not as it was stored)" in ended.output
    assert on_class("grade", course, folder).exit_code == 0
    ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 0
    assert "row 3 (a0_scale: " in ended.output
    assert "cannot be read; a newer one stands" in ended.output


@pytest.mark.parametrize("harm", [without_its_secret, with_another_secret])
def test_nobody_is_graded_with_another_secret_than_before(
    folder: Path, course: Path, harm: Harm
) -> None:
    harm(folder / LEDGER)
    before = (folder / LEDGER).read_bytes()
    ended = on_class("grade", course, folder)
    assert ended.exit_code == 1
    assert "the ledger is damaged: its secret" in ended.stderr
    assert "ledger restore --out" in ended.stderr
    assert (folder / LEDGER).read_bytes() == before
    assert invoke("ledger", "restore", folder / "out").exit_code == 0
    assert on_class("grade", course, folder).exit_code == 0


def test_check_lists_hand_ins_that_cannot_be_read(folder: Path, course: Path) -> None:
    assert on_class("grade", course, folder).exit_code == 0
    with sqlite3.connect(folder / LEDGER) as db:
        db.execute("UPDATE hand_in SET hand_in = x'00' WHERE id = 1")
    ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 2
    assert "hand-in 1 cannot be read (" in ended.output
    assert on_class("grade", course, folder).exit_code == 0
    assert invoke("ledger", "check", folder / "out").exit_code == 0


def test_a_lock_that_is_a_folder_is_told_by_whoever_wants_to_work(
    folder: Path, course: Path
) -> None:
    (folder / "out/.lock").mkdir()
    assert invoke("ledger", "check", folder / "out").exit_code == 0
    ended = on_class("grade", course, folder)
    assert (ended.exit_code, "cannot be used: Is a directory" in ended.stderr) == (
        1,
        True,
    )


def test_check_names_a_run_that_was_not_finished_and_a_journal(folder: Path) -> None:
    with sqlite3.connect(folder / LEDGER) as db:
        db.execute("UPDATE run SET finished_at = NULL")
    (folder / f"{LEDGER}-journal").write_bytes(b"left")
    ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 0
    assert "run 1 (grade a0_scale) was not finished" in ended.output
    assert "ledger.sqlite-journal is left by a run that was killed" in ended.output
    assert (folder / f"{LEDGER}-journal").read_bytes() == b"left"


def test_check_names_a_program_that_holds_the_ledger(folder: Path) -> None:
    with held_by_another_program(folder / LEDGER):
        ended = invoke("ledger", "check", folder / "out")
    assert ended.exit_code == 2
    assert "another program has it open" in ended.output


def test_a_ledger_is_restored_and_what_stood_there_is_kept(
    folder: Path,
) -> None:
    emptied(folder / LEDGER)
    (folder / f"{LEDGER}-journal").write_bytes(b"of the ill one")
    ended = invoke("ledger", "restore", folder / "out")
    assert ended.exit_code == 0, ended.output
    assert "2 results of 1 runs" in ended.output
    kept = sorted(p.name for p in (folder / "out").glob("ledger-set-aside-*"))
    assert len(kept) == 2
    assert kept[1] == f"{kept[0]}-journal"
    assert not (folder / f"{LEDGER}-journal").exists()
    assert invoke("ledger", "check", folder / "out").exit_code == 0


def test_nothing_is_restored_from_a_copy_that_is_ill_too(folder: Path) -> None:
    emptied(folder / LEDGER)
    emptied(folder / COPY)
    ended = invoke("ledger", "restore", folder / "out")
    assert ended.exit_code == 1
    assert "ledger-copy.sqlite: the ledger is empty" in ended.output
    (folder / COPY).unlink()
    ended = invoke("ledger", "restore", folder / "out")
    assert "there is no copy of the ledger" in ended.output
