from books import DOUBLE, QUADRUPLE, book

DATA = book(";".join(["double = 1"] * 20_000), "\n".join(["double = 2"] * 20_000), DOUBLE, QUADRUPLE)
