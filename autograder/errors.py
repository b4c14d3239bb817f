"""The two kinds of trouble: what staff must act on, and what costs a student marks."""

from pathlib import Path
from typing import Any


class AutograderError(Exception):
    """Root of every error that this package raises on purpose.

    builtin_names : for a student's exception that was described over the pipe, the
        names of its builtin classes, most derived first; `checks.raises` reads it
    """

    builtin_names: tuple[str, ...] = ()


class StaffError(AutograderError):
    """Something that staff must act on; never a student's zero.

    place : the file (and line), option or machine part concerned
    problem : what was wrong, with the values
    remedy : what to do about it
    """

    def __init__(self, place: str | Path, problem: str, remedy: str = "") -> None:
        self.place = str(place)
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{place}: {problem}" + (f" ({remedy})" if remedy else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes it anew: a grader's fault reaches us so."""
        return type(self), (self.place, self.problem, self.remedy)


class AuthoringError(StaffError):
    """A course file (manifest, test, reference, misconception) is wrong."""


class IntakeError(StaffError):
    """A download, a roster or one member of it cannot be used."""


class GraderFault(StaffError):
    """Grading could not be carried out: the cell stays blank, the run exits with 2."""


class StudentFault(AutograderError):
    """What the submission did wrong in one case: costs that case, stops nothing.

    kind : one word for the report's statistics, such as ``timeout`` or ``raised``
    coarse : the message without any value that a hidden case may have put into it
    """

    def __init__(self, kind: str, message: str, *, coarse: str | None = None) -> None:
        self.kind = kind
        self.coarse = message if coarse is None else coarse
        super().__init__(message)
