"""What intake leaves to a person."""

import enum
from dataclasses import dataclass


class IssueKind(enum.Enum):
    """Why a person must look."""

    NOT_ON_ROSTER = "not on the roster"
    SAME_NAME = "two students of one name"
    WHICH_STUDENT = "which student is meant"
    WHICH_FILE = "which file is meant"
    WHICH_ATTEMPT = "which attempt is the last"
    LEFT_OUT = "a member that was left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that intake does not decide.

    who : the student's name as the LMS wrote it, or a member's path
    place : folder or file in the download
    text : what is not certain, and what to do
    roster_id : whom it concerns, where that is known
    graded : whether the submission is graded all the same
    submission_key : of the last submission of whom nobody was found for, else ""
    may_be_work : it is a file of nobody's that a student may have handed in
    """

    kind: IssueKind
    who: str
    place: str
    text: str
    roster_id: str | None = None
    graded: bool = False
    submission_key: str = ""
    may_be_work: bool = False

    def __str__(self) -> str:
        """Return it as one line for staff."""
        return f"{self.who}: {self.text}"
