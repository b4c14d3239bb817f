"""Canvas: a flat zip, names squeezed, ids of its own."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake import IssueKind
from autograder.intake.layout import HandedIn
from autograder.intake.layouts.canvas import SOURCE, spellings
from autograder.intake.roster import folded_name
from autograder.records.submission import IN_TIME, LATE
from intake_class import (
    CANVAS,
    CODE,
    FILE,
    PLAIN,
    Files,
    archive_of,
    owners,
    roster_of,
    take,
    told,
)
from zips import zipped


def test_a_flat_zip_gives_a_submission_a_user(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            (f"doejrzoë_9001_55001_{FILE}", CODE),
            ("doejrzoë_9001_55002_notes.txt", "hello"),
            (f"obriensmithadamary_9002_55003_{FILE}", b"ada"),
            (f"חייםדוד_9003_55004_{FILE}", b"rtl"),
            (f"शर्माहिना_9006_55005_{FILE}", b"hina"),
        ],
        CANVAS,
    )
    assert intake.source == "canvas"
    assert intake.issues == ()
    assert owners(intake) == {
        "9001": CODE,
        "9002": b"ada",
        "9003": b"rtl",
        "9006": b"hina",
    }
    zoe = intake.submissions[0]
    assert (zoe.lms_id, zoe.attempt, zoe.submitted_at) == ("9001", 1, None)
    assert zoe.notices == ("ignored: notes.txt",)


def test_lists_without_canvas_ids_are_matched_by_the_squeezed_name(
    tmp_path: Path,
) -> None:
    files: Files = [
        (f"doejrzoë_340934_55001_{FILE}", CODE),
        (f"obriensmithadamary_340935_55003_{FILE}", b"ada"),
        (f"חייםדוד_340936_55004_{FILE}", b"rtl"),
        (f"शर्माहिना_340937_55005_{FILE}", b"hina"),
    ]
    assert owners(take(tmp_path, files)) == {
        "0012345": CODE,
        "12.34.56": b"ada",
        "0300": b"rtl",
        "0500": b"hina",
    }


def test_a_canvas_id_is_no_id_of_another_list(tmp_path: Path) -> None:
    roster = "id,name\n9001,Gil Guest\n7,Zoë Doe\n"
    intake = take(tmp_path, [(f"doezoë_9001_55001_{FILE}", CODE)], roster)
    assert owners(intake) == {"7": CODE}


def test_two_of_one_name_are_told_apart_by_canvas_ids_only(tmp_path: Path) -> None:
    files: Files = [
        (f"samesam_9004_1_{FILE}", b"one"),
        (f"samesam_9005_2_{FILE}", b"two"),
    ]
    assert owners(take(tmp_path, files, CANVAS)) == {"9004": b"one", "9005": b"two"}
    unsure = take(tmp_path, files, PLAIN)
    assert [s.roster_id for s in unsure.submissions] == [None, None]
    assert {p.kind for p in unsure.issues} == {IssueKind.SAME_NAME}


def test_one_on_the_list_and_one_guest_of_the_same_name_are_not_guessed(
    tmp_path: Path,
) -> None:
    intake = take(
        tmp_path,
        [
            (f"doejrzoë_777_1_{FILE}", CODE),
            (f"obriensmithadamary_9002_2_{FILE}", CODE),
        ],
        CANVAS,
    )
    assert owners(intake) == {None: CODE, "9002": CODE}
    assert told(intake).startswith(
        "doejrzoë: could be Zoë Doe, Jr. (9001), its ids and name do not say the same"
    )


def test_late_ones_are_said_to_be(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"doejrzoë_LATE_9001_55001_{FILE}", CODE)], CANVAS)
    assert owners(intake) == {"9001": CODE}
    assert intake.submissions[0].notices == ("Canvas marks it as late",)


@pytest.mark.parametrize(
    "name", ["a1_conv1d-1.py", "a1_conv1d-0f8fad5b-d9cb-469f-a165-70867728950e.py"]
)
def test_canvas_count_of_uploads_is_taken_off(tmp_path: Path, name: str) -> None:
    intake = take(tmp_path, [(f"doejrzoë_9001_55001_{name}", CODE)], CANVAS)
    assert owners(intake) == {"9001": CODE}
    assert intake.submissions[0].notices == (
        f"Canvas has it as {name}: a file of the name had been uploaded before",
    )


def test_two_uploads_of_one_name_need_a_person(tmp_path: Path) -> None:
    files: Files = [
        (f"doejrzoë_9001_55001_{FILE}", b"first"),
        ("doejrzoë_9001_55002_a1_conv1d-1.py", b"second"),
    ]
    intake = take(tmp_path, files, CANVAS)
    assert intake.submissions == ()
    assert (
        "which file is meant is not clear: attachment 55001/a1_conv1d.py, "
        "attachment 55002/a1_conv1d.py" in told(intake)
    )
    same = take(tmp_path, [(name, CODE) for name, _ in files], CANVAS)
    assert owners(same) == {"9001": CODE}


def test_what_was_typed_in_is_no_file(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            ("doejrzoë_9001_text.html", "<p>"),
            ("obriensmithadamary_LATE_9002_link.html", "<p>"),
        ],
        CANVAS,
    )
    assert owners(intake) == {"9001": None, "9002": None}
    assert intake.submissions[0].notices == (
        "there is no a1_conv1d.py in what was handed in, which is: text.html",
    )


def test_a_students_zip_is_looked_into_and_an_empty_one_is_a_submission(
    tmp_path: Path,
) -> None:
    intake = take(
        tmp_path,
        [
            ("doejrzoë_9001_1_hw.zip", zipped([(f"hw/{FILE}", CODE)])),
            ("obriensmithadamary_9002_2_hw.zip", zipped([])),
        ],
        CANVAS,
    )
    assert owners(intake) == {"9001": CODE, "9002": None}
    alone = take(tmp_path, [("doejrzoë_9001_1_hw.zip", zipped([(FILE, CODE)]))], CANVAS)
    assert (alone.source, owners(alone)) == ("canvas", {"9001": CODE})


def test_a_groups_name_stands_for_its_members(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"losñandúes_9001_55001_{FILE}", CODE)])
    assert owners(intake) == {"0012345": CODE, "12.34.56": CODE}
    assert {s.shared_by for s in intake.submissions} == {"losñandúes_9001"}
    assert intake.issues == ()


def test_a_name_that_is_nobodys_beside_a_known_id_is_listed(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"losñandúes_9001_55001_{FILE}", CODE)], CANVAS)
    assert owners(intake) == {"9001": CODE}
    assert told(intake).startswith(
        "Zoë Doe, Jr.: handed in as 'losñandúes': where that is a group, only Zoë"
    )
    assert intake.ungraded == ()
    assert [(i.roster_id, i.graded) for i in intake.issues] == [("9001", True)]


def test_an_anonymous_download_is_refused(tmp_path: Path) -> None:
    files: Files = [
        (f"anon_x7Kq2_55001_{FILE}", CODE),
        (f"LATE_anon_b3Rd9_55002_{FILE}", CODE),
        (f"anon_12345_55003_{FILE}", CODE),
    ]
    with pytest.raises(IntakeError, match="anonymous, nothing in it says whose files"):
        take(tmp_path, files, CANVAS)


def test_a_stray_file_is_listed(tmp_path: Path) -> None:
    good: Files = [
        (f"doejrzoë_9001_1_{FILE}", CODE),
        ("doejrzoë_9001_2_notes.txt", "hello"),
    ]
    intake = take(tmp_path, [*good, ("stray.py", CODE)], CANVAS)
    assert told(intake).startswith("stray.py: is nobody's submission, and not graded")


def test_a_name_is_squeezed_as_canvas_does_it() -> None:
    assert "doejrzoë" in spellings("Zoë Doe, Jr.")
    assert "obriensmithada" in spellings("Ada O'Brien-Smith")
    assert "r2d2" in spellings("R_2_D2")
    assert spellings("") == {""}


def handed_in(tmp_path: Path, roster: str, *paths: str) -> tuple[HandedIn, ...]:
    archive = archive_of(tmp_path, *((path, CODE) for path in paths))
    return SOURCE.split(archive, roster_of(tmp_path, roster), FILE).handed_in


def test_one_late_file_makes_a_hand_in_late(tmp_path: Path) -> None:
    found = handed_in(
        tmp_path,
        CANVAS,
        f"doejrzoë_9001_1_{FILE}",
        "doejrzoë_LATE_9001_2_notes.txt",
        f"samesam_9004_3_{FILE}",
    )
    assert [(one.lms_says, one.time_doubt) for one in found] == [
        (LATE, "Canvas marks it as late"),
        (IN_TIME, ""),
    ]


def test_a_number_is_one_of_canvas_in_its_own_list_only(tmp_path: Path) -> None:
    path = f"doejrzoë_9001_1_{FILE}"
    for roster, own in ((CANVAS, True), (PLAIN, False)):
        (one,) = handed_in(tmp_path, roster, path)
        assert (one.whose.of_the_list, one.whose.identifier) == (own, "9001" * own)


def test_a_count_is_taken_off_a_notebook_too(tmp_path: Path) -> None:
    path = f"doejrzoë_9001_1_{Path(FILE).stem}-2.ipynb"
    (one,) = handed_in(tmp_path, CANVAS, path)
    assert one.own_paths == {path: f"{Path(FILE).stem}.ipynb"}


def test_a_student_called_anon_is_not_anonymous(tmp_path: Path) -> None:
    paths = [f"anon_9001_1_{FILE}", "anon_9001_2_a.py", "anon_9001_3_b.py"]
    assert len(handed_in(tmp_path, CANVAS, *paths)) == 1


def test_a_file_named_as_an_anonymous_one_is_no_reason_to_refuse_a_class(
    tmp_path: Path,
) -> None:
    paths = [f"doejrzoë_9001_1_{FILE}", f"samesam_9004_2_{FILE}", "anon_x7_3_a.py"]
    assert len(handed_in(tmp_path, CANVAS, *paths)) == 2
    with pytest.raises(IntakeError, match="is anonymous"):
        handed_in(tmp_path, CANVAS, paths[0], "anon_x7_3_a.py", "anon_x8_4_a.py")


def test_a_group_that_is_called_as_somebody_takes_nothing_of_theirs(
    tmp_path: Path,
) -> None:
    roster = PLAIN.replace("शर्मा, हिना", "Sharma, Hina")
    roster = roster.replace("Los Ñandúes", "Hina Sharma")
    (one,) = handed_in(tmp_path, roster, f"sharmahina_9006_1_{FILE}")
    assert (one.whose.name, one.whose.group) == ("sharmahina", "")


@pytest.mark.parametrize(
    ("name", "squeezed"),
    [
        ("हिना शर्मा", {"हिनाशर्मा", "शर्माहिना"}),
        ("Ann_Lee 2nd", {"ann_lee2nd", "2ndann_lee"}),
        ("Zoë O'Brien-Smith", {"zoëobriensmith", "obriensmithzoë"}),
    ],
)
def test_a_name_is_squeezed_as_canvas_does(name: str, squeezed: set[str]) -> None:
    assert spellings(name) == {folded_name(one) for one in squeezed}
