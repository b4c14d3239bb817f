"""What right answers cost, and the limits of processor time that follow.

``solutions/NAME/costs.toml`` is written by ``autograder measure NAME``: for every case
the processor time of the slowest right answer that we know (the reference or a
variant). A case may take `MULTIPLE` times as much, a machine that is slower than the
one that measured gives more, and nobody gets less than the manifest's least.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from autograder.course.toml_files import read_toml

FILE = "costs.toml"
MULTIPLE = 10.0
"""How much slower than the slowest right answer that we know a student's may be."""

CasePlace = tuple[str, str]
"""A question's name and a case's."""


class Cost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the slowest right answer took; by : whose that is, calls : how many it had.

    seconds : processor time of the worker
    """

    seconds: float
    by: str
    calls: int = 0


class Costs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``costs.toml``.

    yardstick_seconds : of the machine that measured, `sandbox.machine_speed`
    submission : of all cases together, loading included
    question : the cases' costs, by the names of question and case
    """

    yardstick_seconds: Annotated[float, msgspec.Meta(gt=0)]
    submission: Cost
    question: dict[str, dict[str, Cost]]

    def to_toml(self, name: str) -> str:
        """Return the file's text; name : of the assignment."""
        return "\n".join([*self._lines(name), ""])

    def _lines(self, name: str) -> Iterator[str]:
        yield f"# Written by `autograder measure {name}`: processor seconds of the"
        yield "# slowest right answer to each case. See docs/authors.md, Limits."
        yield f"yardstick_seconds = {self.yardstick_seconds:.4f}"
        yield ""
        yield f"submission = {_line(self.submission)}"
        for question, cases in self.question.items():
            yield ""
            yield f"[question.{question}]"
            for case, cost in cases.items():
                yield f"{_quoted(case)} = {_line(cost)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a case may take.

    seconds : processor time
    usual : what the slowest right answer takes on this machine, and in how many calls;
        None and 0 where nobody has measured
    """

    seconds: float
    usual: float | None = None
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a submission may take.

    submission : processor time of all its cases
    case : the limit of a case that is not in `cases`
    """

    submission: float
    case: Limit
    cases: Mapping[CasePlace, Limit] = field(default_factory=dict)


def read_costs(folder: Path) -> Costs | None:
    """Read the costs of an assignment's secret folder; None where there are none.

    Raises AuthoringError with file and line
    """
    path = folder / FILE
    return read_toml(path, Costs) if path.is_file() else None


def limits_of(
    costs: Costs | None,
    *,
    least_per_case: float,
    least_per_submission: float,
    yardstick_seconds: float,
) -> Limits:
    """Return what a submission may take on the machine with this yardstick.

    >>> slow = Cost(seconds=2.0, by="loops", calls=4)
    >>> costs = Costs(
    ...     yardstick_seconds=0.02, submission=slow, question={"q1": {"a": slow}}
    ... )
    >>> limits = limits_of(
    ...     costs, least_per_case=5, least_per_submission=120, yardstick_seconds=0.03
    ... )
    >>> limits.submission, limits.cases["q1", "a"]
    (180.0, Limit(seconds=30.0, usual=3.0, calls=4))
    """
    if costs is None:
        return Limits(
            submission=least_per_submission, case=Limit(seconds=least_per_case)
        )
    slower = max(1.0, yardstick_seconds / costs.yardstick_seconds)

    def limit(cost: Cost) -> Limit:
        return Limit(
            seconds=slower * max(least_per_case, MULTIPLE * cost.seconds),
            usual=slower * cost.seconds,
            calls=cost.calls,
        )

    cases = {
        (question, case): limit(cost)
        for question, of_question in costs.question.items()
        for case, cost in of_question.items()
    }
    slowest = max((c.seconds for c in cases.values()), default=slower * least_per_case)
    return Limits(
        submission=slower
        * max(least_per_submission, MULTIPLE * costs.submission.seconds),
        case=Limit(seconds=slowest),
        cases=cases,
    )


def _line(cost: Cost) -> str:
    calls = f", calls = {cost.calls}" if cost.calls else ""
    return f"{{ seconds = {cost.seconds:.3f}{calls}, by = {_quoted(cost.by)} }}"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for DEL, which no name has.
    return json.dumps(text, ensure_ascii=False)
