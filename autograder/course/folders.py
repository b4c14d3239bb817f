"""Which assignments a course has: a look at its folders, without reading any."""

from pathlib import Path

CHECKS = "assignments/checks"
"""In a course: what public tests compare with."""
DECIDES_NOTHING = frozenset(
    {"variants", "equivalents.toml", "explore.py", "__pycache__"}
)
"""Parts of a path below an assignment that no mark depends on."""
PROJECT = Path(__file__).resolve().parents[2]
"""The course that came with this package."""


def names(course: Path) -> list[str]:
    """Names of the course's assignments, sorted."""
    return sorted(p.parent.name for p in course.glob("assignments/*/manifest.toml"))


def shared(course: Path, part: str) -> Path:
    """Return where what all courses share lies: a course's own, or the project's.

    part : such as ``assignments/checks``; a course that has assignments only is whole
    """
    own = course / part
    return own if own.exists() else PROJECT / part
