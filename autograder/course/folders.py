"""Which assignments a course has: a look at its folders, without reading any."""

from pathlib import Path


def names(course: Path) -> list[str]:
    """Names of the course's assignments, sorted."""
    return sorted(p.parent.name for p in course.glob("assignments/*/manifest.toml"))
