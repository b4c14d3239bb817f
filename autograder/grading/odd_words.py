"""What a submission's source names that no exercise asks for: shown to staff, no more.

Whoever looks for the grader's frames, for its modules or for builtins to replace has to
write that down somewhere, or has to hide it. Neither earns or costs a point. Words are
read as Python reads them: letters of other forms (full width, ligatures, mathematical)
are plain ones to it, and `sys .modules` is `sys.modules`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from autograder.notebook import place
from autograder.source_text import hiding_encoding, text_of
from autograder.text import readable

MOST = 5
"""So many words of a submission are shown, and how many more there are."""
_MOST_BYTES = 2**20
_LIBRARY = "(?:np|numpy|torch|nn|F|random|math)"
_ODD = re.compile(
    r"\b(?:ctypes|linecache|__builtins__|autograder)\b"
    # CS231n's files begin with `from builtins import range`, which brings nothing new.
    r"|\bbuiltins\b(?! import [a-z, ]{1,200}$)"
    # Not from the middle of a chain: of a long one every part would be a beginning.
    r"|\bimport checks\.\w+|(?<!\.)\bchecks(?:\.\w+)+[ \t]*=(?!=)"
    r"|\bimport gc\b|\bgc\.get_\w+|\bsys\.modules\b|\bsys\._\w+"
    r"|\b(?:_getframe|currentframe|f_back|f_locals|settrace|setprofile)\b"
    r"|\b__(?:subclasses|globals|code|class_getitem|array_function|torch_function)__"
    r"|\b__(?:closure|wrapped)__|\b(?:cell_contents|getclosurevars)\b"
    r"|\b(?:np|numpy)\._?core\b|[\"']_core\b|\b_?(?:multiarray_umath|pocketfft\w*)\b"
    r"|\bos\._exit\b|/proc/"
    # Pipes by their numbers: answers may leave on one.
    r"|\bos\.(?:read|write|fdopen|dup2?|closerange)\b|\bfcntl\b|\bopen\([ \t]*\d+"
    # What belongs to a library, set to something else.
    rf"|(?:^|;)[ \t]*{_LIBRARY}(?:\.(?!backends\b)\w+)+[ \t]*=(?!=)"
    rf"|\b(?:setattr|vars)\([ \t]*{_LIBRARY}\b|\b{_LIBRARY}\.__dict__",
    re.MULTILINE,
)
_OF_OTHER_FORMS = re.compile(r"[^\x00-\x7f]")
_LONGEST_FORM = 4
_AROUND_A_DOT = re.compile(
    r"(?<=\w)[ \t]{1,9}\.[ \t]{0,9}(?=\w)|(?<=\w)\.[ \t]{1,9}(?=\w)"
)


def odd_words(source: bytes) -> Iterator[str]:
    """Yield what is named, each once, with the line where it stands first."""
    encoding = hiding_encoding(source)
    if encoding:
        yield f"is in the encoding {encoding}, in which any word can be hidden"
    text = text_of(source[:_MOST_BYTES])
    read = _AROUND_A_DOT.sub(".", _OF_OTHER_FORMS.sub(_plainest, text))
    seen: dict[str, int] = {}
    line, counted = 1, 0
    for found in _ODD.finditer(read):
        word = found[0].strip("; \t\n").rstrip("= \t")
        if word not in seen:
            line += read.count("\n", counted, found.start())
            counted = found.start()
            seen[word] = line
    for word, line in islice(seen.items(), MOST):
        yield f"names {readable(word)} ({place(text, line) or f'line {line}'})"
    if len(seen) > MOST:
        yield f"names {len(seen) - MOST:,} more such words"


def _plainest(found: re.Match[str]) -> str:
    """Return what Python reads a letter as, which is mostly ASCII."""
    return _form(found[0])


@lru_cache(maxsize=4096)
def _form(letter: str) -> str:
    form = unicodedata.normalize("NFKC", letter)
    return form if len(form) <= _LONGEST_FORM else letter
