"""``python -m desk``: the command line."""

import io
import os
import sys

OLDEST = (3, 11)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        here = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"This is Python {here} ({sys.executable}); 3.11 or newer is needed.")
    try:
        from desk.commands import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"desk", "checks"}:
            raise
        sys.exit(
            f"{error.name} is not installed in this Python ({sys.executable}).\n"
            'Is .venv active? README.md says how, under "Set up". If it is:\n'
            "    python -m pip install -r requirements.txt"
        )
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console of Windows has few letters
        sys.stdout.reconfigure(errors="replace")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
