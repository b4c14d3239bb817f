"""A third question for the course of `conftest`: eight times, built on earlier ones."""

from pathlib import Path

from conftest import HEAD

MANIFEST = """
[[question]]
name = "q3_octuple"
title = "Eight times"
functions = ["octuple"]
builds_on = [{}]
"""
REFERENCE = """

def octuple(values):
    return double(quadruple(values))
"""
CASE = """
@test_case(name="{name}", points={points}{hidden})
def test_one(octuple):
    close(octuple([1, 3]), [8, 24])
"""


def add_octuple(course: Path, *builds_on: str) -> None:
    """Add the question; its 10 points are taken from the second one's public case."""
    public, secret = course / "assignments/a0_scale", course / "solutions/a0_scale"
    second = public / "tests/q2_quadruple.py"
    text = second.read_text(encoding="utf-8")
    second.write_text(text.replace("points=20", "points=10"), encoding="utf-8")
    head = HEAD.format(name="q3_octuple")
    shown = CASE.format(name="one", points=10, hidden="")
    texts = {
        public / "manifest.toml": MANIFEST.format(
            ", ".join(f'"{name}"' for name in builds_on)
        ),
        secret / "reference.py": REFERENCE,
        public / "tests/q3_octuple.py": head + shown,
        secret / "tests/q3_octuple.py": head
        + CASE.format(name="two", points=0, hidden=", hidden=True"),
    }
    for path, more in texts.items():
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        path.write_text(before + more, encoding="utf-8")
