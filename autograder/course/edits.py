"""Edits of the reference, and programs in which several of them are made together.

Known mistakes are edits of the reference: short, and made in whatever way the reference
works. Two that replace the same line of it can't be made together, although students
make both. So the reference may have other forms, in which each stands on a line of its
own: a `Form` gives the same answers, its edits are `EditOfForm`.
"""

import functools
import itertools
import re
from collections.abc import Sequence

import msgspec

from autograder.course.merging import merged
from autograder.course.program import Program

MOST_CHANGES = 1024
"""So many changes are kept that edits make."""


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`find` must occur exactly once in the reference."""

    find: str
    replace: str


class EditOfForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An edit whose `find` occurs exactly once in the reference's form `form`."""

    form: str
    find: str
    replace: str


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another way to write a part of the reference, with the same answers."""

    name: str
    edit: tuple[Edit, ...]

    def applied_to(self, source: str) -> str:
        """Return the source in this form."""
        for edit in self.edit:
            source = source.replace(edit.find, edit.replace)
        return source


def apart(program: Program, edits: Sequence[Edit | EditOfForm]) -> str | None:
    """Return a program's source with all edits made; None where they are not apart.

    They are where what they change lies in different places, whatever their authors
    quoted around that, and all of them together make a program. Lines that
    several put in at one place come one behind the other, last what returns.
    """
    changes = sorted(
        (_change(program.source, edit) for edit in edits),
        key=lambda change: (*change[:2], "return " in change[2], change[2]),
    )
    for (begin, end, new), (following, last, other) in itertools.pairwise(changes):
        put_in = [
            text
            for a, b, text in ((begin, end, new), (following, last, other))
            if a == b
        ]
        if end > following or (end == following and not all("\n" in t for t in put_in)):
            return None
    edited = program.source
    for begin, end, replace in reversed(changes):
        edited = edited[:begin] + replace + edited[end:]
    return edited if program.is_program(edited) else None


def apart_as_trees(
    program: Program, groups: Sequence[Sequence[Edit | EditOfForm]]
) -> str | None:
    """Return a program's source with all edits made; None where they overlap.

    groups : of each mistake its edits. They may lie in one line, where they change
        different parts of its expression (`merging`)
    """

    def edited(group: Sequence[Edit | EditOfForm]) -> str:
        source = program.source
        for edit in group:
            source = source.replace(edit.find, edit.replace)
        return source

    return merged(program, [edited(group) for group in groups])


def _change(source: str, edit: Edit | EditOfForm) -> tuple[int, int, str]:
    """Where an edit's change begins and ends, and what comes there."""
    return changed(source.index(edit.find), edit.find, edit.replace)


@functools.lru_cache(MOST_CHANGES)
def changed(begin: int, find: str, replace: str) -> tuple[int, int, str]:
    """Leave the words out that `find` and `replace` begin and end with alike.

    >>> changed(7, "return total / count, right", "return total / 2, right")
    (22, 27, '2')
    """
    old, new = (re.findall(r"\w+|\W", text) for text in (find, replace))
    head = _alike(old, new)
    old, new = old[head:], new[head:]
    tail = _alike(old[::-1], new[::-1])
    begin += len(find) - len("".join(old))
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    return begin, begin + len("".join(old)), "".join(new)


def _alike(first: Sequence[str], second: Sequence[str]) -> int:
    """Count the words that two texts begin with alike."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
