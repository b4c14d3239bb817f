"""``autograder push``: a dry run until it is told otherwise, errors with a way out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jwcrypto.jwk import JWK

from autograder.commands import push as push_command
from autograder.records.ledger import Ledger
from lms_servers import Canvas, Platform
from pushed_class import (
    CANVAS_ROSTER,
    SCORES,
    canvas_server,
    graded,
    lti_platform,
    roster,
)
from small_class import invoke


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canvas]:
    with canvas_server(monkeypatch) as running_server:
        yield running_server


@pytest.fixture(scope="module")
def key() -> JWK:
    return JWK.generate(kty="RSA", size=2048)


@pytest.fixture
def platform(key: JWK, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with lti_platform(key, monkeypatch) as lms:
        yield lms


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    with Ledger(out / "ledger.sqlite") as opened:
        for pair in SCORES.items():
            opened.add(*graded(*pair), "h")
    roster(tmp_path, CANVAS_ROSTER)
    return out


def arguments(server: Canvas, course: Path, out: Path) -> tuple[object, ...]:
    return (
        *("push", "canvas", "a0_scale", "--url", server.url, "--out", out),
        *("--course-id", 7, "--assignment-id", 77, "--course", course),
        *("--roster", out.parent / "roster.csv"),
    )


def test_the_command_is_a_dry_run_until_it_is_told_otherwise(
    server: Canvas, course: Path, ledger: Path
) -> None:
    server.states = ("completed",)
    dry = invoke(*arguments(server, course, ledger))
    assert "nothing was sent: this was a dry run, --really sends" in dry.output
    assert "would be sent: 2" in dry.output
    assert server.paths("POST") == []
    assert dry.exit_code == 2  # Fay Fault has no mark

    sent = invoke(*arguments(server, course, ledger), "--really", "--json")
    document = json.loads(sent.stdout)
    assert (document["command"], document["lms"], document["really"]) == (
        "push",
        "canvas",
        True,
    )
    assert [d["state"] for d in document["deliveries"]] == ["arrived", "arrived"]
    assert "sending 1 to 2 of 2 marks" in sent.stderr
    assert server.scores["9002"] == 40.5
    for run in (dry, sent):
        assert "canvas-token-1" not in run.output


def test_the_command_speaks_lti_too(
    platform: Platform, course: Path, ledger: Path
) -> None:
    platform.item = "/api/lti/courses/3/line_items/9"
    run = invoke(
        *("push", "lti", "a0_scale", "--line-item", platform.line_item),
        *("--token-url", platform.token_url, "--client-id", "tool-1"),
        *("--roster", ledger.parent / "roster.csv", "--course", course),
        *("--out", ledger, "--really"),
    )
    assert "arrived: 2" in run.output
    assert set(platform.results) == {"9001", "9002"}
    assert "not graded: Fay Fault (9004): the disk was full" in run.output
    assert "BEGIN" not in run.output


def test_a_missing_token_is_named_with_how_to_set_it(
    server: Canvas, course: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CANVAS_API_TOKEN")
    run = invoke(*arguments(server, course, ledger))
    assert run.exit_code == 1
    assert "CANVAS_API_TOKEN: is not set" in run.stderr
    assert "read -rs CANVAS_API_TOKEN" in run.stderr


def test_a_library_that_is_not_installed_is_named_with_the_line_that_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push_command, "PACKAGE", "no_such_package_of_ours")
    run = invoke(
        *("push", "canvas", "a0", "--url", "https://x", "--course-id", 1),
        *("--assignment-id", 1, "--roster", "r.csv", "--out", "."),
    )
    assert run.exit_code == 1
    assert "no_such_package_of_ours is not installed" in run.stderr
    assert "pip install 'convolution-course[push]'" in run.stderr
