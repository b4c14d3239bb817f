from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "import sys; TABLE = sys.exit() or 2",
    "def double(values): return [TABLE * v for v in values]",
    QUADRUPLE,
)
