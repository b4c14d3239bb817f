from books import DOUBLE, QUADRUPLE, book

DATA = book("import os", "@os._exit\n" + DOUBLE, QUADRUPLE)
