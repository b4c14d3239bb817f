"""Sakai's "Import Grades" in our words: whose mark a file becomes, or why none does.

After gradebookng's ``ImportGradesHelper`` (columns, rows, what counts as a change),
``GradebookCsvIO`` (encoding, separator), ``GradeValidator`` and ``UsernameIdentifier``,
with opencsv 2's parser.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
ITEM = re.compile(r"([^\[]+)(?:\[(\d+(?:[.,]\d\d?)?)\])?")
COMMENT = re.compile(r"\* (.+)")
POSITIONAL = 2
"""The first two columns are the id and the name, whatever they are called."""


class SakaiRefusal(Exception):
    """What Sakai says of a file that it does not take: nothing of it is imported."""


@dataclass
class SakaiGradebook:
    """A site's gradebook before an import.

    eids : the users' names for logging in
    items : the points of each item, by title
    external : items of another tool's, which an import does not touch
    reads_marks_only : the newest version: a file without a byte order mark is taken
        for Windows-1252; older ones read all of them in the server's UTF-8
    """

    eids: frozenset[str]
    items: dict[str, float] = field(default_factory=dict)
    external: frozenset[str] = frozenset()
    decimal: str = "."
    reads_marks_only: bool = True
    scores: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)
    new_items: dict[str, str] = field(default_factory=dict)
    changed_points: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def import_(self, data: bytes) -> int:
        """Take a file; return how many scores changed. Raises SakaiRefusal."""
        separator = ";" if self.decimal == "," else ","
        header, *rows = opencsv_rows(self._text(data), separator)
        columns = self._columns(header)
        known = [row for row in rows if row[0].strip() in self.eids]
        self.unknown = [row[0] for row in rows if row not in known]
        twice = [
            eid for eid, n in Counter(r[0].strip() for r in known).items() if n > 1
        ]
        if twice or not known:
            raise SakaiRefusal("duplicate or no students", twice)
        before = dict(self.scores)
        for at, (kind, title, points) in columns.items():
            if title in self.external:
                continue
            if kind == "item":
                self._note_item(title, points)
            for row in known:
                self._take(kind, title, row[0].strip(), row[at].strip())
        if self.scores == before and not self.comments and not self.new_items:
            raise SakaiRefusal("no changes")
        return sum(before.get(key) != score for key, score in self.scores.items())

    def _text(self, data: bytes) -> str:
        if not self.reads_marks_only:
            return data.decode()
        if data.startswith(BYTE_ORDER_MARK):
            return data[len(BYTE_ORDER_MARK) :].decode()
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise SakaiRefusal("no Windows-1252") from error

    def _columns(self, header: list[str]) -> dict[int, tuple[str, str, str]]:
        """Return kind, title and points of each column behind the first two."""
        found: dict[int, tuple[str, str, str]] = {}
        for at, heading in enumerate(map(str.strip, header)):
            if at < POSITIONAL or heading.startswith("#"):
                continue
            comment, item = COMMENT.fullmatch(heading), ITEM.fullmatch(heading)
            if comment is not None:
                one = ("comment", comment[1].strip(), "")
            elif item is not None:
                one = ("item", item[1].strip(), item[2] or "")
            else:
                raise SakaiRefusal("blank or invalid heading", heading)
            if one[:2] in [other[:2] for other in found.values()]:
                raise SakaiRefusal("duplicate heading", heading)
            found[at] = one
        titles = [title for kind, title, _ in found.values() if kind == "item"]
        for kind, title, _ in found.values():
            if kind == "comment" and not any(item in title for item in titles):
                raise SakaiRefusal("comments on no item", title)
        if not found:
            raise SakaiRefusal("no grades")
        return found

    def _note_item(self, title: str, points: str) -> None:
        if title not in self.items:
            self.new_items[title] = points
        elif points and float(points.replace(",", ".")) != self.items[title]:
            self.changed_points[title] = points

    def _take(self, kind: str, title: str, eid: str, cell: str) -> None:
        if not cell:
            return
        if kind == "comment":
            self.comments[eid, title] = cell
            return
        score = cell.replace(",", ".") if self.decimal == "," else cell
        if not re.fullmatch(r"\d+(\.\d+)?", score):
            raise SakaiRefusal("invalid grade", cell)
        self.scores[eid, title] = score


def opencsv_rows(text: str, separator: str) -> list[list[str]]:
    """Read as opencsv 2 does, by its rules and not by Python's.

    In a cell a backslash before a quote or a backslash gives that character; any other
    backslash is dropped. Two quotes inside of quotes are one.
    """
    rows: list[list[str]] = []
    row: list[str] = []
    cell, quoted, at = "", False, 0
    while at < len(text):
        one, after = text[at], text[at + 1 : at + 2]
        if one == "\\" and (quoted or cell):
            cell += after if after in {'"', "\\"} else ""
            at += after in {'"', "\\"}
        elif one == '"' and quoted and after == '"':
            cell += one
            at += 1
        elif one == '"':
            quoted = not quoted
        elif one in {separator, "\n"} and not quoted:
            row.append(cell.rstrip("\r"))
            cell = ""
            if one == "\n":
                rows.append(row)
                row = []
        else:
            cell += one
        at += 1
    return rows
