"""Help: at once, whole, and with the names that are asked for."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from autograder.cli import COMMANDS, main

HEAVY = ("IPython", "jinja2", "matplotlib", "numpy", "otter", "pandas", "torch")
"""What takes long to import, and has no part in a command's help."""
WITHOUT_ASSIGNMENT = {"diff", "doctor", "ledger", "new", "release", "runs", "show"}
WITH_ASSIGNMENT = sorted({*COMMANDS} - WITHOUT_ASSIGNMENT)


def test_no_commands_help_imports_what_takes_long() -> None:
    code = (
        "import sys\nfrom autograder.cli import COMMANDS, main\n"
        "for words in [[], *([name] for name in COMMANDS)]:\n"
        "    main([*words, '--help'], standalone_mode=False)\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_the_summary_of_every_command_is_a_whole_sentence() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    listed = " ".join(shown.partition("Commands:")[2].split())
    assert "..." not in listed
    assert listed.count(".") >= len(COMMANDS)
    assert all(f"{name} " in listed for name in COMMANDS)


@pytest.mark.parametrize(
    "name", [n for n in WITH_ASSIGNMENT if n not in {"total", "train"}]
)
def test_a_command_that_asks_for_an_assignment_says_which_there_are(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"]).output
    assert "a1_conv1d, a2_shapes, a3_layers, a4_cnn, a5_resnet" in " ".join(
        shown.split()
    )


def test_an_assignment_that_is_left_out_is_asked_for_by_name() -> None:
    shown = CliRunner().invoke(main, ["grade"])
    assert shown.exit_code == 2
    assert "Give one of a1_conv1d, a2_shapes" in shown.output


def test_a_command_that_there_is_not_is_named() -> None:
    shown = CliRunner().invoke(main, ["graed"])
    assert shown.exit_code == 2
    assert "No such command 'graed'" in shown.output
