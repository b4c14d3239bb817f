"""When each hand-in came in: by the download, or by a second file; never guessed.

A download names the zone of its times, or gives local ones; those are read in the zone
that a person named, else in the policy's. Where it has none, a second file may: the
LMS's own (`time_list`). What can't be read stays unknown, with the reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from autograder.intake.layout import HandedIn
from autograder.intake.roster import Student
from autograder.intake.time_list import TimeList
from autograder.records.moments import NO_TIME, Moment, in_zone, shown_in
from autograder.records.submission import Clock

HOURS_OF = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9,
    "AKDT": -8, "HST": -10, "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5,
    "AWST": 8, "NZST": 12, "NZDT": 13,
}  # fmt: skip
"""Hours ahead of UTC of the names that LMSs write behind a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When a hand-in came in, as `Submission` keeps it."""

    submitted_at: datetime | None
    latest_at: datetime | None = None
    clock: Clock
    time_doubt: str = ""
    lms_says: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it can be told before and after another one."""
        return self.submitted_at is not None and self.latest_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What is known of times besides the download.

    zone : of local times; None where nobody named one
    is_told : a person named it for this download: another policy changes nothing
    listed : a second file with times, or None
    """

    zone: tzinfo | None = None
    is_told: bool = False
    listed: TimeList | None = None

    def of(self, item: HandedIn, student: Student | None) -> Timed:
        """Return when a hand-in came in."""
        told, doubt = item.submitted_at, item.time_doubt
        says = item.lms_says
        if told is None and self.listed is not None:
            said = self.listed.of(item, student)
            told, doubt = said.submitted_at, said.doubt or doubt
            says = said.lms_says or says
        if told is None:
            return Timed(
                submitted_at=None,
                clock=Clock.OWN,
                time_doubt=doubt or NO_TIME,
                lms_says=says,
            )
        if told.tzinfo is not None:
            return Timed(submitted_at=told, clock=Clock.OWN, lms_says=says)
        return self._local(told, item.zone_name, says)

    def _local(self, wall: datetime, zone_name: str, says: str) -> Timed:
        clock = Clock.TOLD if self.is_told else Clock.LOCAL
        if self.zone is None:
            return Timed(submitted_at=wall, clock=clock, lms_says=says)
        plain = in_zone(wall, self.zone)
        found = _named(plain, wall, zone_name, self.zone) if zone_name else plain
        if found.earliest is None or found.latest is None:
            return Timed(
                submitted_at=None,
                clock=Clock.OWN,
                time_doubt=found.doubt,
                lms_says=says,
            )
        several = found.earliest != found.latest
        return Timed(
            submitted_at=shown_in(found.earliest, self.zone),
            latest_at=shown_in(found.latest, self.zone) if several else None,
            # What the name has settled is not to be read anew without it.
            clock=clock if found == plain else Clock.OWN,
            time_doubt=found.doubt,
            lms_says=says,
        )


def _named(found: Moment, wall: datetime, name: str, zone: tzinfo) -> Moment:
    """Hold a local time against the name of a zone that stands behind it.

    A name that is not known tells nothing
    """
    moments = {m for m in (found.earliest, found.latest) if m is not None}
    fitting = [m for m in moments if _is_called(m, name, zone)]
    if len(fitting) == 1:
        return Moment(earliest=fitting[0], latest=fitting[0])
    if fitting or name not in HOURS_OF:
        return found
    doubt = f"{wall:%Y-%m-%d %H:%M} {name} is no time of {zone}: give --timezone"
    return Moment(earliest=None, latest=None, doubt=doubt)


def _is_called(moment: datetime, name: str, zone: tzinfo) -> bool:
    local = moment.astimezone(zone)
    hours = HOURS_OF.get(name)
    same = hours is not None and local.utcoffset() == timedelta(hours=hours)
    return same or local.tzname() == name
