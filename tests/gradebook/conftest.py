"""Two LMSs that take marks over the network, each for one test."""

from collections.abc import Iterator
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from lms_servers import Canvas, Platform, running


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canvas]:
    monkeypatch.setenv("CANVAS_API_TOKEN", "canvas-token-1")
    scores: dict[str, float | None] = {"9001": None, "9002": 30.0, "9003": None}
    canvas_server = Canvas(scores={**scores, "9004": None})
    with running(canvas_server):
        yield canvas_server


@pytest.fixture(scope="session")
def key() -> JWK:
    return JWK.generate(kty="RSA", size=2048)


@pytest.fixture
def platform(key: JWK, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    private = key.export_to_pem(private_key=True, password=None).decode()
    monkeypatch.setenv("LTI_PRIVATE_KEY", private)
    members: list[dict[str, Any]] = [
        {"user_id": "u-ada", "email": "ADA@example.edu", "roles": ["Learner"]},
        {
            "user_id": "u-zoe",
            "lis_person_sourcedid": "0013",
            "given_name": "Zoë",
            "family_name": "Müller",
            "roles": ["Learner"],
        },
        {"user_id": "u-old", "email": "ada@example.edu", "status": "Inactive"},
    ]
    lms = Platform(
        public_key=key.export_to_pem().decode(),
        users=frozenset({"u-ada", "u-zoe", "9001", "9002"}),
        members=members,
    )
    with running(lms):
        yield lms
