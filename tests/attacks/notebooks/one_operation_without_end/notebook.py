from books import DOUBLE, QUADRUPLE, book

DATA = book("double = 1" + "+1" * 200_000, "double" + ".a" * 200_000, "x = " + "-" * 100_000 + "1", DOUBLE, QUADRUPLE)
