from books import DOUBLE, QUADRUPLE, book

DATA = book("'\ud800'", "%%\ud800 x\nexit()", DOUBLE, "%\udfff", QUADRUPLE)
