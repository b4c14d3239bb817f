"""Small changes are made where they decide something, and nowhere else."""

import ast
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mutation import zygote
from mutation.changes import by_hand, changes
from mutation.judged import changes_by_hand, stale, survivors
from mutation.related import Known, related


def changed(source: str) -> set[str]:
    return {change.mutant for change in changes(source, "autograder/marks/a.py")}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (
            "x = a and b > c",
            {"x = a", "x = (b > c)", "x = (a or b > c)", "x = a and (b >= c)"},
        ),
        ("x = a < 1", {"x = (a <= 1)", "x = a < 2"}),
        ("x = a is not None", {"x = (a is None)"}),
        ("x = not a", {"x = a"}),
        ("x = b if a else c", {"x = b", "x = c"}),
        ("x = 0.25", {"x = 250.0"}),
        ("x = 4096", {"x = 4096000"}),
        ("x = (a, b)", {"x = (b,)", "x = (a,)"}),
        ("x = 'a'", {"x = 'a_changed'"}),
        ("x = {'a': b}", {"x = {}", "x = {'a_changed': b}"}),
        ("x = {'a'}", {"x = set()", "x = {'a_changed'}"}),
        ("x = f(a, b, k=c)", {"x = f(a, k=c)", "x = f(a, b)"}),
        ("x = round(a, 2)", {"x = a", "x = round(a)", "x = round(a, 3)"}),
        ("x = a.strip()", {"x = a"}),
        ("x = any(a)", {"x = all(a)"}),
        ("x = [a for a in b if a]", {"x = [a for a in b]"}),
        ("a.clear()", {"pass"}),
        ("a.b = 1", {"pass", "a.b = 2"}),
        ("a |= b", {"pass", "a &= b"}),
        ("raise ValueError(a < 1)", {"pass"}),
        ("del a[0]", {"pass", "del a[1]"}),
        ("del a", set()),
        ("__all__ = ['a', 'b']", set()),
        ("return a", set()),
    ],
)
def test_a_line_is_changed_as_people_change_it(
    line: str, wanted: Sequence[str]
) -> None:
    assert changed(f"def f(a):\n    {line}\n") == set(wanted)
    if not line.startswith("return"):
        assert changed(f"{line}\n") == set(wanted)


def test_words_are_not_changed() -> None:
    source = (
        '"""Words."""\n'
        "from typing import Literal\n"
        'Base = Literal["a", "b"]\n'
        "@dataclass(frozen=True)\n"
        "class A:\n"
        '    """Words."""\n'
        '    x: "int | None"\n'
        "def f(a: int | str) -> int | None:\n"
        '    raise ValueError("a" and "b")\n'
    )
    assert changed(source) == {"pass"}


def test_defaults_and_what_stands_in_an_f_string_are_changed() -> None:
    assert changed("def f(a=2): pass\n") == {"def f(a=3): pass"}
    assert changed("class A:\n    x: int = 2\n") == {"x: int = 3"}
    assert changed("x = f'{a[1]} of it'\n") == {"x = f'{a[2]} of it'"}


def test_a_change_has_its_place_and_is_only_there() -> None:
    source = (
        "class A:\n    def f(self):\n        é = 'è'\n        return é < 2, (\n1)\n"
    )
    found = list(changes(source, "autograder/marks/a.py"))
    compared = next(c for c in found if "<=" in c.mutant)
    assert compared.function == "A.f"
    assert compared.inside
    assert (compared.lines, compared.span) == ((4, 4), (2, 5))
    assert compared.original == "return é < 2, ("
    assert compared.source == source.replace("é < 2", "(é <= 2)")
    for change in found:
        ast.parse(change.source)


def test_a_default_is_made_when_its_module_is_imported() -> None:
    (default,) = changes("def f(a=2): return a\n", "autograder/marks/a.py")
    assert not default.inside


ROOM = "autograder/marks/a.py"
BODY = next(c for c in changes("def f(a):\n    return a < 1\n", ROOM))


def known(name: str, seconds: float, *lines: int) -> Known:
    return Known(name, seconds, {ROOM: frozenset(lines)})


def test_the_rooms_own_tests_that_run_the_line_judge_first_the_quick_ones_before() -> (
    None
):
    tests = [
        known("tests/runs/test_a.py::test_quick", 0.1, 2),
        known("tests/marks/test_a.py::test_slow", 0.9, 2),
        known("tests/marks/test_a.py::test_quick", 0.1, 2),
        known("tests/marks/test_a.py::test_elsewhere", 0.1, 7),
        known("tests/marks/test_sandbox.py::test_slow", 7, 2),
    ]
    names, seconds = related(BODY, tests, at_most=3)
    assert names == [
        "tests/marks/test_a.py::test_quick",
        "tests/marks/test_a.py::test_slow",
        "tests/runs/test_a.py::test_quick",
    ]
    assert seconds == pytest.approx(1.1)


def test_where_no_test_runs_the_line_its_function_is_asked_then_its_module() -> None:
    of_function = known("tests/marks/test_a.py::test_f", 0.1, 1)
    of_module = known("tests/marks/test_a.py::test_g", 0.1, 9)
    assert related(BODY, [of_function, of_module], 3)[0] == [of_function.name]
    assert related(BODY, [of_module], 3)[0] == [of_module.name]
    assert related(BODY, [], 3) == ([], 0.0)


def test_what_is_made_at_import_is_judged_by_all_that_run_the_module() -> None:
    (table,) = changes("A = 1\n", ROOM)
    importing = known("tests/marks/test_a.py::test_first", 0.1, 1)
    using = known("tests/marks/test_a.py::test_use", 0.2, 9)
    own = Known("tests/marks/test_a.py::test_own", 0.3, {})
    other = Known("tests/marks/test_b.py::test_other", 0.3, {})
    names, _ = related(table, [importing, using, own, other], 3)
    assert names == [importing.name, using.name, own.name]
    (of_package,) = changes("A = 1\n", "autograder/gradebook/push/__init__.py")
    its_own = Known("tests/gradebook/test_push.py::test_a", 0.1, {})
    assert related(of_package, [own, its_own], 3)[0] == [its_own.name]


SOURCE = "class A:\n    x = 1\n    def f(self):\n        y.clear()\n        return 2\n"


def test_a_change_by_hand_is_placed_where_it_is() -> None:
    inside = by_hand(SOURCE, ROOM, "        y.clear()\n", "")
    assert (inside.function, inside.inside) == ("A.f", True)
    assert (inside.lines, inside.span) == ((4, 4), (3, 5))
    outside = by_hand(SOURCE, ROOM, "x = 1", "x = 2")
    assert (outside.function, outside.inside) == ("A", False)
    assert outside.source == SOURCE.replace("1", "2")


@pytest.mark.parametrize(
    ("find", "replace", "why"),
    [
        ("x = 3", "", "stands 0 times"),
        ("y", "", "no Python"),
        ("    ", "", "stands 6 times"),
    ],
)
def test_a_change_by_hand_that_does_not_fit_is_named(
    find: str, replace: str, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        by_hand(SOURCE, ROOM, find, replace)


def test_every_change_by_hand_fits_the_code_as_it_is() -> None:
    here = Path(__file__).parent
    found, misfits = changes_by_hand(here.parents[1], here / "by_hand.toml")
    assert misfits == []
    assert found


def test_every_survivor_that_is_listed_is_a_change_of_the_code_as_it_is() -> None:
    here = Path(__file__).parent
    listed = survivors(here / "survivors.toml")
    assert stale(here.parents[1], listed) == []
    assert all(entry.reason for entry in listed)
    assert len({entry.key for entry in listed}) == len(listed)


def waits(_request: zygote.Request, _watch: zygote.Watch) -> None:
    while True:
        time.sleep(1)


def computes(_request: zygote.Request, _watch: zygote.Watch) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("judge", "outcome"),
    [
        (lambda _, watch: watch.end("killed", "a test"), "killed"),
        (lambda *_: None, "survived"),
        (waits, "endless"),
        (computes, "endless"),
    ],
)
def test_a_change_is_judged_in_a_copy_that_is_then_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    judge: Callable[[zygote.Request, zygote.Watch], None],
    outcome: str,
) -> None:
    if judge is waits:
        monkeypatch.setattr(zygote, "IDLE_SECONDS", 0.05)
    module = tmp_path / "a.py"
    module.write_text("x = 1\n", encoding="utf-8")
    request = {"file": str(module), "source": "x = 2\n", "seconds": 1}
    assert zygote.in_a_child(request, judge, 0)["outcome"] == outcome
    assert module.read_text(encoding="utf-8") == "x = 1\n"
