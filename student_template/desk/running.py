"""Run the public cases on your file, and say what came of each."""

import contextlib
import difflib
import io
import json
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from checks import CheckFailedError, seed_of_case
from checks.recognising import recognised

from desk.about import About, Question
from desk.answers import load, own_frames, words_of
from desk.as_graded import NotThere
from desk.calls import Calls
from desk.cases import Case, TestFile
from desk.limit import SECONDS, TooLongError, limited

State = Literal["right", "wrong", "not started"]


SECONDS_AFTER_ONE = 2.0
"""Of processor time, for a case after one of its question that had no end."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    text : what is wrong, in words and with your own lines
    call : the call that it is about, as a line of code, or ""
    mistake : the known mistake that gives this wrong answer, in a sentence, or ""
    stopped : it computed without an end
    """

    question: str
    case: str
    points: float
    state: State
    text: str = ""
    call: str = ""
    mistake: str = ""
    stopped: bool = False

    @property
    def words(self) -> str:
        """All of it, a line each; and the seed, where one was asked for."""
        told = "\n".join(filter(None, (self.call, self.text, self.mistake)))
        return with_seed(told)


def outcomes(
    about: About, questions: tuple[Question, ...], seconds: float | None = SECONDS
) -> Iterator[Outcome]:
    """Run the public cases of some questions, in order.

    Of a file that is as it was given out none needs to run, nor torch to be waited for

    seconds : of processor time that a case may take; None for no limit
    """
    is_untouched = about.is_untouched
    for question in questions:
        allowed = seconds
        for case in TestFile(about.folder / "tests" / f"{question.name}.py").cases:
            found = (
                not_started(case)
                if is_untouched
                else outcome(case, about.path, allowed)
            )
            yield found
            allowed = after(found, allowed)


def not_started(case: Case) -> Outcome:
    """Return what comes of a case whose functions are as they were given out."""
    return Outcome(case.file.question, case.name, case.points, "not started")


def after(found: Outcome, seconds: float | None) -> float | None:
    """Return how long the next case of a question may compute.

    Where one was stopped, most others are in the same loop
    """
    return min(seconds, SECONDS_AFTER_ONE) if found.stopped and seconds else seconds


def outcome(case: Case, answers: Path, seconds: float | None = SECONDS) -> Outcome:
    """Import your file anew, run a case on it, and say what came of it."""
    state: State = "right"
    text = mistake = ""
    calls = Calls(answers)
    stopped = False
    try:
        with limited(seconds), nothing_typed_in(), packages_of_grading(answers):
            functions = vars(load(answers))
            text = missing_function(case.wanted, functions, answers)
            if not text:
                case.run({**functions, **calls.noted(case.wanted, functions)})
    except NotImplementedError as error:
        frames = traceback.extract_tb(error.__traceback__)
        is_stub = frames[-1].filename == str(answers)  # else torch has no such thing
        state = "not started" if is_stub else "wrong"
        text = str(error) if is_stub else _told(error, answers, calls)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        state, text = "wrong", _told(error, answers, calls)
        stopped = isinstance(error, TooLongError)
        if isinstance(error, CheckFailedError):
            mistake = known_mistake(case, error, answers)
    else:
        state = "wrong" if text else "right"
    return Outcome(
        case.file.question,
        case.name,
        case.points,
        state,
        text,
        calls.last if state == "wrong" else "",
        mistake,
        stopped,
    )


@contextlib.contextmanager
def nothing_typed_in() -> Iterator[None]:
    """Let ``input()`` in the block raise EOFError as in grading, and not wait."""
    before, sys.stdin = sys.stdin, io.StringIO()
    try:
        yield
    finally:
        sys.stdin = before


@contextlib.contextmanager
def packages_of_grading(answers: Path) -> Iterator[None]:
    """Let your file import in the block what grading has, and nothing else.

    What another part of this program has imported before is there all the same
    """
    facts = answers.with_name("about.json")
    if not facts.is_file():
        yield
        return
    packages = json.loads(facts.read_text(encoding="utf-8"))["packages"]
    finder = NotThere({*sys.stdlib_module_names, *packages}, str(answers))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _told(error: BaseException, answers: Path, calls: Calls) -> str:
    is_refused = isinstance(error, TypeError) and not own_frames(error, answers)
    return (
        calls.not_taken(error)
        if is_refused and calls.last
        else words_of(error, answers)
    )


def known_mistake(case: Case, error: CheckFailedError, answers: Path) -> str:
    """Say which known mistake gives this wrong answer, or ""."""
    names = answers.with_name("names.json")
    if not names.is_file():
        return ""
    sentences = json.loads(names.read_text(encoding="utf-8"))["sentences"]
    return recognised(sentences, case.file.question, case.name, error)


def missing_function(
    wanted: Iterable[str], functions: Mapping[str, Any], answers: Path
) -> str:
    """Say which of the wanted functions is not in your file, or ""."""
    for name in wanted:
        if name not in functions:
            words = f"there is no function `{name}` in {answers.name}"
            close = difflib.get_close_matches(name, functions)
            return words + (f"; did you mean `{close[0]}`?" if close else "")
    return ""


def with_seed(text: str) -> str:
    """Name the seed behind a failing case's message, where one was asked for."""
    seed = seed_of_case()
    return f"{text}\n(inputs of seed {seed})" if seed else text
