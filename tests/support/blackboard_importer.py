"""Blackboard's "Upload Grades" in our words: whose mark a file becomes.

After Blackboard's help on working offline with grade data (library.blackboard.com, and
universities' copies): rows match on the username alone, the number behind ``|`` routes
to a column and without one a text column of 0 points is made, cells of a file with
commas stand in quotes, columns that Blackboard computes are not uploaded.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field

QUOTED = re.compile(r'"(?:[^"]|"")*"')
FEEDBACK = "Feedback to Learner"


class BlackboardRefusal(Exception):
    """What Blackboard says of a file that it does not take."""


@dataclass
class BlackboardCourse:
    """A course before an upload.

    usernames : of its members; username_heading : in the course's language
    columns : their points, by number; computed : the numbers of calculated columns
    """

    usernames: frozenset[str]
    columns: dict[str, float]
    computed: frozenset[str] = frozenset()
    username_heading: str = "Username"
    scores: dict[tuple[str, str], str] = field(default_factory=dict)
    feedback: dict[str, tuple[str, str]] = field(default_factory=dict)
    new_columns: list[str] = field(default_factory=list)
    not_enrolled: list[str] = field(default_factory=list)

    def upload(self, data: bytes) -> int:
        """Take a file; return how many scores it has. Raises BlackboardRefusal."""
        # Without its mark UTF-8 is read as Latin-1.
        marked = data.startswith(codecs.BOM_UTF8)
        text = data.decode("utf-8-sig" if marked else "latin-1")
        self._refuse_unquoted(text)
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        if self.username_heading not in header:
            raise BlackboardRefusal("the user name is not present", header)
        who = header.index(self.username_heading)
        routed = {at: self._number(heading) for at, heading in enumerate(header)}
        taken = 0
        for row in rows:
            if len(row) != len(header) or not row[who]:
                raise BlackboardRefusal("a row without a user name", row)
            if row[who] not in self.usernames:
                self.not_enrolled.append(row[who])
                continue
            for at, number in routed.items():
                if number in self.columns and row[at]:
                    self.scores[row[who], number] = row[at]
                    taken += 1
            if FEEDBACK in header:
                at = header.index(FEEDBACK)
                self.feedback[row[who]] = (row[at], row[at + 1])
        return taken

    def _number(self, heading: str) -> str:
        match = re.search(r"\|(\d+)\s*$", heading)
        if match is None:
            if "[" in heading:
                self.new_columns.append(heading)
            return ""
        if match[1] in self.computed:
            raise BlackboardRefusal("a calculated column", heading)
        if match[1] not in self.columns:
            self.new_columns.append(heading)
        return match[1]

    @staticmethod
    def _refuse_unquoted(text: str) -> None:
        for line in text.splitlines():
            rest = QUOTED.sub("", line)
            if rest.strip(","):
                raise BlackboardRefusal("a cell without quotes", line)
