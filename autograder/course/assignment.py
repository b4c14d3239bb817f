"""One assignment as its author wrote it: manifest, reference, tests, misconceptions.

Everything is read from two folders of a course, ``assignments/NAME`` (students may see
it) and ``solutions/NAME`` (they may not), checked, and handed on as frozen values. What
is wrong is an `AuthoringError` with file and line.
"""

import ast
import importlib
import inspect
import itertools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

import msgspec
from checks.otter_format import functions_of

from autograder.course import reference_models
from autograder.course.cases import CaseSource, read_cases
from autograder.course.costs import Costs, read_costs
from autograder.course.edits import (
    Edit,
    EditOfForm,
    Form,
    apart,
    apart_as_trees,
)
from autograder.course.folders import names
from autograder.course.program import Program
from autograder.course.slips import Slips
from autograder.course.toml_files import line_of, read_text, read_toml
from autograder.errors import AuthoringError
from autograder.points import total

POINTS_OF_AN_ASSIGNMENT = 100.0
MOST_TOGETHER = 128
"""So many references with several mistakes are kept: each has globals of its own."""
SECRET_PARAMETERS = reference_models.PARAMETERS | {"reference"}
"""What a hidden case may take beside the student's functions."""


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``[[question]]`` of the manifest.

    name : stem of its test files and otter's ``name``
    functions : the student's functions that it grades
    builds_on : functions of earlier questions that its reference calls, or its cases
        take
    review : dotted names of library calls that a person should look at
    slide : title of the lecture's slide that it is about
    """

    name: str
    title: str
    functions: tuple[str, ...]
    builds_on: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    slide: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``manifest.toml``: what students hand in, and the limits it runs under.

    seconds_per_case, seconds_per_submission : processor time that everybody may take;
        what `costs` has measured gives more where a right answer needs it
    stand_ins : ``checks.module:NAME`` of a mapping of public functions and classes by
        the names of the graded functions that they can stand for
    """

    title: str
    file: str
    memory_mib: int
    packages: tuple[str, ...]
    question: tuple[Question, ...]
    seconds_per_case: float = 5.0
    seconds_per_submission: float = 120.0
    stand_ins: str = ""


class Misconception(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A wrong answer that students really give, as an edit of the reference.

    also : the same mistake in another `Form` of the reference, where it stands beside
        others whose edits of the reference are of one place
    core : why it may cost most of its question: what the question is about
    common : seen often enough that a public case must notice it
    beyond : another one of its question, which it is with one mistake more: where both
        give the same, that one is named
    plain : its message says no more than what the answers show ("you return None for an
        unknown mode"), so that these are evidence enough, few as they may be
    places : where each part of the right answer stands in this one, whose edit does no
        more than return them in that order: [1, 0] where two are exchanged
    """

    name: str
    message: str
    question: str
    fails: tuple[str, ...]
    edit: tuple[Edit, ...]
    also: tuple[EditOfForm, ...] = ()
    see: str = ""
    core: str = ""
    common: bool = False
    beyond: str = ""
    plain: bool = False
    places: tuple[int, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        """Names of the forms of the reference that it can be made in, too."""
        return frozenset(edit.form for edit in self.also)


class _Misconceptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    form: tuple[Form, ...] = ()
    misconception: tuple[Misconception, ...] = ()


@dataclass(frozen=True)
class Case:
    """A case of a question: where it stands, and its function."""

    source: CaseSource
    function: FunctionType

    def run(self, environment: Mapping[str, Any]) -> None:
        """Call it with what it names of an environment; raises what it raises.

        environment : functions and modules by name; None stands for one that is missing
        """
        self.function(
            **{name: environment.get(name) for name in self.source.parameters}
        )


@dataclass(frozen=True)
class Assignment:
    """A loaded, checked assignment.

    cases : for every question its cases, public ones first
    forms : other ways to write parts of the reference, by name
    costs : what right answers take, where it has been measured
    """

    name: str
    public: Path
    secret: Path
    manifest: Manifest
    reference_source: str
    misconceptions: tuple[Misconception, ...]
    cases: Mapping[str, tuple[Case, ...]]
    forms: Mapping[str, Form] = field(default_factory=dict)
    costs: Costs | None = None

    @property
    def possible(self) -> float:
        """Points of all questions."""
        return total(self.points(question.name) for question in self.manifest.question)

    def points(self, question: str) -> float:
        """Points of one question: the sum over its cases."""
        return total(case.source.points for case in self.cases[question])

    @property
    def secrets(self) -> reference_models.Secrets:
        """Reference models and held-out images, for hidden cases."""
        return reference_models.Secrets(self.secret.parent)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder of the course that grading reads, but for the public checks."""
        solutions = self.secret.parent
        folders = [self.public, self.secret]
        if "torch" in self.manifest.packages:
            networks = ("data", "models", "experiments/lecture")
            folders += [solutions / name for name in networks]
        return tuple(folders)

    @cached_property
    def reference(self) -> ModuleType:
        """The reference solution, imported."""
        return self._program.module(self.reference_source)

    def edited(self, misconception: Misconception) -> str:
        """Return the reference's source with the misconception's edits made."""
        source = self.reference_source
        for edit in misconception.edit:
            source = source.replace(edit.find, edit.replace)
        return source

    def wrong_reference(self, misconception: Misconception) -> ModuleType:
        """Return the reference with a misconception's edits, imported once."""
        name = misconception.name
        if name not in self._wrong:
            self._wrong[name] = self._program.module(self.edited(misconception))
        return self._wrong[name]

    def apart(self, *misconceptions: Misconception) -> bool:
        """Tell whether misconceptions are edits of different places of one program.

        What counts is what an edit changes, not how much its author quoted around that;
        all edits must then still make a program together
        """
        key = frozenset(m.name for m in misconceptions)
        if key not in self._apart:
            self._apart[key] = self._edited(misconceptions) is not None
        return self._apart[key]

    def edited_together(self, *misconceptions: Misconception) -> str:
        """Return the reference's source with the edits of several, which are apart."""
        edited = self._edited(misconceptions)
        if edited is None:
            names = [m.name for m in misconceptions]
            raise ValueError(f"{names} are edits of one place")
        return edited

    def wrong_together(self, *misconceptions: Misconception) -> ModuleType:
        """Return the reference with the edits of several, imported.

        The last `MOST_TOGETHER` of them are kept: there are as many as pairs
        """
        names = frozenset(m.name for m in misconceptions)
        found = self._modules.pop(names, None)
        if found is None:
            found = self._program.module(self.edited_together(*misconceptions))
        self._modules[names] = found
        if len(self._modules) > MOST_TOGETHER:
            del self._modules[next(iter(self._modules))]
        return found

    def _edited(self, misconceptions: Sequence[Misconception]) -> str | None:
        """Return the program with all edits, or None where there is none.

        A form that all can be made in comes first: it is there for that. What is not
        apart as text may be as expressions. Of three, the order in which they are
        merged may decide, so it is always one
        """
        ways = [*self._ways(sorted(misconceptions, key=lambda m: m.name))]
        for program, edits in ways:
            edited = apart(program, [edit for group in edits for edit in group])
            if edited is not None:
                return edited
        return next(filter(None, itertools.starmap(apart_as_trees, ways)), None)

    def _ways(
        self, misconceptions: Sequence[Misconception]
    ) -> Iterator[tuple[Program, Sequence[Sequence[Edit | EditOfForm]]]]:
        """Yield forms that all can be made in, and the reference, with their edits."""
        common = frozenset(self.forms).intersection(*(m.forms for m in misconceptions))
        for form in sorted(common):
            yield (
                self._forms[form],
                [[e for e in m.also if e.form == form] for m in misconceptions],
            )
        yield self._program, [[*m.edit] for m in misconceptions]

    @cached_property
    def form_sources(self) -> dict[str, str]:
        """The reference's source with each `Form` in the place of what it replaces."""
        return {
            name: form.applied_to(self.reference_source)
            for name, form in self.forms.items()
        }

    @cached_property
    def slips(self) -> Slips | None:
        """The right answer written out, to make slips in, where there is one."""
        return Slips.beside(self.secret / "reference.py")

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What others work out from it and keep while it is loaded, by their types."""
        return {}

    @cached_property
    def _program(self) -> Program:
        return Program(self.reference_source, self.secret / "reference.py")

    @cached_property
    def _forms(self) -> dict[str, Program]:
        path = self.secret / "reference.py"
        return {name: Program(text, path) for name, text in self.form_sources.items()}

    @cached_property
    def _wrong(self) -> dict[str, ModuleType]:
        return {}

    @cached_property
    def _apart(self) -> dict[frozenset[str], bool]:
        return {}

    @cached_property
    def _modules(self) -> dict[frozenset[str], ModuleType]:
        return {}

    @cached_property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """The names of every graded function's parameters, in order."""
        return {
            name: tuple(inspect.signature(getattr(self.reference, name)).parameters)
            for question in self.manifest.question
            for name in question.functions
        }

    @cached_property
    def signatures(self) -> dict[str, str]:
        """The parameters of every graded function, as text: ``"x, k, mode"``."""
        return {name: ", ".join(names) for name, names in self.parameters.items()}

    @cached_property
    def stand_ins(self) -> Mapping[str, Any]:
        """Public stand-ins for graded functions, by name.

        Raises AuthoringError where the manifest names a mapping that is not there
        """
        if not self.manifest.stand_ins:
            return {}
        module, _, name = self.manifest.stand_ins.partition(":")
        try:
            found = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise AuthoringError(
                self.public / "manifest.toml",
                f"stand_ins = {self.manifest.stand_ins!r}: {error}",
                'name a mapping of checks: "checks.blocks:STAND_INS"',
            ) from error
        return MappingProxyType(dict(found))

    def foundations(self, question: Question) -> list[str]:
        """Functions that a question builds on, and those that they build on in turn."""
        found: list[str] = []
        waiting = list(question.builds_on)
        while waiting:
            function = waiting.pop(0)
            if function not in found:
                found.append(function)
                waiting += self.question_of(function).builds_on
        return found

    def question_of(self, function: str) -> Question:
        """Return the question that grades `function`."""
        return next(q for q in self.manifest.question if function in q.functions)


def load(course: Path, name: str) -> Assignment:
    """Read and check the assignment `name` of the course at `course`.

    Raises AuthoringError with file and line for whatever an author got wrong
    """
    public, secret = course / "assignments" / name, course / "solutions" / name
    if not (public / "manifest.toml").is_file():
        known = ", ".join(names(course)) or "none"
        raise AuthoringError(public, "is no assignment", f"there are: {known}")
    manifest = read_toml(public / "manifest.toml", Manifest)
    _check_manifest(manifest, public / "manifest.toml")
    reference_source = read_text(secret / "reference.py")
    mistakes = read_toml(secret / "misconceptions.toml", _Misconceptions)
    assignment = Assignment(
        name=name,
        public=public,
        secret=secret,
        manifest=manifest,
        reference_source=reference_source,
        misconceptions=mistakes.misconception,
        cases=MappingProxyType(
            {q.name: _load_cases(q, public, secret) for q in manifest.question}
        ),
        forms=MappingProxyType({form.name: form for form in mistakes.form}),
        costs=read_costs(secret),
    )
    _check_functions(assignment)
    _check_misconceptions(assignment)
    _check_points(assignment)
    return assignment


def module_from(source: str, path: Path) -> ModuleType:
    """Execute `source` (ours, never a student's) as a module."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102 our own code
    return module


def _load_cases(question: Question, public: Path, secret: Path) -> tuple[Case, ...]:
    cases: list[Case] = []
    for folder, hidden in ((public, False), (secret, True)):
        path = folder / "tests" / f"{question.name}.py"
        sources = read_cases(
            path,
            read_text(path),
            question=question.name,
            hidden=hidden,
            parameters={
                *question.functions,
                *question.builds_on,
                *(SECRET_PARAMETERS if hidden else ()),
            },
        )
        functions = functions_of(read_text(path), path)
        cases.extend(Case(source, functions[source.function]) for source in sources)
    seen: dict[str, CaseSource] = {}
    for source in (case.source for case in cases):
        if source.name in seen:
            raise AuthoringError(
                source.place,
                f"{source.name!r} is also the name of {seen[source.name].place}",
                "every case of a question needs its own name",
            )
        seen[source.name] = source
    return tuple(cases)


def _folded(title: str) -> str:
    """Return a title as people tell it apart: without case and extra spaces."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


def _check_manifest(manifest: Manifest, path: Path) -> None:
    text = read_text(path)
    graded: set[str] = set()
    seen: set[str] = set()
    titles: dict[str, str] = {}
    for question in manifest.question:
        place = f"{path}:{line_of(text, repr(question.name)[1:-1])}"
        other = titles.setdefault(_folded(question.title), question.name)
        if other != question.name:
            raise AuthoringError(
                place,
                f"the title {question.title!r} is that of {other} too",
                "gradebooks and pages tell questions apart by their titles",
            )
        if question.name in seen:
            raise AuthoringError(place, f"question {question.name!r} stands twice")
        seen.add(question.name)
        clash = graded.intersection(question.functions)
        if clash:
            raise AuthoringError(
                place, f"{sorted(clash)} belong to an earlier question"
            )
        unknown = set(question.builds_on) - graded
        if unknown:
            raise AuthoringError(
                place,
                f"builds_on: {sorted(unknown)} is no function of an earlier question",
            )
        graded.update(question.functions)


def _check_functions(assignment: Assignment) -> None:
    defined = functions_in(assignment.reference_source)
    text = read_text(assignment.public / "manifest.toml")
    for question in assignment.manifest.question:
        missing = set(question.functions) - defined
        if missing:
            raise AuthoringError(
                f"{assignment.public / 'manifest.toml'}:{line_of(text, question.name)}",
                f"grades {sorted(missing)}, which reference.py does not define",
            )


def _check_points(assignment: Assignment) -> None:
    place = assignment.public / "manifest.toml"
    for question in assignment.manifest.question:
        if assignment.points(question.name) <= 0:
            raise AuthoringError(
                assignment.public / "tests" / f"{question.name}.py",
                f"question {question.name!r} has no points",
                "give its cases points= in @test_case",
            )
    if assignment.possible != POINTS_OF_AN_ASSIGNMENT:
        table = ", ".join(
            f"{q.name} {assignment.points(q.name):g}"
            for q in assignment.manifest.question
        )
        raise AuthoringError(
            place,
            f"the points add up to {assignment.possible:g}, not "
            f"{POINTS_OF_AN_ASSIGNMENT:g}",
            table,
        )


def _check_misconceptions(assignment: Assignment) -> None:
    path = assignment.secret / "misconceptions.toml"
    text = read_text(path)
    questions = {question.name for question in assignment.manifest.question}
    _check_forms(assignment, path, text)
    seen: set[str] = set()
    for misconception in assignment.misconceptions:
        quoted = f'"{misconception.name}"'
        place = f"{path}:{line_of(text, quoted)}"
        if misconception.name in seen:
            raise AuthoringError(place, f"{misconception.name!r} stands twice")
        seen.add(misconception.name)
        unknown = {misconception.question, *misconception.fails} - questions
        if unknown:
            raise AuthoringError(place, f"{sorted(unknown)} are no questions")
        if misconception.beyond and misconception.beyond not in {
            m.name
            for m in assignment.misconceptions
            if m.question == misconception.question and m is not misconception
        }:
            raise AuthoringError(
                place,
                f"beyond: {misconception.beyond!r} is no other misconception of "
                f"{misconception.question}",
            )
        places = list(misconception.places)
        in_order = list(range(len(places)))
        if places and (places == in_order or sorted(places) != in_order):
            raise AuthoringError(
                place,
                f"places: {places} is no other order of {in_order}",
                "where each part of the right answer stands in the wrong one: [1, 0]",
            )
        strange = misconception.forms - assignment.forms.keys()
        if strange:
            raise AuthoringError(place, f"{sorted(strange)} are no forms")
        whose = repr(misconception.name)
        for edit in misconception.edit:
            _check_find(edit, place, whose, assignment.reference_source)
        for also in misconception.also:
            _check_find(
                also,
                place,
                f"{whose} in the form {also.form!r}",
                assignment.form_sources[also.form],
            )


def _check_forms(assignment: Assignment, path: Path, text: str) -> None:
    for form in assignment.forms.values():
        quoted = f'"{form.name}"'
        place = f"{path}:{line_of(text, quoted)}"
        for edit in form.edit:
            _check_find(
                edit, place, f"the form {form.name!r}", assignment.reference_source
            )


def _check_find(edit: Edit | EditOfForm, place: str, whose: str, source: str) -> None:
    count = source.count(edit.find)
    if count != 1:
        raise AuthoringError(
            place,
            f"{whose}: its find matches {count} times in reference.py: "
            f"{edit.find.strip().splitlines()[:1]}",
            "make it match exactly once",
        )


def functions_in(source: str) -> set[str]:
    """Names of the public functions and classes at a module's top level."""
    return {
        node.name
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
    }
