"""The student's overview of all assignments: what it adds up and what it keeps back."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.course import assignment as assignments
from autograder.errors import StaffError
from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import Status
from autograder.marks.deadlines import Terms
from autograder.marks.rules import Asked, Standing
from autograder.records.entries import Entry
from autograder.records.hand_ins import HandIn, hand_in
from autograder.records.ledger import Ledger
from autograder.records.results import Diagnosis, Verdict
from autograder.reports.student_overview import Line, render, write_overviews
from autograder.reports.student_report import write_feedback
from browser import CHROMIUM, seen_at
from conftest import MANIFEST
from graded_class import entry, question
from parsed_page import EVIL, Parsed

MONDAY = datetime(2026, 10, 5, 9, 30)  # noqa: DTZ001 the LMS's local time
LATER = datetime(2026, 12, 1, tzinfo=UTC)
SQUARED = Diagnosis(name="squared", message="It is `x * x`.", see="README.md#2-twice")

POLICY = """
timezone = "America/Edmonton"
late = { percent = 10 }

[[assignment]]
name = "a0_scale"
due = 2026-10-09T00:00:00
weight = 3

[[assignment]]
name = "a9"
"""


def roster(folder: Path, *rows: str) -> Roster:
    path = folder / "roster.csv"
    path.write_text("\n".join(["id,username,name", *rows, ""]), encoding="utf-8")
    return read_roster(path)


def wrong(student: str, *, named: bool = True, **changes: Any) -> Entry:
    bad = question("q1_double", "00", title="Twice", diagnoses=(SQUARED,) * named)
    rest = question("q2_quadruple", "11")
    return entry(student, "0011", questions=(bad, rest), **changes)


def written(
    course: Path, folder: Path, roster: Roster, entries: list[Entry], **options: Any
) -> Path | None:
    with Ledger(folder / "ledger.sqlite") as ledger:
        for one in entries:
            ledger.add(one.submission, one.result, one.inputs_hash)
        asked = Asked(
            policy=options.pop("policy", None), overrides=options.pop("overrides", None)
        )
        standing = Standing(course, roster, asked)
        return write_overviews(folder, ledger, standing, now=LATER, **options)


def page_of(course: Path, folder: Path, entries: list[Entry], **options: Any) -> Parsed:
    made = written(course, folder, roster(folder, "a,ua,Ada"), entries, **options)
    assert made == folder / "feedback/overview"
    return Parsed((made / "a.html").read_text(encoding="utf-8"))


def test_all_assignments_and_their_total_are_on_one_page(
    course: Path, tmp_path: Path
) -> None:
    parsed = page_of(
        course,
        tmp_path,
        [
            entry("a", "1100", submitted_at=MONDAY),
            entry("a", "1111", assignment="a9_gone", submitted_at=None),
        ],
    )
    assert "All assignments of Ada Where you stand" in parsed.text
    assert "160 of 200 points" in parsed.text
    assert "Scaling 60 /100 Handed in Monday, 5 October 2026, 09:30" in parsed.text
    assert "a9_gone 100 /100" in parsed.text  # no such assignment any more


def test_what_is_not_graded_is_in_no_total_and_why_stays_with_staff(
    course: Path, tmp_path: Path
) -> None:
    fault = {"score": None, "verdict": Verdict.FAULT, "fault": "solutions/q1.py broke"}
    parsed = page_of(
        course,
        tmp_path,
        [
            entry("a", "1100", flags=("Twice: calls numpy.add",)),
            entry("a", "0000", assignment="a8", **fault),
            entry("b", "1111", assignment="a9"),
        ],
    )
    assert "60 of 100 points in what is graded" in parsed.text
    assert "a8 Not graded yet: what you handed in waits to be graded" in parsed.text
    assert "a9 Nothing handed in." in parsed.text
    assert "solutions" not in parsed.text
    assert "numpy" not in parsed.text


def waiting(why: str) -> HandIn:
    """Return a hand-in of `a` that a person must look at first."""
    return hand_in(entry("a", "0000").submission, "hash", why_not=why)


def test_who_waits_for_a_person_is_not_told_why(course: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin_run("grade", "a0_scale", "", [waiting("two files: a copy?")])
    parsed = page_of(
        course, tmp_path, [entry("a", "1111"), entry("b", "1111", assignment="a9")]
    )
    assert "Nothing is graded yet." in parsed.text
    assert "Scaling Not graded yet" in parsed.text
    assert "copy" not in parsed.text


def test_why_a_total_waits_for_a_person_stays_with_staff(
    course: Path, tmp_path: Path
) -> None:
    (course / "assignments/a9").mkdir()
    (course / "assignments/a9/manifest.toml").write_text(MANIFEST, encoding="utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        why = "could be of Bo Smith (0099)"
        ledger.begin_run("grade", "a0_scale", "", [waiting(why)])
    entries = [entry("a", "1111"), entry("a", "1111", assignment="a9")]
    parsed = page_of(course, tmp_path, entries, policy=policy)
    assert "There is no total yet: a0_scale: not graded yet." in parsed.text
    assert "Smith" not in parsed.text


def test_what_to_look_at_next_links_to_the_handout_and_names_the_slide(
    course: Path, tmp_path: Path, edit: Any
) -> None:
    manifest = "assignments/a0_scale/manifest.toml"
    edit(manifest, 'title = "Twice"', 'title = "Twice"\nslide = "Scaling things"')
    entries = [wrong("a"), entry("a", "1111", assignment="a9")]
    parsed = page_of(course, tmp_path, entries, handouts="https://example.edu/c/")
    assert (
        "What to look at next Scaling Squared. It is x * x . In question 1, Twice; "
        "read on: a0_scale/README.md, “2 twice” ; the lecture's slide “Scaling things”"
    ) in parsed.text
    links = [link["href"] for link in parsed.named("a")]
    assert links == ["https://example.edu/c/a0_scale/README.md#2-twice"]


def test_without_an_address_the_handout_is_named_and_not_linked(
    course: Path, tmp_path: Path
) -> None:
    entries = [wrong("a"), wrong("a", assignment="a9")]
    parsed = page_of(course, tmp_path, entries)
    assert "read on: a0_scale/README.md, “2 twice”" in parsed.text
    assert "slide" not in parsed.text
    assert not parsed.named("a")
    # The newest assignment comes first.
    assert parsed.text.index("a9/README.md") < parsed.text.index("a0_scale/README.md")


def test_an_address_that_is_none_is_refused(course: Path, tmp_path: Path) -> None:
    for address in ("javascript:alert(1)", "course/template"):
        with pytest.raises(StaffError, match=r"--handouts: .* is no web address"):
            page_of(course, tmp_path, [entry("a", "1111")], handouts=address)


def test_questions_without_a_name_for_the_mistake_are_listed(
    course: Path, tmp_path: Path
) -> None:
    entries = [wrong("a", named=False), wrong("a", assignment="a9")]
    text = page_of(course, tmp_path, entries).text
    assert "Scaling Not right yet: question 1, Twice." in text
    both = (
        question("q1_double", "00", title="Twice", diagnoses=(SQUARED,)),
        question("q2_quadruple", "00", title="Four times"),
    )
    text = page_of(course, tmp_path, [entry("a", "0000", questions=both)]).text
    assert "Also not right yet: question 2, Four times." in text


def test_where_all_is_right_there_is_nothing_to_look_at(
    course: Path, tmp_path: Path
) -> None:
    entries = [entry("a", "1111"), entry("a", "1111", assignment="a9")]
    text = page_of(course, tmp_path, entries).text
    assert "Everything that is graded is right." in text
    assert "look at next" not in text


def test_what_a_policy_makes_of_a_mark_stands_with_the_assignment(
    course: Path, tmp_path: Path
) -> None:
    entries = [entry("a", "1111"), entry("a", "1111", assignment="a9")]
    (course / "assignments/a9").mkdir()
    (course / "assignments/a9/manifest.toml").write_text(MANIFEST, encoding="utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    parsed = page_of(course, tmp_path, entries, policy=policy)
    late = "100 of 100, late by 12 h: 1 day begun x 10 % of 100 = 10 less, leaves 90"
    assert f"90 /100 Handed in Friday, 9 October 2026, 12:00 {late}" in parsed.text
    total = "total: mean of a0_scale 90 % (weight 3), a9 100 % (weight 1) = 92.5 %"
    assert f"Total of the course so far: 92.5 % {total}" in parsed.text
    assert "Total" not in page_of(course, tmp_path, entries).text


def line(score: float | None, possible: float) -> Line:
    return Line(
        title="Scaling",
        status=Status.DOUBTFUL if score is None else Status.GRADED,
        score=score,
        possible=possible,
        submitted=None,
        href="",
        words=(),
        advice=(),
        unnamed=(),
    )


def test_points_are_told_of_what_has_a_mark() -> None:
    text = Parsed(render("Ada", [line(60.0, 100.0), line(None, 50.0)])).text
    assert "60 of 100 points in what is graded" in text
    assert "What has no mark yet counts neither for nor against you." in text


def test_that_what_is_missing_counts_nothing_is_said_where_it_does() -> None:
    said = "What you did not hand in counts 0 in the total from its deadline on."
    lines = [line(60.0, 100.0)]
    assert said in Parsed(render("Ada", lines, missing_is_zero=True)).text
    assert said not in Parsed(render("Ada", lines)).text


@pytest.fixture
def policy(course: Path, tmp_path: Path) -> Path:
    """A policy for two assignments of the course."""
    (course / "assignments/a9").mkdir()
    (course / "assignments/a9/manifest.toml").write_text(MANIFEST, encoding="utf-8")
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.mark.parametrize(("missing", "said"), [("zero", True), ("open", False)])
def test_a_policy_says_what_becomes_of_what_is_missing(
    course: Path, tmp_path: Path, policy: Path, missing: str, *, said: bool
) -> None:
    text = policy.read_text(encoding="utf-8")
    policy.write_text(f'missing = "{missing}"\n{text}', encoding="utf-8")
    entries = [entry("a", "1111"), entry("a", "1111", assignment="a9")]
    page = page_of(course, tmp_path, entries, policy=policy)
    assert ("counts 0 in the total from its deadline on" in page.text) is said


def test_an_assignment_that_the_policy_does_not_plan_for_is_on_no_page(
    course: Path, tmp_path: Path, policy: Path
) -> None:
    names = ("a0_scale", "a7_tried", "a9")
    entries = [entry("a", "1111", assignment=name) for name in names]
    assert "a7_tried" in page_of(course, tmp_path, entries).text
    assert "a7_tried" not in page_of(course, tmp_path, entries, policy=policy).text


def test_everybody_reads_their_own_total(
    course: Path, tmp_path: Path, policy: Path
) -> None:
    entries = [
        entry(student, passes, assignment=name)
        for name in ("a0_scale", "a9")
        for student, passes in (("a", "1111"), ("b", "0000"))
    ]
    class_list = roster(tmp_path, "a,ua,Ada", "b,ub,Bo")
    made = written(course, tmp_path, class_list, entries, policy=policy)
    assert made is not None
    totals = [
        re.search(r"so far: ([\d.]+) %", Parsed((made / name).read_text("utf-8")).text)
        for name in ("a.html", "b.html")
    ]
    assert [found and found[1] for found in totals] == ["92.5", "0"]


def test_of_what_is_excused_there_is_nothing_to_look_at(
    course: Path, tmp_path: Path
) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text(
        '[[override]]\nstudent = "a"\nassignment = "a0_scale"\nexcused = true\n'
        'by = "MK"\nwhy = "ill"\n',
        encoding="utf-8",
    )
    entries = [wrong("a"), entry("a", "1111", assignment="a9")]
    assert "look at next" in page_of(course, tmp_path, entries).text
    text = page_of(course, tmp_path, entries, overrides=path).text
    assert "Excused: it does not count." in text
    assert "look at next" not in text


def test_assignments_link_to_the_pages_that_are_there(
    course: Path, tmp_path: Path
) -> None:
    one = entry("a", "1111")
    path = write_feedback(
        tmp_path / "feedback/a0_scale",
        one.submission,
        one.result,
        assignment=assignments.load(course, "a0_scale"),
        terms=Terms(),
    )
    parsed = page_of(course, tmp_path, [one, entry("a", "1111", assignment="a9")])
    links = [str(link["href"]) for link in parsed.named("a")]
    assert links == ["../a0_scale/a.html"]
    assert (tmp_path / "feedback/overview" / links[0]).resolve() == path


def test_one_assignment_alone_has_no_overview(course: Path, tmp_path: Path) -> None:
    class_list = roster(tmp_path, "a,ua,Ada")
    assert written(course, tmp_path, class_list, [entry("a", "1111")]) is None
    assert not (tmp_path / "feedback").exists()


def test_who_handed_in_nothing_has_no_page_and_a_strange_id_a_plain_name(
    course: Path, tmp_path: Path
) -> None:
    entries = [entry("../x", "1111"), entry("a", "1111", assignment="a9")]
    class_list = roster(tmp_path, "a,ua,Ada", "b,ub,Bea", "../x,ux,Xia")
    made = written(course, tmp_path, class_list, entries)
    assert made is not None
    names = sorted(path.name for path in made.iterdir())
    assert len(names) == 2
    assert "a.html" in names
    assert all(re.fullmatch(r"a\.html|[0-9a-f]{16}\.html", name) for name in names)


def test_a_page_that_cannot_be_written_is_told(course: Path, tmp_path: Path) -> None:
    (tmp_path / "feedback").write_text("a file stands here")
    with pytest.raises(StaffError, match="cannot be written"):
        page_of(
            course, tmp_path, [entry("a", "1111"), entry("a", "1111", assignment="a9")]
        )


def overridden(folder: Path) -> Path:
    path = folder / "overrides.toml"
    values = {"student": "a", "assignment": "a0_scale", "by": EVIL, "why": EVIL}
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
    ]
    table = [
        "[[override]]",
        *lines,
        "points = 1",
        f"comment = {json.dumps(EVIL, ensure_ascii=False)}",
    ]
    path.write_text("\n".join(table), encoding="utf-8")
    return path


def hostile(course: Path, folder: Path) -> Path:
    found = (Diagnosis(name=EVIL, message=EVIL, see=EVIL),)
    bad = question("q1_double", "00", title=EVIL, diagnoses=found)
    other = question("q2_quadruple", "00", title="W" * 400)
    entries = [
        entry("a", "0000", questions=(bad, other)),
        entry("a", "1111", assignment="W" * 200),
    ]
    quoted = EVIL.replace('"', '""')
    made = written(
        course,
        folder,
        roster(folder, f'a,ua,"{quoted}{"W" * 300}"'),
        entries,
        handouts="https://example.edu/c",
        overrides=overridden(folder),
    )
    assert made is not None
    return made / "a.html"


def test_hostile_text_stays_text_and_addresses_stay_addresses(
    course: Path, tmp_path: Path
) -> None:
    html = hostile(course, tmp_path).read_text(encoding="utf-8")
    parsed = Parsed(html)
    assert parsed.open == []
    assert "<script>alert(1)</script>" in parsed.text
    assert not parsed.named("script")
    assert not parsed.named("img")
    attributes = {name for _, found in parsed.tags for name in found}
    assert not {name for name in attributes if name.startswith("on")}
    assert not set("\x1b\u202e\u202c\U000e0041") & set(html)
    links = [str(link["href"]) for link in parsed.named("a")]
    assert len(links) == 1
    assert links[0].startswith("https://example.edu/c/a0_scale/%3Cscript%3E")
    policies = [m["content"] for m in parsed.named("meta") if "http-equiv" in m]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
@pytest.mark.parametrize("width", [360, 1000])
def test_a_phone_and_a_screen_show_it_without_overflow(
    width: int, course: Path, tmp_path: Path
) -> None:
    seen = seen_at(hostile(course, tmp_path), width)
    assert seen.width == width
    assert seen.height > 500
    assert not seen.console
    assert not seen.asked


def test_the_command_writes_overviews_once_there_are_two_assignments(
    course: Path, tmp_path: Path
) -> None:
    entries = [
        entry("a", "1111"),
        entry("a", "1111", assignment="a9", graded_at=LATER),
    ]
    written(course, tmp_path, roster(tmp_path, "a,ua,Ada"), entries)
    arguments = ["report", "a0_scale", "--course", str(course), "--out", str(tmp_path)]
    arguments += ["--roster", str(tmp_path / "roster.csv"), "--handouts"]
    run = CliRunner().invoke(main, [*arguments, "https://example.edu"])
    assert run.exit_code == 0, run.output
    assert f"overviews: {tmp_path / 'feedback/overview'}" in run.output
    bad = CliRunner().invoke(main, [*arguments, "file:///etc"])
    assert bad.exit_code == 1
    assert "is no web address" in bad.stderr
