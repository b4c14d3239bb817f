"""``grade --profile``: a class of two in the sandbox, its table, file and page."""

import json
from pathlib import Path

import pytest

from autograder.records.profile import Part, profile_path, read_profile
from parsed_page import Parsed
from small_class import RIGHT, SQUARE, invoke, write_class

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("warm_graders")]


def test_a_class_of_two_is_profiled(course: Path, tmp_path: Path) -> None:
    write_class(tmp_path, {"Ada Example": RIGHT, "Zoë Müller": SQUARE})
    out, roster = tmp_path / "out", ["--roster", tmp_path / "roster.csv"]
    given = ["a0_scale", *roster, "--out", out, "--course", course]
    more = [tmp_path / "class.zip", "--workers", 2]
    ran = invoke("grade", *given, *more, "--profile")
    assert ran.exit_code == 0, ran.output
    assert "where the time of run 1 (2 submissions, 2 graders, " in ran.output
    profile = read_profile(profile_path(out, "a0_scale"))
    assert profile is not None
    computed = {part for part, seconds in profile.lines if seconds.cpu > 0}
    assert computed >= set(Part) - {Part.WAITING, Part.PICTURES}
    assert all(s.cpu >= 0 and s.wall >= 0 for _, s in profile.lines)

    assert invoke("report", *given).exit_code == 0
    page = Parsed((out / "a0_scale-class.html").read_text(encoding="utf-8"))
    assert "Where the time went In run 1 (2 submissions, 2 graders, " in page.text
    alts = [str(image["alt"]) for image in page.named("img")]
    assert any(alt.startswith("Bar chart of the ") for alt in alts)

    # The next run that is not asked for one leaves it as it was, and tells of none.
    ran = invoke("grade", *given, *more, "--force", "--json")
    assert json.loads(ran.stdout)["profile"] is None
    assert read_profile(profile_path(out, "a0_scale")) == profile
