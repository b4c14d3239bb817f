"""Read a download: recognise its layout, match students, count attempts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cache
from pathlib import Path

import msgspec

from autograder.errors import IntakeError
from autograder.intake.archive import ANY_NOTEBOOK, Archive, Member, read_archive
from autograder.intake.choice import choose
from autograder.intake.hand_in_times import Timed, Times
from autograder.intake.issue import Issue, IssueKind
from autograder.intake.layout import (
    HandedIn,
    Source,
    Split,
    is_junk,
    is_wanted,
    outermost,
    parts_of,
    paths_of,
    share,
    soonest,
    wrapper_of,
)
from autograder.intake.layouts import (
    blackboard,
    brightspace,
    canvas,
    folder,
    github_classroom,
    gradescope,
    moodle,
)
from autograder.intake.matching import Matched, match
from autograder.intake.notebooks import NotebookReader
from autograder.intake.roster import Roster
from autograder.intake.shares import Sharing
from autograder.records.submission import ListedAs, Submission

SOURCES: tuple[Source, ...] = (
    gradescope.SOURCE,
    blackboard.SOURCE,
    moodle.SOURCE,
    canvas.SOURCE,
    brightspace.SOURCE,
    github_classroom.SOURCE,
    folder.SOURCE,
)
"""In the order in which a download is held against them, the surest signs first."""
HOLDING_BACK = frozenset({IssueKind.WHICH_FILE, IssueKind.WHICH_ATTEMPT})
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a download holds: what can be graded, and what a person must decide.

    held_back : what a person must look at first, and why; without files
    taken_back : by submission key, what begins the path of feedback for the LMS
    """

    source: str
    submissions: tuple[Submission, ...]
    issues: tuple[Issue, ...]
    held_back: tuple[tuple[Submission, str], ...]
    taken_back: Mapping[str, str]

    @property
    def ungraded(self) -> tuple[Issue, ...]:
        """The issues that leave a student without a mark until a person decides."""
        return tuple(p for p in self.issues if p.kind in HOLDING_BACK)

    @property
    def work_of_nobody(self) -> tuple[Issue, ...]:
        """The files of nobody's among which a student's work may be."""
        return tuple(p for p in self.issues if p.may_be_work)


def read_submissions(
    path: Path,
    *,
    file_name: str,
    roster: Roster,
    source: str | None = None,
    times: Times | None = None,
    notebooks: NotebookReader = ANY_NOTEBOOK,
) -> Intake:
    """Read every attempt of every student in a download.

    path : the LMS's zip, or a folder
    file_name : what the manifest asks students to hand in
    source : the layout's name; None recognises it
    times : what is known of times besides
    notebooks : reads the assignment's
    Raises IntakeError where the download as a whole cannot be used
    """
    archive = read_archive(
        path,
        wanted=is_wanted,
        listing=_lists,
        sharing=lambda tops: _sharing(path, tops, roster, file_name),
        notebooks=notebooks,
    )
    alone = _is_a_students(outermost(archive), path, roster)
    archive = replace(archive, is_one_students=alone)
    layout = _layout(archive, roster, source, file_name)
    split = layout.split(archive, roster, file_name)
    handed_in = split.handed_in
    # Where all of it had to be left out, each file is listed with the reason.
    if not handed_in and not archive.refused:
        raise IntakeError(
            path, f"has no submission in it{_shown(archive)}", _layouts_in_words()
        )
    if not roster.has_names and not all(item.whose.has_key for item in handed_in):
        raise IntakeError(
            roster.place,
            "has no names, and the download knows students by nothing else",
            "export it again with first and last names",
        )
    by_student: defaultdict[str, list[Matched]] = defaultdict(list)
    everybody = tuple(match(handed_in, roster, layout.spellings))
    for matched in everybody:
        by_student[matched.identity].append(matched)
    submissions: list[Submission] = []
    held_back: list[tuple[Submission, str]] = []
    taken_back: dict[str, str] = {}
    issues = [
        *_strangers(archive, everybody),
        *split.issues,
        *_left_out(archive, handed_in),
        *_nobodys(archive, split),
    ]
    for attempts in by_student.values():
        timed = [
            (matched, (times or Times()).of(matched.handed_in, matched.student))
            for matched in attempts
        ]
        graded, doubts = _of_one_student(timed, roster, file_name)
        if not graded:
            held_back += (_unread(timed, roster, doubt) for doubt in doubts)
        submissions += (submission for submission, _ in graded)
        taken_back |= {s.key: item.taken_back for s, item in graded}
        issues += doubts
    return Intake(
        source=layout.name,
        submissions=tuple(submissions),
        issues=tuple(issues),
        held_back=tuple(held_back),
        taken_back=taken_back,
    )


def _sharing(
    place: Path, tops: Sequence[str], roster: Roster, file_name: str
) -> Sharing:
    """Say whose each path is, as far as shares go: one student's are one's."""
    top = [name for name in tops if not is_junk(name)]
    alone = top[0].rstrip("/") if len(top) == 1 and top[0].endswith("/") else ""
    wrapper = "" if _is_a_students(alone, place, roster) else alone

    @cache
    def student_of(name: str) -> str:
        return _student_of(name)

    def whose(path: str) -> str:
        parts = path.split("/", 2)
        inside = wrapper and parts[0] == wrapper and len(parts) > 1
        return student_of(parts[1] if inside else parts[0])

    def rank(path: str) -> tuple[int, ...]:
        return (-1,) if _lists(path) else soonest(path, file_name)

    return Sharing(whose=whose, rank=rank, junk=is_junk)


def _is_a_students(name: str, place: Path, roster: Roster) -> bool:
    """Tell whether the one name at the top is a student's, and not the class's."""
    is_class = github_classroom.is_class(place)
    is_students = is_class or _student_of(name) != name or roster.identified(name)
    return bool(name and is_students)


def _student_of(name: str) -> str:
    return next(filter(None, (s.student_of(name) for s in SOURCES)), name)


def _lists(path: str) -> bool:
    # A zip may hold members without a name: they are refused later on.
    named = bool({*path.split("/")} - {"", "."})
    return named and any(layout.lists(path) for layout in SOURCES)


def _layout(
    archive: Archive, roster: Roster, source: str | None, file_name: str
) -> Source:
    if source is None:
        found = [one for one in SOURCES if one.recognises(archive, roster)]
        if found:
            return _surest(archive, roster, file_name, found)
        if archive.refused and not archive.members:
            first = "; ".join(map(str, archive.refused[:MOST_SHOWN]))
            raise IntakeError(
                archive.place,
                f"nothing of it could be read: {first}",
                "download it again from the LMS, without a password, and give it as "
                "it is",
            )
        within = next(filter(None, map(_zip_within, archive.members)), "")
        unpack = f"give the zip that is in it, {within}; " if within else ""
        raise IntakeError(
            archive.place,
            f"is no download of a known layout{_shown(archive)}",
            unpack + _layouts_in_words() + _first_of(roster),
        )
    for layout in SOURCES:
        if layout.name == source.casefold():
            return layout
    names = ", ".join(layout.name for layout in SOURCES)
    raise IntakeError(f"--from {source}", "is not known", f"there are: {names}")


def _surest(
    archive: Archive, roster: Roster, file_name: str, found: Sequence[Source]
) -> Source:
    """Return the layout whose form the most names at the top have.

    The end of a name may be the student's, and have another LMS's form; its beginning
    is the LMS's own, and all have that.
    Raises IntakeError where two are as sure, and each knows somebody of the class
    """
    if found[0].is_entry is None:
        return found[0]
    shares = {s.name: share(archive, s.is_entry) for s in found if s.is_entry}
    surest = [s for s in found if shares.get(s.name) == max(shares.values())]
    splits = ((s, _handed_in_by(s, archive, roster, file_name)) for s in surest)
    if len(surest) > 1:
        surest = [s for s, by in splits if _knows_somebody(s, by, roster)] or surest[:1]
    if len(surest) > 1:
        raise _either(archive, surest)
    if folder.SOURCE not in found:
        return surest[0]
    return _surest_or_folder(archive, roster, file_name, surest[0])


def _surest_or_folder(
    archive: Archive, roster: Roster, file_name: str, surest: Source
) -> Source:
    """Return a plain folder where more names begin with an id, and with another's.

    In ``sam1_HW1_zdoe_attempt_….txt`` a student of a plain folder chose all but the
    beginning. Raises IntakeError where all names have both forms
    """
    shares = share(archive, surest.is_entry or bool), folder.share(archive, roster)
    if shares[1] < shares[0]:
        return surest
    owner = folder.owner_of(archive, roster)
    handed_in = _handed_in_by(surest, archive, roster, file_name)
    matched = [
        (one.student, named)
        for one in match(handed_in, roster, surest.spellings)
        for path in paths_of(one.handed_in.members, one.handed_in.refused)
        if (named := owner(path))
    ]
    nobody = not any(student for student, _ in matched)
    contradicted = any(
        student is not None and student not in roster.identified(named)
        for student, named in matched
    )
    if not (nobody or contradicted):
        return surest
    if shares[1] > shares[0]:
        return folder.SOURCE
    raise _either(archive, (surest, folder.SOURCE))


def _either(archive: Archive, layouts: Sequence[Source]) -> IntakeError:
    names = " or ".join(layout.name for layout in layouts)
    return IntakeError(
        archive.place,
        f"could be from {names}: every name in it has the form of each, and names a "
        "student of the class",
        f"say which: --from {layouts[0].name}",
    )


def _handed_in_by(
    layout: Source, archive: Archive, roster: Roster, file_name: str
) -> tuple[HandedIn, ...]:
    try:
        return layout.split(archive, roster, file_name).handed_in
    except IntakeError:
        return ()


def _knows_somebody(
    layout: Source, handed_in: Sequence[HandedIn], roster: Roster
) -> bool:
    everybody = match(handed_in, roster, layout.spellings)
    return any(one.student is not None for one in everybody)


def _zip_within(member: Member) -> str:
    """Return the zip that a member lies in, "" where in none."""
    path, end, _ = member.path.partition(".zip/")
    return path + end.rstrip("/") if end else ""


def _shown(archive: Archive) -> str:
    paths = [m.path for m in archive.members if not is_junk(m.path)]
    return f"; it holds {', '.join(paths[:MOST_SHOWN]) or 'no files'}"


def _layouts_in_words() -> str:
    known = "; ".join(f"{s.name}: {s.looks_like}" for s in SOURCES)
    return f"known layouts: {known}"


def _first_of(roster: Roster) -> str:
    """Say what the first student's folder would be called: with its zeros, or none."""
    names = [name for s in roster.students[:1] for name in (s.id, s.username) if name]
    called = " or ".join(dict.fromkeys(names))
    return f": {called} for the first student of the class list" if called else ""


def _of_one_student(
    attempts: list[tuple[Matched, Timed]], roster: Roster, file_name: str
) -> tuple[list[tuple[Submission, HandedIn]], list[Issue]]:
    """Count the attempts by time; a doubt about the last one holds them all back."""
    times = [timed.submitted_at for _, timed in attempts]
    certain = all(timed.is_certain for _, timed in attempts)
    if len(attempts) > 1 and (not certain or len(set(times)) < len(times)):
        places = ", ".join(matched.handed_in.place for matched, _ in attempts)
        text = f"nothing tells which of several submissions is the last: {places}"
        return [], [_held_back(attempts[0][0], IssueKind.WHICH_ATTEMPT, text)]
    submissions: list[tuple[Submission, HandedIn]] = []
    doubt = ""
    ordered = sorted(attempts, key=_order)
    for attempt, (matched, timed) in enumerate(ordered, start=1):
        item = matched.handed_in
        choice = choose(item.own_members(), item.own_refused(), file_name)
        doubt = choice.doubt
        if not doubt:
            files = {} if choice.data is None else {file_name: choice.data}
            notices = (*item.remarks, *choice.notices)
            one = msgspec.structs.replace(
                _submission(matched, roster, timed, attempt, files, notices),
                taken_from=choice.taken_from,
            )
            submissions.append((one, item))
    if doubt:
        return [], [_held_back(ordered[-1][0], IssueKind.WHICH_FILE, doubt)]
    key = submissions[-1][0].key
    return submissions, list(_unmatched(ordered[-1][0], key))


def _order(attempt: tuple[Matched, Timed]) -> float:
    """Return what attempts are counted by; those of one download are of one kind."""
    time = attempt[1].submitted_at
    if time is None:
        return 0.0
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _submission(
    matched: Matched,
    roster: Roster,
    timed: Timed,
    attempt: int,
    files: dict[str, bytes],
    notices: tuple[str, ...],
) -> Submission:
    return Submission(
        key=f"{matched.identity}-{attempt}",
        lms_id=matched.handed_in.lms_id,
        student_name=matched.name,
        roster_id=matched.roster_id,
        attempt=attempt,
        submitted_at=timed.submitted_at,
        latest_at=timed.latest_at,
        clock=timed.clock,
        time_doubt=timed.time_doubt,
        lms_says=timed.lms_says,
        files=files,
        shared_by=matched.handed_in.whose.shared_by,
        notices=notices,
        origin=matched.origin,
        listed_as=_listed_as(matched, roster),
    )


def _listed_as(matched: Matched, roster: Roster) -> ListedAs | None:
    if matched.student is None:
        return None
    told = matched.student.person
    return ListedAs(
        name=told.name,
        username=told.username,
        email=told.email,
        list_hash=roster.hash,
    )


def _unread(
    attempts: list[tuple[Matched, Timed]], roster: Roster, issue: Issue
) -> tuple[Submission, str]:
    """Return what is kept of a student whose files a person must look at first."""
    matched, timed = max(attempts, key=_order)
    return _submission(matched, roster, timed, len(attempts), {}, ()), issue.text


def _held_back(matched: Matched, kind: IssueKind, text: str) -> Issue:
    return Issue(
        kind=kind,
        who=matched.name,
        place=matched.handed_in.place,
        text=f"{text}; not graded: leave only what counts in the download "
        "and grade it again",
        roster_id=matched.roster_id,
    )


def _unmatched(matched: Matched, key: str) -> Iterator[Issue]:
    if matched.why_not is None:
        return
    if matched.why_not is IssueKind.SAME_NAME:
        text = "is the name of more than one student"
    elif matched.why_not is IssueKind.WHICH_STUDENT:
        who = " or ".join(f"{s.name} ({s.id})" for s in matched.candidates)
        text = f"could be {who}, its ids and name do not say the same"
        text += f" ({matched.because})" if matched.because else ""
    elif not matched.handed_in.whose.label:
        text = "the download does not say who handed it in"
    else:
        text = "is not on the roster"
    place = matched.handed_in.place
    yield Issue(
        kind=matched.why_not,
        who=matched.name,
        place=place,
        text=f"{text} ({place}); graded, but for no row of the gradebook: copy the "
        "files into a folder named by the roster id and grade it with --from folder",
        graded=True,
        submission_key=key,
    )


def _strangers(archive: Archive, everybody: Sequence[Matched]) -> Iterator[Issue]:
    """Yield one problem where several handed in and nobody of them is known."""
    reasons = {matched.why_not for matched in everybody}
    if len(everybody) > 1 and reasons == {IssueKind.NOT_ON_ROSTER}:
        yield Issue(
            kind=IssueKind.NOT_ON_ROSTER,
            who=archive.place.name,
            place=archive.place.name,
            text="nobody in it is on the roster: is the download anonymous, or the "
            "class list another one's?",
            graded=True,
        )


def _left_out(archive: Archive, handed_in: Sequence[HandedIn]) -> Iterator[Issue]:
    """Yield the refused members of no student: nobody else hears of them."""
    told = {refusal for item in handed_in for refusal in item.refused}
    for refusal in archive.refused:
        if refusal not in told and not is_junk(refusal.path):
            yield Issue(
                kind=IssueKind.LEFT_OUT,
                who=refusal.path,
                place=refusal.path,
                text=refusal.reason,
                may_be_work=is_wanted(refusal.path),
            )


def _nobodys(archive: Archive, split: Split) -> Iterator[Issue]:
    """Yield the members that are in no hand-in, a problem a folder or file at the top.

    So nothing of a download is passed over in silence, but what tools leave behind.
    """
    told = {m.path for item in split.handed_in for m in item.members}
    depth = 2 if wrapper_of(archive) else 1
    strays: defaultdict[str, list[str]] = defaultdict(list)
    for member in archive.members:
        path = member.path
        if not (path in told or path in split.lms_files or is_junk(path)):
            strays["/".join(parts_of(path)[:depth])].append(path)
    for top, paths in strays.items():
        yield Issue(
            kind=IssueKind.LEFT_OUT,
            who=top,
            place=top,
            text=f"{_what_is_nobodys(top, paths)}, and not graded; if a student handed "
            "it in, copy it into a folder named by the roster id and grade that with "
            "--from folder",
            may_be_work=any(map(is_wanted, paths)),
        )


def _what_is_nobodys(top: str, paths: Sequence[str]) -> str:
    if list(paths) == [top]:
        return "is nobody's submission"
    named = [path.removeprefix(f"{top}/") for path in paths[:MOST_SHOWN]]
    if more := len(paths) - len(named):
        named.append(f"{more} more")
    files = "a file that is" if len(paths) == 1 else f"{len(paths)} files that are"
    return f"holds {files} nobody's submission ({', '.join(named)})"
