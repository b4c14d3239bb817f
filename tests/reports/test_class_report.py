"""The class report as a page: complete, safe, readable on a phone; and its command."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course import assignment as assignments
from autograder.kinds import Kind
from autograder.marks.rules import Asked
from autograder.records.entries import Entry
from autograder.records.ledger import Ledger
from autograder.records.profile import (
    Part,
    RunProfile,
    Seconds,
    profile_path,
    write_profile,
)
from autograder.records.results import CaseResult, Diagnosis, Verdict
from autograder.reports.class_plots import (
    costs_svg,
    describe_costs,
    describe_distribution,
    describe_profile,
    distribution_svg,
    profile_svg,
)
from autograder.reports.class_report import ReportRequest, write_reports
from browser import CHROMIUM, seen_at
from graded_class import entry, question
from made_class import DUE, fill_ledger, write_roster
from parsed_page import EVIL, Parsed

PROFILE = RunProfile(
    run=3,
    finished_at=datetime(2026, 10, 9, tzinfo=UTC),
    submissions=200,
    graders=2,
    seconds=61.25,
    parts={
        part: Seconds(cpu=10.0 + number, wall=20.0 - number)
        for number, part in enumerate(Part)
    },
)
COURSE = Path(__file__).resolve().parents[2]
CAUSE = "the sandbox would not start"


def order(course: Path, folder: Path, **changes: Any) -> ReportRequest:
    fields: dict[str, Any] = {
        "course": course,
        "assignment": "a0_scale",
        "roster_path": folder / "roster.csv",
        "out": folder,
        "asked": Asked(),
        "now": datetime(2026, 12, 1, tzinfo=UTC),
    }
    return ReportRequest(**(fields | changes))


def write(folder: Path, roster: list[str], entries: list[Entry]) -> None:
    path = folder / "roster.csv"
    path.write_text("\n".join(["id,username,name", *roster, ""]), encoding="utf-8")
    with Ledger(folder / "ledger.sqlite") as ledger:
        for one in entries:
            ledger.add(one.submission, one.result, one.inputs_hash)


def page_of(course: Path, folder: Path, **changes: Any) -> str:
    path = write_reports(order(course, folder, **changes)).path
    assert path == folder / "a0_scale-class.html"
    return path.read_text(encoding="utf-8")


def hostile(folder: Path) -> None:
    """Write a class in which every text that a page can show is hostile."""
    cases = tuple(
        CaseResult(
            name=name,
            hidden=False,
            points=30,
            verdict=Verdict.FAILED,
            kind=Kind.VALUE,
            message=EVIL,
        )
        for name in ("one and two", "random values")
    )
    bad = question(
        "q1_double",
        "00",
        title=EVIL,
        cases=cases,
        diagnoses=(Diagnosis(name=EVIL, message=EVIL, see=EVIL),),
    )
    unnamed = question("q1_double", "00", cases=cases)
    rest = question("q2_quadruple", "11")
    long = "W" * 400
    fault = {"score": None, "verdict": Verdict.FAULT, "fault": EVIL, "questions": ()}
    write(
        folder,
        [f'{i},u{i},"{EVIL.replace(chr(34), chr(34) * 2)}"' for i in "abcd"]
        + [f"e,ue,{long}"],
        [
            entry("a", "0011", questions=(bad, rest), flags=(EVIL,)),
            entry("b", "0011", questions=(unnamed, rest), flags=(long,)),
            entry("c", "0000", **fault),
            entry(EVIL, "1111", student_name=EVIL),
            entry("e", "1111"),
        ],
    )
    write_profile(profile_path(folder, "a0_scale"), PROFILE)


def test_the_page_begins_with_what_wants_a_person(course: Path, tmp_path: Path) -> None:
    fault = entry("b", "0000", score=None, verdict=Verdict.FAULT, fault=CAUSE)
    write(tmp_path, ["a,ua,Ada", "b,ub,Bea"], [entry("a", "1100"), fault])
    text = Parsed(page_of(course, tmp_path)).text
    assert "1 of 2 students on the roster have a mark" in text
    assert text.index(f"Bea b : {CAUSE}") < text.index("Marks marks 1 median 60")


def test_a_number_that_is_undefined_says_so_and_n_is_shown(
    course: Path, tmp_path: Path
) -> None:
    write(tmp_path, ["a,ua,Ada", "b,ub,Bea"], [entry(i, "1100") for i in "ab"])
    html = page_of(course, tmp_path)
    rows = re.findall(r'<tr id="\w+">.*?</tr>', html, re.DOTALL)
    assert [Parsed(row).text for row in rows] == [
        "1. Twice 60 100 % undefined 2",
        "2. Four times 40 0 % undefined 2",
    ]


def test_misconceptions_are_told_in_percent_of_those_with_a_mark(
    course: Path, tmp_path: Path
) -> None:
    squared = Diagnosis(name="kernel_not_flipped", message="It is `x`.", see="R.md#2-x")
    bad = question("q1_double", "00", diagnoses=(squared,))
    entries = [
        entry("a", "0011", questions=(bad, question("q2_quadruple", "11"))),
        *(entry(i, "1111") for i in "bc"),
    ]
    write(tmp_path, [f"{i},u{i},Name {i}" for i in "abcd"], entries)
    text = Parsed(page_of(course, tmp_path)).text
    assert (
        "33 % Kernel not flipped It is x . In question 1, Twice ; handout: R.md, “2 x”"
        " 1 of 3: who Name a a" in text
    )


def test_names_link_to_the_pages_that_are_there(course: Path, tmp_path: Path) -> None:
    entries = [entry("a", "1111"), entry("b", "1100")]
    write(tmp_path, ["a,ua,Ada", "b,ub,Bea", "c,uc,Cy"], entries)
    links = Parsed(page_of(course, tmp_path)).named("a")
    pages = {str(a["href"]) for a in links if not str(a["href"]).startswith("#")}
    assert pages == {"feedback/a0_scale/a.html", "feedback/a0_scale/b.html"}
    # They are made with the report, from what stands now.
    assert all((tmp_path / page).is_file() for page in pages)


def test_an_empty_class_has_its_page(course: Path, tmp_path: Path) -> None:
    write(tmp_path, ["a,ua,Ada"], [])
    text = Parsed(page_of(course, tmp_path)).text
    assert "0 of 1 students on the roster have a mark" in text
    assert "Nobody has a mark yet." in text
    assert "None was recognised." in text
    assert "There are no results yet." in text
    assert "0 %" not in text
    assert "nan" not in text


def test_the_pages_picture_has_the_median_and_not_the_mean(
    course: Path, tmp_path: Path
) -> None:
    students = {"a": "1111", "b": "1111", "c": "0000"}
    rows = [f"{student},u{student},S {student}" for student in students]
    write(tmp_path, rows, [entry(*one) for one in students.items()])
    assert "The median is 100 %." in page_of(course, tmp_path)


def test_nothing_to_look_at_is_said(course: Path, tmp_path: Path) -> None:
    write(tmp_path, ["a,ua,Ada"], [entry("a", "1111")])
    assert "All is graded, and nothing wants a person." in page_of(course, tmp_path)


def test_hostile_text_stays_text(course: Path, tmp_path: Path) -> None:
    hostile(tmp_path)
    html = page_of(course, tmp_path)
    parsed = Parsed(html)
    assert parsed.open == []
    assert "<script>alert(1)</script>" in parsed.text
    assert "{{ 7*7 }}" in parsed.text
    assert not parsed.named("script")
    # No memory is known: the marks, and where time went.
    assert len(parsed.named("img")) == 2
    attributes = {name for _, found in parsed.tags for name in found}
    assert not {name for name in attributes if name.startswith("on")}
    assert not set("\x1b\u202e\u202c\U000e0041") & set(html)


def test_the_page_runs_no_script_and_asks_nothing_of_the_network(
    course: Path, tmp_path: Path
) -> None:
    hostile(tmp_path)
    html = page_of(course, tmp_path)
    parsed = Parsed(html)
    policies = [m["content"] for m in parsed.named("meta") if "http-equiv" in m]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    sources = [str(t["src"]) for _, t in parsed.tags if "src" in t]
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    assert not parsed.named("link")
    styles = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in styles
    assert "@import" not in styles


def test_headings_tables_and_regions_are_there_for_who_does_not_see(
    course: Path, tmp_path: Path
) -> None:
    hostile(tmp_path)
    parsed = Parsed(page_of(course, tmp_path))
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    identifiers = [str(found["id"]) for _, found in parsed.tags if "id" in found]
    assert len(identifiers) == len(set(identifiers))
    inner = {str(a["href"])[1:] for a in parsed.named("a") if str(a["href"])[0] == "#"}
    labels = {
        str(f["aria-labelledby"]) for _, f in parsed.tags if "aria-labelledby" in f
    }
    assert inner
    assert inner | labels <= set(identifiers)
    assert {th.get("scope") for th in parsed.named("th")} == {"col", "row"}
    scrolling = [d for d in parsed.named("div") if d.get("class") == "wide"]
    assert len(scrolling) == len(parsed.named("table"))
    assert all(d["tabindex"] == "0" and d["role"] == "region" for d in scrolling)
    assert all(image["alt"] for image in parsed.named("img"))


def test_every_cell_of_the_map_is_told_in_words(course: Path, tmp_path: Path) -> None:
    one = entry("a", "1000", questions=(question("q1_double", "10"),), score=30.0)
    write(tmp_path, ["a,ua,Ada"], [one])
    html = page_of(course, tmp_path)
    cells = re.findall(r'<td class="q">(.*?)</td>', html, re.DOTALL)
    assert [Parsed(cell).text for cell in cells] == ["30 of 60", "? not graded"]
    assert 'style="height: 50%"' in cells[0]
    assert 'aria-label="Question 2: Four times"' in html


def test_the_same_results_give_the_same_page(course: Path, tmp_path: Path) -> None:
    hostile(tmp_path)
    assert page_of(course, tmp_path) == page_of(course, tmp_path)


def test_the_distribution_is_drawn_and_told_in_words() -> None:
    bins = (1, 0, 0, 0, 0, 0, 0, 2, 0, 5)
    root = ET.fromstring(distribution_svg(bins, 0.925))  # noqa: S314 our own drawing
    words = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"1", "2", "5"} <= set(words)
    assert {"students", "points reached (% of all)"} <= set(words)
    assert words[-1] == "Students by tenth of the points; triangle: median, 92.5 %"
    assert describe_distribution(bins, 0.925) == (
        "Bar chart of the students in each tenth of the points. 0 to 10 %: 1; 70 to "
        "80 %: 2; 90 to 100 %: 5. Nobody elsewhere. The median is 92.5 %."
    )


@pytest.mark.parametrize(
    ("costs", "ticks"),
    [
        ([(2.0, 40.0), (4.0, 80.0)], {"0", "1", "2", "3", "4"}),
        ([(0.1, 40.0), (90.0, 80.0)], {"0.1", "0.3", "1", "3", "10", "30", "100"}),
        ([(0.0, 0.0)], set()),
    ],
)
def test_time_and_memory_are_drawn_at_every_scale(
    costs: list[tuple[float, float]], ticks: set[str]
) -> None:
    root = ET.fromstring(costs_svg(costs))  # noqa: S314 our own drawing
    words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"processor time (s)", "most memory in use (MiB)"} <= words
    assert ticks <= words


def test_time_and_memory_are_told_in_words() -> None:
    assert describe_costs([(9.0, 50.0), (1.0, 40.0), (2.0, 41.0)]) == (
        "Scatter plot of 3 submissions: computing from 1 to 9 s, median 2 s; memory "
        "from 40 to 50 MiB, median 41 MiB. The table has each of them."
    )


def test_where_time_went_is_drawn_told_and_listed(course: Path, tmp_path: Path) -> None:
    root = ET.fromstring(profile_svg(PROFILE))  # noqa: S314 our own drawing
    words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {part.value for part in Part} | {"seconds"} <= words
    assert describe_profile(PROFILE) == (
        "Bar chart of the 10 parts of run 3 (200 submissions, 2 graders, 61.2 s): most "
        "processor time went to other. The table has each of them."
    )
    hostile(tmp_path)
    text = Parsed(page_of(course, tmp_path)).text
    assert "Where the time went In run 3 (200 submissions, 2 graders, 61.2 s)" in text
    assert "start 10.00 20.00 Python, the course and the download are read" in text
    assert "together 145.00 155.00" in text


def test_a_run_in_which_nothing_took_time_is_told_so() -> None:
    nothing = msgspec.structs.replace(PROFILE, parts={})
    assert describe_profile(nothing).endswith("nothing took any time.")
    assert profile_svg(nothing)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *(str(a) for a in arguments)])


def options(course: Path, folder: Path) -> list[object]:
    roster = folder / "roster.csv"
    return ["a0_scale", "--course", course, "--roster", roster, "--out", folder]


def test_the_command_names_the_page_and_exits_with_2_while_something_is_open(
    course: Path, tmp_path: Path
) -> None:
    fault = entry("b", "0000", score=None, verdict=Verdict.FAULT, fault=CAUSE)
    write(tmp_path, ["a,ua,Ada", "b,ub,Bea"], [entry("a", "1100"), fault])
    run = invoke(*options(course, tmp_path))
    assert run.exit_code == 2, run.output
    assert "Not graded: 1" in run.output
    assert f"class report: {tmp_path / 'a0_scale-class.html'}" in run.output
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        mended = entry("b", "1111")
        ledger.add(mended.submission, mended.result, "hash")
    assert invoke(*options(course, tmp_path)).exit_code == 0


def test_late_is_what_came_after_due(course: Path, tmp_path: Path) -> None:
    write(tmp_path, ["a,ua,Ada"], [entry("a", "1111")])  # handed in at 12:00
    run = invoke(*options(course, tmp_path), "--due", "2026-10-09T11:00:00")
    assert "Late: 1" in run.output
    html = (tmp_path / "a0_scale-class.html").read_text(encoding="utf-8")
    assert "1 h late" in Parsed(html).text


def test_a_missing_ledger_is_told_and_none_is_made(
    course: Path, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("id,username,name\na,ua,Ada\n")
    run = invoke(*options(course, tmp_path))
    assert run.exit_code == 1
    assert "there is no ledger (run: autograder grade)" in run.stderr
    assert not (tmp_path / "ledger.sqlite").exists()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
@pytest.mark.parametrize("count", [0, 1, 30, 200])
def test_a_phone_and_a_screen_show_a_class_of_any_size_without_overflow(
    count: int, tmp_path: Path
) -> None:
    assignment = assignments.load(COURSE, "a1_conv1d")
    write_roster(tmp_path, max(count, 1))
    fill_ledger(tmp_path / "ledger.sqlite", assignment, count)
    written = write_reports(
        order(COURSE, tmp_path, assignment="a1_conv1d", asked=Asked(due=DUE))
    )
    assert written.view.graded <= count
    for width in (360, 1000):
        seen = seen_at(written.path, width)
        assert seen.width == width
        assert seen.height > 1500
        assert not seen.console
        assert not seen.asked


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_phone_shows_hostile_names_without_overflow_or_complaint(
    course: Path, tmp_path: Path
) -> None:
    hostile(tmp_path)
    page_of(course, tmp_path)
    seen = seen_at(tmp_path / "a0_scale-class.html", 360)
    assert seen.width == 360
    assert seen.height > 1500
    assert not seen.console
    assert not seen.asked
