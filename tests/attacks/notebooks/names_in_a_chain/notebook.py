from books import DOUBLE, QUADRUPLE, book

CHAIN = "\n".join(f"def f{n}(): return f{n + 1}" for n in range(10_000))
DATA = book(CHAIN, DOUBLE + "\n\ndef f10000(): return double", QUADRUPLE)
