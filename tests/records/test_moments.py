"""When something was handed in, as far as is known, and as a zone's clock shows it."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest

from autograder.records.moments import NO_TIME, Moment, moment_of, shown_in
from autograder.records.submission import Clock
from gradebook_class import graded

NOON = datetime(2026, 10, 10, 12)  # noqa: DTZ001 a local time
WORK, _ = graded("0300", 1.0)


def moment(zone: ZoneInfo | None = None, **changes: object) -> Moment:
    return moment_of(msgspec.structs.replace(WORK, **changes), zone)


def test_a_local_time_of_no_known_zone_lies_between_those_of_all_zones() -> None:
    found = moment(submitted_at=NOON, clock=Clock.LOCAL)
    noon = NOON.replace(tzinfo=UTC)
    assert found.earliest == noon - timedelta(hours=14)
    assert found.latest == noon + timedelta(hours=12)
    assert found.doubt == (
        "2026-10-10 12:00: no zone is known: give --timezone or --policy"
    )
    older = moment(submitted_at=NOON, clock=Clock.UNSAID)
    assert "an older version kept it without its zone" in older.doubt


def test_a_time_that_was_shown_twice_is_two_moments_with_their_doubt() -> None:
    first = NOON.replace(tzinfo=UTC)
    later = first + timedelta(hours=1)
    found = moment(
        submitted_at=first, latest_at=later, clock=Clock.TOLD, time_doubt="shown twice"
    )
    assert found == Moment(earliest=first, latest=later, doubt="shown twice")
    assert moment(submitted_at=first) == Moment(earliest=first, latest=first)


def test_what_has_no_time_says_why_where_that_is_known() -> None:
    assert moment() == Moment(earliest=None, latest=None, doubt=NO_TIME)
    assert moment(time_doubt="unreadable").doubt == "unreadable"


def test_a_moment_is_shown_by_the_zones_clock_of_that_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    july, january = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (7, 1))
    assert shown_in(july, berlin).isoformat() == "2026-07-01T14:00:00+02:00"
    assert shown_in(january, berlin).isoformat() == "2026-01-01T13:00:00+01:00"
    assert shown_in(july, berlin).tzinfo == timezone(timedelta(hours=2))
    assert shown_in(january, ZoneInfo("Europe/London")).tzinfo is UTC


@pytest.mark.parametrize("clock", [Clock.OWN, Clock.TOLD, Clock.UNSAID])
def test_a_time_of_a_known_zone_is_not_read_in_the_policys(clock: Clock) -> None:
    noon = NOON.replace(tzinfo=UTC)
    found = moment(ZoneInfo("Europe/Berlin"), submitted_at=noon, clock=clock)
    assert found == Moment(earliest=noon, latest=noon)


def test_a_local_time_is_read_in_the_policys_zone_whatever_it_was_read_in_before() -> (
    None
):
    berlin = ZoneInfo("Europe/Berlin")
    noon = moment(berlin, submitted_at=NOON.replace(tzinfo=UTC), clock=Clock.LOCAL)
    ten = NOON.replace(hour=10, tzinfo=UTC)
    assert noon == Moment(earliest=ten, latest=ten)
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    found = moment(berlin, submitted_at=twice, clock=Clock.LOCAL)
    assert found.earliest == twice.replace(hour=0)
    assert found.latest == twice.replace(hour=1)
