"""What spreadsheets do to ids is refused with file, line and what happened."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.roster import read_roster
from autograder.intake.spoiled_ids import spoiled, without_zeros

LISTS = {
    "plain": "ID,username,name\n{},zdoe,Zoë Doe\n",
    "brightspace": "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
    "{},#zdoe,Doe,Zoë,#\n",
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)\n"
    '    Points Possible,,,,,100\n"Doe, Zoë",101,{},zdoe,S1,\n',
    "moodle": "First name,Last name,ID number,Email address\nZoë,Doe,{},z@x.edu\n",
}
RUINS = (
    *("2.02312E+11", '"2,02312E+11"', "1.0E5", "2.02312e11", "2E+11", "12345.0"),
    *('"12345,00"', '"202,312,000"', '"=""00123"""', "'00123", "#N/A", "#####"),
    *("#NAME?", "02-Jan", "Jan-26", '"12,345"', "#2.02312E+11"),
)


@pytest.mark.parametrize("lms", LISTS)
@pytest.mark.parametrize("ruin", RUINS)
def test_a_spoiled_id_is_refused_in_every_list(
    tmp_path: Path, lms: str, ruin: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LISTS[lms].format(ruin), encoding="utf-8")
    line = 3 if lms == "canvas" else 2
    with pytest.raises(IntakeError, match=rf"list\.csv:{line}: .* in '.*I") as told:
        read_roster(path)
    assert "do not open and save it in a spreadsheet" in str(told.value)


@pytest.mark.parametrize(
    "fine",
    [
        *("0012345", "12.34.56", "12E4", "=1+1", "zdoe", "e12", "1e5", "s-2", "12345"),
        *("mar-3", "12.345", "0x1F"),
    ],
)
def test_what_may_be_an_id_is_one(fine: str) -> None:
    assert spoiled(fine) == ""


def test_a_long_number_is_told_as_what_it_is() -> None:
    assert spoiled(" 2.02312E+11 ") == (
        "is what a spreadsheet makes of a long number: its digits are lost"
    )


def test_zeros_are_all_that_is_taken_from_a_number() -> None:
    ids = ("007", "7", "000", "a07", "", "\u0660\u0667")
    assert [without_zeros(i) for i in ids] == ["7", "7", "0", "", "", ""]
