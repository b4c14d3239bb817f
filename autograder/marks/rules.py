"""Everybody's marks as they stand: the ledger, under the policy and a person's word.

What `export`, `push`, `report`, `total` and the students' pages read, so that all of
them tell one mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.errors import StaffError
from autograder.intake.roster import Roster
from autograder.marks.class_marks import Entries, entries_of
from autograder.marks.deadlines import Terms
from autograder.marks.lateness import LENIENT
from autograder.marks.marking import Rules, marked
from autograder.marks.overrides import NONE, Overrides, read_overrides
from autograder.marks.policy import Policy, read_policy
from autograder.records.ledger import Entry, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """By which rules marks are wanted.

    due : one deadline, in the LMS's local time, after which a submission is listed as
        late; policy : the course's rules instead; overrides : what a person decided
    """

    due: datetime | None = None
    policy: Path | None = None
    overrides: Path | None = None


@dataclass(frozen=True)
class Standing:
    """A class under the rules that were asked for; files are read when needed."""

    course: Path
    roster: Roster
    asked: Asked

    @cached_property
    def policy(self) -> Policy | None:
        """The policy, None where there is none; raises StaffError where it is wrong."""
        if self.asked.policy is None:
            return None
        if self.asked.due is not None:
            raise StaffError(
                "--due",
                "given beside --policy, which has the deadlines",
                "give one of the two",
            )
        known = folders.names(self.course)
        return read_policy(self.asked.policy, self.roster, known)

    @cached_property
    def overrides(self) -> Overrides:
        """What a person decided; raises StaffError where the file is wrong."""
        if self.asked.overrides is None:
            return NONE

        def points(name: str) -> Mapping[str, float]:
            loaded = assignments.load(self.course, name)
            return {q.name: loaded.points(q.name) for q in loaded.manifest.question}

        known = folders.names(self.course)
        return read_overrides(self.asked.overrides, self.roster, known, points)

    def terms(self, name: str) -> Terms:
        """Return the deadlines of an assignment, and which attempt counts."""
        if self.policy is None:
            return Terms(due=self.asked.due)
        return self.policy.planned(name).terms

    def marks(self, ledger: Ledger, name: str) -> Entries:
        """Return everybody's mark for an assignment."""
        return self.marks_of(name, ledger.entries(name), ledger.held_back(name))

    def marks_of(
        self, name: str, entries: Iterable[Entry], held_back: Mapping[str, str]
    ) -> Entries:
        """Return everybody's mark of these results.

        held_back : whose mark wants a person first, and why, by roster id
        """
        results = {e.submission.key: e for e in entries}
        graded = [(e.submission, e.result) for e in results.values()]
        found = entries_of(
            self.roster, graded, terms=self.terms(name), held_back=held_back
        )
        rules = Rules(
            assignment=name,
            overrides=self.overrides,
            late=self.policy.planned(name).late if self.policy else LENIENT,
            decimals=self.policy.decimals if self.policy else None,
        )
        return marked(found, {k: e.result for k, e in results.items()}, rules)
