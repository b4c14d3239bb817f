"""Where ``autograder`` and ``python -m autograder`` begin."""

import signal


def run() -> None:
    """Run the command line; until a command works, Ctrl-C ends it without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from autograder.cli import main  # noqa: PLC0415 what takes time comes after the line

    main()


if __name__ == "__main__":
    run()
