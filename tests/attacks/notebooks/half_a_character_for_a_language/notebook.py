from books import DOUBLE, QUADRUPLE, book

DATA = book(DOUBLE, QUADRUPLE, metadata={"language_info": {"name": "R\ud800\u202e\x1b[31m"}})
