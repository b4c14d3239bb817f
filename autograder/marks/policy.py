"""The course's policy: one TOML file with deadlines, lateness, groups and weights.

`read_policy` checks it against the course and the class list, and names the line of
what is wrong. What the rules do is in `lateness`, `marking` and `totals`.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from autograder.course.toml_files import (
    line_of_key,
    line_of_table,
    read_text,
    read_toml,
)
from autograder.errors import StaffError
from autograder.intake.roster import Roster
from autograder.intake.witnesses import same_name
from autograder.marks.deadlines import Counts, Terms
from autograder.marks.lateness import Base, LatePolicy, after_lateness
from autograder.marks.numbers import exact
from autograder.records.moments import in_zone

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
MOST_DECIMALS = 6
LONGEST = 366 * UNITS["d"]


class _Late(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    grace: str = "0 min"
    percent: float = 0.0
    every: str = "1 d"
    of: Base = "full marks"
    cut_off: str = ""


class _Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    weight: float = 1.0
    drop_lowest: int = 0


class _Planned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    due: datetime | None = None
    group: str = ""
    weight: float = 1.0
    attempts: Counts | None = None
    late: _Late | None = None


class _Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    student: str
    assignment: str
    due: datetime
    why: str
    name: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    timezone: str
    decimals: int = 2
    attempts: Counts = Counts.LAST
    missing: Literal["zero", "open"] = "zero"
    late: _Late = _Late()
    group: tuple[_Group, ...] = ()
    assignment: tuple[_Planned, ...] = ()
    extension: tuple[_Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Assignments that make one part of the total.

    weight : against the other groups; drop_lowest : so many do not count
    """

    name: str
    weight: Fraction
    drop_lowest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One assignment under the policy.

    group : the name of its group; weight : within it
    terms : its deadlines and which attempt counts; late : what being late costs
    """

    name: str
    group: str
    weight: Fraction
    terms: Terms
    late: LatePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of a course.

    decimals : of every mark, and of the total; rounded half up
    missing_is_zero : in the total, what was not handed in counts 0 once its deadline
        is over; otherwise such a student has no total
    zone : of every time that names none
    by_id_alone : assignment and id of the extensions that name no student
    """

    place: Path
    decimals: int
    missing_is_zero: bool
    zone: tzinfo
    groups: tuple[Group, ...]
    assignments: Mapping[str, Planned]
    by_id_alone: tuple[tuple[str, str], ...] = ()

    def planned(self, name: str) -> Planned:
        """Return what holds for an assignment; raises StaffError where nothing does."""
        found = self.assignments.get(name)
        if found is None:
            raise StaffError(
                self.place,
                f"has no [[assignment]] {name!r}",
                "add it, with its deadline",
            )
        return found


def read_policy(path: Path, roster: Roster, known: Collection[str]) -> Policy:
    """Read and check a policy.

    known : names of the course's assignments
    Raises AuthoringError or StaffError with the file and the line
    """
    file = read_toml(path, _File)
    return _Reader(path, read_text(path), file, roster, known).policy()


@dataclass(frozen=True, slots=True)
class _Reader:
    """A policy file that fits the schema, to be held against course and class."""

    path: Path
    text: str
    file: _File
    roster: Roster
    known: Collection[str]

    def policy(self) -> Policy:
        zone = self._zone()
        if not 0 <= self.file.decimals <= MOST_DECIMALS:
            raise self._error("decimals", f"{self.file.decimals} is not in 0 … 6")
        self._names("assignment", [a.name for a in self.file.assignment])
        groups = tuple(self._groups())
        extended = self._extended(zone)
        late = self._late(self.file.late, "late")
        return Policy(
            place=self.path,
            decimals=self.file.decimals,
            missing_is_zero=self.file.missing == "zero",
            zone=zone,
            groups=groups,
            assignments={
                one.name: self._planned(i, one, zone, late, extended.get(one.name, {}))
                for i, one in enumerate(self.file.assignment)
            },
            by_id_alone=tuple(
                (e.assignment, e.student) for e in self.file.extension if not e.name
            ),
        )

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.file.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._error(
                "timezone",
                f"{self.file.timezone!r} is no time zone",
                "give one such as America/Edmonton or Europe/Berlin",
            ) from error

    def _groups(self) -> Iterator[Group]:
        names = [g.name for g in self.file.group]
        self._names("group", names)
        for i, one in enumerate(self.file.assignment):
            if one.group not in (names or [""]):
                wanted = ", ".join(names) or "leave it out: there is no [[group]]"
                problem = f"{one.name}: there is no group {one.group!r}"
                raise self._in_table("assignment", i, problem, f"groups: {wanted}")
        for i, group in enumerate(self.file.group or (_Group(name=""),)):
            members = sum(a.group == group.name for a in self.file.assignment)
            if not 0 < group.weight < math.inf:
                problem = f"{group.name}: a weight of {group.weight:g}"
                raise self._in_table("group", i, problem, "give one above 0")
            if group.drop_lowest < 0 or (members and group.drop_lowest >= members):
                problem = f"{group.name}: drop_lowest {group.drop_lowest} of {members}"
                raise self._in_table("group", i, problem, "at least one must count")
            yield Group(
                name=group.name,
                weight=exact(group.weight),
                drop_lowest=group.drop_lowest,
            )

    def _planned(
        self,
        index: int,
        one: _Planned,
        zone: ZoneInfo,
        late: LatePolicy,
        extended: Mapping[str, datetime],
    ) -> Planned:
        if one.name not in self.known:
            close = difflib.get_close_matches(one.name, self.known)
            remedy = f"did you mean {close[0]}" if close else "see assignments/"
            problem = f"the course has no assignment {one.name!r}"
            raise self._in_table("assignment", index, problem, remedy)
        if not 0 < one.weight < math.inf:
            problem = f"{one.name}: a weight of {one.weight:g}"
            raise self._in_table("assignment", index, problem, "give one above 0")
        doubt = _doubt(one.due, zone)
        if doubt:
            remedy = "write it with its offset, as 2026-11-01T01:30:00-06:00"
            raise self._in_table("assignment", index, f"{one.name}: {doubt}", remedy)
        if one.late is not None:
            line = line_of_table(self.text, "assignment", index)
            late = self._late(one.late, f"assignment {one.name}, late", line)
        return Planned(
            name=one.name,
            group=one.group,
            weight=exact(one.weight),
            late=late,
            terms=Terms(
                due=_aware(one.due, zone),
                zone=zone,
                extended=extended,
                counts=one.attempts or self.file.attempts,
                grace=late.grace,
                worth=lambda points, possible, by: (
                    after_lateness(points, possible, by, late).points
                ),
            ),
        )

    def _stranger(self, one: _Extension) -> str:
        """Say why an extension is for no one student of the list, "" where it is."""
        found = self.roster.by_identifier.get(one.student, ())
        if len(found) != 1:
            many = "several students" if found else "nobody"
            return f"{one.student!r} is {many} on {self.roster.place}"
        if one.name and not same_name(one.name, found[0].name):
            return (
                f"{one.student!r} is {found[0].name!r} on {self.roster.place}, not "
                f"{one.name!r}"
            )
        return ""

    def _extended(self, zone: ZoneInfo) -> dict[str, dict[str, datetime]]:
        students = self.roster.by_identifier
        due = {a.name: _aware(a.due, zone) for a in self.file.assignment}
        extended: dict[str, dict[str, datetime]] = {}
        for i, one in enumerate(self.file.extension):
            found = students.get(one.student, ())
            problem = remedy = ""
            if self._stranger(one):
                problem = self._stranger(one)
                remedy = "give an id of the class list, or take the extension out"
            elif one.assignment in due and due[one.assignment] is None:
                problem = f"{one.assignment} has no deadline to extend"
                remedy = "give its [[assignment]] one"
            elif one.assignment not in due:
                problem = f"there is no [[assignment]] {one.assignment!r} in this file"
                remedy = "add it, or correct the name"
            elif _doubt(one.due, zone):
                problem = f"{one.student}: {_doubt(one.due, zone)}"
                remedy = "write it with its offset, as 2026-11-01T01:30:00-06:00"
            elif not one.why.strip():
                problem, remedy = f"{one.student}: no reason", "say why"
            elif found[0].id in extended.get(one.assignment, {}):
                problem = f"a second extension of {one.assignment} for {one.student}"
                remedy = "keep one of them"
            else:
                moment = _aware(one.due, zone)
                usual = due[one.assignment]
                if moment is None or usual is None or moment <= usual:
                    problem = f"{one.due:%Y-%m-%d %H:%M} is not after the deadline"
                    remedy = "an extension must give more time"
                else:
                    extended.setdefault(one.assignment, {})[found[0].id] = moment
            if problem:
                raise self._in_table("extension", i, problem, remedy)
        return extended

    def _late(self, late: _Late, where: str, line: int | None = None) -> LatePolicy:
        line = line or line_of_key(self.text, "late")
        if not 0 <= late.percent < math.inf:
            raise self._at(line, f"{where}: {late.percent:g} percent", "give 0 or more")
        once = late.every == "once"
        every = None if once else self._span(late.every, f"{where}, every", line)
        if every is not None and not every:
            raise self._at(line, f"{where}, every: no time at all", 'give "1 d"')
        grace = self._span(late.grace, f"{where}, grace", line)
        cut_off = (
            self._span(late.cut_off, f"{where}, cut_off", line)
            if late.cut_off
            else None
        )
        if cut_off is not None and cut_off < grace:
            problem = f"{where}: nothing counts after {late.cut_off}, and {late.grace}"
            raise self._at(line, f"{problem} cost nothing", "give a shorter grace")
        return LatePolicy(
            grace=grace,
            percent=exact(late.percent),
            every=every,
            of=late.of,
            cut_off=cut_off,
        )

    def _span(self, text: str, where: str, line: int) -> timedelta:
        parts = re.findall(r"(\d+)\s*(s|min|h|d)\b", text)
        if not text.strip() or re.sub(r"(\d+)\s*(s|min|h|d)\b", "", text).strip():
            remedy = 'write it as "15 min", "36 h" or "1 d 12 h"'
            raise self._at(line, f"{where}: {text!r} is no span of time", remedy)
        seconds = sum(int(n) * UNITS[unit] for n, unit in parts)
        if seconds > LONGEST:
            raise self._at(line, f"{where}: {text!r} is too long", "a year at most")
        return timedelta(seconds=seconds)

    def _names(self, table: str, names: Sequence[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                second = [i for i, other in enumerate(names) if other == name][1]
                problem = f"a second [[{table}]] {name!r}"
                raise self._in_table(table, second, problem, "keep one of them")

    def _in_table(
        self, table: str, index: int, problem: str, remedy: str
    ) -> StaffError:
        return self._at(line_of_table(self.text, table, index), problem, remedy)

    def _error(self, key: str, problem: str, remedy: str = "") -> StaffError:
        return self._at(line_of_key(self.text, key), f"{key}: {problem}", remedy)

    def _at(self, line: int, problem: str, remedy: str) -> StaffError:
        return StaffError(f"{self.path}:{line}", problem, remedy)


def _doubt(moment: datetime | None, zone: ZoneInfo) -> str:
    """Say why a local time is no one moment, on a night when clocks are changed."""
    if moment is None or moment.tzinfo is not None:
        return ""
    return in_zone(moment, zone).doubt


def _aware(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=zone)
