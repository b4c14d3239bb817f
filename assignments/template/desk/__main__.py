"""``python -m desk``: the command line."""

import sys

from desk.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
