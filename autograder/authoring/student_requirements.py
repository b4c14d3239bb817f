"""What students install: for NumPy and torch, the versions that grade."""

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version


def to_the_minor_version(requirements: str, lock: str) -> str:
    r"""Give every bare name of `requirements` the version that `lock` has, loosely.

    lock : lines of ``name==version``, as ``constraints.txt`` has them
    A name that is not in `lock`, a line with a range, a comment stay as they are: a
    laptop takes any bug fix, and what has a range works with all of it.

    >>> to_the_minor_version("numpy\npytest>=9\n", "numpy==2.4.6\npytest==9.2.0\n")
    'numpy==2.4.*\npytest>=9\n'
    """
    pinned = dict(_pin(line) for line in lock.splitlines())
    lines = requirements.splitlines(keepends=True)
    return "".join(_loosened(line, pinned) for line in lines)


def _pin(line: str) -> tuple[str, str]:
    name, _, version = line.partition("#")[0].partition("==")
    return canonicalize_name(name.strip()), version.strip()


def _loosened(line: str, pinned: dict[str, str]) -> str:
    text = line.strip()
    try:
        name = canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        return line
    if text != Requirement(text).name or not pinned.get(name):
        return line
    version = Version(pinned[name])
    return line.replace(text, f"{text}=={version.major}.{version.minor}.*")
