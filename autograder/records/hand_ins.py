"""Who has handed in what: kept before anything is graded, download after download.

Every run begins with the hand-ins of its download. Of a student those of the newest
download count that has any; a download of a few leaves the others as they were. Whoever
is found on the roster now and was nobody before, or the other way round, is told by the
hand-in's origin, and counts once.
"""

from collections.abc import Iterable, Mapping

import msgspec

from autograder.records.submission import Submission


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """One submission, as a download had it.

    submission : without its files; files_hash : of these
    inputs_hash : what it was to be graded with
    why_not : why it is left to a person, "" where it is to be graded
    by_hand : the download was a folder that a person made
    run : the run that the download was given to
    """

    submission: Submission
    files_hash: str
    inputs_hash: str
    why_not: str = ""
    by_hand: bool = False
    run: int = 0


def hand_in(
    submission: Submission,
    inputs_hash: str,
    *,
    why_not: str = "",
    by_hand: bool = False,
) -> HandIn:
    """Return what is kept of a submission before it is graded."""
    return HandIn(
        submission=msgspec.structs.replace(submission, files={}),
        files_hash=submission.content_hash if submission.files else "",
        inputs_hash=inputs_hash,
        why_not=why_not,
        by_hand=by_hand,
    )


def standing(hand_ins: Iterable[HandIn]) -> Mapping[str, tuple[HandIn, ...]]:
    """Return the hand-ins that count now, by whose they are.

    hand_ins : of all runs, the oldest first

    Whoever is on no roster any more keeps the id that they had. One that nobody was
    found for has gone once a person gave the same files to a student by hand: in
    another run, since in one folder two may have the same file.
    """
    counting: dict[str, tuple[HandIn, ...]] = {}
    by_run: dict[int, list[HandIn]] = {}
    for one in hand_ins:
        by_run.setdefault(one.run, []).append(one)
    for given in by_run.values():
        _follow(counting, given)
    given_in: dict[str, set[int]] = {}
    for one in (one for several in counting.values() for one in several):
        if one.by_hand and one.submission.roster_id and one.files_hash:
            given_in.setdefault(one.files_hash, set()).add(one.run)
    return {
        identity: several
        for identity, several in counting.items()
        if several[0].submission.roster_id
        or any(given_in.get(one.files_hash, set()) <= {one.run} for one in several)
    }


def _follow(counting: dict[str, tuple[HandIn, ...]], given: list[HandIn]) -> None:
    """Put the hand-ins of one run in the place of those before."""
    former = {
        one.submission.origin: one.submission
        for several in counting.values()
        for one in several
        if one.submission.origin and one.submission.roster_id
    }
    now: dict[str, list[HandIn]] = {}
    for one in given:
        now.setdefault(one.submission.identity, []).append(one)
    origins = {one.submission.origin for one in given} - {""}
    for identity, several in list(counting.items()):
        if identity in now or any(o.submission.origin in origins for o in several):
            del counting[identity]
    for identity, newest in now.items():
        counting[identity] = tuple(_with_id(one, former) for one in newest)


def _with_id(one: HandIn, former: Mapping[str, Submission]) -> HandIn:
    submission = one.submission
    if submission.roster_id is not None or submission.origin not in former:
        return one
    known = former[submission.origin]
    return msgspec.structs.replace(
        one,
        submission=msgspec.structs.replace(
            submission,
            roster_id=known.roster_id,
            student_name=known.student_name,
            listed_as=known.listed_as,
        ),
    )
