"""A class list is read as text; whatever is wrong is named with file and line."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.moodle_words import LANGUAGES, worksheet_words
from autograder.intake.roster import Roster, RosterKind, folded_name, read_roster
from autograder.intake.roster_headings import kind_of
from autograder.intake.witnesses import Person
from intake_class import (
    BLACKBOARD,
    BLIND_WORKSHEET,
    CLASSROOM,
    MOODLE_EXPORT,
    PLAIN,
    WORKSHEET,
)

BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\r\n"
    '#0012345,#zdoe,"Doe, Jr.",Zoë,z@example.edu,#\r\n'
    '#0000007,#oquote,"O\'Brien ""Bo""",Ada,,#\r\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)\n"
    "    Points Possible,,,,,100\n"
    '"Doe, Zoë",123,0012345,zdoe,S1,7.5\n'
    '"Student, Test",999,,,S1,\n'
)


def write(folder: Path, data: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(folder: Path, data: str | bytes) -> Roster:
    return read_roster(write(folder, data))


def test_a_brightspace_export_loses_its_guards_and_keeps_its_zeros(
    tmp_path: Path,
) -> None:
    roster = read(tmp_path, BRIGHTSPACE)
    assert roster.kind is RosterKind.BRIGHTSPACE
    assert [s.id for s in roster.students] == ["0012345", "0000007"]
    assert roster.students[0].username == "zdoe"
    assert roster.students[0].email == "z@example.edu"
    assert roster.students[1].name == 'Ada O\'Brien "Bo"'
    assert roster.rows[0][:2] == ("#0012345", "#zdoe")
    assert [s.line for s in roster.students] == [2, 3]


def test_a_canvas_export_keeps_its_head_and_leaves_the_test_student_out(
    tmp_path: Path,
) -> None:
    roster = read(tmp_path, CANVAS)
    assert roster.kind is RosterKind.CANVAS
    (student,) = roster.students
    assert (student.id, student.sis_id, student.username) == ("123", "0012345", "zdoe")
    assert student.name == "Zoë Doe"
    assert roster.heads == (("    Points Possible", "", "", "", "", "100"),)
    assert len(roster.rows) == 2


def test_canvas_may_say_which_columns_are_posted_by_hand(tmp_path: Path) -> None:
    head, points, *rest = CANVAS.splitlines(keepends=True)
    roster = read(tmp_path, "".join([head, ",,,,,Manual Posting\n", points, *rest]))
    assert len(roster.heads) == 2
    assert roster.rows[roster.students[0].row][1] == "123"
    assert roster.students[0].line == 4


def test_a_canvas_export_may_have_names_in_two_columns(tmp_path: Path) -> None:
    text = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,HW1 (77)\n"
        "    Points Possible,,,,,,100\n"
        "Doe,Zoë,123,0012345,zdoe,S1,\n"
    )
    (zoe,) = read(tmp_path, text).students
    assert (zoe.id, zoe.name, zoe.sis_id) == ("123", "Zoë Doe", "0012345")


def test_a_canvas_export_without_points_possible_is_refused(tmp_path: Path) -> None:
    lines = CANVAS.splitlines(keepends=True)
    with pytest.raises(IntakeError, match=r"roster\.csv: has no row 'Points Possible'"):
        read(tmp_path, lines[0] + lines[2])


@pytest.mark.parametrize(
    "text",
    [
        "id,username,name\n007,zdoe,Zoë Doe\n",
        "Name;Student ID;User Name\nZoë Doe;007;zdoe\n",
        "Mail\tSurname\tFirst Name\tSIS User ID\tLogin ID\nz@e\tDoe\tZoë\t007\tzdoe\n",
        '\ufeffUSERNAME,STUDENT NUMBER,Full Name\nzdoe,007,"Doe, Zoë"\n\n\n',
    ],
)
def test_a_plain_csv_may_have_any_order_and_common_spellings(
    tmp_path: Path, text: str
) -> None:
    roster = read(tmp_path, text)
    (student,) = roster.students
    assert (student.id, student.username, student.name) == ("007", "zdoe", "Zoë Doe")
    assert roster.kind is RosterKind.PLAIN


def test_a_username_is_the_id_where_there_is_no_other(tmp_path: Path) -> None:
    assert read(tmp_path, "user,name\nzdoe,Zoë Doe\n").students[0].id == "zdoe"


def test_a_list_without_names_has_ids_for_names(tmp_path: Path) -> None:
    text = "OrgDefinedId,Username,End-of-Line Indicator\n#07,#zdoe,#\n"
    roster = read(tmp_path, text)
    assert roster.students[0].name == "zdoe"
    assert not roster.has_names


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_excels_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    roster = read(tmp_path, BRIGHTSPACE.encode(encoding))
    assert roster.students[0].name == "Zoë Doe, Jr."
    assert roster.header[0] == "OrgDefinedId"


def test_a_comma_in_the_last_name_does_not_turn_the_name_round(tmp_path: Path) -> None:
    assert read(tmp_path, BRIGHTSPACE).students[0].name == "Zoë Doe, Jr."


def test_names_are_compared_without_case_spaces_and_forms(tmp_path: Path) -> None:
    roster = read(tmp_path, "id,name\n1,Zoë  DOE\n2,Ada Ng\n3,ada ng\n")
    assert [s.id for s in roster.named("zoe\u0308 doe\u200f")] == ["1"]
    assert [s.id for s in roster.named("ADA NG")] == ["2", "3"]
    assert roster.named("Ada Nobody") == ()
    assert folded_name("Ⅸ\u00a0 x") == "ix x"
    # A Cyrillic letter that looks the same is another name.
    assert roster.named("\u0410da Ng") == ()


def test_a_name_may_be_written_last_name_first(tmp_path: Path) -> None:
    roster = read(tmp_path, BRIGHTSPACE)
    for name in ("Zoë Doe, Jr.", "Doe, Jr., Zoë", "doe, jr. ,zoë"):
        assert [s.id for s in roster.named(name)] == ["0012345"]
    roster = read(tmp_path, 'id,first,last\n1,Ada,Ng\n2,,Ng Ada\n3,,"Ng, Ada"\n')
    assert [s.id for s in roster.named("Ng, Ada")] == ["1", "3"]


def test_students_are_found_by_id_sis_id_and_username(tmp_path: Path) -> None:
    roster = read(tmp_path, CANVAS)
    for identifier in ("123", "0012345", "ZDOE"):
        assert [s.id for s in roster.identified(identifier)] == ["123"]
    assert roster.identified("12345") == ()
    assert roster.identified("") == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "roster.csv: is empty"),
        ("id,name\n", "roster.csv: has no students"),
        (
            "id,name\n1,Zoë\n\n1,Ada\n",
            "roster.csv:4: the id '1' is also that of line 2",
        ),
        ("id,name\na,Zoë\nA,Ada\n", "roster.csv:3: the id 'A' is also that of line 2"),
        (
            "id,user,name\n1,z,Zoë\n2,z,Ada\n",
            "roster.csv:3: the username 'z' is also that of line 2",
        ),
        ("id,name\n,Zoë\n", "roster.csv:2: the id is empty"),
        ("OrgDefinedId,Last Name\n#,Doe\n", "roster.csv:2: the id is empty"),
        (
            "id,name\n1,Doe, Zoë\n",
            "2: has 3 cells, the headings are 2 (is a comma in a name without quotes?)",
        ),
        ('id,name\n1,"Zoë\n', "roster.csv:2: is no CSV: unexpected end of data"),
        (
            "colour,name\nred,Zoë\n",
            "roster.csv:1: the headings are colour, name (wanted are an id",
        ),
        ("id,colour\n1,red\n", "roster.csv:1: the headings are id, colour"),
        (
            "id,name,Student ID\n1,Zoë,2\n",
            "roster.csv:1: 'id' and 'Student ID' both give the id",
        ),
        (
            "End-of-Line Indicator,Last Name\n#,Doe\n",
            "roster.csv:1: the headings are End-of-Line Indicator, Last Name",
        ),
        (
            "id,name\n1,Zo\xeb\n".encode("latin-1"),
            "roster.csv:2: is not UTF-8: byte 0xEB",
        ),
        (b"PK\x03\x04 an Excel file", "roster.csv: is an Excel workbook or a zip"),
        ("id,name\n1\u202e2,Zoë\n", "roster.csv:2: the id has control characters"),
        (f"id,name\n{'9' * 200},Zoë\n", "roster.csv:2: the id has 200 characters"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, data: str | bytes, message: str
) -> None:
    with pytest.raises(IntakeError) as caught:
        read(tmp_path, data)
    assert message in str(caught.value)


def test_a_roster_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"none\.csv: cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")


def test_a_name_that_turns_the_text_round_is_made_visible(tmp_path: Path) -> None:
    roster = read(tmp_path, "id,name\n1,Zoë\u202eeoD\n")
    assert roster.students[0].name == "Zoë\ufffdeoD"


def test_a_line_break_in_a_cell_does_not_shift_the_lines(tmp_path: Path) -> None:
    text = 'id,name,note\n1,Zoë Doe,"two\nlines"\n2,,x\n,y,z\n'
    with pytest.raises(IntakeError, match=r"roster\.csv:5: the id is empty"):
        read(tmp_path, text)


def test_moodles_export_has_the_id_number_and_the_groups(tmp_path: Path) -> None:
    roster = read(tmp_path, MOODLE_EXPORT)
    assert roster.kind is RosterKind.MOODLE
    zoe, ada, *_ = roster.students
    assert (zoe.id, zoe.name, zoe.email) == ("0012345", "Zoë Doe, Jr.", "z@example.edu")
    assert (ada.id, ada.name) == ("12.34.56", "Ada Mary O'Brien-Smith")
    for group, members in (("team 1", 2), ("Team 9", 1), ("Team 1, Team 9", 1)):
        assert len(roster.in_group(group)) == members
    assert roster.in_group("") == ()
    german = "Vorname,Nachname,ID-Nummer,E-Mail-Adresse\nZoë,Doe,007,z@e.edu\n"
    (zoe,) = read(tmp_path, german).students
    assert (zoe.id, zoe.name, zoe.email) == ("007", "Zoë Doe", "z@e.edu")


def test_moodles_id_is_the_best_one_that_everybody_has(tmp_path: Path) -> None:
    text = MOODLE_EXPORT.replace("12.34.56", "").replace("Groups", "Username")
    roster = read(tmp_path, text)
    assert [s.id for s in roster.students][:2] == ["z@example.edu", "ada@example.edu"]
    text = (
        "First name,Surname,Username,ID number,Email address\nZoë,Doe,zdoe,,z@e.edu\n"
    )
    (student,) = read(tmp_path, text).students
    assert (student.id, student.username) == ("zdoe", "zdoe")
    with pytest.raises(
        IntakeError, match=r"roster\.csv:1: has no column that could be the id: ID numb"
    ):
        read(tmp_path, "First name,Surname,Email address\nZoë,Doe,z@e\nAda,Ng,\n")


def test_moodles_id_number_is_a_better_id_than_a_username(tmp_path: Path) -> None:
    head = "First name,Surname,Username,ID number,Email address\n"
    (student,) = read(tmp_path, f"{head}Zoë,Doe,zdoe,007,z@e.edu\n").students
    assert (student.id, student.username) == ("007", "zdoe")
    with pytest.raises(IntakeError, match="'Username' and 'Username' both give the"):
        read(tmp_path, "First name,Surname,Username,Username\nZoë,Doe,zdoe,z\n")


def test_sakais_list_has_an_item_or_it_is_a_plain_one(tmp_path: Path) -> None:
    head, row = "Student ID,Student Name", "zdoe,Zoë Doe"
    assert read(tmp_path, f"{head}\n{row}\n").kind is RosterKind.PLAIN
    listed = read(tmp_path, f"{head},HW1 [10]\n{row},\n")
    assert listed.kind is RosterKind.SAKAI
    (zoe,) = listed.students
    assert (zoe.id, zoe.username, zoe.name) == ("zdoe", "zdoe", "Zoë Doe")


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        (RosterKind.CANVAS, {"LastName", "FirstName", "ID", "Section"}),
        (RosterKind.CANVAS, {"Student", "ID"}),
        (RosterKind.CLASSROOM, {"identifier", "github_username"}),
        (
            RosterKind.BLACKBOARD,
            {"Last Name", "First Name", "Username", "Student ID"},
        ),
        (
            RosterKind.BLACKBOARD,
            {"Nachname", "Vorname", "Benutzername", "HW1 [Punkte: 100] |1281892"},
        ),
        (RosterKind.MOODLE, {"Vorname", "Nachname", "E-Mail-Adresse"}),
    ],
)
def test_an_lms_is_told_by_all_of_its_headings_together(
    kind: RosterKind, headings: set[str]
) -> None:
    assert kind_of([*headings]) is kind
    for one in headings:
        assert kind_of([*headings - {one}]) is not kind


def test_another_id_makes_moodles_headings_a_plain_list(tmp_path: Path) -> None:
    text = "First name,Last name,Email address,Student ID\nZoë,Doe,z@e.edu,007\n"
    roster = read(tmp_path, text)
    assert roster.kind is RosterKind.PLAIN
    assert roster.students[0].id == "007"


def test_moodles_worksheet_has_the_participants_numbers(tmp_path: Path) -> None:
    roster = read(tmp_path, WORKSHEET)
    assert roster.kind is RosterKind.MOODLE_WORKSHEET
    assert [s.id for s in roster.with_participant("102")] == ["ada@example.edu"]
    assert roster.students[0].name == "Zoë Doe, Jr."
    assert roster.students[2].groups == ("Default group",)
    blind = read(tmp_path, BLIND_WORKSHEET)
    assert [(s.id, s.participant) for s in blind.students] == [
        ("Participant 101", "101"),
        ("Participant 102", "102"),
    ]
    assert not blind.has_names


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_blackboards_export_is_read_as_csv_and_as_xls(
    tmp_path: Path, encoding: str
) -> None:
    text = BLACKBOARD.replace('","', '"\t"') if "16" in encoding else BLACKBOARD
    roster = read(tmp_path, text.encode(encoding))
    assert roster.kind is RosterKind.BLACKBOARD
    zoe = roster.students[0]
    assert (zoe.id, zoe.username, zoe.sis_id) == ("zdoe", "zdoe", "0012345")
    assert zoe.name == "Zoë Doe, Jr."
    assert roster.header[-1] == "HW1 [Total Pts: 100 Score] |1281892"
    assert [s.id for s in roster.identified("12.34.56")] == ["ada_ob"]


def test_a_real_xls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="is an Excel workbook or a zip, not a CSV"):
        read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_classrooms_list_has_accounts_and_groups(tmp_path: Path) -> None:
    roster = read(tmp_path, CLASSROOM)
    assert roster.kind is RosterKind.CLASSROOM
    assert [s.id for s in roster.with_github("adaob")] == ["O'Brien-Smith, Ada"]
    assert roster.with_github("") == ()
    assert [s.id for s in roster.in_group("the édouards")] == [
        "0012345",
        "O'Brien-Smith, Ada",
    ]
    unlinked = roster.students[2]
    assert (unlinked.id, unlinked.github, unlinked.groups) == ("0300", "", ())


def test_a_plain_list_may_have_accounts_groups_and_e_mail(tmp_path: Path) -> None:
    roster = read(tmp_path, PLAIN)
    assert roster.kind is RosterKind.PLAIN
    assert [s.id for s in roster.with_github("zoe-gh")] == ["0012345"]
    assert [s.id for s in roster.with_email("RTL@example.edu")] == ["0300"]
    assert [s.id for s in roster.in_group("Team 2")] == ["0300", "0500"]


def test_columns_that_were_moved_are_told_for_canvas(tmp_path: Path) -> None:
    moved = CANVAS.replace("Student,ID,", "ID,Student,", 1)
    moved = moved.replace("    Points Possible,,", ",    Points Possible,")
    with pytest.raises(IntakeError, match="'Points Possible' in another column than"):
        read(tmp_path, moved)


def test_brightspaces_list_in_another_language_is_told_by_its_ids(
    tmp_path: Path,
) -> None:
    text = "Nom d'utilisateur,Nom de famille,Prénom\n#zdoe,Doe,Zoë\n"
    with pytest.raises(IntakeError, match=r"csv:2: the id is '#zdoe': Brightspace"):
        read(tmp_path, text)


def test_an_id_is_found_by_its_number_and_an_empty_one_is_nobodys(
    tmp_path: Path,
) -> None:
    roster = read(tmp_path, CANVAS)
    assert roster.by_identifier.keys() == {"123", "0012345", "zdoe"}
    assert [s.id for s in roster.but_for_zeros("12345")] == ["123"]
    assert roster.but_for_zeros("zdoe") == roster.but_for_zeros("") == ()
    without = read(tmp_path, "id,name\nzdoe,Zoë Doe\n")
    assert without.by_identifier.keys() == {"zdoe"}
    assert without.but_for_zeros("omar") == ()


def test_a_list_is_told_from_another_by_all_that_it_has_of_its_students(
    tmp_path: Path,
) -> None:
    lists = [
        CANVAS,
        CANVAS.replace('"Doe, Zoë"', '"Doe, Zoe"'),
        CANVAS.replace("0012345", "0012346"),
        CANVAS.replace("zdoe", "zoed"),
        CANVAS.replace("123,", "124,", 1),
    ]
    hashes = [read(tmp_path, text).hash for text in lists]
    assert len(set(hashes)) == len(hashes)
    assert read(tmp_path, CANVAS.replace("7.5", "8")).hash == hashes[0]
    other = PLAIN.replace("z@example.edu", "zoe@example.edu")
    assert read(tmp_path, PLAIN).hash != read(tmp_path, other).hash


def test_whoever_has_no_name_has_none_to_be_compared(tmp_path: Path) -> None:
    named, nameless = read(tmp_path, "id,name\n1,Zoë Doe\n2,\n").students
    assert (named.person.name, nameless.person.name) == ("Zoë Doe", "")


@pytest.mark.parametrize("field", ["SIS User ID", "SIS Login ID"])
def test_no_id_of_any_kind_has_control_characters(tmp_path: Path, field: str) -> None:
    old = {"SIS User ID": "0012345", "SIS Login ID": "zdoe"}[field]
    with pytest.raises(IntakeError, match=r"roster\.csv:3: .* has control characters"):
        read(tmp_path, CANVAS.replace(old, f"{old}\u202e"))


def test_a_second_row_of_points_is_named_with_both_lines(tmp_path: Path) -> None:
    points = CANVAS.splitlines(keepends=True)[1]
    with pytest.raises(IntakeError, match=r"csv:5: is a second row .* line 2"):
        read(tmp_path, CANVAS + points)


def test_a_username_or_an_address_is_as_good_a_witness_as_a_name(
    tmp_path: Path,
) -> None:
    roster = read(tmp_path, BRIGHTSPACE)
    for person in (
        Person(username="ZDOE"),
        Person(email="z@example.edu"),
        Person(name="Doe, Zoë, Jr."),
    ):
        assert [s.id for s in roster.like(person)] == ["0012345"]
    assert roster.like(Person(username="nobody")) == ()


@pytest.mark.parametrize("language", ["Spanish", "Portuguese (Brazil)", "Portuguese"])
def test_a_worksheet_is_in_the_language_that_knows_most_of_its_headings(
    language: str,
) -> None:
    """Three languages call the identifier and a scale alike."""
    words = LANGUAGES[language]
    headings = {"Identificador", "Escala", words.submitted_at[0], "Status"}
    assert worksheet_words(frozenset(headings)) is words
