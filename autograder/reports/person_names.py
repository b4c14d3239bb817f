"""Who a page speaks of: a name, the id that tells two of one name apart, a link."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from autograder.intake.roster import Roster, folded_name
from autograder.marks.class_marks import Entries, StudentEntry
from autograder.records.entries import Entry
from autograder.records.submission import Submission


def told_apart(submissions: Iterable[Submission], roster: Roster) -> dict[str, str]:
    """Return names by submission key, with the id where two people have one name.

    roster : a namesake counts who has handed in nothing
    """
    every = list(submissions)
    ids: dict[str, set[str]] = defaultdict(set)
    for student in roster.students:
        ids[folded_name(student.name)].add(student.id)
    for one in every:
        ids[folded_name(one.student_name)].add(_id_of(one))
    return {
        one.key: f"{one.student_name} ({_id_of(one)})"
        if len(ids[folded_name(one.student_name)]) > 1
        else one.student_name
        for one in every
    }


def _id_of(submission: Submission) -> str:
    return submission.roster_id or submission.lms_id or submission.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A student as a page names them.

    id : the roster's, else what the download has
    href : the page of the submission meant, "" where there is none
    is_twin : another one has the same name: the id must be shown
    """

    name: str
    id: str
    href: str
    is_twin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Names everybody of a class.

    named : how many have a name; link : where an entry's own page is
    """

    by_key: Mapping[str, Entry]
    named: Mapping[str, int]
    link: Callable[[Entry], str]

    @classmethod
    def of(
        cls,
        entries: Entries,
        by_key: Mapping[str, Entry],
        link: Callable[[Entry], str],
    ) -> Self:
        """Return the people of the roster and of the submissions beside it."""
        names = [
            *(s.student.name for s in entries.students),
            *(u.submission.student_name for u in entries.unmatched),
        ]
        return cls(by_key=by_key, named=Counter(map(folded_name, names)), link=link)

    def student(self, student: StudentEntry) -> Person:
        """Return a student of the roster, with the page of the attempt that counts."""
        entry = self.by_key.get(student.key)
        who = student.student
        return self._person(who.name, who.id, self.link(entry) if entry else "")

    def submitter(self, submission: Submission) -> Person:
        """Return whoever handed in a submission, with its page."""
        entry = self.by_key.get(submission.key)
        return self._person(
            submission.student_name or "no name",
            _id_of(submission),
            self.link(entry) if entry else "",
        )

    def _person(self, name: str, identifier: str, href: str) -> Person:
        twin = self.named.get(folded_name(name), 0) > 1
        return Person(name=name, id=identifier, href=href, is_twin=twin)
