import pytest

from autograder.errors import StudentFault
from autograder.sandbox import student_failures
from autograder.sandbox.student_failures import StudentRaised
from autograder.worker.protocol import Frame, Raised

FRAME = Frame(line=3, function="conv1d", source="    return x[9]")


def raised(*names: str, text: str = "", frames: tuple[Frame, ...] = (FRAME,)) -> Raised:
    return Raised(id=1, type_name="Mine", builtin_names=names, text=text, frames=frames)


def of_call(message: Raised, signature: str = "") -> StudentRaised:
    return student_failures.of_call(
        message,
        function="conv1d",
        file_name="a1.py",
        signature=signature,
        memory_mib=1024,
    )


def of_load(message: Raised, source: bytes = b"x\n") -> StudentFault:
    return student_failures.of_load(message, file_name="a1.py", source=source)


def test_own_exception_is_shown_as_its_nearest_builtin() -> None:
    fault = of_call(raised("ValueError", "Exception", text="no"))
    where = " at line 3 of a1.py, in conv1d: `return x[9]`"
    assert str(fault) == f"ValueError: no{where}"
    assert fault.coarse == f"ValueError{where}"


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
    fault = of_call(raised("TypeError", text="7351", frames=()), "x, k")
    assert fault.coarse == "`conv1d` could not be called: it should take (x, k)"


def test_exit_inside_a_call_has_ended_the_program() -> None:
    fault = of_call(raised("SystemExit", "BaseException", text="0"))
    assert fault.kind == "died"
    assert str(fault).startswith("`conv1d` ended the program (exit, quit) at line 3")


def test_missing_package_inside_a_call_says_what_to_use() -> None:
    names = ("ModuleNotFoundError", "ImportError")
    fault = of_call(raised(*names, text="No module named 'scipy.signal'"))
    assert (fault.kind, str(fault)[:37]) == (
        "raised",
        "scipy is not available here: use nump",
    )


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
