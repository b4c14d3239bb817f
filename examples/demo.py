"""Grade the sample class from the LMS's zip to the gradebooks, and say where all is.

python examples/demo.py --out demo-out
"""

import argparse
import subprocess
import sys
from pathlib import Path

from make_class import NAME, make_class

SOMETHING_OPEN = 2


def main() -> int:
    """Run the commands that an instructor would, and show them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("demo-out"))
    out = parser.parse_args().out
    sample = out / "class"
    make_class(sample)
    here = Path(__file__).resolve().parent
    rules = ["--policy", str(here / "policy.toml")]
    rules += ["--overrides", str(here / "overrides.toml")]
    roster = ["--roster", str(sample / "roster.csv")]
    canvas = ["--roster", str(sample / "canvas_export.csv")]
    rest = ["--out", str(out), *rules]
    submissions = str(sample / "submissions.zip")
    commands = [
        ["grade", NAME, submissions, *roster, *rest],
        ["report", NAME, *roster, *rest],
        ["export", NAME, "--lms", "brightspace", *roster, *rest],
        ["export", NAME, "--lms", "canvas", *canvas, *rest],
        ["export-feedback", NAME, submissions, *roster, "--out", str(out)],
        ["total", *roster, *rest],
    ]
    for arguments in commands:
        print(f"\n$ autograder {' '.join(arguments)}", flush=True)
        program = str(Path(sys.executable).with_name("autograder"))
        code = subprocess.run([program, *arguments], check=False).returncode  # noqa: S603
        # The sample class has a case that wants a person: 2 is what it should end with.
        if code not in {0, SOMETHING_OPEN}:
            return code
    print(f"\nEverything is in {out}/: open {out}/{NAME}-class.html in a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
