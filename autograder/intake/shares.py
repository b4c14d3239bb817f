"""Each student's share of a download: what of it is looked at, and what is left.

Whatever one student hands in (a committed environment of twenty thousand files, a
million empty folders, megabytes that unpack to gigabytes) is cut to that student's own
share, in words. What is named as asked is looked at first, then what lies nearest the
top, so that what is to be graded is hardly ever cut.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from autograder.errors import IntakeError
from autograder.intake.zip_reader import Limits

Whose = Callable[[str], str]
"""Tells of a path which student's it is: not who that is, but what is one student's."""
Rank = Callable[[str], tuple[int, ...]]
"""Tells how soon a path is looked at: the smallest first. Junk is last, and ignored."""


@dataclass(slots=True)
class Share:
    """What of one student's has been taken.

    count : files and folders, without junk; cut : how many of them are not looked at,
        and a path among them
    members, read_bytes, zip_bytes, notebooks : that count against the limits
    """

    count: int = 0
    cut: int = 0
    example: str = ""
    members: int = 0
    read_bytes: int = 0
    zip_bytes: int = 0
    notebooks: int = 0
    kept: list[tuple[tuple[int, ...], int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How a container is shared out.

    rank : None where all is read in the container's order
    """

    whose: Whose = lambda _: ""
    rank: Rank = lambda _: (0,)
    junk: Callable[[str], bool] = lambda _: False


def chosen(
    paths: Iterable[tuple[int, str]],
    sharing: Sharing,
    shares: dict[str, Share],
    limits: Limits,
    place: object,
) -> tuple[list[tuple[int, str]], list[str]]:
    """Return what is looked at, the first first, and a line for each share cut.

    paths : each with its position, by which it is found again
    Raises IntakeError where there are more owners than any class has students
    """
    for position, path in paths:
        key = sharing.whose(path)
        share = shares.get(key)
        if share is None:
            share = shares[key] = Share()
            if len(shares) > limits.owners:
                raise IntakeError(
                    str(place),
                    f"has more than {limits.owners} files and folders at its top",
                    "is it a download of what a class handed in?",
                )
        share.count += not sharing.junk(path)
        share.kept.append((sharing.rank(path), position, path))
        if len(share.kept) > 2 * limits.members:
            _cut(share, sharing, limits)
    found: list[tuple[tuple[int, ...], int, str]] = []
    cuts = []
    for share in shares.values():
        _cut(share, sharing, limits)
        share.members += len(share.kept)
        found += share.kept
        share.kept = []
        if share.cut:
            cuts.append(cut_line(share, limits))
            share.cut = 0
    found.sort()
    return [(position, path) for _, position, path in found], cuts


def cut_line(share: Share, limits: Limits) -> str:
    """Say what of a student's is not looked at, as a path and a reason."""
    more = f" and {share.cut - 1:,} more" if share.cut > 1 else ""
    return (
        f"{share.example}{more}\0not looked at: of a student's {share.count:,} files "
        f"and folders {limits.members:,} are, those named as asked and those nearest "
        "the top; hand in what was asked for, and no environment or data"
    )


def _cut(share: Share, sharing: Sharing, limits: Limits) -> None:
    most = max(0, limits.members - share.members)
    share.kept.sort()
    for _, _, path in share.kept[most:]:
        if not sharing.junk(path):
            share.example = share.example or path
            share.cut += 1
    del share.kept[most:]
