"""``python -m desk``: the command line."""

import io
import sys

from desk.commands import main

if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console of Windows has few letters
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
