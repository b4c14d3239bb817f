"""Every format, read back as its LMS reads it: to the cell, traps included."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from autograder.errors import StaffError
from autograder.gradebook import FORMATS, ExportReport, export
from autograder.gradebook.sheet import LONGEST_COMMENT, Expressed
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import Status, entries_of
from autograder.marks.deadlines import Graded, Terms
from autograder.records.results import Diagnosis, QuestionResult, Verdict
from gradebook_class import BRIGHTSPACE, CANVAS, DUE, graded, write
from moodle_importer import php_rows
from sakai_importer import opencsv_rows

MOODLE = """\
First name,Last name,ID number,Email address,Username
Zoë,"Doe, Jr.",0012345,z@example.edu,zdoe
Ada,"O""Quote",12.34.56,a@example.edu,oq
דוד,חיים,0300,d@example.edu,omar
Eve,Formula,=1+1,e@example.edu,evil
"""
WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade",'
    '"Grade can be changed","Last modified (submission)","Last modified (grade)",'
    '"Feedback comments"\n'
    '"Participant 1","Zoë Doe",z@example.edu,"Submitted for grading",,100.00,Yes,'
    '"Sunday, 22 November 2026, 3:05 PM",-,\n'
    '"Participant 2","Ada O""Quote",a@example.edu,"Submitted for grading",40.00,100.00,'
    'Yes,-,"domingo, 22 de noviembre de 2026, 15:05","an old one\\"\n'
    '"Participant 3","דוד חיים",d@example.edu,"No submission",,100.00,No,-,-,\n'
    '"Participant 4","Eve Formula",e@example.edu,"No submission",,100.00,Yes,-,-,\n'
)
BLACKBOARD = (
    '\ufeff"Last Name","First Name","Username","Student ID",'
    '"Total [Total Pts: up to 200 Score] |1","HW1 [Total Pts: 100 Score] |128",'
    '"HW2 [Total Pts: 50 Score] |129"\n'
    '"Doe, Jr.","Zoë","zdoe","0012345","","",""\n'
    '"O""Quote","Ada","oq","12.34.56","","3",""\n'
    '"חיים","דוד","omar","0300","","",""\n'
    '"Formula","Eve","evil","=1+1","","",""\n'
)
ONE_COLUMN = BLACKBOARD.replace(
    '"HW2 [Total Pts: 50 Score] |129"\n',
    '"Grading Notes","Notes Format","Feedback to Learner","Feedback Format"\n',
).replace(',""\n', ',"","","",""\n')
IDS = ("0012345", "12.34.56", "0300", "=1+1")
QUESTIONS = (("Twice", 30.0, 40.0), ("Four, times", 32.5, 60.0))
EVIL = 'a "quoted", word <b>\tin\nC:\\'


def questions(*, named: str = "") -> tuple[QuestionResult, ...]:
    found = (Diagnosis(name="m", message=named),) if named else ()
    return tuple(
        QuestionResult(
            name=title,
            title=title,
            score=score,
            possible=possible,
            verdict=Verdict.FAILED,
            cases=(),
            diagnoses=found,
        )
        for title, score, possible in QUESTIONS
    )


def work(student: str, score: float | None, named: str = "") -> Graded:
    submission, result = graded(student, score, at=DUE + timedelta(hours=30))
    parts = () if score is None else questions(named=named)
    return submission, msgspec.structs.replace(result, questions=parts)


@pytest.fixture
def exported(tmp_path: Path) -> Any:
    """Export a class: 62.5, a 0, a fault and nothing handed in."""

    def do(
        lms: str, roster: str, ids: tuple[str, ...] = IDS, **options: Any
    ) -> tuple[list[dict[str, str]], ExportReport, bytes]:
        named = options.pop("named", "")
        item = options.pop("item", "HW1")
        due = options.pop("due", DUE)
        out = tmp_path / "out.csv"
        class_list = read_roster(write(tmp_path, roster))
        results = [work(ids[0], 62.5, named), work(ids[1], 0.0), work(ids[2], None)]
        entries = entries_of(class_list, results, terms=Terms(due=due))
        report = export(
            lms,
            class_list,
            entries,
            item_title=item,
            possible=100.0,
            out_path=out,
            **{"dry_run": False} | options,
        )
        data = out.read_bytes()
        delimiter = ";" if options.get("decimal_comma") else ","
        text = data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
        return rows, report, data

    return do


def test_moodles_import_has_who_has_a_mark_and_every_way_to_tell_them(
    exported: Any,
) -> None:
    rows, _, data = exported("moodle", MOODLE)
    assert rows == [
        {
            "Username": "zdoe",
            "ID number": "0012345",
            "Email address": "z@example.edu",
            "HW1": "62.5",
        },
        {
            "Username": "oq",
            "ID number": "12.34.56",
            "Email address": "a@example.edu",
            "HW1": "0",
        },
    ]
    assert not data.startswith(b"\xef\xbb\xbf")


def test_a_question_has_its_own_column(exported: Any) -> None:
    rows, _, _ = exported("moodle", MOODLE, expressed=Expressed.QUESTIONS)
    assert [rows[0]["HW1: Twice"], rows[0]["HW1: Four, times"]] == ["30", "32.5"]
    rows, _, _ = exported("csv", MOODLE, expressed=Expressed.QUESTIONS)
    assert [row["HW1: Twice"] for row in rows] == ["30", "30", "", ""]
    rows, _, _ = exported("gradescope", MOODLE, expressed=Expressed.QUESTIONS)
    assert rows[0]["2: Four, times (60.0 pts)"] == "32.5"
    rows, _, _ = exported("brightspace", BRIGHTSPACE, expressed=Expressed.QUESTIONS)
    assert rows[0]["HW1: Twice Points Grade"] == "30"
    rows, _, _ = exported("sakai", MOODLE, expressed=Expressed.QUESTIONS)
    assert rows[0]["HW1: Four, times [60]"] == "32.5"


def test_a_comment_that_ends_in_a_backslash_keeps_the_next_row(exported: Any) -> None:
    for lms, roster, ids in (
        ("moodle", MOODLE, IDS),
        ("moodle-worksheet", WORKSHEET, ("z@example.edu", "a@example.edu", "-")),
    ):
        _, _, data = exported(lms, roster, ids, with_comments=True, named=EVIL)
        rows = php_rows(data)
        assert len(rows) == 3
        assert len({len(row) for row in rows}) == 1
        assert rows[1][-1].endswith(
            "Four, times: a &quot;quoted&quot;, word &lt;b&gt; in C:&#92;"
        )
        assert "\\" not in data.decode()


def test_the_reader_of_this_test_loses_a_row_to_a_backslash() -> None:
    # What the test above is worth: the second row ends up in the first one's cell.
    assert php_rows(b'a,"b\\"\r\nc,d\r\n') == []
    assert php_rows(b'a,"b"\r\nc,d\r\n') == [["a", "b"], ["c", "d"]]


def test_the_worksheet_is_the_downloaded_one_filled_in(exported: Any) -> None:
    ids = ("z@example.edu", "a@example.edu", "d@example.edu")
    rows, report, data = exported("moodle-worksheet", WORKSHEET, ids)
    before = list(csv.DictReader(io.StringIO(WORKSHEET)))
    header = WORKSHEET.splitlines()[0].replace('"', "")
    # Feedback that nobody asked for would be damaged, or wiped out.
    assert data.decode().splitlines()[0] == header.removesuffix(",Feedback comments")
    for row in before:
        del row["Feedback comments"]
    assert rows[0] == before[0] | {"Grade": "62.5"}
    assert rows[1] == before[1] | {"Grade": "0"}
    notes = "\n".join(report.remarks)
    assert 'Ada O"Quote (a@example.edu) has a time that Moodle may not read' in notes
    assert "tick \u201cAllow updating records" in notes
    assert "has 0: some versions of Moodle drop a 0" in notes


def test_the_box_is_asked_for_only_where_a_mark_changes(exported: Any) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    same = WORKSHEET.replace(",40.00,", ',"0,00",')
    rows, report, _ = exported("moodle-worksheet", same, ids)
    assert [row["Grade"] for row in rows] == ["62.5", "0"]
    assert "tick" not in "\n".join(report.remarks)
    fresh = WORKSHEET.replace(
        "domingo, 22 de noviembre de 2026, 15:05", "Sunday, 22 November 2026, 3:05 PM"
    )
    _, report, _ = exported("moodle-worksheet", fresh, ids)
    (asked,) = (r for r in report.remarks if "tick" in r)
    assert asked.startswith('Ada O"Quote (a@example.edu) was graded before')


def test_a_scale_takes_no_points(exported: Any) -> None:
    text = WORKSHEET.replace("Maximum grade", "Scale").replace("100.00", '"Fail,Pass"')
    with pytest.raises(StaffError, match="graded with the scale 'Fail,Pass'"):
        exported("moodle-worksheet", text, ("z@example.edu", "a@example.edu", "-"))


def test_what_moodle_does_not_let_change_is_told(exported: Any) -> None:
    ids = ("d@example.edu", "a@example.edu", "z@example.edu")
    rows, report, _ = exported("moodle-worksheet", WORKSHEET, ids)
    assert [row["Identifier"] for row in rows] == ["Participant 2"]
    assert any("Moodle does not let it be changed" in r for r in report.remarks)
    assert report.counts["left alone in the LMS"] == 1


@pytest.mark.parametrize(
    ("found", "replace", "wanted"),
    [
        ("100.00", "10.00", "'Maximum grade' has 10.00 points in Moodle, the assignme"),
        ("100.00,No", "10.00,No", "several maximum grades: 10.00, 100.00"),
        (",Grade,", ",Nota,", "has no column 'Grade'"),
        ('"Last modified (grade)"', '"Zuletzt"', "no column 'Last modified (grade)'"),
        ('"Feedback comments"', '"Kommentar"', "no column 'Feedback comments'"),
    ],
)
def test_a_worksheet_that_does_not_fit_is_refused(
    exported: Any, found: str, replace: str, wanted: str
) -> None:
    with pytest.raises(StaffError, match=re.escape(wanted)):
        exported(
            "moodle-worksheet",
            WORKSHEET.replace(found, replace),
            ("z@example.edu", "a@example.edu", "-"),
            with_comments=True,
        )


def test_a_worksheet_may_be_in_percent(exported: Any) -> None:
    rows, _, _ = exported(
        "moodle-worksheet",
        WORKSHEET,
        ("z@example.edu", "a@example.edu", "-"),
        expressed=Expressed.PERCENT,
    )
    assert rows[0]["Grade"] == "62.5"


def test_blackboard_gets_its_own_columns_back(exported: Any) -> None:
    rows, _, data = exported("blackboard", BLACKBOARD, ("zdoe", "oq", "omar"))
    assert data.startswith(b'\xef\xbb\xbf"Last Name"')
    assert rows == [
        {
            "Last Name": "Doe, Jr.",
            "First Name": "Zoë",
            "Username": "zdoe",
            "Student ID": "0012345",
            "HW1 [Total Pts: 100 Score] |128": "62.5",
        },
        {
            "Last Name": 'O"Quote',
            "First Name": "Ada",
            "Username": "oq",
            "Student ID": "12.34.56",
            "HW1 [Total Pts: 100 Score] |128": "0",
        },
    ]


def test_blackboards_single_column_takes_feedback(exported: Any) -> None:
    rows, _, _ = exported(
        "blackboard", ONE_COLUMN, ("zdoe", "oq", "omar"), with_comments=True
    )
    told = [row["Feedback to Learner"] for row in rows]
    assert told == ["62.5 of 100 points.", "0 of 100 points."]
    assert rows[0]["Feedback Format"] == "SMART_TEXT"
    with pytest.raises(StaffError, match="has no column 'Feedback to Learner'"):
        exported("blackboard", BLACKBOARD, ("zdoe", "oq", "-"), with_comments=True)


@pytest.mark.parametrize(
    ("roster", "item", "wanted"),
    [
        (BLACKBOARD, "Total", "'Total' is a column that Blackboard computes"),
        (BLACKBOARD, "HW3", "has no column 'HW3'; it has: HW1 [Total Pts: 100 Score]"),
        (
            BLACKBOARD,
            "HW2",
            "'HW2' has 50 points in Blackboard, the assignment has 100",
        ),
        (BLACKBOARD.replace("HW2", "HW1"), "HW1", "has 2 columns 'HW1'"),
        (BLACKBOARD.replace("100 Sc", "1,000.50 Sc"), "HW1", "has 1,000.50 points in"),
        (BLACKBOARD.replace("100 Sc", ".,. Sc"), "HW1", "'HW1' has .,. points in"),
        (CANVAS, "HW1", "is a class list of kind Canvas, not a Blackboard download"),
    ],
)
def test_a_blackboard_column_that_does_not_fit_is_refused(
    exported: Any, roster: str, item: str, wanted: str
) -> None:
    with pytest.raises(StaffError, match=re.escape(wanted)):
        exported("blackboard", roster, item=item)


def test_one_of_two_columns_of_a_name_is_chosen_by_its_heading(exported: Any) -> None:
    roster = BLACKBOARD.replace("HW2 [Total Pts: 50", "HW1 [Total Pts: 100")
    heading = "HW1 [Total Pts: 100 Score] |129"
    rows, _, _ = exported("blackboard", roster, ("zdoe", "oq", "omar"), item=heading)
    assert rows[0][heading] == "62.5"


def test_sakai_makes_an_item_with_its_points(exported: Any) -> None:
    rows, _, _ = exported("sakai", MOODLE, with_comments=True)
    assert rows[0] == {
        "Student ID": "zdoe",
        "Student Name": "Zoë Doe, Jr.",
        "HW1 [100]": "62.5",
        "* HW1": "62.5 of 100 points.",
    }
    with pytest.raises(StaffError, match="Sakai's titles have none of"):
        exported("sakai", MOODLE, item="HW1 [late]")


def test_a_decimal_comma_comes_with_semicolons(exported: Any) -> None:
    for lms, heading in (("sakai", "HW1 [100]"), ("csv", "points")):
        rows, _, _ = exported(lms, MOODLE, decimal_comma=True)
        assert rows[0][heading] == "62,5"


def test_gradescopes_form_has_everybody(exported: Any) -> None:
    rows, _, _ = exported("gradescope", MOODLE)
    assert [(r["SID"], r["Total Score"], r["Status"]) for r in rows] == [
        ("0012345", "62.5", "Graded"),
        ("12.34.56", "0", "Graded"),
        ("0300", "", "Ungraded"),
        ("=1+1", "", "Missing"),
    ]
    assert rows[0]["Lateness (H:M:S)"] == "30:00:00"
    assert rows[0]["Submission Time"] == "2026-10-12 05:59:00"
    assert (rows[0]["First Name"], rows[0]["Last Name"]) == ("Zoë Doe,", "Jr.")


def test_gradescopes_form_has_the_schools_number_where_there_is_one(
    exported: Any,
) -> None:
    rows, _, _ = exported("gradescope", CANVAS, ("0012345", "0000007", "0300"))
    assert rows[0]["SID"] == "0012345"


@pytest.mark.parametrize(
    ("lms", "column", "told"),
    [
        (
            "gradescope",
            "Status",
            {
                Status.GRADED: "Graded",
                Status.FAULT: "Ungraded",
                Status.DOUBTFUL: "Ungraded",
                Status.MISSING: "Missing",
                Status.EXCUSED: "Excused",
            },
        ),
        (
            "oneroster",
            "scoreStatus",
            {
                Status.GRADED: "fully graded",
                Status.FAULT: "submitted",
                Status.DOUBTFUL: "submitted",
                Status.MISSING: "not submitted",
                Status.EXCUSED: "exempt",
            },
        ),
    ],
)
def test_every_state_of_a_mark_has_its_word(
    tmp_path: Path, lms: str, column: str, told: dict[Status, str]
) -> None:
    out = tmp_path / "out.csv"
    class_list = read_roster(write(tmp_path, MOODLE))
    one = entries_of(class_list, [])
    for status in Status:
        students = tuple(replace(s, status=status) for s in one.students)
        export(
            lms,
            class_list,
            replace(one, students=students),
            item_title="HW1",
            possible=100.0,
            out_path=out,
            dry_run=False,
        )
        rows = csv.DictReader(out.read_text("utf-8-sig").splitlines())
        assert {row[column] for row in rows} == {told[status]}


def test_the_table_for_people_has_everybody_and_computes_nothing(
    exported: Any,
) -> None:
    roster = MOODLE.replace("Zoë,", "=Zoë,")
    rows, _, data = exported("csv", roster, with_comments=True)
    assert data.startswith(b"\xef\xbb\xbf")
    assert [(r["points"], r["status"], r["late"]) for r in rows] == [
        ("62.5", "graded", "1 d 6 h"),
        ("0", "graded", "1 d 6 h"),
        ("", "fault", "1 d 6 h"),
        ("", "missing", ""),
    ]
    assert rows[0]["name"] == "'=Zoë Doe, Jr."
    assert [r["id"] for r in rows] == list(IDS)


def test_oneroster_tells_the_state_of_everybody(exported: Any) -> None:
    rows, _, _ = exported("oneroster", MOODLE, item="line-1", with_comments=True)
    assert [(r["scoreStatus"], r["score"], r["late"], r["missing"]) for r in rows] == [
        ("fully graded", "62.5", "true", "false"),
        ("fully graded", "0", "true", "false"),
        ("submitted", "", "true", "false"),
        ("not submitted", "", "false", "true"),
    ]
    assert {r["lineItemSourcedId"] for r in rows} == {"line-1"}
    assert [r["studentSourcedId"] for r in rows] == list(IDS)
    assert rows[0]["scoreDate"] == "2026-11-23"
    again, _, _ = exported("oneroster", MOODLE, item="line-1")
    assert [r["sourcedId"] for r in again] == [r["sourcedId"] for r in rows]
    assert len({r["sourcedId"] for r in rows}) == 4


def test_percents_are_of_the_points_of_full_marks(exported: Any) -> None:
    rows, _, _ = exported("csv", MOODLE, expressed=Expressed.PERCENT)
    assert (rows[0]["points"], rows[0]["possible"]) == ("62.5", "100")


@pytest.mark.parametrize(
    ("lms", "options", "wanted"),
    [
        ("canvas", {"with_comments": True}, "--comments: the format canvas has none"),
        ("canvas", {"expressed": Expressed.QUESTIONS}, "--as questions: the format ca"),
        ("moodle", {"decimal_comma": True}, "--decimal-comma: the format moodle has"),
        ("csv", {"scale": True}, "--scale: the format csv has none"),
        ("csv", {"item_points": 10.0}, "--item-points: the format csv has none"),
        ("gradescope", {"with_comments": True}, "--comments: the format gradescope"),
        (
            "canvas",
            {"item_points": 50.0},
            "--item-points: 'HW1' has 100 points in Canvas, which is not 50",
        ),
        ("ilias", {}, "there is no format 'ilias' (give brightspace, canvas, moodle"),
    ],
)
def test_what_a_format_has_no_room_for_is_refused(
    exported: Any, lms: str, options: dict[str, Any], wanted: str
) -> None:
    with pytest.raises(StaffError, match=re.escape(wanted)):
        exported(lms, CANVAS, **options)


def test_whoever_is_left_alone_is_counted_as_that_and_not_as_a_mark(
    exported: Any,
) -> None:
    ids = ("0012345", "0000007", "0300")
    _, plain, _ = exported("canvas", CANVAS, ids)
    decided = CANVAS.replace("oq,S1,12,", "oq,S1,EX,")
    assert decided != CANVAS
    _, report, _ = exported("canvas", decided, ids)
    assert plain.counts["marks"] - report.counts["marks"] == 1
    assert report.counts["left alone in the LMS"] == 1
    assert any(remark.startswith("left alone: ") for remark in report.remarks)


def test_without_results_by_question_there_are_no_such_columns(tmp_path: Path) -> None:
    class_list = read_roster(write(tmp_path, MOODLE))
    with pytest.raises(StaffError, match="has points by question for 'HW1'"):
        export(
            "csv",
            class_list,
            entries_of(class_list, [graded("0300", 5.0)]),
            item_title="HW1",
            possible=100.0,
            out_path=tmp_path / "out.csv",
            dry_run=True,
            expressed=Expressed.QUESTIONS,
        )


def test_a_class_that_moodle_could_not_tell_apart_is_refused(exported: Any) -> None:
    roster = "Identifier,Full name,Maximum grade\nParticipant 1,Zoë,100\n"
    with pytest.raises(StaffError, match="has no ID number, username or e-mail"):
        exported("moodle", roster, ("Participant 1", "-", "-"))


def test_a_backslash_in_an_id_is_told_for_moodle(exported: Any) -> None:
    roster = MOODLE.replace("zdoe", "dom\\\\zdoe")
    _, report, _ = exported("moodle", roster)
    assert any(
        "has a backslash, which Moodle's reader mangles" in r for r in report.remarks
    )


def test_a_mark_that_is_not_the_sum_of_its_questions_is_listed(exported: Any) -> None:
    _, report, _ = exported("csv", MOODLE, expressed=Expressed.QUESTIONS)
    told = [line for line in report.remarks if "questions sum to" in line]
    (line,) = told
    assert line.startswith('Ada O"Quote (12.34.56): the questions sum to 62.5, the ')
    assert line.endswith("mark is 0: enter it by hand, or give --as points")
    _, report, _ = exported("csv", MOODLE)
    assert not any("questions sum to" in line for line in report.remarks)


@pytest.mark.parametrize("decimal_comma", [False, True])
def test_sakai_reads_a_backslash_and_the_row_behind_it(
    exported: Any, *, decimal_comma: bool
) -> None:
    roster = MOODLE.replace("zdoe", "dom\\zdoe")
    _, _, data = exported(
        "sakai", roster, with_comments=True, named=EVIL, decimal_comma=decimal_comma
    )
    head, zoe, ada = opencsv_rows(
        data.decode("utf-8-sig"), ";" if decimal_comma else ","
    )
    assert head == ["Student ID", "Student Name", "HW1 [100]", "* HW1"]
    assert zoe[:2] == ["dom\\zdoe", "Zoë Doe, Jr."]
    assert zoe[3].endswith('Four, times: a "quoted", word <b> in C:\\')
    assert ada[:3] == ["oq", 'Ada O"Quote', "0"]


def test_opencsv_as_read_here_loses_a_row_to_a_single_backslash() -> None:
    # What the test above is worth.
    assert opencsv_rows('a,"b\\"\r\nc,d\r\n', ",") == []
    assert opencsv_rows('a,"b\\\\"\r\nc,d\r\n', ",") == [["a", "b\\"], ["c", "d"]]


def test_a_name_in_a_worksheet_that_ends_in_a_backslash_keeps_the_next_row(
    exported: Any,
) -> None:
    roster = WORKSHEET.replace('"Zoë Doe"', '"Doe,\nZoë\\"')
    _, _, data = exported(
        "moodle-worksheet", roster, ("z@example.edu", "a@example.edu", "-")
    )
    rows = php_rows(data)
    assert [row[0] for row in rows[1:]] == ["Participant 1", "Participant 2"]
    assert rows[1][1] == "Doe, Zoë&#92;"
    assert rows[2][8] == "domingo, 22 de noviembre de 2026, 15:05"


def test_a_line_break_in_a_name_is_refused_for_blackboard_too(exported: Any) -> None:
    roster = BLACKBOARD.replace('"Doe, Jr."', '"Doe\nJr."')
    with pytest.raises(StaffError, match="a cell has a line break"):
        exported("blackboard", roster, ("zdoe", "oq", "omar"))


def test_blackboards_points_are_read_in_any_locale(exported: Any) -> None:
    roster = BLACKBOARD.replace("100 Score", "100,00 Score")
    rows, _, _ = exported("blackboard", roster, ("zdoe", "oq", "omar"))
    assert rows[0]["HW1 [Total Pts: 100,00 Score] |128"] == "62.5"


def test_an_address_that_begins_as_a_formula_is_not_computed(exported: Any) -> None:
    rows, _, _ = exported("csv", MOODLE.replace("z@example", "=z@example"))
    assert rows[0]["email"] == "'=z@example.edu"


@pytest.mark.parametrize("kept", [(1, 0), (0,), ()])
def test_a_mark_of_other_questions_ends_up_in_no_ones_column(
    tmp_path: Path, kept: tuple[int, ...]
) -> None:
    class_list = read_roster(write(tmp_path, MOODLE))
    submission, result = work(IDS[1], 62.5)
    parts = tuple(result.questions[at] for at in kept)
    other = submission, msgspec.structs.replace(result, questions=parts)
    there = ", ".join(QUESTIONS[at][0] for at in kept) or "none"
    message = rf'Ada O"Quote \(12.34.56\) has a mark, but other .*: {there} '
    with pytest.raises(StaffError, match=message):
        export(
            "csv",
            class_list,
            entries_of(class_list, [work(IDS[0], 62.5), other]),
            item_title="HW1",
            possible=100.0,
            out_path=tmp_path / "out.csv",
            dry_run=False,
            expressed=Expressed.QUESTIONS,
        )
    assert not (tmp_path / "out.csv").exists()


def test_a_long_comment_is_cut(exported: Any) -> None:
    rows, _, _ = exported("csv", MOODLE, with_comments=True, named="word " * 500)
    comment = rows[0]["comment"]
    assert len(comment) == LONGEST_COMMENT
    assert comment.endswith("…")
    assert comment.startswith("62.5 of 100 points. Twice: word word")


def test_every_format_says_what_it_is_made_for() -> None:
    assert all(one.made_for for one in FORMATS.values())


def test_an_export_counts_everybody_once_as_what_they_are(exported: Any) -> None:
    _, report, _ = exported("csv", MOODLE)
    assert report.counts == {
        "students on the roster": 4,
        "marks": 2,
        "nothing handed in": 1,
        "not graded": 1,
        "excused": 0,
        "left alone in the LMS": 0,
        "late": 3,
        "time not known": 0,
        "more than one attempt": 0,
        "not on the roster": 0,
    }
    assert (report.ungraded, report.written) == (1, True)


def test_spaces_around_the_headings_of_a_download_do_not_matter(exported: Any) -> None:
    spaced = BLACKBOARD.replace('"Username"', '" Username "')
    rows, _, _ = exported("blackboard", spaced)
    assert [row[" Username "] for row in rows] == ["zdoe", "oq"]
    wide = BRIGHTSPACE.replace("OrgDefinedId,Username", " OrgDefinedId , Username ")
    rows, _, _ = exported("brightspace", wide, ("0012345", "0000007", "0300"))
    assert [(row["OrgDefinedId"], row["Username"]) for row in rows[:2]] == [
        ("#0012345", "#zdoe"),
        ("#0000007", "#oq"),
    ]


def test_a_column_that_takes_marks_is_found_beside_a_computed_one_of_its_name(
    exported: Any,
) -> None:
    twins = BLACKBOARD.replace("Total [Total Pts: up to 200", "HW1 [Total Pts: up to 9")
    rows, _, _ = exported("blackboard", twins)
    assert rows[0]["HW1 [Total Pts: 100 Score] |128"] == "62.5"
    for item, there in (("Total", "there are: HW1"), ("HW9", "it has: HW1")):
        with pytest.raises(StaffError, match=there):
            exported("blackboard", BLACKBOARD, item=item)
    none = BLACKBOARD.replace("[Total Pts: 100", "(Pts 100").replace(
        "[Total Pts: 50", "(Pts 50"
    )
    with pytest.raises(StaffError, match="it has: none"):
        exported("blackboard", none)


def test_a_locked_row_is_locked_however_it_is_written(exported: Any) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    locked = WORKSHEET.replace("100.00,Yes", "100.00, NO ", 1)
    rows, report, _ = exported("moodle-worksheet", locked, ids)
    assert [row["Identifier"] for row in rows] == ["Participant 2"]
    assert any("Moodle does not let it be changed" in r for r in report.remarks)


def test_a_worksheet_without_a_maximum_or_a_lock_is_filled_in(exported: Any) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    for heading in ('"Maximum grade"', '"Grade can be changed"'):
        rows, _, _ = exported("moodle-worksheet", WORKSHEET.replace(heading, "X"), ids)
        assert [row["Grade"] for row in rows] == ["62.5", "0"]


def test_what_moodle_matches_by_stays_as_it_came(exported: Any) -> None:
    odd = WORKSHEET.replace('"Participant 1"', '"Participant 1\\x"')
    rows, _, _ = exported(
        "moodle-worksheet", odd, ("z@example.edu", "a@example.edu", "-")
    )
    assert rows[0]["Identifier"] == "Participant 1\\x"


def test_lateness_is_told_in_hours_minutes_and_seconds(exported: Any) -> None:
    due = DUE + timedelta(hours=30) - timedelta(hours=1, minutes=1, seconds=2)
    rows, _, _ = exported("gradescope", MOODLE, due=due)
    assert rows[0]["Lateness (H:M:S)"] == "01:01:02"


def test_who_has_no_username_is_told_to_sakai_by_the_id(exported: Any) -> None:
    without = (
        MOODLE.replace(",Username", ",Team").replace(",zdoe", ",").replace(",oq", ",")
    )
    rows, _, _ = exported("sakai", without)
    assert [row["Student ID"] for row in rows] == ["0012345", "12.34.56"]
    one = MOODLE.replace(",zdoe", ",")
    for text, is_told in ((without, True), (one, True), (MOODLE, False)):
        _, report, _ = exported("sakai", text)
        told = any("the class list has no usernames" in r for r in report.remarks)
        assert told is is_told


def test_points_by_question_are_compared_with_their_own_items(exported: Any) -> None:
    by_question = {"expressed": Expressed.QUESTIONS}
    ids = ("0012345", "0000007", "0300")
    there = "HW1: Twice Points Grade <Numeric MaxPoints:{}>,End-of-Line"
    text = BRIGHTSPACE.replace("End-of-Line", there).replace(",,#", ",,,#")
    text = text.replace("edu,#", "edu,,#")
    rows, _, _ = exported("brightspace", text.format(40), ids, **by_question)
    assert rows[0]["HW1: Twice Points Grade"] == "30"
    with pytest.raises(StaffError, match="'HW1: Twice' has 20 points"):
        exported("brightspace", text.format(20), ids, **by_question, scale=True)
    # Of the whole item they are no part.
    sakai = MOODLE.replace("Username", "Username,HW1 [7]").replace("zdoe", "zdoe,")
    for name in ("oq", "omar", "evil"):
        sakai = sakai.replace(f",{name}\n", f",{name},\n")
    rows, report, _ = exported("sakai", sakai, **by_question)
    assert rows[0]["HW1: Four, times [60]"] == "32.5"
    assert not any("scaled" in remark for remark in report.remarks)


def test_what_was_done_is_told_in_a_table_and_a_line(exported: Any) -> None:
    for marks, told in ((IDS, "2 marks"), (("0012345", "-", "-"), "1 mark")):
        for dry_run, done in ((False, "written"), (True, "would be written, nothing")):
            out = io.StringIO()
            if not dry_run:
                _, report, _ = exported("csv", MOODLE, marks)
            else:
                _, report, _ = exported("csv", MOODLE, marks, dry_run=True)
            # Wide: a path of this machine may be long.
            Console(file=out, width=2000).print(*report.parts)
            lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
            assert lines[0] == "the gradebook"
            assert "┃ what ┃ how many ┃" in lines
            assert "│ students on the roster │ 4 │" in lines
            assert f": {told} {done}" in lines[-1]


def test_nobody_has_a_mark_yet_and_moodles_import_is_empty(exported: Any) -> None:
    rows, _, data = exported("moodle", MOODLE, ("-", "-", "0300"))
    assert (rows, data) == ([], b"HW1\r\n")


@pytest.mark.parametrize(
    ("text", "ids", "columns"),
    [
        ("username,name\nzdoe,Zoë Doe\n", ("zdoe",), ["Username"]),
        (WORKSHEET, ("z@example.edu",), ["Email address"]),
    ],
)
def test_what_is_another_sort_of_name_is_no_id_number_of_moodles(
    exported: Any, text: str, ids: tuple[str, ...], columns: list[str]
) -> None:
    rows, report, _ = exported("moodle", text, (*ids, "-", "-"))
    assert [*rows[0]] == [*columns, "HW1"]
    assert not any("backslash" in remark for remark in report.remarks)


def test_a_maximum_that_one_row_lacks_is_that_of_the_others(exported: Any) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    for there in ('""', '" 100.00 "'):
        text = WORKSHEET.replace("100.00,Yes", f"{there},Yes", 1)
        rows, _, _ = exported("moodle-worksheet", text, ids)
        assert [row["Grade"] for row in rows] == ["62.5", "0"]


def test_the_decimal_mark_of_a_worksheets_grades_is_that_of_its_maximum(
    exported: Any,
) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    text = WORKSHEET.replace("100.00", '"12,500"').replace(",40.00,", ',"7,25",')
    _, report, _ = exported("moodle-worksheet", text, ids, scale=True)
    assert any("are 100 here and 12.5 in" in note for note in report.remarks)
    with pytest.raises(StaffError, match="--item-points"):
        exported("moodle-worksheet", text.replace('"7,25"', "7"), ids, scale=True)


def test_the_box_is_asked_for_of_what_has_a_time_only(exported: Any) -> None:
    ids = ("z@example.edu", "d@example.edu", "-")
    for there in ("-,", '"",', '" - ",'):
        text = WORKSHEET.replace('3:05 PM",-,', f'3:05 PM",{there}')
        _, report, _ = exported("moodle-worksheet", text, ids)
        assert not any("tick" in remark for remark in report.remarks)
        assert not any("Zoë Doe" in r and "has 0" in r for r in report.remarks)


def test_the_headings_of_a_worksheet_may_have_spaces_around_them(
    exported: Any,
) -> None:
    ids = ("z@example.edu", "a@example.edu", "-")
    wide = WORKSHEET.replace(",Status,Grade,", ", Status , Grade ,")
    rows, _, _ = exported("moodle-worksheet", wide, ids)
    assert [row[" Grade "] for row in rows] == ["62.5", "0"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (('" Fail,Pass "', '" Fail,Pass "'), "'Fail,Pass'"),
        (('" "', '"Fail,Pass"'), "'Fail,Pass'"),
        (("", '"Fail,Pass"'), "'Fail,Pass'"),
        (("", ""), "''"),
    ],
)
def test_a_scale_is_told_by_whoever_has_it(
    exported: Any, cells: tuple[str, str], told: str
) -> None:
    first, others = cells
    text = WORKSHEET.replace("Maximum grade", "Scale").replace("100.00", first, 1)
    text = text.replace("100.00", others)
    with pytest.raises(StaffError, match=f"graded with the scale {told}"):
        exported("moodle-worksheet", text, ("z@example.edu", "a@example.edu", "-"))


def test_another_list_is_no_worksheet_of_moodles(exported: Any) -> None:
    with pytest.raises(StaffError, match="of kind Moodle, not a grading worksheet"):
        exported("moodle-worksheet", MOODLE)


def test_oneroster_has_every_cell_that_it_wants(exported: Any) -> None:
    rows, _, _ = exported("oneroster", MOODLE, item="line-1")
    first = dict(rows[0])
    assert " ".join(first) == (
        "sourcedId status dateLastModified lineItemSourcedId studentSourcedId "
        "scoreStatus score scoreDate comment textScore classSourcedId inProgress "
        "incomplete late missing"
    )
    assert len(first.pop("sourcedId")) == 36
    assert list(first.values()) == [
        "",
        "",
        "line-1",
        "0012345",
        "fully graded",
        "62.5",
        "2026-11-23",
        "",
        "",
        "",
        "false",
        "false",
        "true",
        "false",
    ]
