"""The calls that a case makes of your functions."""

import functools
import json
from collections.abc import Iterable, Mapping
from inspect import isfunction
from pathlib import Path
from typing import Any

import numpy as np
from checks import tell_changes
from checks.calls import call_in_words
from checks.layouts import copied


class Calls:
    """The calls that a case makes of your functions, written as lines of code.

    As in grading your functions get copies: no case sees what another one did
    Networks are looked at by more than calls: assignments in PyTorch note none
    """

    def __init__(self, answers: Path) -> None:
        self.last = ""
        self._function = ""
        self._parameters: Mapping[str, str] = {}
        self._notes = False
        facts = answers.with_name("about.json")
        if facts.is_file():
            about = json.loads(facts.read_text(encoding="utf-8"))
            self._notes = "torch" not in about["packages"]
            for question in about["questions"]:
                self._parameters = {**self._parameters, **question["parameters"]}

    def noted(
        self, wanted: Iterable[str], functions: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return those of the wanted functions whose calls are noted."""
        plain = (name for name in wanted if isfunction(functions.get(name)))
        return {n: self._noting(n, functions[n]) for n in plain if self._notes}

    def not_taken(self, error: TypeError) -> str:
        """Say that a function can't be called so, and what it should take."""
        wanted = self._parameters.get(self._function, "")
        should = f": it should take ({wanted})" if wanted else ""
        return f"`{self._function}` could not be called{should}: {error}"

    def _noting(self, name: str, function: Any) -> Any:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self._function, self.last = name, call_in_words(name, args, kwargs)
            given, named = copied((args, kwargs))
            value = function(*given, **named)
            before, after = (*args, *kwargs.values()), (*given, *named.values())
            pairs = zip(before, after, strict=True)
            tell_changes(old for old, new in pairs if _is_changed(old, new))
            return value

        return call


def _is_changed(before: Any, after: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return False
    is_alike = before.dtype == after.dtype and before.shape == after.shape
    return not is_alike or before.tobytes() != after.tobytes()
