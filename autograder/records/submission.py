"""A submission: one student's files at one time, as intake hands it to grading."""

import hashlib
from datetime import datetime

import msgspec


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
    student_name : the name as the LMS wrote it
    roster_id : the roster's id of the student, or None where nobody matched
    attempt : 1 for the first, counted by time
    submitted_at : the LMS's local time, or None where the download has none
    files : the manifest's files, by name, as bytes; nothing else of the download
    shared_by : what those who handed it in together have in common, else "": they meet
        the same inputs
    notices : what intake noticed (ignored members, a file taken under another name)
    listed_as : how the class list has the student; None where nobody matched, or an
        older version stored it
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

    @property
    def meets_inputs_of(self) -> str:
        """Whose random inputs it meets: a group's, a student's, or its own."""
        return self.shared_by or self.roster_id or self.key

    @property
    def content_hash(self) -> str:
        """SHA-256 over names and contents, independent of order."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            for part in (name.encode(), self.files[name]):
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()
