"""The total of a course: groups, weights, what is dropped, and the arithmetic in words.

Pure. A group's share is the weighted mean of its assignments' shares, without the
lowest ones that the policy drops: those whose leaving helps the student most. The total
is the weighted mean of the groups, in percent. Groups and assignments in which nothing
counts yet are left out of both means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from autograder.intake.roster import Student
from autograder.marks.class_marks import Entries, Status, StudentEntry, Unmatched
from autograder.marks.numbers import PERCENT, exact, in_words, rounded, shown
from autograder.marks.policy import Group, Planned, Policy

NOTHING_YET = "nothing counts yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One assignment in a student's total.

    share : of the possible points, 0 to 1
    weight : within its group
    """

    name: str
    share: Fraction
    weight: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a student has in all.

    percent : None where it is open; open : why it is, an assignment each, for staff
    told : the same for the student, without a fault's words, which may name others
    words : a sentence a group, and one for the total
    """

    student: Student
    percent: float | None
    open: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def totals(
    policy: Policy, marks: Mapping[str, Entries], *, now: datetime
) -> tuple[Total, ...]:
    """Return everybody's total.

    marks : of each graded assignment, with one and the same class list, after lateness
        and a person's decisions; those that the policy does not plan are left out
    now : what is not handed in counts as missing from its deadline on
    """
    planned = [policy.assignments[name] for name in policy.assignments if name in marks]
    if not planned:
        return ()
    students = marks[planned[0].name].students
    return tuple(
        _total(
            policy,
            [(one, marks[one.name].students[place]) for one in planned],
            now,
        )
        for place in range(len(students))
    )


def entries_of_totals(
    found: Sequence[Total],
    unmatched: Iterable[Unmatched] = (),
    left: Iterable[Unmatched] = (),
) -> Entries:
    """Return totals as marks out of 100, for the gradebook's writers.

    unmatched, left : whose work is in nobody's total
    """
    return Entries(
        unmatched=tuple(unmatched),
        left=tuple(left),
        students=tuple(
            StudentEntry(
                student=one.student,
                score=one.percent,
                possible=None if one.percent is None else PERCENT,
                status=Status.FAULT if one.percent is None else Status.GRADED,
                fault="; ".join(one.open),
                words=one.words,
            )
            for one in found
        ),
    )


def share_of_group(parts: Sequence[Part], drop: int) -> tuple[Fraction, list[Part]]:
    """Return a group's share, and the parts that count.

    Of all ways to leave out `drop` parts, at least one staying, the best for the
    student; of equal ones the first.

    >>> parts = [Part(name=n, share=Fraction(s, 10), weight=Fraction(1))
    ...          for n, s in (("a", 9), ("b", 4), ("c", 8))]
    >>> share, kept = share_of_group(parts, 1)
    >>> share, [part.name for part in kept]
    (Fraction(17, 20), ['a', 'c'])
    """
    stay = max(1, len(parts) - drop)
    share, better = Fraction(-1), _mean(parts)
    kept = list(parts)
    # Dinkelbach's method: those furthest above a mean have no lower mean, and where
    # theirs is the same, no others have a higher one. Exact, and never a search.
    while better > share:
        share = better
        above = sorted(
            range(len(parts)),
            key=lambda i: parts[i].weight * (share - parts[i].share),
        )
        kept = [parts[i] for i in sorted(above[:stay])]
        better = _mean(kept)
    return better, kept


def _mean(parts: Sequence[Part]) -> Fraction:
    return _sum(p.share * p.weight for p in parts) / _sum(p.weight for p in parts)


def _sum(fractions: Iterable[Fraction]) -> Fraction:
    return sum(fractions, Fraction(0))


def _total(
    policy: Policy, standing: Sequence[tuple[Planned, StudentEntry]], now: datetime
) -> Total:
    student = standing[0][1].student
    parts: dict[str, list[Part]] = {}
    is_open, told, words = [], [], []
    for planned, entry in standing:
        share = _share(policy, planned, entry, now)
        if share is None:
            if entry.status is not Status.EXCUSED:
                staff_words, student_words = _why_open(entry)
                is_open.append(f"{planned.name}: {staff_words}")
                told.append(f"{planned.name}: {student_words}")
            continue
        part = Part(name=planned.name, share=share, weight=planned.weight)
        parts.setdefault(planned.group, []).append(part)
    groups = [g for g in policy.groups if g.name in parts]
    shares = []
    for group in groups:
        share, kept = share_of_group(parts[group.name], group.drop_lowest)
        shares.append(share)
        words.append(_words_of_group(group, parts[group.name], kept, share))
    if is_open or not groups:
        return Total(
            student=student,
            percent=None,
            open=tuple(is_open) or (NOTHING_YET,),
            told=tuple(told) or (NOTHING_YET,),
            words=tuple(words),
        )
    weights = [group.weight for group in groups]
    in_all = _sum(s * w for s, w in zip(shares, weights, strict=True))
    total = in_all / _sum(weights)
    percent = rounded(total * 100, policy.decimals)
    if len(groups) > 1:
        terms = " + ".join(
            f"{shown(100 * s)} % x {shown(w)}"
            for s, w in zip(shares, weights, strict=True)
        )
        of = shown(_sum(weights))
        words.append(f"total: ({terms}) / {of} = {in_words(percent)} %")
    return Total(student=student, percent=percent, words=tuple(words))


def _share(
    policy: Policy, planned: Planned, entry: StudentEntry, now: datetime
) -> Fraction | None:
    """Return the share of the possible points, None where nothing counts (yet)."""
    if entry.score is not None and entry.possible:
        return exact(entry.score) / exact(entry.possible)
    if entry.status is not Status.MISSING or not policy.missing_is_zero:
        return None
    due = planned.terms.deadline(entry.student.id)
    return Fraction(0) if due is not None and due <= now else None


def _why_open(entry: StudentEntry) -> tuple[str, str]:
    """Return why nothing counts yet, for staff and for the student."""
    if entry.status is Status.MISSING:
        return ("nothing handed in yet",) * 2
    if entry.status is Status.DOUBTFUL:
        return f"time not known: {entry.fault}", "not known yet when you handed in"
    return f"not graded: {entry.fault or 'unknown why'}", "not graded yet"


def _words_of_group(
    group: Group, parts: Sequence[Part], kept: Sequence[Part], share: Fraction
) -> str:
    weighted = len({part.weight for part in kept}) > 1
    counted = ", ".join(
        f"{part.name} {shown(100 * part.share)} %"
        + (f" (weight {shown(part.weight)})" if weighted else "")
        for part in kept
    )
    dropped = [part.name for part in parts if part not in kept]
    left_out = f"; dropped: {', '.join(dropped)}" if dropped else ""
    return (
        f"{group.name or 'total'}: mean of {counted} = {shown(100 * share)} %{left_out}"
    )
