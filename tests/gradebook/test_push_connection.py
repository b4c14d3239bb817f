"""Secrets and addresses: where they may come from."""

import pytest

from autograder.errors import StaffError
from autograder.gradebook.push.connection import checked_url, secret


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
