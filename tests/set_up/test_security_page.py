import subprocess
import sys
from pathlib import Path

import autograder

COURSE = Path(autograder.__file__).parents[1]


def test_the_table_of_attacks_is_that_of_their_folders() -> None:
    script = COURSE / "docs/security_table.py"
    ended = subprocess.run([sys.executable, str(script), "--check"], check=False)
    assert ended.returncode == 0, "run: python docs/security_table.py"
