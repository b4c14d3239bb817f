"""What a result depends on, hashed in parts, so that a change can be followed.

A question starts from a freshly loaded module of the student's, so its result depends
on the submission, on what all questions share, on its own course files, and on the
questions that it builds on. `touched` says which questions a change reaches, and why.
"""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from autograder.course.assignment import Assignment, Question
from autograder.course.costs import FILE
from autograder.course.folders import CHECKS, DECIDES_NOTHING, shared
from autograder.records.submission import Submission

GRADING_FOLDERS = ("course", "grading", "sandbox", "worker")
GRADING_FILES = (
    "kinds.py",
    "notebook.py",
    "own_time.py",
    "points.py",
    "source_text.py",
    "text.py",
)
"""A change in one of these may change a mark or a message: results are then stale."""
DECIDING_SUFFIXES = frozenset({".py", ".toml", ".csv", ".json", ".npz", ".safetensors"})

BUILT_ON = "what it builds on"


class CourseInputs(msgspec.Struct, frozen=True, kw_only=True):
    """Hashes of an assignment's part of what decides a mark, by words for a person.

    shared : what every question depends on
    questions : for every question, what it alone depends on
    """

    shared: dict[str, str]
    questions: dict[str, dict[str, str]]


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides one result.

    submission : the files, the student (seeds are drawn for them), the isolation
    course : the assignment's part, the same for the whole class
    """

    submission: dict[str, str]
    course: CourseInputs

    @property
    def hash(self) -> str:
        """One SHA-256 of it all."""
        return _digest(msgspec.json.encode(self, order="sorted"))


def course_inputs(assignment: Assignment) -> CourseInputs:
    """Hash the course files of an assignment, as they are now, and what runs them."""
    own = {
        path: question.name
        for question in assignment.manifest.question
        for path in _test_files(assignment, question)
    }
    told_apart = {
        *own,
        assignment.public / "manifest.toml",
        assignment.secret / "reference.py",
        assignment.secret / "misconceptions.toml",
        assignment.secret / FILE,
    }
    read = (path for folder in assignment.folders for path in _deciding(folder))
    others = [path for path in read if path not in told_apart]
    limits = msgspec.structs.replace(assignment.manifest, question=())
    checks = shared(assignment.public.parents[1], CHECKS)
    return CourseInputs(
        shared={
            "the reference": _digest(assignment.reference_source.encode()),
            "the limits of the manifest": _digest(msgspec.json.encode(limits)),
            "the limits of time": _digest(msgspec.json.encode(assignment.costs)),
            "the public checks": _digest_files(_deciding(checks)),
            "other files of the course": _digest_files(others),
            "the grading modules": _package_digest(),
            "Python or a package": " ".join(_versions(assignment)),
        },
        questions={
            question.name: _own_inputs(assignment, question)
            for question in assignment.manifest.question
        },
    )


def deciding_files() -> list[Path]:
    """Return the files of this package that may change a mark or a message."""
    package = Path(__file__).parents[1]
    folders = [(package / folder).rglob("*.py") for folder in GRADING_FOLDERS]
    return [
        *(package / name for name in GRADING_FILES),
        *(path for paths in folders for path in sorted(paths)),
    ]


def inputs_of(
    course: CourseInputs, submission: Submission, *, isolated: bool
) -> Inputs:
    """Return all that decides the result of a submission."""
    return Inputs(
        submission={
            "the files": submission.content_hash,
            "the student's id": submission.meets_inputs_of,
            "the isolation": "sandbox" if isolated else "none",
        },
        course=course,
    )


def touched(
    before: Inputs, now: Inputs, assignment: Assignment
) -> dict[str, tuple[str, ...]]:
    """Return the questions that a change reaches, each with what changed, in words.

    assignment : as it is now; questions that it no longer has are not returned
    """
    everywhere = [
        *_changed(before.submission, now.submission),
        *_changed(before.course.shared, now.course.shared),
    ]
    own = {
        question.name: _changed(
            before.course.questions.get(question.name, {}),
            now.course.questions[question.name],
        )
        for question in assignment.manifest.question
    }
    found = {}
    for question in assignment.manifest.question:
        below = {
            assignment.question_of(function).name: ""
            for function in assignment.foundations(question)
        }
        inherited = [f"{BUILT_ON} ({name})" for name in below if own[name]]
        reasons = (*everywhere, *own[question.name], *inherited)
        if reasons:
            found[question.name] = reasons
    return found


def _versions(assignment: Assignment) -> Iterator[str]:
    yield platform.python_version()
    own = ("numpy", "safetensors")
    imported = (name for name in assignment.manifest.packages if "." not in name)
    for name in sorted({*own, *imported}):
        # What is missing is told by whoever needs it: the sandbox, or the reference.
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def _own_inputs(assignment: Assignment, question: Question) -> dict[str, str]:
    public, hidden = _test_files(assignment, question)
    wrong = [m for m in assignment.misconceptions if m.question == question.name]
    return {
        "its public tests": _digest(public.read_bytes()),
        "its hidden tests": _digest(hidden.read_bytes()),
        "its misconceptions": _digest(msgspec.json.encode(wrong)),
        "its entry in the manifest": _digest(msgspec.json.encode(question)),
    }


def _test_files(assignment: Assignment, question: Question) -> tuple[Path, Path]:
    name = f"{question.name}.py"
    return assignment.public / "tests" / name, assignment.secret / "tests" / name


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [part for part in now if before.get(part) != now[part]]


def _deciding(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        beside = DECIDES_NOTHING.intersection(path.relative_to(folder).parts)
        if path.suffix in DECIDING_SUFFIXES and path.is_file() and not beside:
            yield path


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_files(paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        for part in (path.name.encode(), path.read_bytes()):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _package_digest() -> str:
    return _digest_files(deciding_files())
