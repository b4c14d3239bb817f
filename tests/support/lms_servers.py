"""Two LMSs that run in a test and refuse what their specifications do not allow.

`Canvas` is written after Canvas's API documentation and code, `Platform` after
1EdTech's LTI 1.3 specifications (Security Framework 1.0, AGS 2.0, NRPS 2.0), not after
our own client.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCORE = "application/vnd.ims.lis.v1.score+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """What was wrong with a request."""


@dataclass
class Server:
    """Keeps every request, and gives the answers in `instead` before its own.

    instead : (method, part of the path, answer), each used once
    complaints : what requests did that no specification allows
    """

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    instead: list[tuple[str, str, Answer]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        for planned in self.instead:
            method, part, answer = planned
            if request.method == method and part in request.path:
                self.instead.remove(planned)
                return answer
        try:
            return self.own_answer(request)
        except Refused as error:
            self.complaints.append(f"{request.method} {request.path}: {error}")
            return Answer(400, {"errors": [{"message": str(error)}]})

    def own_answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def paths(self, method: str) -> list[str]:
        return [r.path for r in self.requests if r.method == method]


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Let `server` listen on this machine, at `server.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

        def _do(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                self.command,
                parts.path,
                parse_qs(parts.query),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length).decode(),
            )
            answer = server.answer(request)
            data = b"" if answer.body is None else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.005,))
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def require(condition: object, what: str) -> None:
    if not condition:
        raise Refused(what)


@dataclass
class Canvas(Server):
    """Course 7 with assignment 77.

    scores : marks by user id; whoever is not in it is not in the course
    states : what a Progress goes through after its answer
    comments : texts that were sent, by user id
    late_points : what the late policy takes off, by user id
    users : what the API tells of a user, by id; excused : whom a person has excused
    locked : users whose mark Canvas does not change
    """

    token: str = "canvas-token-1"  # noqa: S105 invented
    assignment: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 77,
            "name": "HW1",
            "points_possible": 100.0,
            "grading_type": "points",
        }
    )
    scores: dict[str, float | None] = field(default_factory=dict)
    states: Sequence[str] = ("queued", "running", "completed")
    comments: dict[str, str] = field(default_factory=dict)
    late_points: dict[str, float] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    page_size: int = 2
    progresses: list[dict[str, Any]] = field(default_factory=list)

    def own_answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(
                401,
                {"errors": [{"message": "Invalid access token."}]},
                {"WWW-Authenticate": 'Bearer realm="canvas-lms"'},
            )
        base = "/api/v1/courses/7/assignments/77"
        routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", base): lambda _: Answer(200, self.assignment),
            ("GET", f"{base}/submissions"): self._submissions,
            ("POST", f"{base}/submissions/update_grades"): self._update,
        }
        if (request.method, request.path) in routes:
            return routes[request.method, request.path](request)
        progress = re.fullmatch(r"/api/v1/progress/(\d+)", request.path)
        if request.method == "GET" and progress:
            return self._progress(int(progress[1]))
        missing = {"message": "The specified resource does not exist."}
        return Answer(404, {"errors": [missing]})

    def _submissions(self, request: Request) -> Answer:
        page = int(request.query.get("page", ["1"])[0])
        users = sorted(self.scores)
        shown = users[(page - 1) * self.page_size : page * self.page_size]
        headers = {}
        if page * self.page_size < len(users):
            following = f"{self.url}{request.path}?page={page + 1}&per_page=100"
            if "include[]" in request.query:
                following += "&include[]=user"
            headers["Link"] = f'<{following}>; rel="next"'
        with_user = "user" in request.query.get("include[]", [])
        answers = [self._submission(user, with_user=with_user) for user in shown]
        return Answer(200, answers, headers)

    def _submission(self, user: str, *, with_user: bool) -> dict[str, Any]:
        entered = self.scores[user]
        late = self.late_points.get(user, 0.0)
        return {
            "user_id": int(user),
            "score": None if entered is None else entered - late,
            "entered_score": entered,
            "points_deducted": late or None,
            "excused": user in self.excused,
        } | ({"user": self.users[user]} if with_user and user in self.users else {})

    def _update(self, request: Request) -> Answer:
        kind = request.headers.get("content-type", "")
        require(kind == "application/x-www-form-urlencoded", f"content type {kind!r}")
        missing = []
        for key, value in parse_qsl(request.body, keep_blank_values=True):
            told = re.fullmatch(r"grade_data\[(\d+)\]\[text_comment\]", key)
            if told:
                self.comments[told[1]] = value
                continue
            told = re.fullmatch(r"grade_data\[(\d+)\]\[posted_grade\]", key)
            require(told, f"parameter {key!r}")
            require(re.fullmatch(r"\d+(\.\d+)?", value), f"grade {value!r}")
            user = told[1] if told else ""
            if user not in self.scores:
                missing.append(user)
            elif user not in self.locked:
                self.scores[user] = float(value)
                # A grade ends an excuse: Assignment#grade_student.
                self.excused.discard(user)
        ids = ", ".join(f"'{user}'" for user in missing)
        message = f"Couldn't find User(s) with API ids {ids}" if missing else None
        states = list(self.states)
        if missing:
            states[-1] = "failed"
        self.progresses.append({"states": states, "message": message})
        return self._progress(len(self.progresses) - 1)

    def _progress(self, number: int) -> Answer:
        progress = self.progresses[number]
        states = progress["states"]
        state = states.pop(0) if len(states) > 1 else states[0]
        url = f"{self.url}/api/v1/progress/{number}"
        answer = {
            "id": number,
            "context_type": "Course",
            "tag": "submissions_update",
            "workflow_state": state,
            "message": progress["message"] if state == "failed" else None,
            "url": url,
        }
        return Answer(200, answer)


@dataclass
class Platform(Server):
    """An LMS with one line item, whose address has a query, and a course's members.

    public_key : PEM of the tool's key; client_id : the tool's id
    audience : what it wants to be called in an assertion, or "" for its token address
    results : the scores it has taken, by user id
    """

    public_key: str = ""
    client_id: str = "tool-1"
    audience: str = ""
    users: frozenset[str] = frozenset()
    members: list[dict[str, Any]] = field(default_factory=list)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    item: str = "/course/3/lineitems/9/lineitem"
    assertions: set[str] = field(default_factory=set)

    @property
    def line_item(self) -> str:
        return f"{self.url}{self.item}?type_id=1"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def memberships(self) -> str:
        return f"{self.url}/course/3/members"

    def own_answer(self, request: Request) -> Answer:
        routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("POST", "/token"): self._token,
            ("POST", f"{self.item}/scores"): self._score,
            ("GET", "/course/3/members"): self._members,
        }
        found = routes.get((request.method, request.path))
        return found(request) if found else Answer(404)

    def _token(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body))
        require(form.get("grant_type") == "client_credentials", "grant_type")
        require(form.get("client_assertion_type") == ASSERTION, "assertion type")
        try:
            claims = jwt.decode(
                form["client_assertion"],
                self.public_key,
                algorithms=["RS256"],
                audience=self.audience or self.token_url,
                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]},
            )
        except jwt.PyJWTError:
            return Answer(401, {"error": "invalid_client"})
        require(claims["iss"] == claims["sub"] == self.client_id, "iss and sub")
        require(jwt.get_unverified_header(form["client_assertion"]).get("kid"), "kid")
        require(claims["jti"] not in self.assertions, "an assertion is used once")
        self.assertions.add(claims["jti"])
        allowed = {f"{AGS}score", NRPS}
        require(set(form["scope"].split()) <= allowed, f"scope {form['scope']!r}")
        answer = {
            "access_token": f"token for {form['scope']}",
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": form["scope"],
        }
        return Answer(200, answer)

    def _score(self, request: Request) -> Answer:
        self._require_scope(request, f"{AGS}score")
        require(request.query == {"type_id": ["1"]}, "the line item's query is lost")
        kind = request.headers.get("content-type", "")
        require(kind == SCORE, f"media type {kind!r}")
        score = json.loads(request.body)
        own = {"userId", "scoreGiven", "scoreMaximum", "activityProgress"}
        own |= {"gradingProgress", "timestamp", "comment", "submission"}
        unknown = {key for key in score if key not in own and "://" not in key}
        require(not unknown, f"{unknown} are no names of the specification")
        require(isinstance(score["userId"], str), "userId is a string")
        require(score["scoreGiven"] >= 0, "scoreGiven")
        require(score["scoreMaximum"] > 0, "scoreMaximum is more than 0")
        activity = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
        require(score["activityProgress"] in activity, "activityProgress")
        grading = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}
        require(score["gradingProgress"] in grading, "gradingProgress")
        when = datetime.fromisoformat(score["timestamp"])
        require(when.tzinfo is not None, "the timestamp names its time zone")
        require("." in score["timestamp"], "the timestamp has parts of a second")
        if score["userId"] not in self.users:
            return Answer(422, {"errors": {"message": "User not found in course"}})
        earlier = self.results.get(score["userId"])
        if earlier and datetime.fromisoformat(earlier["timestamp"]) > when:
            return Answer(409)
        self.results[score["userId"]] = score
        return Answer(204)

    def _members(self, request: Request) -> Answer:
        self._require_scope(request, NRPS)
        require(request.headers.get("accept") == MEMBERS, "Accept")
        page = int(request.query.get("page", ["1"])[0])
        shown = self.members[page - 1 : page]
        following = f'<{self.memberships}?page={page + 1}>; rel="next"'
        more = {"Link": following} if page < len(self.members) else {}
        return Answer(200, {"id": self.memberships, "members": shown}, more)

    def _require_scope(self, request: Request, scope: str) -> None:
        given = request.headers.get("authorization", "")
        require(given == f"Bearer token for {scope}", f"no token for {scope}")
