"""How an exception was raised, as one comparable line.

What NumPy says of two shapes is one complaint whatever the shapes are. What a person
wrote after `raise` is nobody's words but their own: of such, only that they were raised
is compared. What PyTorch says of two sizes depends on the layers alone, however their
code is written: there the numbers must be the same too.
"""

import dis
import re
import sysconfig
from types import TracebackType

from autograder.worker.protocol import Raised

BY_HAND = "raise "
"""In front of what a `raise` or `assert` in the code itself said."""
_SHAPES = re.compile(r"\s(?:with|from) (?:remapped )?shapes?\b.*", re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_NUMBERS = re.compile(r"[-+]?\d[\d.e+-]*")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SAME = {"non-broadcastable output operand": "operands could not be broadcast together"}
"""Two of NumPy's ways to say one thing: `a + b`, and `a += b` where a is too small."""
_SIZES_OF_LAYERS = ("The size of tensor a", "Given groups=", "mat# and mat# shapes")
_LOADING = "Error(s) in loading state_dict"
_OF_LOADING = ("Missing key", "Unexpected key", "size mismatch")
_MAX = 120
_MAX_OF_FIGURES = 400
_LIBRARIES = tuple({sysconfig.get_path(n) for n in ("stdlib", "purelib", "platlib")})


def complaint_of(raised: Raised) -> str:
    """Return the complaint of a student's exception as the worker described it."""
    line = raised.frames[-1].source.strip() if raised.frames else ""
    by_hand = raised.own and re.match(r"(raise|assert)\b", line) is not None
    return (BY_HAND if by_hand else "") + normalised(raised.text)


def complaint_of_ours(error: BaseException) -> str:
    """Return the complaint of an exception of one of our own modules."""
    return (BY_HAND if _is_raised(error.__traceback__) else "") + normalised(str(error))


def alike(student: str, ours: str) -> bool:
    """Tell whether two exceptions of one class were raised in the same way.

    A mistake that is written down as a `raise` may stand for the library's own words.
    """
    if student.startswith(BY_HAND):
        return ours.startswith(BY_HAND)
    return bool(student) and student == ours.removeprefix(BY_HAND)


def figures_of(text: str) -> tuple[str, ...]:
    """Return the numbers in a message, sorted: `a + b` and `b + a` complain alike.

    >>> figures_of("The size of tensor a (8) must match the size of tensor b (4)")
    ('4', '8')
    """
    return tuple(sorted(re.findall(r"\d+", text[:_MAX_OF_FIGURES])))


def tells_sizes(complaint: str) -> bool:
    """Tell whether a complaint is of sizes that follow from a network's layers."""
    return complaint.startswith(_SIZES_OF_LAYERS)


def normalised(text: str) -> str:
    """Return a message without its values.

    >>> normalised("operands could not be broadcast together with shapes (2,) (3,) ")
    'operands could not be broadcast together'
    >>> normalised("index 5 is out of bounds for axis 1 with size 5")
    'index # is out of bounds for axis # with size #'
    """
    if text.startswith(_LOADING):
        # How a network's layers are called, is its own matter.
        found = [kind for kind in _OF_LOADING if kind in text]
        return f"{_LOADING}: {', '.join(found)}"
    text = _SHAPES.sub("", text)
    text = _BRACKETS.sub("()", _QUOTED.sub("'_'", text))
    text = " ".join(_NUMBERS.sub("#", text).split())[:_MAX]
    return _SAME.get(text, text)


def _is_raised(traceback: TracebackType | None) -> bool:
    """Tell a `raise` or `assert` from an operation that failed."""
    if traceback is None:
        return False
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code
    is_library = code.co_filename.startswith(_LIBRARIES)
    instruction = code.co_code[traceback.tb_lasti]
    return not is_library and instruction == dis.opmap["RAISE_VARARGS"]
