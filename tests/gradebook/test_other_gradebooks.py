"""Brightspace, Blackboard and Sakai: points, kinds, words, and the row of each mark."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import StaffError
from autograder.gradebook import ExportReport, export
from autograder.intake.roster import RosterKind, read_roster
from autograder.marks.class_marks import entries_of
from gradebook_class import CANVAS, graded, write

MARKS = {"Zoë Doe": 62.5, "Bo Li": 0.0, "Ada Example": 100.0}
ROWS = (
    ("1", "zdoe", "Doe", "Zoë"),
    ("2", "bli", "Li", "Bo"),
    ("3", "aexample", "Example", "Ada"),
)


def brightspace(item: str = "Numeric MaxPoints:100 Weight:5", cell: str = "") -> str:
    head = "OrgDefinedId,Username,Last Name,First Name"
    lines = [f"{head},HW1 Points Grade <{item}>,End-of-Line Indicator"]
    lines += [f"#{i},#{u},{last},{first},{cell},#" for i, u, last, first in ROWS]
    return "\n".join(lines)


BLACKBOARDS = {
    language: tuple(words.split("|"))
    for language, words in {
        "English": "Last Name|First Name|Username|Student ID|Total Pts",
        # As files in circulation have them.
        "Spanish": "Apellidos|Nombre|Nombre de usuario|ID de estudiante|Puntos totales",
        "Portuguese": "Sobrenome|Nome|Nome do usuário|ID do aluno|Total de pontos",
        # Ours: no public file has Blackboard's own words.
        "German": "Nachname|Vorname|Benutzername|Studenten-ID|Gesamtpunkte",
        "French": "Nom|Prénom|Nom d'utilisateur|ID étudiant|Total des points",
        "Italian": "Cognome|Nome|Nome utente|ID studente|Punti totali",
        "Dutch": "Achternaam|Voornaam|Gebruikersnaam|Student-ID|Totaal",
    }.items()
}


def blackboard(
    language: str = "English", points: str = "100 Score", cell: str = ""
) -> str:
    last, first, username, number, total = BLACKBOARDS[language]
    out = io.StringIO()
    rows = [[last, first, username, number, f"HW1 [{total}: {points}] |128"]]
    rows += [[last, first, u, f"00{i}", cell] for i, u, last, first in ROWS]
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def sakai(points: str = "100", cell: str = "") -> str:
    lines = [f"Student ID,Student Name,HW1 [{points}],* HW1"]
    lines += [f'{u},"{last}, {first}",{cell},' for _, u, last, first in ROWS]
    return "\n".join(lines)


LISTS: dict[str, Any] = {
    "brightspace": brightspace,
    "blackboard": blackboard,
    "sakai": sakai,
}


def exported(
    folder: Path, lms: str, text: str, marks: dict[str, float] = MARKS, **options: Any
) -> tuple[ExportReport, list[dict[str, str]]]:
    roster = read_roster(write(folder, text))
    by_name = {s.name: s for s in roster.students}
    results = [graded(by_name[n].id, m, name=n) for n, m in marks.items()]
    report = export(
        lms,
        roster,
        entries_of(roster, results),
        item_title="HW1",
        possible=100.0,
        out_path=folder / "out.csv",
        dry_run=False,
        **options,
    )
    data = (folder / "out.csv").read_bytes().decode("utf-8-sig")
    return report, list(csv.DictReader(io.StringIO(data, newline="")))


def points(rows: list[dict[str, str]]) -> list[str]:
    (column,) = (h for h in rows[0] if h.startswith("HW1"))
    return [row[column] for row in rows]


WITH_POINTS: dict[str, Any] = {
    "brightspace": lambda told: brightspace(f"Numeric MaxPoints:{told} Weight:5"),
    "blackboard": lambda told: blackboard(points=f"{told} Score"),
    "sakai": sakai,
}


@pytest.mark.parametrize("lms", LISTS)
@pytest.mark.parametrize("told", ["10.0", "1.00", "10"])
def test_other_points_are_refused_or_scaled_to(
    tmp_path: Path, lms: str, told: str
) -> None:
    text = WITH_POINTS[lms](told)
    words = f"'HW1' has {told} points in {lms.capitalize()}"
    with pytest.raises(StaffError, match=re.escape(words)):
        exported(tmp_path, lms, text)
    report, rows = exported(tmp_path, lms, text, scale=True)
    factor = float(told) / 100
    # Half a hundredth is lost to rounding; the rest is the float's own error.
    for written, ours in zip(points(rows), MARKS.values(), strict=True):
        assert abs(float(written) - ours * factor) <= 0.005 + 1e-9
    assert any(r.startswith("scaled: full marks are 100") for r in report.remarks)


@pytest.mark.parametrize("lms", LISTS)
def test_spaces_around_an_items_heading_hide_no_other_points(
    tmp_path: Path, lms: str
) -> None:
    first, *rest = WITH_POINTS[lms]("10").splitlines()
    heading = next(cell for cell in next(csv.reader([first])) if "HW1" in cell)
    wide = "\n".join([first.replace(heading, f" {heading} "), *rest])
    with pytest.raises(StaffError, match="'HW1' has 10 points in"):
        exported(tmp_path, lms, wide)


def test_sakais_points_of_a_decimal_comma_are_read_with_it(tmp_path: Path) -> None:
    rows = [f'{u};"{last}, {first}";;' for _, u, last, first in ROWS]
    text = "\n".join(["Student ID;Student Name;HW1 [12,500];* HW1", *rows])
    report, _ = exported(tmp_path, "sakai", text, decimal_comma=True, scale=True)
    assert any("are 100 here and 12.5 in" in note for note in report.remarks)
    with pytest.raises(StaffError, match="--item-points"):
        exported(tmp_path, "sakai", text, scale=True)


@pytest.mark.parametrize("told", ["", " <Weight:5>"])
def test_a_brightspace_item_of_which_no_points_are_told_takes_them(
    tmp_path: Path, told: str
) -> None:
    text = brightspace().replace(" <Numeric MaxPoints:100 Weight:5>", told)
    if told:
        text = text.replace("<Weight", "<Numeric Weight")
    _, rows = exported(tmp_path, "brightspace", text)
    assert points(rows) == ["62.5", "0", "100"]


@pytest.mark.parametrize("place", ["before", "behind"])
def test_an_item_that_is_exported_as_points_and_as_a_word_takes_points(
    tmp_path: Path, place: str
) -> None:
    column = "HW1 Points Grade <Numeric MaxPoints:100 Weight:5>"
    both = ["HW1 Grade Symbol", column]
    head, *rest = brightspace().splitlines()
    head = head.replace(column, ",".join(both if place == "before" else both[::-1]))
    text = "\n".join([head, *(row.removesuffix("#") + ",#" for row in rest)])
    _, rows = exported(tmp_path, "brightspace", text)
    assert points(rows) == ["62.5", "0", "100"]


def test_a_brightspace_export_without_items_or_with_ours_needs_no_remark(
    tmp_path: Path,
) -> None:
    column = ",HW1 Points Grade <Numeric MaxPoints:100 Weight:5>"
    none = brightspace().replace(column, "").replace(",,#", ",#")
    for text in (none, brightspace()):
        report, _ = exported(tmp_path, "brightspace", text)
        assert not any("OrgDefinedId" in r or "it has:" in r for r in report.remarks)


def test_what_a_list_lacks_is_no_id_of_brightspaces(tmp_path: Path) -> None:
    text = "id,username,name\n1,zdoe,Zoë Doe\nbli,bli,Bo Li\n3,,Ada Example\n"
    report, rows = exported(tmp_path, "brightspace", text)
    assert [(row["OrgDefinedId"], row["Username"]) for row in rows] == [
        ("#1", "#zdoe"),
        ("#bli", "#bli"),
        ("#3", ""),
    ]
    assert any("see that its ids are OrgDefinedIds" in r for r in report.remarks)


@pytest.mark.parametrize(
    "item",
    [
        "Selectbox MaxPoints:100 Weight:5",
        "Text",
        "Formula MaxPoints:100",
        "Calculated MaxPoints:100",
    ],
)
def test_brightspaces_other_items_take_no_points(tmp_path: Path, item: str) -> None:
    kind = item.partition(" ")[0]
    with pytest.raises(StaffError, match=f"of kind {kind}, which takes no points"):
        exported(tmp_path, "brightspace", brightspace(item))


def test_brightspace_makes_a_word_of_the_points_of_a_pass_or_fail_item(
    tmp_path: Path,
) -> None:
    with pytest.raises(StaffError, match="which makes a pass or a fail of points"):
        exported(tmp_path, "brightspace", brightspace("Pass/Fail MaxPoints:100"))


def test_brightspaces_items_in_a_language_that_nobody_knows_are_refused(
    tmp_path: Path,
) -> None:
    text = brightspace().replace(
        "Points Grade <Numeric MaxPoints", "Note en points <Numérique NbMaxPoints"
    )
    with pytest.raises(StaffError, match=r"csv:1: its column 'HW1 Note en points .*"):
        exported(tmp_path, "brightspace", text)


@pytest.mark.parametrize("form", ["Grade Symbol", "Text Grade"])
def test_an_item_of_which_only_a_word_is_exported_takes_no_points(
    tmp_path: Path, form: str
) -> None:
    text = brightspace().replace(
        "HW1 Points Grade <Numeric MaxPoints:100 Weight:5>", f"HW1 {form}"
    )
    with pytest.raises(StaffError, match=f"of kind {form}, which takes no points"):
        exported(tmp_path, "brightspace", text)


@pytest.mark.parametrize(
    "shown", ["Text", "Letter", "Percentage", "Complete/Incomplete", "Tabular"]
)
def test_a_blackboard_column_that_shows_no_points_is_refused(
    tmp_path: Path, shown: str
) -> None:
    with pytest.raises(StaffError, match=f"shows '{shown}': it takes no points"):
        exported(tmp_path, "blackboard", blackboard(points=f"100 {shown}"))


@pytest.mark.parametrize("lms", LISTS)
def test_a_word_that_a_person_put_there_stays(tmp_path: Path, lms: str) -> None:
    text = LISTS[lms](cell="Exempt")
    report, rows = exported(tmp_path, lms, text)
    assert report.counts["left alone in the LMS"] == 3
    assert [p for p in (points(rows) if rows else []) if p] == []
    assert any("Zoë Doe" in r and "'Exempt'" in r for r in report.remarks)


@pytest.mark.parametrize("lms", LISTS)
def test_of_whom_we_have_no_mark_none_is_left_alone(tmp_path: Path, lms: str) -> None:
    text = LISTS[lms](cell="Exempt")
    report, _ = exported(tmp_path, lms, text, marks={"Bo Li": 7.0})
    assert (report.counts["marks"], report.counts["left alone in the LMS"]) == (0, 1)


@pytest.mark.parametrize("lms", LISTS)
@pytest.mark.parametrize("there", ["", " ", "-", " - ", "55", "0"])
def test_a_number_or_nothing_makes_room_for_a_mark(
    tmp_path: Path, lms: str, there: str
) -> None:
    report, rows = exported(tmp_path, lms, LISTS[lms](cell=there))
    assert points(rows) == ["62.5", "0", "100"]
    assert report.counts["left alone in the LMS"] == 0


def test_what_waits_for_a_mark_in_blackboard_gets_one(tmp_path: Path) -> None:
    for waiting in (
        *("Needs Grading", "In Progress", "-", "12,5", "Needs Grading(12.00)"),
        "In Progress(3,5)",
    ):
        report, rows = exported(tmp_path, "blackboard", blackboard(cell=waiting))
        assert points(rows) == ["62.5", "0", "100"]
        assert report.counts["left alone in the LMS"] == 0


@pytest.mark.parametrize(
    ("shown", "is_told"),
    [
        ("Score", False),
        ("", False),
        ("Puntuación", False),
        ("Pontuação", False),
        ("Escala Chilena", True),
    ],
)
def test_what_a_blackboard_column_shows_is_told_where_nobody_knows_the_word(
    tmp_path: Path, shown: str, *, is_told: bool
) -> None:
    text = blackboard("Spanish", points=f"100 {shown}", cell="6,4")
    report, rows = exported(tmp_path, "blackboard", text)
    assert points(rows) == ["62.5", "0", "100"]
    assert any(f"shows '{shown}', which is not known" in r for r in report.remarks) == (
        is_told
    )


def test_a_blackboard_download_without_what_it_matches_by_is_refused(
    tmp_path: Path,
) -> None:
    without = blackboard().replace('"Username"', '"Who"')
    with pytest.raises(StaffError, match="by which alone Blackboard knows whose a row"):
        exported(tmp_path, "blackboard", without)
    without = blackboard().replace(" |128", "")
    with pytest.raises(StaffError, match=r"csv:1: its column 'HW1' has no number"):
        exported(tmp_path, "blackboard", without)


def test_sakais_own_list_knows_people_by_their_names_for_logging_in(
    tmp_path: Path,
) -> None:
    text = sakai().replace("Student Name,", "Student Name,# Student Number,")
    text = text.replace('",', '",7,')
    roster = read_roster(write(tmp_path, text))
    assert roster.kind is RosterKind.SAKAI
    first = roster.students[0]
    assert (first.id, first.username, first.sis_id) == ("zdoe", "zdoe", "7")
    report, _ = exported(tmp_path, "sakai", text)
    assert not any("has no usernames" in remark for remark in report.remarks)


@pytest.mark.parametrize("language", BLACKBOARDS)
def test_blackboards_download_is_read_in_its_language(
    tmp_path: Path, language: str
) -> None:
    text = blackboard(language)
    roster = read_roster(write(tmp_path, text))
    assert roster.kind is RosterKind.BLACKBOARD
    first = roster.students[0]
    assert (first.username, first.sis_id, first.name) == ("zdoe", "001", "Zoë Doe")
    _, rows = exported(tmp_path, "blackboard", text)
    assert [*rows[0]] == next(csv.reader([text.splitlines()[0]]))
    assert points(rows) == ["62.5", "0", "100"]


def test_lists_of_other_lmss_are_none_of_brightspaces(tmp_path: Path) -> None:
    for text in (CANVAS, blackboard()):
        roster = read_roster(write(tmp_path, text))
        entries = entries_of(roster, [])
        with pytest.raises(StaffError, match="its ids are not Brightspace's"):
            export(
                "brightspace",
                roster,
                entries,
                item_title="HW1",
                possible=100.0,
                out_path=tmp_path / "out.csv",
                dry_run=False,
            )


PLAIN = "id,username,name,email\n7,zdoe,Zoë Doe,z@x.example\n8,bli,Bo Li,{}\n"


@pytest.mark.parametrize(
    ("text", "students", "lines"),
    [
        (CANVAS, ["0012345"], ["Username,ID number,HW1", "zdoe,0012345,50"]),
        (blackboard(), ["zdoe"], ["Username,ID number,HW1", "zdoe,001,50"]),
        (
            PLAIN.format("b@x.example"),
            ["7", "8"],
            [
                "Username,ID number,Email address,HW1",
                "zdoe,7,z@x.example,50",
                "bli,8,b@x.example,50",
            ],
        ),
        # What one of them lacks can tell nobody of the rest either.
        (
            PLAIN.format(""),
            ["7", "8"],
            ["Username,ID number,HW1", "zdoe,7,50", "bli,8,50"],
        ),
        # Of whoever has no mark nothing is written.
        (
            PLAIN.format(""),
            ["7"],
            ["Username,ID number,Email address,HW1", "zdoe,7,z@x.example,50"],
        ),
    ],
)
def test_moodles_import_has_what_tells_all_its_students_and_no_other_lmss_numbers(
    tmp_path: Path, text: str, students: list[str], lines: list[str]
) -> None:
    roster = read_roster(write(tmp_path, text))
    names = {student.id: student.name for student in roster.students}
    marks = [graded(student, 50.0, name=names.get(student)) for student in students]
    export(
        "moodle",
        roster,
        entries_of(roster, marks),
        item_title="HW1",
        possible=100.0,
        out_path=tmp_path / "out.csv",
        dry_run=False,
    )
    written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert written.splitlines() == lines


NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=' ,";=-'),
    min_size=1,
    max_size=8,
).map(lambda text: f"N{text}n")


@given(
    people=st.lists(st.tuples(NAMES, st.floats(0, 100)), min_size=1, max_size=6),
    lms=st.sampled_from([*LISTS]),
)
def test_whatever_the_names_a_mark_is_beside_its_students_username(
    people: list[tuple[str, float]],
    lms: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    heads = {
        "brightspace": ["OrgDefinedId", "Username", "Last Name", "First Name"],
        "blackboard": ["Student ID", "Username", "Last Name", "First Name"],
        "sakai": ["Student ID", "Username", "Last Name", "First Name"],
    }
    head = heads[lms]
    if lms == "blackboard":
        head = [*head, "HW1 [Total Pts: 100 Score] |128"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for n, (name, _) in enumerate(people):
        writer.writerow([f"{n:05d}", f"u{n}", name, "F", ""][: len(head)])
    folder = tmp_path_factory.mktemp("class")
    roster = read_roster(write(folder, out.getvalue()))
    results = [
        graded(s.id, score, name=s.name)
        for s, (_, score) in zip(roster.students, people, strict=True)
    ]
    export(
        lms,
        roster,
        entries_of(roster, results),
        item_title="HW1",
        possible=100.0,
        out_path=folder / "out.csv",
        dry_run=False,
    )
    data = (folder / "out.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    key = "Student ID" if lms == "sakai" else "Username"
    told = {
        row[key].removeprefix("#"): p for row, p in zip(rows, points(rows), strict=True)
    }
    for n, (_, score) in enumerate(people):
        assert abs(float(told[f"u{n}"]) - score) <= 0.0050001
