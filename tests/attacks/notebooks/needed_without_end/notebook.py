from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "TABLE = [1]\nwhile True: TABLE[0] += 1",
    "def double(values): return TABLE[0] and [2 * v for v in values]",
    QUADRUPLE,
)
