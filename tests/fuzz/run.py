"""Feed every target with bytes that coverage chooses, each for a while.

    python tests/fuzz/run.py [TARGET …] [--seconds N]

Needs the extra ``fuzz`` (atheris). A crash, more than a GiB of memory or more than ten
seconds for one input end it, and the input lies in ``tests/fuzz/found/TARGET``; once
mended it belongs into ``tests/fuzz/examples/TARGET``: `test_fuzz_examples` runs it.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOMS = (
    "autograder.grading",
    "autograder.intake",
    "autograder.marks",
    "autograder.records",
    "autograder.sandbox.reply_size",
    "autograder.worker",
    "checks",
)


def main() -> int:
    """Run each target in a process of its own; return how many of them broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="*")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.path[:0] = [str(HERE.parent / "support")]
    if given.one:
        feed(given.target[0], given.seconds)
    from fuzz_targets import TARGETS  # noqa: PLC0415 uninstrumented, for its names

    broken = 0
    for name in given.target or TARGETS:
        command = [sys.executable, __file__, name, "--seconds", str(given.seconds)]
        ended = subprocess.run([*command, "--one"], check=False)
        told = "broke" if ended.returncode else "held"
        sys.stdout.write(f"{name}: {told}\n")
        sys.stdout.flush()
        broken += ended.returncode != 0
    return broken


def feed(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # noqa: PLC0415 only here is it needed

    with atheris.instrument_imports(include=list(ROOMS)):
        from fuzz_targets import TARGETS  # noqa: PLC0415

    examples = HERE / "examples" / name
    found = HERE / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=10"]
    options += ["-max_len=4096", f"-artifact_prefix={found}/", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(found), str(examples)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
