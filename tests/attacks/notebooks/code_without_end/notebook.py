from books import DOUBLE, QUADRUPLE, book

DATA = book(DOUBLE, QUADRUPLE, "# " + "x" * 2**20)
