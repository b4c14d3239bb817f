"""A course of one small assignment, written to a folder, for tests to break."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from autograder.grading import process_pool
from warm_graders import forked_lane

# As graders do, and as `make test` says: threads of several tests wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

REFERENCE = '''"""Add and scale."""

import numpy as np

# BEGIN SOLUTION
GAIN = 1


def _scaled(values):
    return GAIN * np.asarray(values)
# END SOLUTION


def double(values):
    """Return twice the values."""
    # BEGIN SOLUTION
    return 2 * _scaled(values)
    # END SOLUTION


def quadruple(values):
    """Return four times the values."""
    # BEGIN SOLUTION
    return double(double(values))
    # END SOLUTION
'''
MANIFEST = """
title = "Scaling"
file = "a0_scale.py"
seconds_per_case = 5
seconds_per_submission = 30
memory_mib = 1024
packages = ["numpy"]

[[question]]
name = "q1_double"
title = "Twice"
functions = ["double"]
review = ["numpy.add"]

[[question]]
name = "q2_quadruple"
title = "Four times"
functions = ["quadruple"]
builds_on = ["double"]
"""
HEAD = """from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"

"""
PUBLIC = {
    "q1_double": """
@test_case(name="one and two", points=30)
def test_small(double):
    close(double([1, 2]), [2, 4])
""",
    "q2_quadruple": """
@test_case(name="one and three", points=20)
def test_small(quadruple):
    close(quadruple([1, 3]), [4, 12])
""",
}
HIDDEN = {
    "q1_double": """
@test_case(name="random values", points=30, hidden=True)
def test_random(double, reference):
    x = case_rng().normal(size=5)
    with unchanged(x):
        close(double(x), reference.double(x))
""",
    "q2_quadruple": """
@test_case(name="random values", points=20, hidden=True)
def test_random(quadruple, reference):
    x = case_rng().normal(size=5)
    close(quadruple(x), reference.quadruple(x))
""",
}
MISCONCEPTIONS = """
[[misconception]]
name = "squared"
message = "Your output is the square of the input."
see = "README.md#twice"
question = "q1_double"
fails = ["q1_double"]
core = "it is all that the question asks"
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = "return _scaled(values) ** 2"

[[misconception]]
name = "only_doubled"
message = "Your output is only twice the input."
question = "q2_quadruple"
fails = ["q2_quadruple"]
core = "it is all that the question asks"
[[misconception.edit]]
find = "return double(double(values))"
replace = "return double(values)"
"""

Edit = Callable[[str, str, str], None]

# The same examples at every run: what `make fuzz` finds at random is kept as one.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``make faults`` ask for all of what ``make test`` takes a few of."""
    parser.addoption(
        "--every-write", action="store_true", help="Stop commands at all their writes."
    )
    parser.addoption(
        "--rounds", type=int, default=2, help="So often something is killed at random."
    )


@pytest.fixture(autouse=True)
def own_numpy_errors() -> Iterator[None]:
    """Let no test see how another told NumPy to treat a division by zero."""
    with np.errstate():
        yield


def written_course(root: Path) -> Path:
    """Write a complete course with the one assignment a0_scale."""
    public, secret = root / "assignments/a0_scale", root / "solutions/a0_scale"
    files = {
        public / "manifest.toml": MANIFEST,
        public / "README.md": "# Scaling\n",
        secret / "reference.py": REFERENCE,
        secret / "misconceptions.toml": MISCONCEPTIONS,
        secret / "variants/loops.py": (
            "def double(values):\n    return [2 * v for v in values]\n\n\n"
            "def quadruple(values):\n    return [4.0 * v for v in values]\n"
        ),
        root / "assignments/checks/__init__.py": "",
        root / "assignments/template/README.md": "# Start here\n",
    }
    for folder, cases in ((public, PUBLIC), (secret, HIDDEN)):
        for name, text in cases.items():
            files[folder / "tests" / f"{name}.py"] = HEAD.format(name=name) + text
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def warm_graders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork graders from one process that has imported what all of them import.

    Each is a new one, as in use, and knows nothing of those before it. How they are
    started in use is for the tests of `process_pool`, and for those of whole commands
    """
    monkeypatch.setattr(process_pool, "local_lane", forked_lane)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A complete course with the one assignment a0_scale."""
    return written_course(tmp_path / "course")


@pytest.fixture
def edit(course: Path) -> Edit:
    """Replace text that stands exactly once in a file of the course."""

    def edited(name: str, old: str, new: str) -> None:
        path = course / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edited
