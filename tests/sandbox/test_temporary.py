"""Folders for temporary files: of what was killed, the next one clears up."""

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from autograder import temporary

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def makes_one(room: str, to: Connection, *, waits: bool) -> None:
    tempfile.tempdir = room
    made = temporary.lasting_folder()
    (made / "file").touch()
    to.send(str(made))
    while waits:
        signal.pause()


def made_by_a_process(room: Path, *, waits: bool) -> tuple[Path, Callable[[], None]]:
    """Return the folder of a process, and what kills that."""
    here, there = SPAWN.Pipe()
    child = SPAWN.Process(
        target=makes_one, args=(str(room), there), kwargs={"waits": waits}
    )
    child.start()
    folder = Path(here.recv())

    def end() -> None:
        if waits:
            child.kill()
        child.join()

    return folder, end


def test_what_somebody_else_has_called_so_is_left_alone(room: Path) -> None:
    (room / "autograder-results").mkdir()
    (room / "autograder-results/marks.csv").touch()
    (room / "autograder-empty").mkdir()
    (room / "autograder-file").touch()
    with temporary.folder():
        temporary.sweep()
    assert {path.name for path in room.rglob("*")} == {
        "autograder-results",
        "marks.csv",
        "autograder-empty",
        "autograder-file",
    }


def test_a_folder_is_gone_after_its_block(room: Path) -> None:
    with temporary.folder() as made:
        assert made.parent == room
        assert made.is_dir()
    assert list(room.iterdir()) == []


def test_a_lasting_folder_is_gone_when_its_process_has_ended(room: Path) -> None:
    folder, end = made_by_a_process(room, waits=False)
    end()
    assert not folder.exists()


def test_what_a_killed_process_has_left_is_removed_and_nobody_elses(
    room: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "file").touch()
    (room / "autograder-link").symlink_to(elsewhere)
    (room / "of-another-program").mkdir()
    killed, kill = made_by_a_process(room, waits=True)
    alive, end = made_by_a_process(room, waits=True)
    kill()
    assert killed.exists()
    with temporary.folder() as own:
        temporary.sweep()
        kept = {own, alive, room / "autograder-link", room / "of-another-program"}
        assert {*room.iterdir()} == kept
        assert (elsewhere / "file").exists()
        assert (alive / "file").exists()
    end()
    temporary.sweep()
    assert not alive.exists()


def test_another_users_folder_is_left_alone(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, kill = made_by_a_process(room, waits=True)
    kill()
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    temporary.sweep()
    assert folder.exists()
