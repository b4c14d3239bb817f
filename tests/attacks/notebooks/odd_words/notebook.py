from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "import sys",
    "def double(values):\n    sys._getframe(1).f_locals.clear()\n    return values",
    QUADRUPLE,
)
