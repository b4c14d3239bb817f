"""Secrets from the environment, addresses that do not leak them, and patience."""

import os
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from autograder.errors import StaffError
from autograder.gradebook.push import Patience

THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
TRY_AGAIN = (429, 502, 503, 504)


def secret(name: str, what: str) -> str:
    """Return a secret from the environment; it is never an argument, never logged.

    what : what it is, for the error
    Raises StaffError where it is not set
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise StaffError(
            name,
            f"is not set: it holds {what}",
            f"read -rs {name}; export {name}; never give it as an argument",
        )
    return value


def checked_url(url: str, option: str) -> str:
    """Return an address that a secret may be sent to: https, without user or password.

    Raises StaffError; plain http is for this machine only
    """
    parts = urlsplit(url.strip())
    plain = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise StaffError(
            option, f"{url!r} is no https:// address", "secrets go over https only"
        )
    if parts.username or parts.password:
        raise StaffError(
            option,
            "the address has a user or password in it",
            "secrets come from the environment",
        )
    return url.strip()


def make_patient(session: requests.Session, patience: Patience) -> None:
    """Let a session wait for answers, not for ever, and try again when asked to.

    What is sent is the mark as it shall be, so that sending it twice does no harm
    """
    retry = Retry(
        total=patience.tries,
        backoff_factor=patience.seconds_of_pause,
        status_forcelist=TRY_AGAIN,
        allowed_methods=None,
        raise_on_status=False,
    )
    adapter = _Adapter(patience.seconds_per_answer, retry)
    session.mount("https://", adapter)
    session.mount("http://", adapter)


class _Adapter(HTTPAdapter):
    def __init__(self, seconds: float, retry: Retry) -> None:
        super().__init__(max_retries=retry)
        self._seconds = seconds

    def send(  # type: ignore[override] # requests' own keywords
        self, request: requests.PreparedRequest, **kwargs: Any
    ) -> requests.Response:
        """Send with a time limit: neither library gives one."""
        kwargs["timeout"] = kwargs.get("timeout") or self._seconds
        return super().send(request, **kwargs)
