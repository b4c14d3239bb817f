"""Read the cases of a test file in otter's format from its text, before it is run.

Otter itself loses the first of two cases with one function name, passes None for a
function that is missing and divides by zero where there are no points; here each of
these is an error with file and line.
"""

import ast
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AuthoringError


@dataclass(frozen=True)
class CaseSource:
    """One ``@test_case`` function as written."""

    name: str
    function: str
    points: float
    hidden: bool
    path: Path
    line: int
    parameters: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """File and line, for errors."""
        return f"{self.path}:{self.line}"


def read_cases(
    path: Path,
    text: str,
    *,
    question: str,
    hidden: bool,
    parameters: AbstractSet[str],
) -> list[CaseSource]:
    """Return the cases of a test file in order, or say what is wrong with it.

    hidden : what every case's ``hidden=`` must be in this folder
    parameters : the names that a case function may take
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise AuthoringError(
            f"{path}:{error.lineno}", f"syntax: {error.msg}"
        ) from error
    _check_head(tree, path, question)
    cases: list[CaseSource] = []
    functions: dict[str, int] = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        place = f"{path}:{node.lineno}"
        if node.name in functions:
            raise AuthoringError(
                place,
                f"the function {node.name!r} stands at line {functions[node.name]} too",
                "otter would lose the first one: rename one",
            )
        functions[node.name] = node.lineno
        keywords = _decorator(node)
        if keywords is None:
            continue
        _check_parameters(node, parameters, place)
        cases.append(_case(node, keywords, path, hidden=hidden))
    if not cases:
        raise AuthoringError(path, "has no @test_case")
    return cases


def _check_head(tree: ast.Module, path: Path, question: str) -> None:
    constants = {
        target.id: (node.value.value, node.lineno)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    ok_format, line = constants.get("OK_FORMAT", (None, 1))
    if ok_format is not False:
        raise AuthoringError(f"{path}:{line}", "needs the line OK_FORMAT = False")
    name, line = constants.get("name", (None, 1))
    if name != question:
        raise AuthoringError(
            f"{path}:{line}", f"needs name = {question!r}, has {name!r}"
        )


def _decorator(node: ast.FunctionDef) -> dict[str, ast.expr] | None:
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "test_case"
        ):
            return {k.arg: k.value for k in decorator.keywords if k.arg is not None}
    return None


def _check_parameters(
    node: ast.FunctionDef, parameters: AbstractSet[str], place: str
) -> None:
    unknown = [a.arg for a in node.args.args if a.arg not in parameters]
    if unknown:
        raise AuthoringError(
            place,
            f"takes {unknown}, which its question does not grade",
            f"it may take: {', '.join(sorted(parameters))}",
        )


def _case(
    node: ast.FunctionDef, keywords: dict[str, ast.expr], path: Path, *, hidden: bool
) -> CaseSource:
    place = f"{path}:{node.lineno}"
    values = {}
    for key, expression in keywords.items():
        try:
            values[key] = ast.literal_eval(expression)
        except ValueError as error:
            raise AuthoringError(place, f"{key}= must be a plain value") from error
    points = values.get("points")
    if not isinstance(points, (int, float)) or isinstance(points, bool) or points < 0:
        raise AuthoringError(
            place, f"the case {node.name!r} has points={points!r}", "give it points="
        )
    if not isinstance(values.get("name"), str):
        raise AuthoringError(place, f"the case {node.name!r} needs a name=")
    if values.get("hidden", False) is not hidden:
        where = (
            "solutions/ must be hidden=True" if hidden else "assignments/ are public"
        )
        raise AuthoringError(place, f"hidden={not hidden}, but cases in {where}")
    return CaseSource(
        name=values["name"],
        function=node.name,
        points=float(points),
        hidden=hidden,
        path=path,
        line=node.lineno,
        parameters=tuple(argument.arg for argument in node.args.args),
    )
