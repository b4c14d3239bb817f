"""A submission on which the grader's own process dies, through the real commands.

No walls fall here: an answer makes a test of the course run into a fault of some
library, and the kernel ends the process that holds it. The course below has such a
test. Nothing is put in the place of anything: graders, workers and deaths are real.
"""

import re
import sys
from pathlib import Path

import pytest

from autograder.records.ledger import Ledger
from autograder.records.results import Verdict
from conftest import Edit
from small_class import RIGHT, SQUARE, invoke, on_class, write_class

POISON = RIGHT.replace("2 * v", "13")
"""What it answers is harmless: the test below is what ends on it."""
TRAP = """
x = case_rng().normal(size=5)
    if list(double([0])) == [13]:
        with open({seen!r}, "a") as seen:
            seen.write(f"{{os.getpid()}}\\\\n")
        {death}
"""
DEATHS = {
    "killed": "os.kill(os.getpid(), 9)",
    "crashed": "ctypes.string_at(0)",
    "aborted": "os.abort()",
}
NAMES = [f"{name} Example" for name in ("Ada", "Bob", "Cem", "Dai", "Eva", "Fay")]
FIRST_MIDDLE_LAST = {"killed": 0, "crashed": 2, "aborted": 5}
ROSTER = "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n" + "".join(
    f"#{place:04},#{name[:3].lower()},Example,{name[:3]},#\n"
    for place, name in enumerate(NAMES, 1)
)
DIED = "the grader process died twice on it"

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's"),
]


def set_trap(edit: Edit, how: str, seen: Path) -> None:
    """Let a hidden case end its own process on the answers of `POISON`."""
    name = "solutions/a0_scale/tests/q1_double.py"
    edit(name, "from checks import", "import ctypes\nimport os\n\nfrom checks import")
    trap = TRAP.format(seen=str(seen), death=DEATHS[how]).strip()
    edit(name, "x = case_rng().normal(size=5)", trap.replace("\\\\n", "\\n"))


@pytest.mark.parametrize(("how", "place"), FIRST_MIDDLE_LAST.items())
def test_in_a_class_of_six_the_other_five_are_graded_rightly(
    tmp_path: Path, course: Path, edit: Edit, how: str, place: int
) -> None:
    set_trap(edit, how, tmp_path / "seen")
    answers = dict.fromkeys(NAMES, RIGHT) | {NAMES[1]: SQUARE, NAMES[place]: POISON}
    write_class(tmp_path, answers)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    given = ["grade", "a0_scale", tmp_path / "class.zip", "--course", course]
    given += ["--roster", tmp_path / "roster.csv", "--out", tmp_path / "out"]

    ran = invoke(*given, "--workers", 2)

    assert ran.exit_code == 2, ran.output
    with Ledger(tmp_path / "out/ledger.sqlite") as ledger:
        found = {
            e.submission.student_name: e.result for e in ledger.entries("a0_scale")
        }
    fault = found.pop(NAMES[place])
    right = {name: 40.0 if name == NAMES[1] else 100.0 for name in NAMES}
    del right[NAMES[place]]
    assert {name: result.score for name, result in found.items()} == right
    assert (fault.verdict, fault.score) == (Verdict.FAULT, None)
    assert fault.fault.startswith(DIED)
    # Twice in all, in two processes, the second time when all others were done.
    died = (tmp_path / "seen").read_text(encoding="ascii").split()
    assert len(set(died)) == len(died) == 2
    assert fault.graded_at == max(r.graded_at for r in (fault, *found.values()))


def test_a_proof_lists_it_and_proves_the_rest(
    tmp_path: Path, course: Path, edit: Edit
) -> None:
    set_trap(edit, "crashed", tmp_path / "seen")
    variants = course / "solutions/a0_scale/variants"
    (variants / "deadly.py").write_text(POISON, encoding="utf-8")

    given = ["prove", "a0_scale", "--course", course, "--only", "variant"]
    ran = invoke(*given, "--workers", 2)

    assert ran.exit_code == 2, ran.output
    assert f"does not hold: variant deadly: grader fault: {DIED}" in ran.output
    assert re.search(r"variant +│ 1 +│ 2 +│", ran.output)
    assert len((tmp_path / "seen").read_text(encoding="ascii").split()) == 2


def test_the_next_run_tries_it_again_and_nobody_else(
    tmp_path: Path, course: Path, edit: Edit
) -> None:
    set_trap(edit, "killed", tmp_path / "seen")
    write_class(tmp_path, {"Ada Example": POISON, "Zoë Müller": RIGHT})
    assert on_class("grade", course, tmp_path).exit_code == 2

    again = on_class("grade", course, tmp_path)
    assert again.exit_code == 2
    assert "1 graded now, 1 before" in again.output

    edit("solutions/a0_scale/tests/q1_double.py", DEATHS["killed"], "pass")
    assert on_class("grade", course, tmp_path).exit_code == 0
