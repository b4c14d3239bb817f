"""Secrets and addresses: where they may come from."""

from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from autograder.errors import StaffError
from autograder.gradebook.push import Patience
from autograder.gradebook.push.connection import checked_url, make_patient, secret


def test_a_secret_comes_from_the_environment_and_over_https_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CANVAS_API_TOKEN", raising=False)
    with pytest.raises(
        StaffError, match="CANVAS_API_TOKEN: is not set: it holds a token"
    ):
        secret("CANVAS_API_TOKEN", "a token")
    monkeypatch.setenv("CANVAS_API_TOKEN", "  spaced  ")
    assert secret("CANVAS_API_TOKEN", "a token") == "spaced"
    assert checked_url("https://canvas.example.edu", "--url")
    assert checked_url("http://localhost:3000", "--url")
    for url in ("http://canvas.example.edu", "canvas.example.edu", "ftp://x", ""):
        with pytest.raises(StaffError, match="is no https:// address"):
            checked_url(url, "--url")
    with pytest.raises(StaffError, match="has a user or password in it"):
        checked_url("https://me:pw@canvas.example.edu", "--url")
    for url in ("https://me@canvas.example.edu", "https://:pw@canvas.example.edu"):
        with pytest.raises(StaffError, match="has a user or password in it"):
            checked_url(url, "--url")
    assert checked_url(" https://canvas.example.edu/ ", "--url") == (
        "https://canvas.example.edu/"
    )


def test_a_session_waits_for_answers_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(
        HTTPAdapter, "send", lambda _, __, **options: sent.append(options)
    )
    session = requests.Session()
    make_patient(session, Patience(seconds_per_answer=7.0, tries=3))
    for url in ("https://x.example", "http://x.example"):
        adapter = session.get_adapter(url)
        adapter.send(requests.PreparedRequest(), timeout=None)
        adapter.send(requests.PreparedRequest(), timeout=2.0)
        assert isinstance(adapter, HTTPAdapter)
        retry = adapter.max_retries
        assert (retry.total, retry.backoff_factor) == (3, 2.0)
        assert retry.is_retry("POST", 429)
        assert retry.is_retry("PUT", 503)
        assert not retry.is_retry("GET", 500)
    assert [options["timeout"] for options in sent] == [7.0, 2.0, 7.0, 2.0]
