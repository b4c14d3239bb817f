from books import DOUBLE, QUADRUPLE, book

DATA = book(DOUBLE, QUADRUPLE, metadata={"x": "y" * 15_000_000, "n": 0.5})
DATA = DATA.replace(b'"n": 0.5', b'"n": [1e999999, -1e999999, NaN, -Infinity]')
