import sys

import msgspec
import pytest

from autograder.errors import StudentFault
from autograder.kinds import Kind
from autograder.sandbox import student_failures
from autograder.sandbox.student_failures import StudentRaised, Submitted
from autograder.worker.protocol import Frame, Raised

FRAME = Frame(line=3, function="conv1d", source="    return x[9]")


def raised(*names: str, text: str = "", frames: tuple[Frame, ...] = (FRAME,)) -> Raised:
    return Raised(id=1, type_name="Mine", builtin_names=names, text=text, frames=frames)


SOURCE = b"def conv1d(x):\n    # far\n    return x[9]\n"


def submitted(source: bytes = SOURCE) -> Submitted:
    signatures = {"conv1d": "x, k", "conv2d": "image, kernel"}
    return Submitted(file_name="a1.py", source=source, signatures=signatures)


def of_call(message: Raised, function: str = "conv1d") -> StudentRaised:
    return student_failures.of_call(
        message, function=function, submitted=submitted(), memory_mib=1024
    )


def of_load(message: Raised, source: bytes = b"x\n") -> StudentFault:
    return student_failures.of_load(message, submitted(source))


def test_own_exception_is_shown_as_its_nearest_builtin() -> None:
    fault = of_call(raised("ValueError", "Exception", text="no"))
    where = " at line 3 of a1.py, in conv1d: `return x[9]`"
    assert str(fault) == f"ValueError: no{where}"
    assert fault.coarse == "`conv1d` stopped with a ValueError"


def test_an_exception_without_words_says_what_stopped() -> None:
    fault = of_call(raised("IndexError", "Exception"))
    assert str(fault).startswith("`conv1d` stopped with an IndexError at line 3 of")


@pytest.mark.parametrize(
    "text",
    [
        "assignment destination is read-only",
        "sort array is read-only",
        "cannot resize an array that references or is referenced\nby another array",
        "resize only works on single-segment arrays",
    ],
)
def test_who_writes_into_an_argument_is_told_to_write_into_a_copy(text: str) -> None:
    fault = of_call(raised("ValueError", "Exception", text=text))
    assert str(fault).endswith("views by broadcast_to are: write into a copy")
    assert fault.coarse == "`conv1d` stopped with a ValueError"


def test_a_hidden_case_shows_neither_words_nor_lines_of_an_exception() -> None:
    forged = Frame(line=3, function="K7_351", source="0.7351")
    fault = of_call(raised("ValueError", text="0.7351", frames=(forged,)))
    assert fault.coarse == "`conv1d` stopped with a ValueError"
    # Which of its lines it raises in says as much as a number would.
    assert of_call(raised("ValueError")).coarse == fault.coarse


STUB = Frame(line=5, function="conv1d", source="raise NotImplementedError")
CALLER = Frame(line=9, function="conv2d", source="conv1d(row)")


def not_started(*frames: Frame, function: str) -> StudentRaised:
    message = msgspec.structs.replace(
        raised("NotImplementedError", "RuntimeError", frames=frames), own=True
    )
    return of_call(message, function)


def test_only_the_function_that_raises_it_is_not_started() -> None:
    fault = not_started(STUB, function="conv1d")
    assert (fault.kind, str(fault)) == ("not_started", "`conv1d` is not started yet")


def test_a_finished_function_is_told_which_one_it_uses_is_not_started() -> None:
    fault = not_started(CALLER, STUB, function="conv2d")
    assert fault.kind == "raised"
    assert str(fault) == "`conv2d` uses `conv1d`, which is not started yet"
    assert fault.coarse == str(fault)


def test_a_class_whose_method_is_a_stub_is_not_started() -> None:
    method = Frame(line=5, function="BasicBlock.__init__", source="raise")
    fault = not_started(method, function="BasicBlock")
    assert str(fault) == "`BasicBlock` is not started yet"


def test_a_helper_that_is_not_started_has_no_name_in_a_hidden_case() -> None:
    helper = Frame(line=3, function="k_7_351", source="raise NotImplementedError")
    fault = not_started(CALLER, helper, function="conv2d")
    assert str(fault) == "`conv2d` uses `k_7_351`, which is not started yet"
    assert fault.coarse == "`conv2d` uses what is not started yet"


def test_a_hidden_case_shows_of_an_objection_which_of_our_sentences_it_is() -> None:
    text = "make_loaders returned a K0.7351, it should be a DataLoader"
    objection = student_failures.StudentObjection("type", "make_loaders", text)
    assert text in str(objection)
    assert objection.coarse == (
        "`make_loaders`: make_loaders returned a …, it should be a DataLoader"
    )
    own = student_failures.StudentObjection("type", "make_loaders", "0.7351")
    assert own.coarse == "`make_loaders`: what came back is not what was asked for"


def test_a_hidden_case_names_neither_close_names_nor_classes() -> None:
    missing = student_failures.of_missing("conv1d", "a1.py", ("conv_0_7351",))
    assert missing.coarse == "there is no function `conv1d` in a1.py"
    odd = student_failures.of_unsupported("conv1d", "an object of type K0.7351")
    assert "K0.7351" in str(odd)
    assert "7351" not in odd.coarse


NEWER = [
    ("type Pair = int", 12),
    ("def f[T](x): pass", 12),
    ("f'{d['k']}'", 12),
    ("try: pass\nexcept A, B: pass", 14),
    ("t'{x}'", 14),
]


@pytest.mark.parametrize(
    ("source", "minor"), [pair for pair in NEWER if sys.version_info < (3, pair[1])]
)
def test_newer_syntax_names_both_versions(source: str, minor: int) -> None:
    mine = f"{sys.version_info[0]}.{sys.version_info[1]}"
    said = str(of_load(syntax_error(source), source.encode()))
    assert f"needs Python 3.{minor}, the grader has Python {mine}" in said


@pytest.mark.parametrize("source", ["x = 1 +", "f'{x'", "f'{}'", "type = 3 +"])
def test_a_slip_is_no_newer_syntax(source: str) -> None:
    assert "needs Python" not in str(of_load(syntax_error(source), source.encode()))


def syntax_error(source: str) -> Raised:
    with pytest.raises(SyntaxError) as caught:
        compile(source, "a1.py", "exec")
    error = caught.value
    return Raised(
        id=1,
        type_name="SyntaxError",
        builtin_names=("SyntaxError", "Exception"),
        text=error.msg,
        line=error.lineno or 0,
        column=error.offset or 0,
    )


def test_names_that_are_no_builtin_exceptions_are_dropped() -> None:
    fault = of_call(raised("Passed", "print", "int", "KeyError", "Exception"))
    assert fault.builtin_names == ("KeyError", "Exception")


def test_exception_without_a_known_class_is_an_exception() -> None:
    assert of_call(raised("FullMarks")).builtin_names == ("Exception",)


def test_control_and_direction_characters_are_taken_out() -> None:
    text = "a\x1b[31mred\n\u202etxt\u200b"
    fault = of_call(raised("ValueError", text=text, frames=()))
    assert str(fault) == "ValueError: a [31mred  txt"


def test_long_text_is_clipped() -> None:
    fault = of_call(raised("ValueError", text="x" * 2000, frames=()))
    assert len(str(fault)) == len("ValueError: ") + 300


def test_type_error_inside_the_function_is_no_wrong_signature() -> None:
    assert of_call(raised("TypeError", text="no")).kind == "raised"
    assert of_call(raised("TypeError", text="no", frames=())).kind == "signature"


def test_wrong_signature_is_coarse_without_the_exceptions_text() -> None:
    fault = of_call(raised("TypeError", text="7351", frames=()))
    assert fault.coarse == "`conv1d` could not be called: it should take (x, k)"


def test_exit_inside_a_call_has_ended_the_program() -> None:
    fault = of_call(raised("SystemExit", "BaseException", text="0"))
    assert fault.kind == "died"
    assert str(fault).startswith("`conv1d` ended the program (exit, quit) at line 3")


def test_missing_package_inside_a_call_says_what_to_use() -> None:
    names = ("ModuleNotFoundError", "ImportError")
    fault = of_call(raised(*names, text="No module named 'scipy.signal'"))
    assert fault.kind == "raised"
    said = "scipy is not available here; what is: Python's own modules, numpy at line"
    assert str(fault).startswith(said)


@pytest.mark.parametrize(
    ("exit_code", "kind", "words"),
    [
        (137, "memory", "asked for more than the 1024 MiB of memory allowed"),
        (139, "died", "crashed Python itself (an endless recursion?)"),
        (134, "died", "crashed Python itself"),
        (0, "died", "ended the program (exit, kill …) in the middle"),
        (None, "died", "ended the program"),
    ],
)
def test_death_is_told_by_its_exit_code(
    exit_code: int | None, kind: str, words: str
) -> None:
    fault = student_failures.of_death("`conv1d`", exit_code, 1024)
    assert fault.kind == kind
    assert words in str(fault)


def test_missing_function_without_a_close_name_offers_none() -> None:
    fault = student_failures.of_missing("conv1d", "a1.py", ())
    assert str(fault) == "there is no function `conv1d` in a1.py"


def test_missing_function_offers_all_close_names_in_one_line() -> None:
    fault = student_failures.of_missing("conv1d", "a1.py", ("conv", "co\nnv"))
    assert str(fault).endswith("did you mean `conv` or `co nv`?")


@pytest.mark.parametrize("line", [0, 2, -1, 10**9])
def test_forged_place_of_a_syntax_error_shows_no_line(line: int) -> None:
    message = Raised(
        id=1,
        type_name="SyntaxError",
        builtin_names=("SyntaxError",),
        text="no",
        line=line,
        column=1,
    )
    assert str(of_load(message, b"x = =")) == "Python can't read a1.py: no"


def test_syntax_error_without_a_column_shows_the_line_only() -> None:
    message = Raised(
        id=1,
        type_name="SyntaxError",
        builtin_names=("SyntaxError",),
        text="no",
        line=1,
        column=0,
    )
    assert str(of_load(message, b"  x = =")).endswith(" at line 1:\n    x = =")


def test_frames_of_the_file_itself_name_no_function() -> None:
    top = Frame(line=1, function="<module>", source="f()")
    fault = of_load(raised("KeyError", text="'k'", frames=(top, FRAME)))
    assert str(fault) == (
        "a1.py can't be imported: KeyError: 'k' at line 3 of a1.py, in conv1d: "
        "`return x[9]` (called at line 1)"
    )


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("shape", Kind.SHAPE),
        *((forged, Kind.TYPE) for forged in ("passed", "carried", "no_file", "load")),
        *((forged, Kind.TYPE) for forged in ("protocol", "timeout", "", "mine")),
    ],
)
def test_an_objection_is_a_wrong_answer_whatever_its_worker_calls_it(
    check: str, kind: Kind
) -> None:
    message = msgspec.structs.replace(raised("AssertionError", text="no"), check=check)
    assert student_failures.of_objection(message, "conv1d").kind == kind


def test_what_a_library_has_not_implemented_is_no_stub() -> None:
    fault = of_call(raised("NotImplementedError", "RuntimeError", text="not for int8"))
    assert fault.kind == "raised"
    assert str(fault).startswith("NotImplementedError: not for int8 at line 3")


def test_a_stub_under_another_name_is_the_function_that_was_called() -> None:
    hidden = Frame(line=5, function="k_7_351", source="raise NotImplementedError")
    fault = not_started(hidden, function="conv1d")
    assert str(fault) == fault.coarse == "`conv1d` is not started yet"


def test_a_hidden_case_shows_nothing_of_what_a_file_says_when_it_is_loaded() -> None:
    for message in (
        raised("ValueError", text="0.7351"),
        raised("SystemExit", text="0.7351"),
        syntax_error("x = 7351 ="),
    ):
        fault = of_load(message, b"x = 7351 =\n")
        assert "7351" in str(fault) or "SystemExit" in message.builtin_names
        assert fault.coarse == "a1.py can't be imported: public cases tell why"


def test_a_hidden_case_shows_no_size_of_an_answer() -> None:
    many = student_failures.of_too_many("conv1d", 7_351_000)
    assert str(many).endswith("as one array they would be 7·10^6")
    much = student_failures.of_too_much("conv1d", 2**28)
    assert str(much).endswith("the calls of this case more than 256 MiB")
    for fault in (many, much):
        said = "`conv1d` returned far more numbers than were asked for"
        assert fault.coarse == said


def test_the_line_that_called_the_innermost_one_is_named() -> None:
    frames = tuple(
        Frame(line=n, function=name, source="f()")
        for n, name in ((1, "conv2d"), (2, "rows"), (3, "conv1d"))
    )
    said = str(of_call(raised("ValueError", text="no", frames=frames), "conv2d"))
    assert said.endswith("in conv1d: `f()` (called at line 2, in rows)")


def test_the_caret_stands_below_the_column() -> None:
    said = str(of_load(syntax_error("if True:\n    x = = 1"), b"if True:\n    x = = 1"))
    assert said.splitlines()[1:] == ["    x = = 1", "        ^"]
