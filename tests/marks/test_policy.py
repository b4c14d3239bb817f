"""The policy: what its file says holds, and a mistake is told with its line."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import StudentEntry
from autograder.marks.deadlines import Counts
from autograder.marks.lateness import LatePolicy
from autograder.marks.policy import Group, Policy, read_policy
from autograder.marks.rules import Asked, Standing
from autograder.records.entries import Entry
from gradebook_class import BRIGHTSPACE, graded, write

WHOLE = """\
timezone = "America/Edmonton"
decimals = 1
attempts = "best"
missing = "open"

[late]
grace = "15 min"
percent = 10
every = "1 d"
cut_off = "3 d 12 h"

[[group]]
name = "homework"
weight = 60
drop_lowest = 1

[[group]]
name = "project"
weight = 40

[[assignment]]
name = "a1_conv1d"
due = 2026-10-10T23:59:00
group = "homework"

[[assignment]]
name = "a2_shapes"
due = 2026-10-24T23:59:00
group = "homework"
weight = 2
attempts = "last on time"
late = { percent = 20, every = "once", of = "points earned" }

[[assignment]]
name = "a4_cnn"
group = "project"

[[extension]]
student = "zdoe"
assignment = "a1_conv1d"
due = 2026-10-12T23:59:00
why = "ill"
"""
KNOWN = ["a1_conv1d", "a2_shapes", "a4_cnn"]


def read(folder: Path, text: str) -> Policy:
    roster = read_roster(write(folder, BRIGHTSPACE))
    return read_policy(write(folder, text, "policy.toml"), roster, KNOWN)


def said(folder: Path, text: str) -> str:
    with pytest.raises(StaffError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_whole_policy_is_read(tmp_path: Path) -> None:
    policy = read(tmp_path, WHOLE)
    assert (policy.decimals, policy.missing_is_zero) == (1, False)
    assert [(g.name, int(g.weight), g.drop_lowest) for g in policy.groups] == [
        ("homework", 60, 1),
        ("project", 40, 0),
    ]
    first, second = policy.planned("a1_conv1d"), policy.planned("a2_shapes")
    assert first.late == LatePolicy(
        grace=timedelta(minutes=15),
        percent=Fraction(10),
        every=timedelta(days=1),
        cut_off=timedelta(days=3, hours=12),
    )
    assert second.late == LatePolicy(
        percent=Fraction(20), every=None, of="points earned"
    )
    assert (first.terms.counts, second.terms.counts) == (
        Counts.BEST,
        Counts.LAST_ON_TIME,
    )
    due = first.terms.deadline("0300")
    assert due is not None
    assert due.astimezone(UTC) == datetime(2026, 10, 11, 5, 59, tzinfo=UTC)
    # The extension names the student by username, the roster by id.
    extended = first.terms.deadline("0012345")
    assert extended is not None
    assert extended.astimezone(UTC) == datetime(2026, 10, 13, 5, 59, tzinfo=UTC)
    assert policy.planned("a4_cnn").terms.due is None
    assert second.weight == 2


def test_the_shortest_policy_needs_a_time_zone_only(tmp_path: Path) -> None:
    policy = read(tmp_path, 'timezone = "UTC"\n[[assignment]]\nname = "a4_cnn"\n')
    assert policy.planned("a4_cnn").late.percent == 0
    assert policy.missing_is_zero
    assert policy.decimals == 2
    assert policy.groups == (Group(name="", weight=Fraction(1), drop_lowest=0),)
    assert policy.planned("a4_cnn").weight == 1
    with pytest.raises(StaffError, match=r"has no \[\[assignment\]\] 'a1_conv1d'"):
        policy.planned("a1_conv1d")


@pytest.mark.parametrize(
    ("found", "replace", "wanted"),
    [
        (
            "2026-10-24T23:59",
            "2026-11-01T01:30",
            "2026-11-01 01:30 was shown twice by the clocks of America/Edmonton",
        ),
        (
            "2026-10-10T23:59",
            "2026-03-08T02:30",
            "2026-03-08 02:30 was shown by no clock of America/Edmonton",
        ),
        (
            "2026-10-12T23:59",
            "2026-11-01T01:30",
            "zdoe: 2026-11-01 01:30 was shown twice",
        ),
        ('"America/Edmonton"', '"Edmonton"', "policy.toml:1: timezone: 'Edmonton' is"),
        ("decimals = 1", "decimals = 9", "policy.toml:2: decimals: 9 is not in 0 … 6"),
        ('attempts = "best"', 'attempts = "first"', "Invalid enum value 'first'"),
        ("percent = 10", "percent = -1", "policy.toml:6: late: -1 percent"),
        ('"15 min"', '"15 minutes"', "policy.toml:6: late, grace: '15 minutes' is no"),
        ('"15 min"', '" "', "policy.toml:6: late, grace: ' ' is no span"),
        ('"15 min"', '""', "policy.toml:6: late, grace: '' is no span"),
        ('every = "1 d"', 'every = "0 d"', "policy.toml:6: late, every: no time at"),
        ("weight = 60", "weight = 0", "policy.toml:12: homework: a weight of 0"),
        ("drop_lowest = 1", "drop_lowest = 2", "homework: drop_lowest 2 of 2"),
        ('name = "project"', 'name = "homework"', "policy.toml:17: a second [[group]]"),
        ('"a2_shapes"', '"a1_conv1d"', "policy.toml:26: a second [[assignment]]"),
        ('"a2_shapes"', '"a2_shape"', "no assignment 'a2_shape' (did you mean a2_"),
        ('"a2_shapes"', '"exam"', "no assignment 'exam' (see assignments/)"),
        ("weight = 2\n", "weight = -2\n", "policy.toml:26: a2_shapes: a weight of -2"),
        ('group = "project"', 'group = "labs"', "policy.toml:34: a4_cnn: there is no"),
        ('"zdoe"', '"nobody"', "policy.toml:38: 'nobody' is nobody on roster.csv"),
        ('assignment = "a1_conv1d"', 'assignment = "a3"', "no [[assignment]] 'a3' in"),
        ('"ill"', '" "', "policy.toml:38: zdoe: no reason (say why)"),
        ("2026-10-12T", "2026-10-09T", "2026-10-09 23:59 is not after the deadline"),
        ("weight = 60", "weight = nan", "policy.toml:12: homework: a weight of nan"),
        ("weight = 2\n", "weight = inf\n", "policy.toml:26: a2_shapes: a weight of"),
        ("percent = 10", "percent = nan", "policy.toml:6: late: nan percent"),
        ("percent = 10", "percent = 1e999", "policy.toml:6: late: inf percent"),
        ('"3 d 12 h"', f'"{10**12} d"', "is too long (a year at most)"),
        ("percent = 10", 'percent = "ten"', "policy.toml:6: Expected `float`"),
        ("grace =", "gracious =", "policy.toml:6: Object contains unknown field"),
        ("decimals = 1", 'decimals = "one"', "policy.toml:2: Expected `int`"),
        ('attempts = "best"', 'attempts = "first"', "policy.toml:3: Invalid enum"),
        ("[[group]]", "[[groups]]", "unknown field"),
        (
            'grace = "15 min"',
            'grace = "4 d"',
            "policy.toml:6: late: nothing counts aft",
        ),
        ("2026-10-24T23:59:00", "2026-10-24T23:59", "a time needs its seconds, as in"),
        ("percent = 20", "procent = 20", "policy.toml:26: Object contains unknown"),
        ("percent = 20", "percent = -1", "policy.toml:26: assignment a2_shapes, late:"),
        ("weight = 60", "weight = inf", "policy.toml:12: homework: a weight of inf"),
        ("drop_lowest = 1", "drop_lowest = -1", "homework: drop_lowest -1 of 2"),
        ('group = "project"', 'group = "labs"', "(groups: homework, project)"),
        ('"a4_cnn"', '"a1_conv1d"', "policy.toml:34: a second [[assignment]]"),
        ('"America/Edmonton"', '"../Edmonton"', "timezone: '../Edmonton' is no time"),
        ('"America/Edmonton"', f'"{300 * "a"}"', "aaa' is no time zone"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, found: str, replace: str, wanted: str
) -> None:
    assert found in WHOLE
    assert wanted in said(tmp_path, WHOLE.replace(found, replace, 1))


def test_a_header_is_found_beside_a_remark(tmp_path: Path) -> None:
    text = WHOLE.replace("[[assignment]]", "[[ assignment ]]  # by week")
    text = text.replace("weight = 2", "weight = -2")
    assert "policy.toml:26: a2_shapes: a weight of -2" in said(tmp_path, text)


def test_what_has_no_deadline_cannot_be_extended(tmp_path: Path) -> None:
    extension = WHOLE[WHOLE.index("[[extension]]") :]
    text = WHOLE.replace(extension, extension.replace("a1_conv1d", "a4_cnn"))
    wanted = "policy.toml:38: a4_cnn has no deadline to extend (give its"
    assert wanted in said(tmp_path, text)


def test_a_second_extension_is_refused(tmp_path: Path) -> None:
    again = WHOLE[WHOLE.index("[[extension]]") :].replace("zdoe", "0012345")
    wanted = "policy.toml:44: a second extension of a1_conv1d for 0012345"
    assert wanted in said(tmp_path, f"{WHOLE}\n{again}")


RULES = """\
timezone = "America/Edmonton"
decimals = 2
attempts = "{attempts}"

[late]
grace = "15 min"
percent = 10

[[assignment]]
name = "a1_conv1d"
due = 2026-10-10T23:59:00
"""
TERM = datetime(2026, 10, 10, 23, 59)  # noqa: DTZ001 the LMS's local time


def marks(
    folder: Path, attempts: str, *handed_in: tuple[float, timedelta]
) -> StudentEntry:
    """Mark one student's attempts (score, delay) as a policy file says."""
    policy = write(folder, RULES.format(attempts=attempts), "policy.toml")
    roster = read_roster(write(folder, BRIGHTSPACE))
    asked = Asked(policy=policy)
    work = [
        graded("0012345", score, attempt=number, at=TERM + late)
        for number, (score, late) in enumerate(handed_in, 1)
    ]
    rules = Standing(Path(__file__).parents[2], roster, asked)
    entries = [Entry(submission, result, "hash") for submission, result in work]
    return rules.marks_of("a1_conv1d", entries).students[0]


def test_the_policys_grace_costs_nothing_and_a_minute_more_costs_a_day(
    tmp_path: Path,
) -> None:
    within = marks(tmp_path, "last", (80.0, timedelta(minutes=15)))
    after = marks(tmp_path, "last", (80.0, timedelta(minutes=16)))
    assert (within.score, after.score) == (80.0, 70.0)


def test_the_policys_grace_is_in_time_for_the_last_attempt_on_time(
    tmp_path: Path,
) -> None:
    first, second = (60.0, timedelta(0)), (80.0, timedelta(minutes=15))
    assert marks(tmp_path, "last on time", first, second).score == 80.0
    late = (80.0, timedelta(minutes=16))
    assert marks(tmp_path, "last on time", first, late).score == 60.0


def test_the_best_attempt_is_best_after_what_the_policy_takes_for_lateness(
    tmp_path: Path,
) -> None:
    in_time, late = (75.0, timedelta(0)), (80.0, timedelta(hours=1))
    best = marks(tmp_path, "best", in_time, late)
    assert (best.score, best.attempt) == (75.0, 1)
    much_better = (90.0, timedelta(hours=1))
    best = marks(tmp_path, "best", in_time, much_better)
    assert (best.score, best.attempt) == (80.0, 2)


@pytest.mark.parametrize(("decimals", "fits"), [(0, True), (6, True), (7, False)])
def test_marks_have_none_to_six_decimals(
    tmp_path: Path, decimals: int, *, fits: bool
) -> None:
    text = WHOLE.replace("decimals = 1", f"decimals = {decimals}")
    if fits:
        assert read(tmp_path, text).decimals == decimals
    else:
        assert "decimals: 7 is not in 0 … 6" in said(tmp_path, text)


def test_no_span_is_longer_than_a_year(tmp_path: Path) -> None:
    year = WHOLE.replace('cut_off = "3 d 12 h"', 'cut_off = "366 d"', 1)
    assert read(tmp_path, year)
    more = WHOLE.replace('cut_off = "3 d 12 h"', 'cut_off = "366 d 1 s"', 1)
    assert "'366 d 1 s' is too long" in said(tmp_path, more)


def extension(due: str, name: str = "") -> str:
    return (
        'timezone = "UTC"\n[[assignment]]\nname = "a4_cnn"\n'
        "due = 2026-10-10T12:00:00\n[[extension]]\n"
        f'student = "0300"\nassignment = "a4_cnn"\ndue = {due}\nwhy = "ill"\n{name}'
    )


def test_an_extension_gives_more_time_and_a_name_beside_its_id_is_a_witness(
    tmp_path: Path,
) -> None:
    assert "is not after the deadline" in said(
        tmp_path, extension("2026-10-10T12:00:00")
    )
    later = "2026-10-10T12:00:01"
    alone = read(tmp_path, extension(later))
    assert alone.by_id_alone == (("a4_cnn", "0300"),)
    named = read(tmp_path, extension(later, 'name = "דוד חיים"\n'))
    assert named.by_id_alone == ()
    assert named.planned("a4_cnn").terms.extended.keys() == {"0300"}
    other = said(tmp_path, extension(later, 'name = "Eve Formula"\n'))
    assert "'0300' is 'דוד חיים' on" in other
    assert "not 'Eve Formula'" in other


def test_an_assignment_of_no_weight_and_a_span_with_more_words_are_refused(
    tmp_path: Path,
) -> None:
    one = 'timezone = "UTC"\n[[assignment]]\nname = "a4_cnn"\n'
    assert "a4_cnn: a weight of 0" in said(tmp_path, f"{one}weight = 0\n")
    late = 'timezone = "UTC"\n[late]\ngrace = "15 min or so"\n'
    assert "'15 min or so' is no span of time" in said(tmp_path, late)


def test_a_group_that_nothing_has_named_is_left_out(tmp_path: Path) -> None:
    text = 'timezone = "UTC"\n[[assignment]]\nname = "a4_cnn"\ngroup = "labs"\n'
    wanted = "there is no group 'labs' (groups: leave it out: there is no [[group]])"
    assert wanted in said(tmp_path, text)


def test_weights_and_percents_are_the_numbers_that_are_written(tmp_path: Path) -> None:
    text = WHOLE.replace("weight = 2", "weight = 0.1").replace("= 60", "= 0.2")
    policy = read(tmp_path, text.replace("percent = 10", "percent = 0.3"))
    assert policy.planned("a2_shapes").weight == Fraction(1, 10)
    assert policy.groups[0].weight == Fraction(2, 10)
    assert policy.groups[1].weight == 40
    assert policy.planned("a1_conv1d").late.percent == Fraction(3, 10)


def test_a_weight_that_is_not_said_is_one(tmp_path: Path) -> None:
    policy = read(tmp_path, WHOLE.replace("weight = 40", ""))
    assert policy.groups[1].weight == 1
    assert policy.planned("a1_conv1d").weight == 1


def test_grace_may_be_seconds_and_as_long_as_anything_counts(tmp_path: Path) -> None:
    late = read(tmp_path, WHOLE.replace("15 min", "90 s")).planned("a1_conv1d").late
    assert late.grace == timedelta(seconds=90)
    same = read(tmp_path, WHOLE.replace("15 min", "84 h")).planned("a1_conv1d").late
    assert same.grace == same.cut_off


def test_a_deadline_with_its_offset_is_that_moment_whatever_clocks_do(
    tmp_path: Path,
) -> None:
    text = WHOLE.replace("2026-10-24T23:59:00", "2026-11-01T01:30:00-06:00")
    due = read(tmp_path, text).planned("a2_shapes").terms.due
    assert due == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def test_an_extension_for_an_id_of_several_is_nobodys(tmp_path: Path) -> None:
    roster = write(tmp_path, "id,username,name\n1,2,Zoë Doe\n2,ada,Ada Example\n")
    text = WHOLE.replace('"zdoe"', '"2"')
    with pytest.raises(StaffError, match=r"toml:38: '2' is several students on"):
        read_policy(write(tmp_path, text, "p.toml"), read_roster(roster), KNOWN)
