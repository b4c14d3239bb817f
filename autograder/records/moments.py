"""When something was handed in, as far as is known: never by the clock of this machine.

A time that names its zone is a moment. A local time is one in a zone, but for the hour
that a clock shows twice when it is put back, and the one that none shows when it is put
forward.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from autograder.records.submission import Clock, Submission

NO_TIME = "the download has no times"
FARTHEST_ZONES = timedelta(hours=14), timedelta(hours=-12)
"""The zones whose clocks show a time first and last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment, or the two that it lies between.

    earliest, latest : in UTC; None where nothing is known
    doubt : why it is not known exactly, "" where it is
    """

    earliest: datetime | None
    latest: datetime | None
    doubt: str = ""


def moment_of(submission: Submission, zone: tzinfo | None) -> Moment:
    """Return when a submission was handed in.

    zone : of the course's policy; None where there is none
    """
    told = submission.submitted_at
    if told is None:
        doubt = submission.time_doubt or NO_TIME
        return Moment(earliest=None, latest=None, doubt=doubt)
    if submission.clock is Clock.LOCAL and zone is not None:
        return in_zone(told.replace(tzinfo=None), zone)
    if told.tzinfo is not None:
        latest = submission.latest_at or told
        return Moment(
            earliest=told.astimezone(UTC),
            latest=latest.astimezone(UTC),
            doubt=submission.time_doubt,
        )
    first, last = FARTHEST_ZONES
    why = (
        "an older version kept it without its zone: run autograder grade again"
        if submission.clock is Clock.UNSAID
        else "no zone is known: give --timezone or --policy"
    )
    return Moment(
        earliest=(told - first).replace(tzinfo=UTC),
        latest=(told - last).replace(tzinfo=UTC),
        doubt=f"{told:%Y-%m-%d %H:%M}: {why}",
    )


def in_zone(wall: datetime, zone: tzinfo) -> Moment:
    """Return the moment at which a clock of a zone shows a local time.

    wall : without a zone

    >>> from zoneinfo import ZoneInfo
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> in_zone(datetime(2026, 10, 25, 2, 30), berlin).doubt
    '2026-10-25 02:30 was shown twice by the clocks of Europe/Berlin'
    >>> in_zone(datetime(2026, 3, 29, 2, 30), berlin).doubt
    '2026-03-29 02:30 was shown by no clock of Europe/Berlin: is it the right zone?'
    """
    first, second = (
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if first == second:
        return Moment(earliest=first, latest=first)
    shown = f"{wall:%Y-%m-%d %H:%M} was shown"
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        doubt = f"{shown} by no clock of {zone}: is it the right zone?"
        return Moment(earliest=None, latest=None, doubt=doubt)
    return Moment(
        earliest=first, latest=second, doubt=f"{shown} twice by the clocks of {zone}"
    )


def shown_in(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment as a zone's clock shows it, with a fixed offset to UTC."""
    offset = moment.astimezone(zone).utcoffset()
    return moment.astimezone(timezone(offset) if offset else UTC)
