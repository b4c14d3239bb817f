"""What came of running one case: all that judging and explaining need, as values."""

from dataclasses import dataclass
from typing import Any

from autograder.course.assignment import Case, Question
from autograder.grading.proxy import Call
from autograder.kinds import Kind
from autograder.records.pictures import Picture


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a case did not hold.

    message : for public cases; coarse : without any value of the test, for hidden ones
    expected, actual : both sides of the comparison, where there are two
    """

    kind: Kind
    message: str
    coarse: str
    expected: Any = None
    actual: Any = None


@dataclass(frozen=True, kw_only=True)
class CaseRecord:
    """One case run once.

    seed : what its random inputs are drawn from
    calls : of the student's functions, in order, with what came of each
    failure : what the case objected to, None where it held
    remarks : what the test noted, for the student
    cpu_seconds : that the worker has computed
    was_run : not left out because cases before it took too long
    replaced : earlier functions in whose place right ones were called
    again : the same case, run once more with right earlier functions, where it failed
    """

    case: Case
    seed: int
    calls: tuple[Call, ...] = ()
    failure: Failure | None = None
    remarks: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    was_run: bool = True
    replaced: tuple[str, ...] = ()
    again: "CaseRecord | None" = None

    @property
    def counted(self) -> "CaseRecord":
        """The run that counts: the second one where the case held only then.

        With right functions called in it, or where it is the first one in truth
        """
        second = self.again
        if second is None:
            return self
        may_count = second.replaced or not self.was_run
        return second if second.failure is None and may_count else self


@dataclass(frozen=True, kw_only=True)
class QuestionRecord:
    """A question's cases as far as they were run, in order.

    watched : library calls that a person should look at, met while they ran
    is_other_alone : in a worker that others had used before, other cases were right
    """

    question: Question
    cases: tuple[CaseRecord, ...]
    watched: tuple[str, ...] = ()
    is_other_alone: bool = False
