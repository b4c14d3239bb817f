"""``check`` and ``submit``: what they do and say."""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desk import __doc__ as usage
from desk.about import About, NotFoundError, Question, about
from desk.limit import SECONDS
from desk.packing import pack
from desk.reading import Problem, problems
from desk.running import Outcome, outcomes
from desk.standing import line, total, waiting

DONE, SOMETHING_WRONG, CANNOT = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Do what the words say.

    Returns 0 where all is right, 1 where something is not, 2 where nothing was done
    """
    given = _parser().parse_args(arguments)
    try:
        found = about(given.assignment)
        questions = found.chosen(getattr(given, "question", []))
    except NotFoundError as error:
        print(error)
        return CANNOT
    seconds = None if given.no_limit else SECONDS
    if given.seed is not None:
        os.environ["CHECK_SEED"] = str(given.seed)
    if given.command == "check":
        return _check(found, questions, seconds)
    return _submit(found, seconds, given.out, anyway=given.anyway)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m desk",
        description=usage,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check", help="run the public cases and say how you stand"
    )
    submit = commands.add_parser("submit", help="make the zip that you hand in")
    for command in (check, submit):
        command.add_argument("assignment", help="as in a1_conv1d, or a1")
        command.add_argument(
            "--no-limit",
            action="store_true",
            help=f"let a case take over {SECONDS:g} s",
        )
        command.add_argument("--seed", type=int, help="other random inputs: 1, 2, ...")
    check.add_argument(
        "question", nargs="*", default=[], help="as in q3; none means all"
    )
    submit.add_argument(
        "--out", type=Path, default=Path(), help="where the zip goes (here)"
    )
    submit.add_argument(
        "--anyway", action="store_true", help="even if grading can't read the file"
    )
    return parser


def _check(about: About, questions: tuple[Question, ...], seconds: float | None) -> int:
    found = problems(about)
    _tell(about, found)
    if any(problem.fatal for problem in found):
        return SOMETHING_WRONG
    results: list[Outcome] = []
    for question in questions:
        mine = list(outcomes(about, (question,), seconds))
        results += mine
        print(line(question, mine), flush=True)
        for words in _wrong(mine):
            print(_indented(words))
    print()
    print(total(questions, results))
    if rest := waiting(questions, results):
        print(rest)
    right = all(outcome.state == "right" for outcome in results)
    return DONE if right else SOMETHING_WRONG


def _submit(about: About, seconds: float | None, folder: Path, *, anyway: bool) -> int:
    found = problems(about)
    _tell(about, found)
    if not about.path.is_file() or (len(about.files) > 1 and not about.chosen_file):
        return CANNOT
    fatal = any(problem.fatal for problem in found)
    only_here = any(problem.only_here for problem in found)
    if fatal and not anyway:
        why = "it was not tried" if only_here else "graded like this, it is 0 points"
        print(f"Nothing was packed: {why}. (--anyway packs it.)")
        return SOMETHING_WRONG
    results = [] if fatal else list(outcomes(about, about.questions, seconds))
    unread = "not tried here" if only_here else "grading can't read it"
    said = unread if fatal else total(about.questions, results)
    folder.mkdir(parents=True, exist_ok=True)
    packed = pack(about, folder, said)
    print(f"{said}\n")
    if not fatal and (rest := waiting(about.questions, results)):
        print(f"{rest}\n")
    print(f"Hand in   {packed.zip}   (it holds {about.path.name} and nothing else)")
    print(f"Keep      {packed.receipt}")
    print(f"SHA-256   {packed.digest}")
    return SOMETHING_WRONG if fatal else DONE


def _tell(about: About, found: list[Problem]) -> None:
    for problem in found:
        print(f"{about.path.name}, {problem.lead}: {problem}")
    if found:
        print()


def _wrong(results: list[Outcome]) -> Iterator[str]:
    """Yield what is wrong, once for all cases of a question that say the same.

    A known mistake is named under the first of its cases
    """
    alike: dict[str, list[Outcome]] = {}
    for outcome in results:
        if outcome.state == "wrong":
            alike.setdefault(outcome.text, []).append(outcome)
    named = {""}
    for some in alike.values():
        first = some[0]
        known = first if first.mistake not in named else replace(first, mistake="")
        named.add(first.mistake)
        yield "\n".join([*(outcome.case for outcome in some), known.words])


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
