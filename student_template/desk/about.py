"""What an assignment asks: its file, its questions, what grading can import."""

import json
from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[1]


class NotFoundError(LookupError):
    """There is no such assignment or question; the message names those there are."""


@dataclass(frozen=True)
class Question:
    """A question: its functions, and what its public and all of its cases are worth."""

    name: str
    title: str
    functions: tuple[str, ...]
    public_points: float
    points: float

    @property
    def number(self) -> str:
        """Its number as in ``q3``."""
        return self.name.partition("_")[0]


@dataclass(frozen=True)
class About:
    """An assignment as ``about.json`` beside its tests has it.

    file : the one that is handed in; python : the version that grades, as in "3.11"
    packages : what can be imported there beside Python's own modules
    """

    name: str
    title: str
    file: str
    python: str
    packages: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def folder(self) -> Path:
        """The assignment's folder in the template."""
        return TEMPLATE / self.name

    @property
    def path(self) -> Path:
        """Your file."""
        return self.folder / self.file

    def chosen(self, words: list[str]) -> tuple[Question, ...]:
        """Return the questions that are named (``q3``, ``q3_pad1d``), or all.

        Raises NotFoundError
        """
        for word in words:
            if not any(word in {q.number, q.name} for q in self.questions):
                known = ", ".join(q.name for q in self.questions)
                raise NotFoundError(f"{self.name} has no question {word}: {known}")
        return tuple(
            q for q in self.questions if not words or {q.number, q.name} & {*words}
        )


def about(name: str) -> About:
    """Read an assignment by its name, its number (``a1``), its folder or its file.

    Raises NotFoundError
    """
    known = sorted(path.parent.name for path in TEMPLATE.glob("*/about.json"))
    given = Path(name).name.removesuffix(".py")
    found = [each for each in known if given in {each, each.partition("_")[0]}]
    if len(found) != 1:
        raise NotFoundError(f"there is no assignment {name}: {', '.join(known)}")
    text = (TEMPLATE / found[0] / "about.json").read_text(encoding="utf-8")
    facts = json.loads(text)
    questions = tuple(
        Question(**{**question, "functions": tuple(question["functions"])})
        for question in facts.pop("questions")
    )
    packages = tuple(facts.pop("packages"))
    return About(name=found[0], questions=questions, packages=packages, **facts)
