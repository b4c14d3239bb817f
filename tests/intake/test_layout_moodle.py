"""Moodle: three layouts, participants' numbers, blind marking and teams."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake import IssueKind
from intake_class import (
    BLIND_WORKSHEET,
    CODE,
    FILE,
    MOODLE_EXPORT,
    PLAIN,
    WORKSHEET,
    Files,
    owners,
    take,
    told,
)
from zips import zipped

LAYOUTS = {
    "4.1": "{}_assignsubmission_file/",
    "3.1": "{}_assignsubmission_file_/",
    "flat": "{}_assignsubmission_file_",
}


@pytest.fixture(params=LAYOUTS.values(), ids=list(LAYOUTS))
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("roster", [WORKSHEET, MOODLE_EXPORT, PLAIN])
def test_every_layout_gives_a_submission_a_participant(
    tmp_path: Path, layout: str, roster: str
) -> None:
    intake = take(
        tmp_path,
        [
            (layout.format("Zoë Doe, Jr._101") + FILE, CODE),
            (layout.format("Zoë Doe, Jr._101") + "notes.txt", "hello"),
            (layout.format("Ada Mary OBrien-Smith_102") + FILE, b"ada"),
            (layout.format("דוד חיים_103") + FILE, b"rtl"),
        ],
        roster,
    )
    assert intake.source == "moodle"
    assert intake.issues == ()
    assert [s.files[FILE] for s in intake.submissions] == [b"ada", CODE, b"rtl"]
    ada, zoe, _ = intake.submissions
    assert ada.roster_id in {"12.34.56", "ada@example.edu"}
    assert (zoe.lms_id, zoe.attempt) == ("101", 1)
    assert zoe.notices == ("ignored: notes.txt",)


def test_folders_within_stay_and_flat_zips_are_looked_into(tmp_path: Path) -> None:
    who = "Zoë Doe, Jr._101_assignsubmission_file"
    nested = take(tmp_path, [(f"{who}/old/{FILE}", b"old"), (f"{who}/{FILE}", CODE)])
    assert owners(nested) == {"0012345": CODE}
    assert nested.submissions[0].notices == ("ignored: old/a1_conv1d.py",)
    flat = take(tmp_path, [(f"{who}_hw.zip", zipped([(f"hw/{FILE}", CODE)]))])
    assert (flat.source, owners(flat)) == ("moodle", {"0012345": CODE})


def test_typed_text_and_files_are_one_submission(tmp_path: Path) -> None:
    who = "Zoë Doe, Jr._101_assignsubmission"
    intake = take(
        tmp_path,
        [
            (f"{who}_file/{FILE}", CODE),
            (f"{who}_onlinetext/onlinetext.html", "<p>"),
        ],
    )
    assert owners(intake) == {"0012345": CODE}
    assert intake.submissions[0].notices == ("ignored: onlinetext.html",)


def test_two_of_one_name_are_told_apart_by_the_worksheet(
    tmp_path: Path, layout: str
) -> None:
    files: Files = [
        (layout.format("Sam Same_104") + FILE, b"one"),
        (layout.format("Sam Same_105") + FILE, b"two"),
    ]
    assert owners(take(tmp_path, files, WORKSHEET)) == {
        "sam1@example.edu": b"one",
        "sam2@example.edu": b"two",
    }
    unsure = take(tmp_path, files, MOODLE_EXPORT)
    assert {s.roster_id for s in unsure.submissions} == {None}
    assert {p.kind for p in unsure.issues} == {IssueKind.SAME_NAME}


def test_a_number_and_a_name_that_disagree_are_not_guessed(tmp_path: Path) -> None:
    who = "דוד חיים_101_assignsubmission_file"
    intake = take(tmp_path, [(f"{who}/{FILE}", CODE)], WORKSHEET)
    assert owners(intake) == {None: CODE}
    assert "could be Zoë Doe, Jr. (z@example.edu) or דוד חיים (rtl@" in told(intake)
    plain = f"Ada Mary OBrien-Smith_101_assignsubmission_file/{FILE}"
    assert owners(take(tmp_path, [(plain, CODE)], WORKSHEET)) == {None: CODE}
    # One whom the worksheet gives no number is no reason to go by the name alone.
    roster = WORKSHEET.replace("Participant 105", "Participant")
    unknown = f"Zoë Doe, Jr._999_assignsubmission_file/{FILE}"
    known = f"Ada Mary OBrien-Smith_102_assignsubmission_file/{FILE}"
    intake = take(tmp_path, [(unknown, CODE), (known, b"ada")], roster)
    assert owners(intake) == {"ada@example.edu": b"ada", None: CODE}


def test_one_name_with_and_without_a_number_may_be_two_students(tmp_path: Path) -> None:
    files: Files = [
        (f"Zoë Doe, Jr._assignsubmission_file/{FILE}", b"one"),
        (f"Zoë  Doe, Jr._assignsubmission_file/{FILE}", b"two"),
    ]
    intake = take(tmp_path, files, PLAIN)
    assert [(s.roster_id, s.attempt) for s in intake.submissions] == [(None, 1)] * 2
    assert {p.kind for p in intake.issues} == {IssueKind.SAME_NAME}


def test_a_name_with_an_unknown_number_is_not_guessed(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            (f"דוד חיים_999_assignsubmission_file/{FILE}", CODE),
            (f"Zoë Doe, Jr._101_assignsubmission_file/{FILE}", CODE),
        ],
        WORKSHEET,
    )
    assert owners(intake) == {None: CODE, "z@example.edu": CODE}
    assert intake.issues[0].kind is IssueKind.WHICH_STUDENT


@pytest.mark.parametrize("word", ["Participant", "Teilnehmer-in"])
def test_blind_marking_needs_the_worksheet(
    tmp_path: Path, layout: str, word: str
) -> None:
    files: Files = [
        (layout.format(f"{word}_101") + FILE, b"one"),
        (layout.format(f"{word}_102") + FILE, b"two"),
    ]
    assert owners(take(tmp_path, files, WORKSHEET)) == {
        "z@example.edu": b"one",
        "ada@example.edu": b"two",
    }
    intake = take(tmp_path, files, BLIND_WORKSHEET)
    assert intake.issues == ()
    assert owners(intake) == {"Participant 101": b"one", "Participant 102": b"two"}
    with pytest.raises(
        IntakeError, match=r"is anonymous \(blind marking\), .*give this assignment's"
    ):
        take(tmp_path, files, PLAIN)


def test_a_name_that_only_ends_as_the_participants_is_another(tmp_path: Path) -> None:
    files: Files = [(f"Exsam Same_104_assignsubmission_file/{FILE}", CODE)]
    assert owners(take(tmp_path, files, WORKSHEET)) == {None: CODE}


def test_a_default_group_hides_no_blind_marking(tmp_path: Path) -> None:
    names = ("Teilnehmer-in_101", "Teilnehmer-in_102", "Default group")
    files: Files = [(f"{n}_assignsubmission_file/{FILE}", CODE) for n in names]
    with pytest.raises(IntakeError, match="is anonymous"):
        take(tmp_path, files, PLAIN)


def test_two_of_one_name_of_the_class_are_not_blind(tmp_path: Path) -> None:
    roster = "id,name\n7,Conan O'Brien\n8,Conan O'Brien\n"
    files: Files = [
        (f"Conan OBrien_{n}_assignsubmission_file/{FILE}", CODE) for n in (1, 2)
    ]
    assert {p.kind for p in take(tmp_path, files, roster).issues} == {
        IssueKind.SAME_NAME
    }


def test_one_participant_alone_is_blind_by_the_english_word(tmp_path: Path) -> None:
    alone = f"Participant_101_assignsubmission_file/{FILE}"
    with pytest.raises(IntakeError, match="is anonymous"):
        take(tmp_path, [(alone, CODE)], PLAIN)
    assert owners(take(tmp_path, [(alone, CODE)], WORKSHEET)) == {"z@example.edu": CODE}


def test_a_team_that_is_called_as_somebody_takes_nothing_of_theirs(
    tmp_path: Path,
) -> None:
    roster = PLAIN.replace("Los Ñandúes", "हिना शर्मा")
    files: Files = [(f"हिना शर्मा_106_assignsubmission_file/{FILE}", CODE)]
    assert owners(take(tmp_path, files, roster)) == {"0500": CODE}


def test_a_participants_files_can_be_given_back_and_a_teams_can_not(
    tmp_path: Path,
) -> None:
    files: Files = [
        (f"Zoë Doe, Jr._101_assignsubmission_file/{FILE}", CODE),
        (f"Default group_assignsubmission_file/{FILE}", CODE),
    ]
    intake = take(tmp_path, files, WORKSHEET)
    assert set(intake.taken_back.values()) == {
        "Zoë Doe, Jr._101_assignsubmission_file_",
        "",
    }


def test_each_of_a_team_gets_the_result(tmp_path: Path, layout: str) -> None:
    files: Files = [(layout.format("Team 1_45") + FILE, CODE)]
    intake = take(tmp_path, files, MOODLE_EXPORT)
    assert owners(intake) == {"0012345": CODE, "12.34.56": CODE}
    assert [s.student_name for s in intake.submissions] == [
        "Zoë Doe, Jr.",
        "Ada Mary O'Brien-Smith",
    ]
    assert {s.shared_by for s in intake.submissions} == {"Team 1_45"}
    roster = PLAIN.replace("Los Ñandúes", "O'Briens_1")
    files = [(layout.format("OBriens 1_45") + FILE, CODE)]
    assert set(owners(take(tmp_path, files, roster))) == {"0012345", "12.34.56"}


def test_a_teams_number_is_no_participants(tmp_path: Path) -> None:
    team = "Team 1_103_assignsubmission_file"
    intake = take(tmp_path, [(f"{team}/{FILE}", CODE)], WORKSHEET)
    assert set(owners(intake)) == {"z@example.edu", "ada@example.edu"}
    unknown = f"Team 7_103_assignsubmission_file/{FILE}"
    intake = take(tmp_path, [(unknown, CODE)], WORKSHEET)
    assert owners(intake) == {None: CODE}
    assert told(intake).startswith("Team 7: is not on the roster (Team 7_103)")
    assert [s.shared_by for s in intake.submissions] == [""]


def test_those_without_a_team_share_the_default_group(tmp_path: Path) -> None:
    group = f"Default group_assignsubmission_file/{FILE}"
    assert owners(take(tmp_path, [(group, CODE)], WORKSHEET)) == {
        "rtl@example.edu": CODE
    }


def test_before_4_1_a_teams_files_stand_once_a_member(tmp_path: Path) -> None:
    files: Files = [
        (f"Team 1-Zoë Doe, Jr._101_assignsubmission_file_/{FILE}", CODE),
        (f"Team 1-Ada Mary OBrien-Smith_102_assignsubmission_file_/{FILE}", CODE),
    ]
    assert set(owners(take(tmp_path, files, WORKSHEET))) == {
        "z@example.edu",
        "ada@example.edu",
    }
    intake = take(tmp_path, files, MOODLE_EXPORT)
    assert [s.roster_id for s in intake.submissions] == [None, None]
    assert "Team 1-Zoë Doe, Jr.: is not on the roster" in told(intake)
