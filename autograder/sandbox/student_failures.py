"""What went wrong in a submission, in words that a second-year student understands."""

import builtins
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder import notebook
from autograder.errors import StudentFault
from autograder.kinds import KINDS, Kind
from autograder.sandbox.complaint import complaint_of
from autograder.sandbox.fixed_words import fixed_words
from autograder.sandbox.reply_size import about
from autograder.source_text import text_of
from autograder.text import readable
from autograder.worker.protocol import Frame, Raised

_CRASHES = {128 + 4, 128 + 6, 128 + 7, 128 + 8, 128 + 11}
_KILLED = 128 + 9
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_MAX_LINE = 80
_MAX_SEARCHED = 200
"""Characters of a line in which newer syntax is looked for: the patterns take time that
grows faster than the line does."""
_BRACES = "what stands between the braces of this f-string"
_READ_ONLY = re.compile(r"\bread-only$|^(cannot )?resize (this |an )?(array|only)")
_WRITTEN = (
    "; arguments stay as they were given, and so may be read-only, as views by "
    "broadcast_to are: write into a copy"
)
_NEWER = (
    ((3, 12), r"\n\s*type\s+\w+\s*(\[.*\])?\s*=", "`type X = …`"),
    ((3, 12), r"\n\s*(async\s+)?(def|class)\s+\w+\s*\[", "a `[T]` behind a name"),
    ((3, 12), r"^f-string expression part cannot include", _BRACES),
    ((3, 12), r"^f-string.*\n.*[fF]([\"'])[^{]*\{[^}]*\1.*\}", _BRACES),
    ((3, 14), r"^multiple exception types must", "`except A, B:` without brackets"),
    ((3, 14), r"\n.*(?<![\w'\"])[tT]([\"'])", "a t-string"),
)
"""What newer versions read and older ones don't: the version, how it shows in Python's
message and, behind a line break, in the line, and its name."""


class StudentRaised(StudentFault):
    """An exception that ended the student's function.

    kind : ``raised``, or ``not_started``, ``signature``, ``memory``, ``died``
    type_name : the nearest builtin class; builtin_names : all builtin classes
    coarse : the message without the exception's own text, which may show inputs
    complaint : how it was raised, comparable (`complaint`)
    text : the exception's own text
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        builtin_names: tuple[str, ...],
        coarse: str,
        complaint: str = "",
        text: str = "",
    ) -> None:
        super().__init__(kind, message)
        self.complaint = complaint
        self.text = text
        self.builtin_names = builtin_names
        self.type_name = builtin_names[0]
        self.coarse = coarse


class StudentObjection(StudentFault):
    """What a probe found wrong with what the submission gave it; text : in words."""

    def __init__(self, kind: str, function: str, text: str) -> None:
        self.text = text
        coarse = f"`{function}`: {fixed_words(text)}"
        super().__init__(kind, f"`{function}`: {text}", coarse=coarse)


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What the grader itself knows of a submission, to tell what went wrong in it.

    file_name : what was asked for; source : what is graded, made of a notebook or not
    signatures : the parameters of each function asked for, as text
    packages : what can be imported beside Python's own modules
    """

    file_name: str
    source: bytes = b""
    signatures: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ("numpy",)

    @property
    def text(self) -> str:
        """The source as text, whatever it is."""
        return text_of(self.source)

    @property
    def shown_name(self) -> str:
        """The name of what was handed in: a file's, or a notebook's."""
        return notebook.shown_name(self.file_name, self.text)

    def line(self, number: int) -> str:
        """Name a line, in words."""
        place = notebook.place(self.text, number)
        return f"line {number}" if place is None else str(place)


def of_call(
    raised: Raised, *, function: str, submitted: Submitted, memory_mib: int
) -> StudentRaised:
    """Say what exception a call ended in.

    function : what was called
    """
    names = _builtin_names(raised)
    where = _where(raised.frames, submitted)
    stopped = f"`{function}` stopped with {_a(names[0])}"
    text = readable(raised.text)
    message = f"{names[0]}: {text}{where}" if text else f"{stopped}{where}"
    # Which line it was is the submission's to choose, as is every word of its text.
    coarse = stopped
    kind = "raised"
    if "NotImplementedError" in names and raised.own:
        kind, message, coarse = _not_started(raised, function, submitted)
    elif "MemoryError" in names:
        kind = "memory"
        coarse = out_of_memory(f"`{function}`", memory_mib)
        message = coarse + where
    elif "SystemExit" in names:
        kind = "died"
        coarse = f"`{function}` ended the program (exit, quit)"
        message = coarse + where
    elif "TypeError" in names and not raised.frames:
        kind = "signature"
        signature = submitted.signatures.get(function, "")
        wanted = f": it should take ({signature})" if signature else ""
        message = f"`{function}` could not be called{wanted}: {text}"
        coarse = f"`{function}` could not be called{wanted}"
    elif (package := _unknown_package(raised, submitted)) is not None:
        message = f"{package}{where}"
    elif "ValueError" in names and _READ_ONLY.search(raised.text):
        message += _WRITTEN
    return StudentRaised(
        kind,
        message,
        builtin_names=names,
        coarse=coarse,
        complaint=complaint_of(raised),
        text=text,
    )


def of_objection(raised: Raised, function: str) -> StudentObjection:
    """Say what a probe found wrong with what the submission gave it."""
    kind = KINDS.get(raised.check, Kind.TYPE)
    kind = kind if kind.is_answer else Kind.TYPE
    return StudentObjection(kind, function, readable(raised.text))


def of_load(raised: Raised, submitted: Submitted) -> StudentFault:
    """Say why a submission could not be imported."""
    names = _builtin_names(raised)
    file_name, source = submitted.shown_name, submitted.source
    where = _where(raised.frames, submitted)
    text = readable(raised.text)
    if b"\0" in source:
        message = f"{file_name} holds null bytes: save it as UTF-8 text"
    elif not raised.frames and _is_encoding_trouble(names, text):
        message = f"{file_name} is not UTF-8 text: save it as UTF-8 in your editor"
    elif names[0] in _SYNTAX and not raised.frames[1:]:
        newer = _newer_syntax(raised, submitted)
        message = f"Python can't read {file_name}: {newer or text}"
        message += _caret(raised, submitted)
    elif names[0] in {"MemoryError", "RecursionError"} and not raised.frames:
        message = f"Python can't read {file_name}: it is nested too deeply"
    elif (package := _unknown_package(raised, submitted)) is not None:
        message = f"{file_name} can't be imported: {package}{where}"
    elif "SystemExit" in names:
        message = f"{file_name} ends the program (exit, quit) when imported{where}"
    else:
        shown = f"{names[0]}: {text}" if text else names[0]
        message = f"{file_name} can't be imported: {shown}{where}"
    coarse = f"{file_name} can't be imported: public cases tell why"
    return StudentFault("load", message, coarse=coarse)


def of_death(what: str, exit_code: int | None, memory_mib: int) -> StudentFault:
    """Say how a worker ended in the middle of `what`."""
    if exit_code == _KILLED:
        return StudentFault("memory", out_of_memory(what, memory_mib))
    if exit_code in _CRASHES:
        return StudentFault(
            "died", f"{what} crashed Python itself (an endless recursion?)"
        )
    return StudentFault(
        "died", f"{what} ended the program (exit, kill …) in the middle"
    )


def of_kernels_limit(what: str, cpu_seconds: int | None) -> StudentFault:
    """Say that the kernel has ended a worker for its processor time."""
    limit = f"the {cpu_seconds} s of computing time that a program may take"
    return StudentFault("timeout", f"{limit} were used up before {what} ended")


def of_missing(
    function: str, file_name: str, close_matches: tuple[str, ...]
) -> StudentFault:
    """Say that a function is not there, and what its name may have become."""
    message = coarse = f"there is no function `{function}` in {file_name}"
    if close_matches:
        close = " or ".join(f"`{readable(name)}`" for name in close_matches)
        message += f"; did you mean {close}?"
    return StudentFault("missing", message, coarse=coarse)


def of_too_many(function: str, count: int) -> StudentFault:
    """Say that a value is too large to be looked at; count : as one array."""
    coarse = _far_more(function)
    told = f"as one array they would be {about(count)}"
    return StudentFault("shape", f"{coarse}: {told}", coarse=coarse)


def of_too_much(function: str, most_bytes: int) -> StudentFault:
    """Say that the calls of a case returned too much together."""
    coarse = _far_more(function)
    told = f"the calls of this case more than {most_bytes // 2**20} MiB"
    return StudentFault("shape", f"{coarse}: {told}", coarse=coarse)


def of_unsupported(function: str, what: str) -> StudentFault:
    """Say that a function returned what cannot cross the pipe; what : in words."""
    message = f"`{function}` returned {readable(what)}: return numbers"
    coarse = f"`{function}` returned neither a number nor an array: return numbers"
    return StudentFault("type", message, coarse=coarse)


def out_of_memory(what: str, memory_mib: int) -> str:
    """Say that the memory limit was met."""
    return f"{what} asked for more than the {memory_mib} MiB of memory allowed"


def _not_started(
    raised: Raised, function: str, submitted: Submitted
) -> tuple[str, str, str]:
    """Blame a stub on the function that it stands in, not on those that call it.

    Returns the kind and both messages
    """
    outer, inner = (
        (_function_of(frame) for frame in (raised.frames[0], raised.frames[-1]))
        if raised.frames
        else (function, function)
    )
    if inner == outer:
        missing = inner if inner in submitted.signatures else function
        message = f"`{missing}` is not started yet"
        return "not_started", message, message
    message = f"`{function}` uses `{readable(inner)}`, which is not started yet"
    if inner in submitted.signatures:
        return "raised", message, message
    return "raised", message, f"`{function}` uses what is not started yet"


def _function_of(frame: Frame) -> str:
    """Return the function or class at the file's top level that a frame is in."""
    return frame.function.partition(".")[0]


def _far_more(function: str) -> str:
    return f"`{function}` returned far more numbers than were asked for"


def _a(name: str) -> str:
    return f"an {name}" if name[:1] in "AEIOU" else f"a {name}"


def _newer_syntax(raised: Raised, submitted: Submitted) -> str:
    """Say which Python a line needs that the grader's can't read, or ""."""
    lines = submitted.text.splitlines()
    line = lines[raised.line - 1] if 1 <= raised.line <= len(lines) else ""
    said = f"{raised.text[:_MAX_SEARCHED]}\n{line.strip()[:_MAX_SEARCHED]}"
    for version, pattern, what in _NEWER:
        if sys.version_info < version and re.search(pattern, said):
            return (
                f"{what} needs Python {version[0]}.{version[1]}, the grader has "
                f"Python {sys.version_info[0]}.{sys.version_info[1]}"
            )
    return ""


def _where(frames: tuple[Frame, ...], submitted: Submitted) -> str:
    """Name the innermost line, and the line that called it.

    The outermost frame of a call is the function itself, of a load the file
    """
    if not frames:
        return ""
    inner = frames[-1]
    words = f" at {submitted.line(inner.line)} of {submitted.shown_name}"
    words += _inside(inner)
    if source := readable(inner.source):
        words += f": `{source}`"
    if len(frames) > 1:
        caller = frames[-2]
        words += f" (called at {submitted.line(caller.line)}{_inside(caller)})"
    return words


def _inside(frame: Frame) -> str:
    if frame.function == "<module>":
        return ""
    return f", in {readable(frame.function.replace('.<locals>', ''))}"


def _is_encoding_trouble(names: tuple[str, ...], text: str) -> bool:
    unknown = "encoding" in text and names[0] in {"SyntaxError", "LookupError"}
    return "UnicodeDecodeError" in names or unknown


def _caret(raised: Raised, submitted: Submitted) -> str:
    lines = submitted.text.splitlines()
    if not 1 <= raised.line <= len(lines):
        return ""
    line = lines[raised.line - 1]
    indent = len(line) - len(line.lstrip())
    shown = readable(line)[:_MAX_LINE]
    place = f" at {submitted.line(raised.line)}:\n    {shown}"
    column = raised.column - 1 - indent
    return place + f"\n    {' ' * column}^" if 0 <= column <= len(shown) else place


def _unknown_package(raised: Raised, submitted: Submitted) -> str | None:
    found = re.match(r"No module named '(\w+)", raised.text)
    if found is None or "ImportError" not in raised.builtin_names:
        return None
    there = ", ".join(["Python's own modules", *submitted.packages])
    return f"{found[1]} is not available here; what is: {there}"


def _builtin_names(raised: Raised) -> tuple[str, ...]:
    """Keep names that are builtin exceptions indeed: the worker may say anything."""
    known = tuple(
        name
        for name in raised.builtin_names
        if isinstance(cls := getattr(builtins, name, None), type)
        and issubclass(cls, BaseException)
    )
    return known or ("Exception",)
