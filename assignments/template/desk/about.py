"""What an assignment asks: its file, its questions, what grading can import."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from desk.notebook import SUFFIX

TEMPLATE = Path(__file__).resolve().parents[1]


class NotFoundError(LookupError):
    """There is no such assignment or question; the message names those there are."""


@dataclass(frozen=True)
class Question:
    """A question: its functions, and what its public and all of its cases are worth.

    parameters : what each function should take, as text: ``"x, k, mode"``
    """

    name: str
    title: str
    functions: tuple[str, ...]
    public_points: float
    points: float
    parameters: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def number(self) -> str:
        """Its number as in ``q3``."""
        return self.name.partition("_")[0]


@dataclass(frozen=True)
class About:
    """An assignment as ``about.json`` beside its tests has it.

    file : the one that is handed in; python : the version that grades, as in "3.11"
    packages : what can be imported there beside Python's own modules
    stub : SHA-256 of the file as it was given out, with Unix' line ends
    chosen_file : the file that was named, where one was
    """

    name: str
    title: str
    file: str
    python: str
    packages: tuple[str, ...]
    questions: tuple[Question, ...]
    chosen_file: str = ""
    stub: str = ""

    @property
    def is_untouched(self) -> bool:
        """Tell whether your file is still as it was given out: nothing is started."""
        if len(self.files) != 1 or not self.path.is_file():
            return False
        text = self.path.read_bytes().replace(b"\r\n", b"\n")
        return hashlib.sha256(text).hexdigest() == self.stub

    @property
    def folder(self) -> Path:
        """The assignment's folder in the template."""
        return TEMPLATE / self.name

    @property
    def files(self) -> list[Path]:
        """What is there of what can be handed in: a Python file, a notebook."""
        names = (self.file, self.file.removesuffix(".py") + SUFFIX)
        return [self.folder / name for name in names if (self.folder / name).is_file()]

    @property
    def path(self) -> Path:
        """Your file: the one that was named, else the one that is there."""
        if self.chosen_file:
            return self.folder / self.chosen_file
        return next(iter(self.files), self.folder / self.file)

    @property
    def functions(self) -> tuple[str, ...]:
        """Every function that is asked for."""
        return tuple(name for question in self.questions for name in question.functions)

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

    Of a notebook and a Python file, the one that is named is read
    Raises NotFoundError
    """
    known = sorted(path.parent.name for path in TEMPLATE.glob("*/about.json"))
    file = Path(name).name
    given = file.removesuffix(".py").removesuffix(SUFFIX)
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
    chosen = file if file != given and given == found[0] else ""
    return About(
        name=found[0],
        questions=questions,
        packages=packages,
        chosen_file=chosen,
        **facts,
    )
