"""Brightspace's grade import in our words: whose mark a file becomes, or why none does.

After D2L's "Importing grades" (community.d2l.com, article 3538, and its help of 2019)
and universities' pages on it: the ids come first, a column is an item's title with what
is imported, the last one is the indicator, what is above the maximum is capped.
"""

import csv
import io
from dataclasses import dataclass, field

FORMS = (" Points Grade", " Grade Symbol", " Text Grade")
KEYS = ("OrgDefinedId", "Username")
END = "End-of-Line Indicator"


class BrightspaceRefusal(Exception):
    """What Brightspace says of a file that it does not take."""


@dataclass(frozen=True)
class BrightspaceUser:
    org_defined_id: str
    username: str


@dataclass
class BrightspaceCourse:
    """A course before an import.

    points : of each numeric item, by title
    scores : by username and item
    errors : the lines that are skipped; new_items : what would be made
    """

    users: tuple[BrightspaceUser, ...]
    points: dict[str, float]
    can_exceed: bool = False
    scores: dict[tuple[str, str], float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    new_items: list[str] = field(default_factory=list)
    capped: list[str] = field(default_factory=list)

    def import_(self, data: bytes) -> int:
        """Take a file; return how many scores it has. Raises BrightspaceRefusal."""
        text = data.decode("utf-8-sig")
        delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header, *rows = reader
        keys = [heading for heading in header if heading in KEYS]
        if not keys or header[: len(keys)] != keys:
            raise BrightspaceRefusal("the ids are not the first columns", header)
        if header[-1] != END:
            raise BrightspaceRefusal("no end of line indicator", header)
        items = {at: self._item(header[at]) for at in range(len(keys), len(header) - 1)}
        return sum(
            self._take(row, keys, items) for row in rows if self._is_whole(row, header)
        )

    def _item(self, heading: str) -> str:
        form = next((form for form in FORMS if heading.endswith(form)), "")
        if form != FORMS[0]:
            raise BrightspaceRefusal("no points of an item", heading)
        title = heading.removesuffix(form)
        if title not in self.points:
            self.new_items.append(title)
        return title

    def _is_whole(self, row: list[str], header: list[str]) -> bool:
        whole = len(row) == len(header) and row[-1] == "#"
        if not whole:
            self.errors.append(f"a line of {len(row)} cells: {row}")
        return whole

    def _take(self, row: list[str], keys: list[str], items: dict[int, str]) -> int:
        # The guard keeps zeros from a spreadsheet and is no part of an id.
        told = {key: row[at].removeprefix("#") for at, key in enumerate(keys)}
        found = [
            user
            for user in self.users
            if told.get("OrgDefinedId", user.org_defined_id) == user.org_defined_id
            and told.get("Username", user.username) == user.username
        ]
        if len(found) != 1:
            self.errors.append(f"nobody is {told}")
            return 0
        taken = 0
        for at, title in items.items():
            if not row[at]:
                continue
            try:
                score = float(row[at])
            except ValueError:
                self.errors.append(f"{row[at]!r} is no number")
                continue
            most = self.points.get(title, score)
            if score > most and not self.can_exceed:
                self.capped.append(found[0].username)
                score = most
            self.scores[found[0].username, title] = score
            taken += 1
        return taken
