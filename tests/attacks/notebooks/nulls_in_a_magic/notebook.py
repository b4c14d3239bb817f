from books import DOUBLE, QUADRUPLE, book

DATA = book("%%\0x\nexit()", "%%\u202ex\nexit()", "%%\x1b[31m", DOUBLE, QUADRUPLE)
