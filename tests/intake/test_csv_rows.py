"""A class list is rows of text, each with its line; nothing is converted."""

import re
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.csv_rows import Row, read_rows


def rows(folder: Path, data: str | bytes) -> list[Row]:
    path = folder / "list.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_rows(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_headings_tell_what_separates_cells(tmp_path: Path, delimiter: str) -> None:
    other = ";" if delimiter == "," else ","
    text = f"id{delimiter}name\n007{delimiter}a{other}b{other}c{other}d\n"
    assert rows(tmp_path, text) == [
        Row(1, ("id", "name")),
        Row(2, ("007", f"a{other}b{other}c{other}d")),
    ]


def test_what_stands_in_quotes_separates_nothing(tmp_path: Path) -> None:
    text = 'name,id,"Sheet; a; b; c; d"\nOrla Quill,0012001,7.5\n'
    assert rows(tmp_path, text)[0].cells == ("name", "id", "Sheet; a; b; c; d")
    text = 'id;"Quiz, a, b, c"\n1;"7,5"\n'
    assert rows(tmp_path, text)[1].cells == ("1", "7,5")
    text = "Student ID;Student Name;a1 [10,0]\nzdoe;Zoë Doe;7,5\n"
    assert rows(tmp_path, text)[1].cells == ("zdoe", "Zoë Doe", "7,5")


@pytest.mark.parametrize("told", ["sep=;", '"sep=;"', "SEP=;"])
def test_excels_own_line_tells_the_separator(tmp_path: Path, told: str) -> None:
    found = rows(tmp_path, f"{told}\r\nid;a,b,c\r\n1;2\r\n".encode("utf-8-sig"))
    assert found == [Row(2, ("id", "a,b,c")), Row(3, ("1", "2"))]
    wide = rows(tmp_path, f"{told}\nid;a,b,c\n1;2,3,4\n")
    assert wide[1].cells == ("1", "2,3,4")
    for tab in ("\t", "\\t"):
        assert rows(tmp_path, f"sep={tab}\nid\tname\n1\ta\n")[1] == Row(3, ("1", "a"))


def test_a_list_of_one_column_has_no_separator(tmp_path: Path) -> None:
    assert rows(tmp_path, "id\n007") == [Row(1, ("id",)), Row(2, ("007",))]
    assert rows(tmp_path, "id\n") == [Row(1, ("id",))]


def test_a_separator_that_breaks_quotes_is_not_the_one(tmp_path: Path) -> None:
    found = rows(tmp_path, 'name, first;id\n"Doe, Zoë";007\n')
    assert [row.cells for row in found] == [("name, first", "id"), ("Doe, Zoë", "007")]


def test_a_row_has_the_line_that_it_begins_in(tmp_path: Path) -> None:
    found = rows(tmp_path, 'id,name\r\n\r\n,\r\n1,"a\nb"\r\n2,c\r\n')
    assert found == [
        Row(1, ("id", "name")),
        Row(4, ("1", "a\nb")),
        Row(6, ("2", "c")),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_what_excel_and_lmss_write_is_read(tmp_path: Path, encoding: str) -> None:
    data = "id,name\n1,Zoë\n".encode(encoding)
    assert rows(tmp_path, data)[1] == Row(2, ("1", "Zoë"))
    # As a Mac once ended lines, and Excel there still may.
    data = "id,name\r1,Zoë\r".encode(encoding)
    assert rows(tmp_path, data)[1].cells == ("1", "Zoë")


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", "", "is empty"),
        (b"\n,\n", "", "is empty"),
        (b"id,name\n1\n", ":2", "has 1 cells, the headings are 2"),
        (b"id,name\n1,a\n1,a,b\n", ":3", "has 3 cells, the headings are 2"),
        (b'id,name\n1,"a\n', ":2", "is no CSV: unexpected end of data"),
        (
            b"id,name\n1,a\n2,Zo\xeb\n",
            ":3",
            "is not UTF-8: byte 0xEB in the column 'name'",
        ),
        (
            b"\xef\xbb\xbfid,name\r\n1,a\r\n\xeb,b\r\n",
            ":3",
            "is not UTF-8: byte 0xEB in the column 'id'",
        ),
        (
            "\ufeffid;name\n1;".encode("utf-16-le") + b"\0\xd8a\0",
            ":2",
            "is not UTF-16: byte 0x00 in the column 'name'",
        ),
        (b"id,name\n1,a,\xeb\n", ":2", "is not UTF-8: byte 0xEB (use"),
        (b"id,na\xebme\n", ":1", "is not UTF-8: byte 0xEB (use"),
        (b"PK\x03\x04", "", "is an Excel workbook or a zip, not a CSV"),
        (b"\xd0\xcf\x11\xe0", "", "is an Excel workbook or a zip, not a CSV"),
    ],
)
def test_what_is_no_list_is_told_with_its_line(
    tmp_path: Path, data: bytes, line: str, problem: str
) -> None:
    with pytest.raises(IntakeError, match=re.escape(f"list.csv{line}: {problem}")):
        rows(tmp_path, data)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="cannot be read: No such file"):
        read_rows(tmp_path / "none.csv")


def test_a_title_above_the_headings_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"csv:1: is one cell, 'Class of 2026'"):
        rows(tmp_path, "Class of 2026\nid,name\n007,Ada\n")
    with pytest.raises(IntakeError, match=r"above rows of 2: a title"):
        rows(tmp_path, "Class of 2026\nid,name\n")


@pytest.mark.parametrize("begins", ["<html>", "<!DOCTYPE html>", "\ufeff\n<table>"])
def test_a_page_to_log_in_is_no_class_list(tmp_path: Path, begins: str) -> None:
    with pytest.raises(IntakeError, match=r"is a web page, not a CSV .log in to"):
        rows(tmp_path, f"{begins}<p>id,name</p>\n0012,Ada\n")
