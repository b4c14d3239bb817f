from books import DOUBLE, QUADRUPLE, book

DATA = book(DOUBLE, QUADRUPLE, nbformat=-(10**1000))
