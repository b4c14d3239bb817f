"""A submission: one student's files at one time, as intake hands it to grading."""

import enum
import hashlib
from datetime import datetime

import msgspec

LATE, IN_TIME = "late", "in time"
"""What an LMS says of a hand-in, by its own deadline."""


class Clock(enum.Enum):
    """By whose clock the time of a hand-in is told."""

    UNSAID = ""
    """An older version kept the time and not the clock."""
    OWN = "own"
    """The download names the zone."""
    TOLD = "told"
    """Local time, in the zone that a person named (``--timezone``)."""
    LOCAL = "local"
    """Local time, in the policy's zone: it changes with the policy."""


class ListedAs(msgspec.Struct, frozen=True, kw_only=True):
    """How the class list that a submission was graded with has its student.

    Another list may have the same number for somebody else: these are the witnesses.

    name, username, email : "" where that list does not have them
    list_hash : of that list's students; within one list an id alone is enough
    """

    name: str = ""
    username: str = ""
    email: str = ""
    list_hash: str = ""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one attempt, and who handed it in.

    key : internal id, ``[a-z0-9-]+``, safe as a file name, unique in a run
    lms_id : the LMS's own id of the folder or row it came from ("" where none)
    student_name : the roster's name, or as the LMS wrote it where nobody matched
    roster_id : the roster's id of the student, or None where nobody matched
    attempt : 1 for the first, counted by time
    submitted_at : None where the download has no time, or none that can be read; it
        names its zone, but for local time while no zone is known
    latest_at : where a clock showed the time twice, the second of the two moments
    clock : by whose clock
    time_doubt : why the time is not known, "" where it is
    lms_says : ``late`` or ``in time``, where the LMS judges it by its own deadline
    files : the manifest's files, by name, as bytes; nothing else of the download
    shared_by : what those who handed it in together have in common, else "": they meet
        the same inputs
    notices : what intake noticed (ignored members, a file taken under another name)
    listed_as : how the class list has the student; None where nobody matched, or an
        older version stored it
    taken_from : the name that the file had, where it is another one; else ""
    origin : who handed it in for the LMS, the same in every download of its; ""
        where an older version kept none
    """

    key: str
    lms_id: str
    student_name: str
    roster_id: str | None
    attempt: int
    submitted_at: datetime | None
    files: dict[str, bytes]
    shared_by: str = ""
    notices: tuple[str, ...] = ()
    listed_as: ListedAs | None = None
    taken_from: str = ""
    latest_at: datetime | None = None
    clock: Clock = Clock.UNSAID
    time_doubt: str = ""
    lms_says: str = ""
    origin: str = ""

    @property
    def meets_inputs_of(self) -> str:
        """Whose random inputs it meets: a group's, a student's, or its own."""
        return self.shared_by or self.roster_id or self.key

    @property
    def identity(self) -> str:
        """What all attempts of one student share in their keys."""
        return self.key.rpartition("-")[0] or self.key

    @property
    def content_hash(self) -> str:
        """SHA-256 over names and contents, independent of order."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            for part in (name.encode(), self.files[name]):
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()
