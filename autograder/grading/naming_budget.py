"""What it may cost to find names for the wrong answers of one submission.

Known mistakes are run again on every call that a submission was asked. Where one of
them fits, that is soon done; where none does (all is forged, or raises), every mistake
and every pair of them would be run on every call: a hundred times the work of grading.

So each run is charged, and what is left is shared by the questions still to come. What
is charged is what the call takes the slowest right answer (``costs.toml``), and not
what it takes here and now: so names don't depend on how busy the machine is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from autograder.course.costs import Costs

MULTIPLE = 20.0
"""Of the processor time of grading a right answer, what naming may take beside it."""
LEAST = 60.0
"""Seconds that naming may take in any case."""
UNKNOWN = 0.005
"""Seconds that a call is charged of which nobody has measured what it takes."""
_OF_A_QUESTION = 0.5
_OF_PAIRS = 0.4
"""Shares of what is left that one question, and its pairs of mistakes, may use."""
OF_SLIPS = 0.5
"""Of what known mistakes may take, what slips may take beside; and of what is left of
that, what one question may use."""
REMARK = (
    "not every known mistake was tried on the wrong answers: that would take too long, "
    "so some may have a name that is not told"
)
"""What staff read."""


@dataclass
class NamingBudget:
    """Seconds left for a submission, as right answers count them.

    cut : something was not tried for want of it
    """

    left: float
    cases: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    cut: bool = False
    _floor: float = 0.0
    _slips: float = field(init=False)

    def __post_init__(self) -> None:
        self._slips = OF_SLIPS * self.left

    @classmethod
    def of(cls, costs: Costs | None) -> "NamingBudget":
        """Return the budget of one submission; costs : of its assignment."""
        if costs is None:
            return cls(left=LEAST)
        return cls(
            left=max(LEAST, MULTIPLE * costs.submission.seconds),
            cases={
                question: {name: cost.seconds for name, cost in cases.items()}
                for question, cases in costs.question.items()
            },
        )

    def begin_question(self) -> None:
        """Let a question use its share of what is left."""
        self._floor = self.left * (1 - _OF_A_QUESTION)

    def begin_pairs(self) -> None:
        """Let the pairs of a question use their share of what is left."""
        self._floor = self.left * (1 - _OF_PAIRS)

    @contextmanager
    def of_slips(self) -> Iterator[None]:
        """Charge what is run meanwhile to what is there for slips.

        They are tried last, and leave nothing untried of what is known
        """
        names, floor, cut = self.left, self._floor, self.cut
        self.left, self._floor = self._slips, (1 - OF_SLIPS) * self._slips
        try:
            yield
        finally:
            self._slips, self.left, self._floor = self.left, names, floor
            self.cut = cut

    def of_a_call(self, question: str, case: str, calls: int) -> float:
        """Return what one of so many calls of a case is charged."""
        seconds = self.cases.get(question, {}).get(case)
        return UNKNOWN if seconds is None else seconds / max(1, calls)

    def take(self, seconds: float) -> bool:
        """Charge a run before it is made; False where there is too little left."""
        if self.left - seconds < self._floor:
            self.cut = True
            return False
        self.left -= seconds
        return True
