"""Everybody's marks as they stand: the ledger, under the policy and a person's word.

What `export`, `push`, `report`, `total` and the students' pages read, so that all of
them tell one mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path

import msgspec

from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.errors import StaffError
from autograder.intake.roster import Roster
from autograder.intake.witnesses import is_bare_number
from autograder.marks.class_marks import Entries, entries_of
from autograder.marks.deadlines import Terms
from autograder.marks.lateness import LENIENT
from autograder.marks.marking import Rules, marked
from autograder.marks.overrides import NONE, Overrides, read_overrides
from autograder.marks.owners import owners_of
from autograder.marks.policy import Policy, read_policy
from autograder.records.entries import Entry
from autograder.records.ledger import Ledger
from autograder.records.submission import Clock, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """By which rules marks are wanted.

    due : one deadline, after which a submission is listed as late; policy : the
        course's rules instead; overrides : what a person decided
    timezone : of a deadline and of times that name none, where no policy does
    """

    due: datetime | None = None
    timezone: tzinfo | None = None
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

    def check(self, name: str) -> None:
        """Raise StaffError where a file of the rules is wrong."""
        self.terms(name)
        self.overrides.of(name, "")

    def terms(self, name: str) -> Terms:
        """Return the deadlines of an assignment, and which attempt counts."""
        if self.policy is None:
            return Terms(due=self.asked.due, zone=self.asked.timezone)
        return self.policy.planned(name).terms

    def marks(self, ledger: Ledger, name: str) -> Entries:
        """Return everybody's mark for an assignment."""
        return self.marks_of(name, ledger.entries(name))

    @property
    def zone(self) -> tzinfo | None:
        """The zone of times that name none; None where nobody has told it."""
        return self.policy.zone if self.policy else self.asked.timezone

    def marks_of(self, name: str, entries: Iterable[Entry]) -> Entries:
        """Return everybody's mark of these results."""
        results = {e.submission.key: e for e in entries}
        graded = [(self.timed(name, e.submission), e.result) for e in results.values()]
        found = entries_of(self.roster, graded, terms=self.terms(name))
        self._refuse_other_numbers(name, found)
        rules = Rules(
            assignment=name,
            overrides=self.overrides,
            late=self.policy.planned(name).late if self.policy else LENIENT,
            decimals=self.policy.decimals if self.policy else None,
        )
        return marked(found, {k: e.result for k, e in results.items()}, rules)

    def _refuse_other_numbers(self, name: str, found: Entries) -> None:
        """Refuse ids in a person's files where the class list has them for others.

        Whose they are nobody knows then: the one's on this list, or the one's on the
        list that was graded with.
        """
        other = next((u for u in found.unmatched if u.anothers), None)
        if other is None:
            return
        by_id_alone = [
            ("--overrides", one.student)
            for (of, _), decided in self.overrides.by_student.items()
            for one in decided
            if of == name and not one.name
        ]
        extensions = self.policy.by_id_alone if self.policy else ()
        by_id_alone += [
            ("--policy", student) for of, student in extensions if of == name
        ]
        for place, student in by_id_alone:
            if is_bare_number(student):
                raise StaffError(
                    place,
                    f"whose is {student!r}? {other.because}",
                    f'or give name = "…" beside student = "{student}"',
                )

    def timed(self, name: str, submission: Submission) -> Submission:
        """Return a submission with the time that a person gave it, if one did."""
        if not any(of == name for of, _ in self.overrides.by_student):
            return submission
        owner = owners_of(submission, self.roster).owner
        decided = self.overrides.of(name, owner.id) if owner else ()
        for one in decided:
            if one.submitted is not None:
                named = one.submitted.tzinfo is not None
                return msgspec.structs.replace(
                    submission,
                    submitted_at=one.submitted,
                    latest_at=None,
                    clock=Clock.OWN if named else Clock.LOCAL,
                    time_doubt="",
                    lms_says="",
                )
        return submission
