"""What a submission's source names that no exercise asks for: shown to staff, no more.

Whoever looks for the grader's frames, for its modules or for builtins to replace has to
write that down somewhere, or has to hide it. Neither earns or costs a point.
"""

import re
from collections.abc import Iterator

from autograder.notebook import place

MOST = 5
"""So many lines of a submission are shown."""
_MOST_BYTES = 2**20
_ODD = re.compile(
    rb"\b(?:ctypes|linecache|__builtins__|autograder)\b"
    # CS231n's files begin with `from builtins import range`, which brings nothing new.
    rb"|\bbuiltins\b(?! import [a-z, ]+$)"
    # Not from the middle of a chain: of a long one every part would be a beginning.
    rb"|\bimport checks\.\w+|(?<!\.)\bchecks(?:\.\w+)+[ \t]*=(?!=)"
    rb"|\bimport gc\b|\bgc\.get_\w+|\bsys\.modules\b|\bsys\._\w+"
    rb"|\b(?:_getframe|currentframe|f_back|f_locals|settrace|setprofile)\b"
    rb"|\b__(?:subclasses|globals|code|class_getitem|array_function|torch_function)__"
    rb"|\bos\._exit\b|/proc/"
    # What belongs to a library, set to something else.
    rb"|^[ \t]*(?:np|numpy|torch|nn|F|random|math)(?:\.(?!backends\b)\w+)+[ \t]*=(?!=)",
    re.MULTILINE,
)


def odd_words(source: bytes) -> Iterator[str]:
    """Yield what is named, each once, with the line where it stands first."""
    seen: dict[str, int] = {}
    for found in _ODD.finditer(source[:_MOST_BYTES]):
        word = found[0].decode("ascii", errors="replace").strip().rstrip("= \t")
        seen.setdefault(word, source.count(b"\n", 0, found.start()) + 1)
        if len(seen) > MOST:
            break
    text = source.decode(errors="replace")
    for word, line in [*seen.items()][:MOST]:
        yield f"names {word} ({place(text, line) or f'line {line}'})"
