"""Write the table of attacks in docs/security.md anew, from their folders.

    python docs/security_table.py [--check]

One row a folder of ``tests/attacks``: what it tries, what stops it, its verdict, and
whether otter's own runner falls to it (``docs/attacks_against_otter.toml``).
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "security.md"
ATTACKS = DOCS.parent / "tests/attacks"
BEGIN, END = "<!-- attacks: begin -->\n", "<!-- attacks: end -->\n"
WALLS = "the sandbox's walls"


def main() -> int:
    """Write the page, or say whether it is as it would be written."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = written(page)
    if "--check" in sys.argv:
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def written(page: str) -> str:
    """Return the page with the tables of today's folders."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "".join(tables()) + END + after


def tables() -> Iterator[str]:
    """Yield the tables, line by line."""
    otter = tomllib.loads((DOCS / "attacks_against_otter.toml").read_text("utf-8"))
    grader = folders(ATTACKS / "grading")
    yield f"\n### On the grader ({len(grader)})\n\n"
    yield "| attack | what it tries | what stops it | verdict | otter's runner |\n"
    yield "|---|---|---|---|---|\n"
    for name, one in grader.items():
        verdict = f"{one['score']:g} points: {', '.join(one['kinds'])}"
        cells = [f"`{name}`", one["about"], one["defence"], verdict]
        yield row(*cells, otter.get(name, "not run"))
    books = folders(ATTACKS / "notebooks")
    yield f"\n### Handed in as a notebook ({len(books)})\n\n"
    yield "| attack | what it tries | what stops it | verdict |\n|---|---|---|---|\n"
    for name, one in books.items():
        verdict = "left to a person"
        if "score" in one:
            kinds = f": {', '.join(one['kinds'])}" if one["kinds"] else ""
            verdict = f"{one['score']:g} points{kinds}"
        yield row(f"`{name}`", one["about"], one["defence"], verdict)
    probes = folders(ATTACKS / "probes")
    yield f"\n### On probes ({len(probes)})\n\n"
    yield "| attack | what it tries | what stops it | what the probe says |\n"
    yield "|---|---|---|---|\n"
    for name, one in probes.items():
        says = "the truth" if one["says"] == "truth" else f"refused: {one['says']}"
        if "lies" in one:
            says = f"the truth, but for {', '.join(one['lies'])}"
        yield row(f"`{name}`", one["about"], one["defence"], says)
    walls = folders(ATTACKS)
    yield f"\n### On {WALLS}, and on marks ({len(walls)})\n\n"
    yield "| attack | what it tries | verdict |\n|---|---|---|\n"
    for name, one in walls.items():
        kinds = one["kind"] if isinstance(one["kind"], list) else [one["kind"]]
        yield row(f"`{name}`", one["about"], f"{one['verdict']}: {' or '.join(kinds)}")


def folders(place: Path) -> dict[str, dict[str, Any]]:
    """Return what every attack's folder says of it, by name."""
    return {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(place.glob("*/expected.toml"))
    }


def row(*cells: str) -> str:
    """Write a line of a table."""
    plain = (cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    plain = (cell.replace("__", "\\_\\_") for cell in plain)
    return f"| {' | '.join(plain)} |\n"


if __name__ == "__main__":
    sys.exit(main())
