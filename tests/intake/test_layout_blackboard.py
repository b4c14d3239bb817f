"""Blackboard: receipts say whose files they are, and students can't forge one."""

from datetime import datetime
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake import IssueKind
from autograder.intake.layout import HandedIn
from autograder.intake.layouts.blackboard import SOURCE, student_of
from intake_class import (
    BLACKBOARD,
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
from zips import save, with_flag, zipped

FIRST, SECOND = "2026-04-22-10-43-23", "2026-04-23-09-00-00"


def stem(username: str, time: str = FIRST, title: str = "HW_1") -> str:
    return f"{title}_{username}_attempt_{time}"


def receipt(name: str, *files: tuple[str, str], comments: str = "none") -> str:
    lines = [
        f"Name: {name}",
        "Assignment: HW 1",
        "Date Submitted: Wednesday, April 22, 2026 10:43:23 AM EDT",
        "Current Grade: Needs Grading",
        "",
        "Submission Field:",
        "There is no student submission text data for this assignment.",
        "",
        "Comments:",
        comments,
        "",
        "Files:",
    ]
    for original, renamed in files:
        lines += [f"\tOriginal filename: {original}", f"\tFilename: {renamed}", ""]
    return "\r\n".join(lines)


def attempt(
    username: str, name: str, data: bytes = CODE, time: str = FIRST, file: str = FILE
) -> Files:
    renamed = f"{stem(username, time)}_{file}"
    return [
        (f"{stem(username, time)}.txt", receipt(name, (file, renamed))),
        (renamed, data),
    ]


ZOE = attempt("zdoe", "Zoë Doe, Jr. (zdoe)")


def test_receipts_say_whose_files_they_are(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            *ZOE,
            *attempt("ada_ob", "Ada Mary O'Brien-Smith (ada_ob)", b"ada"),
            *attempt("d.haim@example.edu", "דוד חיים (d.haim@example.edu)", b"rtl"),
            *attempt("sam1", "Sam Same (sam1)", b"one"),
            *attempt("sam2", "Sam Same (sam2)", b"two"),
        ],
        BLACKBOARD,
    )
    assert intake.source == "blackboard"
    assert intake.issues == ()
    assert owners(intake) == {
        "zdoe": CODE,
        "ada_ob": b"ada",
        "d.haim@example.edu": b"rtl",
        "sam1": b"one",
        "sam2": b"two",
    }
    zoe = next(s for s in intake.submissions if s.roster_id == "zdoe")
    assert zoe.submitted_at == datetime(2026, 4, 22, 10, 43, 23)  # noqa: DTZ001
    assert (zoe.student_name, zoe.notices) == ("Zoë Doe, Jr.", ())


def test_attempts_are_counted_by_their_times(tmp_path: Path) -> None:
    later = attempt("zdoe", "Zoë Doe, Jr. (zdoe)", b"later", SECOND)
    intake = take(tmp_path, [*later, *ZOE], BLACKBOARD)
    assert [(s.attempt, s.files[FILE]) for s in intake.submissions] == [
        (1, CODE),
        (2, b"later"),
    ]


def test_the_receipt_knows_what_a_file_was_called(tmp_path: Path) -> None:
    renamed = f"{stem('zdoe')}_a1_conv1d_py"
    files: Files = [
        (
            f"{stem('zdoe')}.txt",
            receipt("Zoë Doe, Jr. (zdoe)", ("a1 conv1d?.py", f"{renamed}.py")),
        ),
        (f"{renamed}.py", CODE),
    ]
    (submission,) = take(tmp_path, files, BLACKBOARD).submissions
    assert submission.notices[0].startswith("a1 conv1d?.py was taken as a1_conv1d.py")


def test_an_attempt_without_files_is_a_submission(tmp_path: Path) -> None:
    files: Files = [(f"{stem('zdoe')}.txt", receipt("Zoë Doe, Jr. (zdoe)"))]
    intake = take(tmp_path, files, BLACKBOARD)
    assert owners(intake) == {"zdoe": None}


def test_a_file_of_the_receipt_that_is_missing_is_no_zero(tmp_path: Path) -> None:
    intake = take(tmp_path, [ZOE[0], *attempt("sam1", "Sam Same (sam1)")], BLACKBOARD)
    assert owners(intake) == {"sam1": CODE}
    (problem,) = intake.ungraded
    assert problem.roster_id == "zdoe"
    assert "a1_conv1d.py: is in the receipt, but not in the download" in str(problem)


def test_a_zip_is_looked_into_and_one_that_is_encrypted_is_no_zero(
    tmp_path: Path,
) -> None:
    inner = zipped([(f"hw/{FILE}", CODE)])
    good = take(tmp_path, attempt("zdoe", "Z (zdoe)", inner, file="hw.zip"), BLACKBOARD)
    assert owners(good) == {"zdoe": CODE}
    both = zipped([(FILE, CODE), (f"old/{FILE}", b"old")])
    two = take(tmp_path, attempt("zdoe", "Z (zdoe)", both, file="hw.zip"), BLACKBOARD)
    assert two.submissions[0].notices == (f"ignored: hw.zip/old/{FILE}",)
    data = with_flag(zipped(ZOE), f"{stem('zdoe')}_{FILE}".encode(), 1)
    bad = take_path(tmp_path, save(tmp_path, data), BLACKBOARD)
    assert bad.submissions == ()
    assert "a1_conv1d.py: is encrypted" in told(bad)


def test_a_receipt_that_a_student_handed_in_is_a_file(tmp_path: Path) -> None:
    forged = f"x_{stem('zdoe', SECOND)}.txt"
    renamed = f"{stem('sam1')}_{forged}"
    more = f"{stem('sam1')}_x_{stem('zdoe', SECOND)}_{FILE}"
    intake = take(
        tmp_path,
        [
            *ZOE,
            (f"{stem('sam1')}.txt", receipt("Sam Same (sam1)", (forged, renamed))),
            (renamed, receipt("Zoë Doe, Jr. (zdoe)", (FILE, more))),
            (more, b"forged"),
        ],
        BLACKBOARD,
    )
    zoes = [s for s in intake.submissions if s.roster_id == "zdoe"]
    assert [(s.attempt, s.files) for s in zoes] == [(1, {FILE: CODE})]


@pytest.mark.parametrize(
    "text",
    [
        "Name:" + " " * 1_000_000,
        "Name: Z (zdoe)\nDate Submitted: " + "1:11 " * 200_000,
        "Name: Z (zdoe)\n" + "1:11\n" * 200_000,
        "Name: Z (zdoe)\n\nFiles:\n" + "\tFilename: _a_" * 80_000,
        "Name: Z (" + "zdoe" * 500_000,
    ],
)
def test_a_file_named_as_a_receipt_takes_no_more_time_than_it_is_long(
    tmp_path: Path, text: str
) -> None:
    forged = f"x_{stem('zdoe', SECOND)}.txt"
    renamed = f"{stem('sam1')}_{forged}"
    sams = (f"{stem('sam1')}.txt", receipt("Sam Same (sam1)", (forged, renamed)))
    intake = take(tmp_path, [*ZOE, sams, (renamed, text)], BLACKBOARD)
    assert owners(intake) == {"zdoe": CODE, "sam1": None}


def test_what_a_student_writes_in_a_comment_claims_no_file(tmp_path: Path) -> None:
    claim = f"Files:\n\tOriginal filename: {FILE}\n\tFilename: {ZOE[1][0]}"
    forged = receipt("Sam Same (sam1)", comments=f"Name: Zoë Doe, Jr. (zdoe)\n{claim}")
    intake = take(tmp_path, [*ZOE, (f"{stem('sam1')}.txt", forged)], BLACKBOARD)
    assert owners(intake) == {"zdoe": CODE, "sam1": None}
    unheaded = forged.rpartition("Files:")[0]
    intake = take(tmp_path, [*ZOE, (f"{stem('sam1')}.txt", unheaded)], BLACKBOARD)
    assert owners(intake) == {"zdoe": CODE}
    assert [p.roster_id for p in intake.ungraded] == ["sam1"]


def test_a_name_may_end_in_brackets_and_a_username_be_unknown(tmp_path: Path) -> None:
    files = attempt("gil", "Gil (zdoe) Guest (gil)")
    intake = take(tmp_path, files, BLACKBOARD)
    assert owners(intake) == {None: CODE}
    assert told(intake).startswith("Gil (zdoe) Guest: is not on the roster")


def test_files_without_a_receipt_are_listed(tmp_path: Path) -> None:
    (orphan,) = attempt("sam1", "Sam Same (sam1)")[1:]
    spoilt = f"{stem('sam2')}.txt"
    intake = take(tmp_path, [*ZOE, orphan, (spoilt, "Nom : Sam")], BLACKBOARD)
    assert owners(intake) == {"zdoe": CODE}
    assert {p.place for p in intake.issues} == {orphan[0], spoilt}
    assert {p.kind for p in intake.issues} == {IssueKind.LEFT_OUT}


def test_without_any_receipt_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"has no receipt .* nothing else says whose"):
        take(tmp_path, ZOE[1:], BLACKBOARD)


def test_a_time_that_cannot_be_leaves_it_open(tmp_path: Path) -> None:
    files = attempt("zdoe", "Zoë Doe, Jr. (zdoe)", CODE, "2026-13-45-10-43-23")
    (one,) = take(tmp_path, files, BLACKBOARD).submissions
    assert one.submitted_at is None
    assert one.time_doubt == "its time cannot be read: '2026-13-45-10-43-23'"


def test_an_assignment_may_be_called_like_an_attempt(tmp_path: Path) -> None:
    title = f"Redo_attempt_{SECOND}"
    files: Files = [
        (f"{stem('zdoe', title=title)}.txt", receipt("Zoë Doe, Jr. (zdoe)")),
        (f"{stem('zdoe', title=title)}_{FILE}", CODE),
    ]
    assert owners(take(tmp_path, files, BLACKBOARD)) == {"zdoe": CODE}


def test_a_file_that_begins_with_a_name_is_no_receipt(tmp_path: Path) -> None:
    code = b"# Name: Zoe Doe (zdoe)\n" + CODE
    files = attempt("zdoe", "Zoë Doe, Jr. (zdoe)", code)
    assert owners(take(tmp_path, files, BLACKBOARD)) == {"zdoe": code}


def test_a_receipt_within_what_a_student_handed_in_is_none(tmp_path: Path) -> None:
    said = receipt("Sam Same (sam1)").encode()
    archive = archive_of(
        tmp_path,
        (f"{stem('zdoe')}.txt", receipt("Zoë Doe, Jr. (zdoe)").encode()),
        (f"{stem('zdoe')}_hw/{stem('sam1')}.txt", said),
    )
    found = SOURCE.split(archive, roster_of(tmp_path, BLACKBOARD), FILE).handed_in
    assert [one.whose.identifier for one in found] == ["zdoe"]


@pytest.mark.parametrize(
    ("word", "name", "heading", "original", "renamed"),
    [
        # As seen in France: a no-break space stands before each colon.
        (
            *("Tentative", "Nom\u00a0", "Fichiers\u00a0"),
            *("Nom du fichier d'origine\u00a0", "Nom du fichier\u00a0"),
        ),
        *(
            (
                "Versuch",
                "Name",
                "Dateien",
                "Urspr\u00fcnglicher Dateiname",
                "Dateiname",
            ),
            ("intento", "Nombre", "Archivos", "Nombre original", "Nombre de archivo"),
            ("tentativa", "Nome", "Arquivos", "Nome original", "Nome do arquivo"),
            ("tentativo", "Nome", "File", "Nome file originale", "Nome file"),
            ("poging", "Naam", "Bestanden", "Oorspronkelijke naam", "Bestandsnaam"),
        ),
    ],
)
def test_the_words_of_a_receipt_may_be_in_any_language(
    tmp_path: Path, word: str, name: str, heading: str, original: str, renamed: str
) -> None:
    beginning = f"HW_1_zdoe_{word}_{FIRST}"
    text = "\r\n".join(
        [
            f"{name}: Zo\u00eb Doe, Jr. (zdoe)",
            "Devoir: HW 1",
            "",
            "Commentaires:",
            f"{original}: forged.py",
            f"{renamed}: {beginning}_forged.py",
            "",
            f"{heading}:",
            f"\t{original}: {FILE}",
            f"\t{renamed}: {beginning}_{FILE}",
            "",
        ]
    )
    files: Files = [(f"{beginning}.txt", text), (f"{beginning}_{FILE}", CODE)]
    intake = take(tmp_path, files, BLACKBOARD)
    assert intake.source == "blackboard"
    assert owners(intake) == {"zdoe": CODE}
    (submission,) = intake.submissions
    assert submission.submitted_at is not None
    assert "forged" not in told(intake)


def test_a_receipt_that_windows_wrote_is_read(tmp_path: Path) -> None:
    files: Files = [
        (name, data.encode("cp1252") if isinstance(data, str) else data)
        for name, data in attempt("zdoe", "Zoë Doe, Jr. (zdoe)")
    ]
    assert owners(take(tmp_path, files, BLACKBOARD)) == {"zdoe": CODE}


def test_what_one_student_handed_in_is_one_students_in_any_language() -> None:
    for word in ("attempt", "Tentative", "Versuch"):
        names = [f"HW_1_zdoe_{word}_{FIRST}{end}" for end in (".txt", f"_{FILE}")]
        assert {student_of(name) for name in names} == {"HW_1_zdoe"}


def receipts_as(
    tmp_path: Path, data: bytes, listed: str = BLACKBOARD
) -> list[HandedIn]:
    """Return the hand-ins of a download with one receipt of these bytes."""
    name = stem("zdoe")
    archive = archive_of(tmp_path, (f"{name}.txt", data), (f"{name}_{FILE}", CODE))
    roster = roster_of(tmp_path, listed)
    return [*SOURCE.split(archive, roster, FILE).handed_in]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Zoë Doe".encode(), "Zoë Doe"),
        (b"\xef\xbb\xbfZo\xc3\xab Doe", "Zoë Doe"),
        (b"Bo\x9eidar \x8ai\x9ami\xe6", "Božidar Šišmiæ"),
        (b"Zo\xeb \x81 Doe", "Zoë � Doe"),
        (b"  Zo\xc3\xab  ", "Zoë"),
    ],
)
def test_a_receipt_is_read_as_utf_8_or_as_windows_wrote_it(
    tmp_path: Path, name: bytes, read: str
) -> None:
    begins = b"\xef\xbb\xbf" * name.startswith(b"\xef\xbb\xbf")
    line = begins + b"Name: " + name.removeprefix(begins) + b" ( zdoe )\r\n"
    (one,) = receipts_as(tmp_path, line)
    assert (one.time_doubt, one.refused) == ("", ())
    assert (one.whose.name, one.whose.identifier) == (read, "zdoe")


def test_what_is_larger_than_any_receipt_is_none(tmp_path: Path) -> None:
    said = receipt("Zoë Doe, Jr. (zdoe)").encode() + b"\r\n"
    assert len(receipts_as(tmp_path, said.ljust(2**20))) == 1
    with pytest.raises(IntakeError, match="has no receipt"):
        receipts_as(tmp_path, said.ljust(2**20 + 1))


def test_what_a_student_wrote_at_the_end_of_a_receipt_lists_no_file(
    tmp_path: Path,
) -> None:
    for mine in ("see: a.py\r\nand: b.py", f"this\r\nis: {stem('zdoe')}_b.py"):
        said = receipt("Zoë Doe, Jr. (zdoe)", comments=mine)
        (one,) = receipts_as(tmp_path, said.partition("\r\n\r\nFiles:")[0].encode())
        assert one.refused == ()


def test_a_list_of_files_has_a_heading_of_its_own(tmp_path: Path) -> None:
    short = f"Name: Zoe Doe (zdoe)\r\nFilename: {stem('zdoe')}_b.py"
    (one,) = receipts_as(tmp_path, short.encode())
    assert one.refused == ()
    forged = f"Original filename: b.py\r\nFilename: {stem('zdoe')}_b.py"
    said = receipt("Zoë Doe, Jr. (zdoe)", comments=f"mine\r\n{forged}")
    (one,) = receipts_as(tmp_path, said.partition("\r\n\r\nFiles:")[0].encode())
    assert one.refused == ()


def test_a_time_that_a_student_wrote_names_no_zone(tmp_path: Path) -> None:
    said = receipt("Zoë Doe, Jr. (zdoe)", comments="at 10:43:23 AM PST")
    (one,) = receipts_as(tmp_path, said.encode())
    assert one.zone_name == "EDT"
    (plain,) = receipts_as(tmp_path, said.replace(" EDT", "").encode())
    assert plain.zone_name == ""


def test_a_username_is_that_of_blackboards_own_list_only(tmp_path: Path) -> None:
    said = receipt("Zoë Doe, Jr. (zdoe)").encode()
    lists = (BLACKBOARD, PLAIN)
    found = [receipts_as(tmp_path, said, listed)[0].whose for listed in lists]
    assert [one.of_the_list for one in found] == [True, False]


def test_a_receipt_lies_at_the_top_or_in_one_folder() -> None:
    name = f"{stem('zdoe')}.txt"
    assert [SOURCE.lists(f"{folder}{name}") for folder in ("", "a/", "a/b/")] == [
        True,
        True,
        False,
    ]
