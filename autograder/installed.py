"""What the project is installed with, and how to install what is missing."""

import functools
import shlex
import sys
from importlib import metadata

from packaging.requirements import Requirement

DISTRIBUTION = "convolution-course"


def how_to_install(package: str) -> str:
    """Return the command that installs a package in the range that this project asks.

    package : a name as pip knows it, or ``DISTRIBUTION[extra]``
    """
    wanted = _requirements().get(package, package)
    return f"{sys.executable} -m pip install {shlex.quote(wanted)}"


@functools.cache
def _requirements() -> dict[str, str]:
    """Return what the project asks for, by name: ``{"torch": "torch==2.13.0"}``."""
    asked = map(Requirement, metadata.requires(DISTRIBUTION) or ())
    return {one.name: f"{one.name}{one.specifier}" for one in asked}
