from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "TABLE = []\nwhile True: TABLE.append(1)",
    "def double(values): return TABLE[0] and [2 * v for v in values]",
    QUADRUPLE,
)
