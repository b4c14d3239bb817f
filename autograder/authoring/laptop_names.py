"""Names of known mistakes for the students' laptops: ``names.json`` of an assignment.

Every known mistake is run on the public cases with the inputs that a laptop has by
default. Where the wrong answer tells more than chance and no other mistake, and no
answer that computes nothing, gives the same in this case, its sentence is sealed with
the answer (`checks.recognising`): it can be read by who gives this answer.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
from checks import CheckFailedError, collected_notes
from checks.recognising import key_of, label_of, sealed

from autograder.authoring.junk import junk
from autograder.course.assignment import (
    Assignment,
    Case,
    Misconception,
    Question,
    module_from,
)
from autograder.grading.evidence import ENOUGH, bits
from autograder.grading.grading_run import OWN_SECONDS, run_case
from autograder.own_time import OutOfOwnTimeError, own_time

SEED = 0
"""Of a laptop where nobody asks for another."""


class LaptopNames(msgspec.Struct, frozen=True, kw_only=True):
    """``names.json``.

    made_of : SHA-256 of what the names follow from, so that they are made once
    sentences : sealed, by the label of what they are about
    """

    made_of: str
    sentences: dict[str, str]


_FIELDS = ["name", "message", "question", "fails", "edit", "see", "core", "common"]
"""Of a misconception; `beyond` and `plain` tell mistakes apart in grading only."""


def laptop_names(assignment: Assignment, before: Path, *, anew: bool = True) -> bytes:
    """Return ``names.json`` of an assignment.

    before : where the file may lie already; it stands where it was made of the same
    anew : else it is made, which takes seconds of computing; nothing is, if not
    """
    made_of = _made_of(assignment)
    written = before.read_bytes() if before.is_file() else b"{}"
    try:
        if msgspec.json.decode(written, type=LaptopNames).made_of == made_of:
            return written
    except msgspec.DecodeError:
        pass  # not there, or cut off: written anew
    if not anew:
        return b""
    with np.errstate(all="ignore"):
        sentences = {label_of(k): sealed(s, k) for k, s in _sentences(assignment)}
    names = LaptopNames(made_of=made_of, sentences=dict(sorted(sentences.items())))
    return msgspec.json.format(msgspec.json.encode(names), indent=1) + b"\n"


def _made_of(assignment: Assignment) -> str:
    # Not of `checks`: a key holds the expected and the wrong answer, so one that an
    # older comparison made is right or never met.
    files = sorted((assignment.public / "tests").glob("*.py"))
    texts = [assignment.reference_source.encode(), *(f.read_bytes() for f in files)]
    mistakes = msgspec.json.encode(
        [
            {field: getattr(m, field) for field in _FIELDS}
            for m in assignment.misconceptions
        ]
    )
    digest = hashlib.sha256()
    for text in (*texts, mistakes):
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()


def _sentences(assignment: Assignment) -> Iterator[tuple[bytes, str]]:
    """Yield each key that one sentence only explains, with the sentence."""
    path = assignment.secret / "reference.py"
    by_chance = [module_from(j.source, path) for j in junk(assignment) if j.most]
    for question in assignment.manifest.question:
        said: dict[bytes, set[str]] = defaultdict(set)
        for wrong in _possible(assignment, question):
            module = assignment.wrong_reference(wrong)
            own = wrong.question == question.name
            for key, tells in _keys(assignment, question, module):
                said[key].add(wrong.message if own and tells else "")
        for module in by_chance:
            for key, _ in _keys(assignment, question, module):
                said[key].add("")
        for key, sentences in said.items():
            if len(sentences) == 1 and "" not in sentences:
                yield key, sentences.pop()


def _possible(assignment: Assignment, question: Question) -> Iterator[Misconception]:
    """Yield the mistakes of a question, and of those that it builds on."""
    below = {assignment.question_of(f).name for f in assignment.foundations(question)}
    for wrong in assignment.misconceptions:
        if wrong.question in {question.name, *below}:
            yield wrong


def _keys(
    assignment: Assignment, question: Question, module: ModuleType
) -> Iterator[tuple[bytes, bool]]:
    """Yield what a module's answers to the public cases are recognised by.

    With each, whether the answer tells more than chance
    """
    for case in assignment.cases[question.name]:
        if case.source.hidden:
            continue
        error = failed_comparison(assignment, question, case, module)
        if error is None:
            continue
        key = key_of(question.name, case.source.name, error)
        if key is not None:
            yield key, bits(error.expected, error.actual) >= ENOUGH


def failed_comparison(
    assignment: Assignment, question: Question, case: Case, module: ModuleType
) -> CheckFailedError | None:
    """Return the comparison that fails; None where all hold, or an error ends it."""
    functions = {
        name: getattr(module, name)
        for name in (*question.functions, *question.builds_on)
        if hasattr(module, name)
    }
    try:
        with collected_notes(), own_time(OWN_SECONDS):
            run_case(assignment, case, functions, assignment.reference, SEED)
    except CheckFailedError as error:
        return error
    except (Exception, SystemExit, OutOfOwnTimeError):  # noqa: BLE001 a wrong answer ends in any way
        return None
    return None
