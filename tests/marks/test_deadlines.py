"""Deadlines, time zones, and which attempt counts."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations
from zoneinfo import ZoneInfo

import msgspec
import pytest

from autograder.marks.deadlines import (
    FOREVER,
    Counts,
    Delay,
    Graded,
    Terms,
    is_open,
)
from autograder.marks.lateness import LatePolicy, after_lateness
from autograder.records.results import Verdict
from autograder.records.submission import IN_TIME, Clock
from gradebook_class import DUE, graded

DAY = timedelta(days=1)
EDMONTON = ZoneInfo("America/Edmonton")


def attempt(number: int, score: float | None, late: timedelta) -> Graded:
    return graded("a", score, attempt=number, at=DUE + late)


def chosen(attempts: list[Graded], terms: Terms) -> int:
    found = {terms.choose(order, "a")[0].attempt for order in permutations(attempts)}
    (number,) = found  # whatever the order
    return number


THREE = [attempt(1, 50.0, -DAY), attempt(2, 90.0, DAY), attempt(3, 70.0, 2 * DAY)]


def test_the_last_the_best_or_the_last_on_time_counts() -> None:
    assert chosen(THREE, Terms(due=DUE)) == 3
    assert chosen(THREE, Terms(due=DUE, counts=Counts.BEST)) == 2
    assert chosen(THREE, Terms(due=DUE, counts=Counts.LAST_ON_TIME)) == 1


def test_a_delay_within_the_grace_is_on_time() -> None:
    terms = Terms(due=DUE, counts=Counts.LAST_ON_TIME, grace=DAY)
    assert chosen(THREE, terms) == 2


def test_where_none_was_on_time_the_last_counts() -> None:
    terms = Terms(due=DUE - 2 * DAY, counts=Counts.LAST_ON_TIME)
    assert chosen(THREE, terms) == 3


def test_the_best_is_the_best_after_lateness() -> None:
    late = LatePolicy(percent=Fraction(50))

    def worth(points: Fraction, possible: Fraction, by: timedelta | None) -> Fraction:
        return after_lateness(points, possible, by, late).points

    assert chosen(THREE, Terms(due=DUE, counts=Counts.BEST, worth=worth)) == 1


def test_of_equally_good_attempts_the_later_counts() -> None:
    twins = [attempt(1, 50.0, -DAY), attempt(2, 50.0, -DAY)]
    assert chosen(twins, Terms(due=DUE, counts=Counts.BEST)) == 2


def test_while_one_attempt_is_not_graded_nobody_knows_the_best() -> None:
    attempts = [*THREE, attempt(4, None, DAY)]
    assert chosen(attempts, Terms(due=DUE, counts=Counts.BEST)) == 4


def test_an_extension_is_one_students_own_deadline() -> None:
    terms = Terms(due=DUE, extended={"b": DUE + 3 * DAY})
    one, _ = attempt(1, 1.0, 2 * DAY)
    assert terms.late_by(one, "a") == 2 * DAY
    assert terms.late_by(one, "b") is None


@pytest.mark.parametrize(
    ("at", "late"),
    [
        # 05:59 UTC on the 11th is 23:59 of the 10th in Edmonton.
        (datetime(2026, 10, 11, 5, 59, tzinfo=UTC), None),
        (datetime(2026, 10, 11, 6, 0, tzinfo=UTC), timedelta(minutes=1)),
        (datetime(2026, 10, 11, 0, 0), timedelta(minutes=1)),  # noqa: DTZ001
    ],
)
def test_a_time_without_a_zone_is_the_courses(
    at: datetime, late: timedelta | None
) -> None:
    terms = Terms(due=DUE.replace(tzinfo=EDMONTON), zone=EDMONTON)
    one, _ = graded("a", 1.0, at=at)
    assert terms.late_by(one, "a") == late


def test_the_hour_that_is_put_back_counts() -> None:
    # On 1 November 2026 clocks go from 02:00 to 01:00: noon to noon is 25 hours.
    due = datetime(2026, 10, 31, 12, tzinfo=EDMONTON)
    one, _ = graded("a", 1.0, at=datetime(2026, 11, 1, 12))  # noqa: DTZ001
    late = Terms(due=due, zone=EDMONTON).late_by(one, "a")
    assert late == timedelta(hours=25)


def test_what_an_attempt_is_worth_is_reckoned_exactly() -> None:
    seen: list[tuple[object, ...]] = []

    def worth(points: Fraction, possible: Fraction, late: timedelta | None) -> Fraction:
        seen.append((points, possible, late))
        return points

    terms = Terms(due=DUE, counts=Counts.BEST, worth=worth)
    works = [attempt(1, 0.1, timedelta(hours=1)), attempt(2, 0.2, timedelta(0))]
    assert chosen(works, terms) == 2
    assert (Fraction(1, 10), Fraction(100), timedelta(hours=1)) in seen
    assert (Fraction(2, 10), Fraction(100), None) in seen
    assert all(type(points) is Fraction for points, _, _ in seen)


def timeless(number: int, score: float, **changes: object) -> Graded:
    submission, result = graded("a", score, attempt=number)
    return msgspec.structs.replace(submission, **changes), result


def test_nobody_knows_by_how_much_what_has_no_time_is_late() -> None:
    terms = Terms(due=DUE.replace(tzinfo=EDMONTON), zone=EDMONTON)
    one, _ = timeless(1, 50.0)
    delay = terms.delay(one, "a")
    assert (delay.at_least, delay.at_most) == (None, FOREVER)
    assert delay.doubt == "the download has no times"
    told, _ = timeless(1, 50.0, lms_says=IN_TIME)
    assert terms.delay(told, "a") == Delay()


def test_a_row_of_an_older_ledger_is_in_doubt_within_a_day_of_the_deadline() -> None:
    terms = Terms(due=DUE.replace(tzinfo=EDMONTON), zone=EDMONTON)
    old = {"clock": Clock.UNSAID}
    near, _ = timeless(1, 50.0, submitted_at=DUE - timedelta(hours=3), **old)
    far, _ = timeless(1, 50.0, submitted_at=DUE - 3 * DAY, **old)
    assert terms.delay(near, "a").at_most is not None
    assert terms.delay(far, "a").at_most is None
    for one in (near, far):
        wanted = "an older version kept it without its zone: run autograder grade again"
        assert wanted in terms.delay(one, "a").doubt


def test_which_attempt_counts_is_undecided_where_a_time_decides_it() -> None:
    first, second = attempt(1, 90.0, -DAY), timeless(2, 50.0)
    both = [first, second]
    on_time = Terms(due=DUE, counts=Counts.LAST_ON_TIME)
    assert on_time.undecided(both, "a")
    assert Terms(due=DUE).undecided(both, "a") == ""
    late = LatePolicy(percent=Fraction(50))

    def worth(points: Fraction, possible: Fraction, by: timedelta | None) -> Fraction:
        return after_lateness(points, possible, by, late).points

    best = Terms(due=DUE, counts=Counts.BEST, worth=worth)
    # The first is better whenever the second came in, and the other way round not.
    assert best.undecided(both, "a") == ""
    assert best.undecided([attempt(1, 50.0, -DAY), timeless(2, 90.0)], "a")


def test_a_policy_with_another_zone_reads_local_times_anew() -> None:
    at = datetime(2026, 10, 10, 23, 50, tzinfo=EDMONTON)
    one, _ = timeless(1, 50.0, submitted_at=at, clock=Clock.LOCAL)
    toronto = ZoneInfo("America/Toronto")
    due = datetime(2026, 10, 10, 23, 40, tzinfo=toronto)
    late = Terms(due=due, zone=toronto).late_by(one, "a")
    assert late == timedelta(minutes=10)
    told = msgspec.structs.replace(one, clock=Clock.TOLD)
    assert Terms(due=due, zone=toronto).late_by(told, "a") == timedelta(
        hours=2, minutes=10
    )


def test_what_came_at_no_known_time_is_not_called_late_and_not_called_in_time() -> None:
    terms = Terms(due=DUE.replace(tzinfo=UTC))
    unknown, _ = graded("0300", 1.0)
    assert terms.delay(unknown, "0300").at_most is not None
    assert terms.late_by(unknown, "0300") is None
    assert not terms.is_in_time(unknown, "0300")
    early, _ = graded("0300", 1.0, at=DUE.replace(tzinfo=UTC))
    assert terms.late_by(early, "0300") is None
    assert terms.is_in_time(early, "0300")


def test_a_deadline_that_clocks_show_twice_is_the_later_one() -> None:
    # On 1 November 2026 01:30 is shown at 07:30 and at 08:30 UTC in Edmonton.
    due = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001
    terms = Terms(due=due, zone=EDMONTON)
    between, _ = graded("a", 1.0, at=datetime(2026, 11, 1, 7, 45, tzinfo=UTC))
    after, _ = graded("a", 1.0, at=datetime(2026, 11, 1, 8, 31, tzinfo=UTC))
    assert terms.late_by(between, "a") is None
    assert terms.late_by(after, "a") == timedelta(minutes=1)


def test_a_local_time_of_an_older_ledger_is_in_doubt_beside_a_local_deadline() -> None:
    one, _ = timeless(1, 50.0, submitted_at=DUE + DAY, clock=Clock.UNSAID)
    delay = Terms(due=DUE).delay(one, "a")
    assert (delay.at_least, delay.at_most) == (DAY, DAY)
    assert "an older version kept it without its zone" in delay.doubt
    told = msgspec.structs.replace(one, clock=Clock.LOCAL)
    assert Terms(due=DUE).delay(told, "a").doubt == ""


def test_nothing_is_undecided_where_the_attempts_are_worth_the_same_or_ungraded() -> (
    None
):
    best = Terms(due=DUE, counts=Counts.BEST)
    assert best.undecided([attempt(1, 50.0, -DAY), timeless(2, 50.0)], "a") == ""
    assert best.undecided([timeless(1, 50.0)], "a") == ""
    assert best.undecided([attempt(1, None, -DAY), timeless(2, 50.0)], "a") == ""


def test_a_local_time_is_shown_as_the_course_s_clock_showed_it() -> None:
    at = datetime(2026, 10, 10, 23, 50, tzinfo=EDMONTON)
    toronto = ZoneInfo("America/Toronto")
    local, _ = timeless(1, 50.0, submitted_at=at, clock=Clock.LOCAL)
    shown = Terms(zone=toronto).shown(local)
    assert shown is not None
    assert shown.isoformat() == "2026-10-10T23:50:00-04:00"
    own = Terms(zone=toronto).shown(msgspec.structs.replace(local, clock=Clock.OWN))
    assert own is not None
    assert own.isoformat() == "2026-10-11T01:50:00-04:00"


def test_what_could_not_be_graded_is_open_whatever_its_points() -> None:
    _, result = graded("a", 40.0)
    assert not is_open(result)
    assert is_open(msgspec.structs.replace(result, verdict=Verdict.FAULT))
    assert is_open(msgspec.structs.replace(result, score=None))


def halved(points: Fraction, possible: Fraction, by: timedelta | None) -> Fraction:
    late = LatePolicy(percent=Fraction(50), of="points earned", every=None)
    return after_lateness(points, possible, by, late).points


def test_which_is_best_is_undecided_where_another_may_have_come_in_before_it() -> None:
    best = Terms(due=DUE, counts=Counts.BEST, worth=halved)
    # Whichever way all times are read the second is best; not so if it alone is late.
    both = [timeless(1, 80.0), timeless(2, 90.0)]
    assert best.undecided(both, "a")
    assert best.undecided([*both, attempt(3, 10.0, -DAY)], "a")
    assert best.undecided([attempt(1, 10.0, -DAY), timeless(2, 90.0)], "a") == ""


def test_a_deadline_that_no_clock_shows_is_as_far_from_midnight_as_it_says() -> None:
    # On 8 March 2026 clocks go from 02:00 to 03:00: 02:30 is 03:30, 09:30 UTC.
    due = datetime(2026, 3, 8, 2, 30)  # noqa: DTZ001
    one, _ = graded("a", 1.0, at=datetime(2026, 3, 8, 9, 31, tzinfo=UTC))
    assert Terms(due=due, zone=EDMONTON).late_by(one, "a") == timedelta(minutes=1)


def test_a_time_that_is_known_counts_more_than_the_lmss_word() -> None:
    late, _ = timeless(1, 50.0, submitted_at=DUE + DAY, lms_says=IN_TIME)
    assert Terms(due=DUE).late_by(late, "a") == DAY


@pytest.mark.parametrize(
    ("at", "zone"),
    [(None, EDMONTON), (DUE, EDMONTON), (DUE.replace(tzinfo=UTC), None)],
)
def test_a_time_is_shown_as_it_is_where_no_clock_of_the_course_can_show_it(
    at: datetime | None, zone: ZoneInfo | None
) -> None:
    one, _ = timeless(1, 50.0, submitted_at=at)
    shown = Terms(zone=zone).shown(one)
    assert shown == at
    assert shown is None or shown.tzinfo is (at and at.tzinfo)


def test_an_attempt_without_points_is_worth_nothing() -> None:
    seen: list[Fraction] = []

    def worth(points: Fraction, possible: Fraction, _: timedelta | None) -> Fraction:
        seen.append(points)
        assert type(possible) is Fraction
        return points

    none_right = [attempt(1, 0.0, -DAY), attempt(2, 0.0, -DAY)]
    assert chosen(none_right, Terms(due=DUE, counts=Counts.BEST, worth=worth)) == 2
    assert set(seen) == {Fraction(0)}


def test_of_two_of_one_number_the_one_with_a_time_is_the_later() -> None:
    dated, undated = timeless(1, 50.0, submitted_at=DUE), timeless(1, 60.0)
    for both in ([dated, undated], [undated, dated]):
        assert Terms(due=DUE).choose(both, "a") is dated
