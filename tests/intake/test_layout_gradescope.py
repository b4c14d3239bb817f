"""Gradescope: a list in YAML, written by Ruby, says who handed in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.layouts.gradescope import SOURCE, submitted_at
from autograder.records.submission import Clock
from intake_class import (
    CODE,
    FILE,
    PLAIN,
    Files,
    archive_of,
    owners,
    roster_of,
    take,
    take_path,
    told,
)
from zips import save, with_declared_size, zipped

TOP = "assignment_7_export"
LIST = f"{TOP}/submission_metadata.yml"
ZOE = """\
submission_1:
  :submitters:
  - :name: Zoë Doe
    :sid: 0012345
    :email: z@example.edu
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 7.5
  :status: processed
  :results:
    :tests:
    - name: "1.1) it's: fine"
  :history: []
"""


def folder(number: int, data: bytes = CODE) -> tuple[str, bytes]:
    return f"{TOP}/submission_{number}/{FILE}", data


def entry(number: int, *submitters: str) -> str:
    lines = [f"submission_{number}:", "  :submitters:"]
    lines += [f"  - {submitter}" for submitter in submitters]
    return "\n".join([*lines, f"  :created_at: 2026-04-0{number} 10:00:00 Z", ""])


def test_the_list_says_whose_a_folder_is(tmp_path: Path) -> None:
    intake = take(tmp_path, [(LIST, ZOE), folder(1)])
    assert intake.source == "gradescope"
    assert intake.issues == ()
    (submission,) = intake.submissions
    assert (submission.roster_id, submission.lms_id) == ("0012345", "submission_1")
    assert (submission.files, submission.shared_by) == ({FILE: CODE}, "")
    told = datetime(2026, 4, 26, 17, 34, 0, 861687, UTC)
    assert (submission.submitted_at, submission.clock) == (told, Clock.OWN)


def test_by_id_then_e_mail_then_name(tmp_path: Path) -> None:
    listed = (
        entry(1, "{':name': Ada O'Brien-Smith, ':sid': 12.34.56}")
        + entry(2, "{':name': Zoe, ':sid': , ':email': Z@Example.edu}")
        + entry(3, "{':name': דוד חיים, ':sid': null}")
        + entry(4, "{':name': Sam Same}")
        + entry(5, "{':name': Gil Guest, ':sid': '99'}")
    )
    files: Files = [folder(n, str(n).encode()) for n in range(1, 6)]
    intake = take(tmp_path, [(LIST, listed), *files])
    assert {s.roster_id: s.files[FILE] for s in intake.submissions if s.roster_id} == {
        "12.34.56": b"1",
        "0012345": b"2",
        "0300": b"3",
    }
    assert "Sam Same: is the name of more than one student" in told(intake)
    assert "Gil Guest: is not on the roster" in told(intake)


def test_a_student_number_is_nobodys_where_the_name_is_somebody_elses(
    tmp_path: Path,
) -> None:
    listed = entry(1, "{':name': Gil Guest, ':sid': 12.34.56}")
    intake = take(tmp_path, [(LIST, listed), folder(1)])
    assert owners(intake) == {None: CODE}
    text = told(intake)
    assert "Gil Guest: could be Ada Mary O'Brien-Smith (12.34.56), its ids and" in text
    assert "(the name is 'Gil Guest' there and " in text


def test_an_id_and_an_e_mail_of_two_students_are_not_guessed(tmp_path: Path) -> None:
    listed = entry(1, "{':name': Zoë, ':sid': '0012345', ':email': sam1@example.edu}")
    intake = take(tmp_path, [(LIST, listed), folder(1)])
    assert owners(intake) == {None: CODE}
    assert "could be Zoë Doe, Jr. (0012345) or Sam Same (0401)" in told(intake)


def test_each_of_several_submitters_gets_the_result(tmp_path: Path) -> None:
    listed = entry(1, "{':sid': '0012345'}", "{':sid': '0300'}", "{':name': Gil}")
    intake = take(tmp_path, [(LIST, listed), folder(1)])
    assert [s.roster_id for s in intake.submissions] == ["0012345", "0300", None]
    assert {s.files[FILE] for s in intake.submissions} == {CODE}
    assert {s.shared_by for s in intake.submissions} == {"submission_1"}
    assert len({s.key for s in intake.submissions}) == 3
    assert told(intake).startswith("Gil: is not on the roster")
    pair = entry(1, "{':sid': '0012345'}", "{':sid': '0300'}")
    two = take(tmp_path, [(LIST, pair), folder(1)]).submissions
    assert [s.shared_by for s in two] == ["submission_1"] * 2


def test_a_student_in_two_submissions_has_two_attempts(tmp_path: Path) -> None:
    listed = entry(2, "{':sid': '0300'}") + entry(1, "{':sid': '0300'}")
    intake = take(tmp_path, [(LIST, listed), folder(1, b"old"), folder(2)])
    assert [(s.attempt, s.files[FILE]) for s in intake.submissions] == [
        (1, b"old"),
        (2, CODE),
    ]
    # By the moment, whatever a clock showed.
    listed = listed.replace("2026-04-02 10:00:00 Z", "2026-04-01 11:00:00 +02:00")
    intake = take(tmp_path, [(LIST, listed), folder(1, b"new"), folder(2)])
    assert [s.files[FILE] for s in intake.submissions] == [CODE, b"new"]


@pytest.mark.parametrize("submitters", ["", " []", " ~", " oops"])
def test_folders_of_nobody_are_graded_and_listed(
    tmp_path: Path, submitters: str
) -> None:
    listed = f"{ZOE}submission_2:\n  :submitters:{submitters}\n"
    intake = take(tmp_path, [(LIST, listed), folder(1), folder(2), folder(3)])
    assert [s.roster_id for s in intake.submissions] == ["0012345", None, None]
    for place in ("submission_2", "submission_3"):
        assert f"{place}: the download does not say who handed it in" in told(intake)
    doubts = [submission.time_doubt for submission in intake.submissions]
    assert doubts == ["", *["submission_metadata.yml has no time of it"] * 2]
    odd = listed + "  :created_at: yesterday\n"
    found = take(tmp_path, [(LIST, odd), folder(1), folder(2)]).submissions[1]
    assert found.time_doubt == "its time cannot be read: 'yesterday'"


@pytest.mark.parametrize("nothing", ["''", "~", "null", "' '"])
def test_a_number_that_is_none_is_no_number(tmp_path: Path, nothing: str) -> None:
    listed = entry(1, f"{{':sid': {nothing}, ':name': Zoë Doe, ':email': {nothing}}}")
    archive = archive_of(tmp_path, (LIST, listed.encode()), folder(1))
    (one,) = SOURCE.split(archive, roster_of(tmp_path, PLAIN), FILE).handed_in
    whose = one.whose
    assert (whose.name, whose.identifier, whose.email) == ("Zoë Doe", "", "")


def test_an_empty_list_at_the_top_is_one_of_nobody(tmp_path: Path) -> None:
    archive = archive_of(
        tmp_path, ("submission_metadata.yml", b"\n"), (f"submission_1/{FILE}", CODE)
    )
    roster = roster_of(tmp_path, PLAIN)
    assert SOURCE.recognises(archive, roster)
    (one,) = SOURCE.split(archive, roster, FILE).handed_in
    assert (one.place, one.whose.label, len(one.members)) == ("submission_1", "", 1)


def test_a_folder_that_is_missing_is_no_zero(tmp_path: Path) -> None:
    listed = ZOE + entry(2, "{':sid': '0300'}")
    intake = take(tmp_path, [(LIST, listed), folder(1)])
    assert owners(intake) == {"0012345": CODE}
    assert [p.roster_id for p in intake.ungraded] == ["0300"]
    assert "metadata.yml names its folder, submission_2, which is not" in told(intake)


def test_a_list_that_a_student_hands_in_is_a_file(tmp_path: Path) -> None:
    forged: Files = [(f"{TOP}/submission_1/submission_metadata.yml", "submission_2:")]
    intake = take(tmp_path, [*forged, (LIST, ZOE), folder(1)])
    assert owners(intake) == {"0012345": CODE}
    assert intake.submissions[0].notices == ("ignored: submission_metadata.yml",)


def test_rubys_tags_build_nothing(tmp_path: Path) -> None:
    tagged = (
        ZOE.replace(":results:\n", ":results: !ruby/object:Evil\n")
        + "  :more: !!python/object/apply:os.abort []\n"
    )
    assert owners(take(tmp_path, [(LIST, tagged), folder(1)])) == {"0012345": CODE}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: [", "cannot be read: line 2, column 1: "),
        ("a: b\nc: *d", "cannot be read: line 2, column 4: "),
        (b"a: \xff", "is not UTF-8"),
        ("a: \x07", "cannot be read: "),
        ("[" * 60, "is nested more than 50 deep"),
        ("{a: " * 60, "is nested more than 50 deep"),
        ("- " * 60, "is nested more than 50 deep"),
        # PyYAML's own words from 6.0.4 on, ours before.
        ("[" * 100_000, ""),
        ("{a: " * 100_000, "is nested more than 50 deep"),
        ("submission_1: 7", "cannot be read: Expected `object`, got `str`"),
        ("- 7", "cannot be read: Expected `object`, got `array`"),
    ],
)
def test_a_list_that_cannot_be_read_is_named(
    tmp_path: Path, data: str | bytes, message: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        take(tmp_path, [(LIST, data), folder(1)])
    error = caught.value
    assert error.place.endswith(": submission_metadata.yml")
    assert error.problem.startswith(message)
    assert len(error.problem) < 200
    assert "\n" not in error.problem
    assert "export the submissions again" in error.remedy


def test_a_download_without_the_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        IntakeError, match=r"has no submission_metadata\.yml that could"
    ):
        take(tmp_path, [folder(1)], source="gradescope")
    data = with_declared_size(zipped([(LIST, ZOE), folder(1)]), LIST.encode(), 2**27)
    with pytest.raises(IntakeError, match=r"that could be read \(.*as in a zip bomb\)"):
        take_path(tmp_path, save(tmp_path, data))


def test_a_list_may_be_larger_than_a_students_file(tmp_path: Path) -> None:
    words = " ".join(str(n) for n in range(900_000))
    listed = f"{ZOE}  :output: {words}\n"
    assert len(listed) > 5 * 2**20
    assert owners(take(tmp_path, [(LIST, listed), folder(1)])) == {"0012345": CODE}


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01 10:00:00 Z"])
def test_a_time_that_is_none_is_left_open(text: str) -> None:
    assert submitted_at(text) is None


def test_a_time_with_an_offset_is_the_same_moment() -> None:
    for text in (
        "2026-04-26 17:34:00 Z",
        "2026-04-26 10:34:00.000000000 -07:00",
        "2026-04-26 10:34:00.000 -07:00",
        "2026-04-26 17:34:00.000000 Z",
    ):
        found = submitted_at(text)
        assert found is not None
        assert found.astimezone(UTC) == datetime(2026, 4, 26, 17, 34, tzinfo=UTC)
    assert submitted_at("2026-04-26 17:34:00") == datetime(2026, 4, 26, 17, 34)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("path", "lists"),
    [
        ("submission_metadata.yml", True),
        ("assignment_1_export/submission_metadata.yml", True),
        ("export/submission_1/submission_metadata.yml", False),
        ("a1_conv1d.py", False),
        ("export/notes.yml", False),
    ],
)
def test_only_the_list_at_the_top_says_who_is_who(path: str, *, lists: bool) -> None:
    assert SOURCE.lists(path) is lists


def test_a_list_of_a_large_class_is_long_and_not_deep(tmp_path: Path) -> None:
    listed = "".join(
        f"submission_{n}:\n  :submitters:\n  - :name: Zoë Doe\n  :history: []\n"
        for n in range(100)
    )
    archive = archive_of(tmp_path, (LIST, listed.encode()), folder(1))
    handed_in = SOURCE.split(archive, roster_of(tmp_path, PLAIN), FILE).handed_in
    assert len(handed_in) == 100


def test_a_list_that_nobody_could_read_is_none(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, (LIST, None), folder(1))
    with pytest.raises(IntakeError, match=r"metadata\.yml that could be read"):
        SOURCE.split(archive, roster_of(tmp_path, PLAIN), FILE)
