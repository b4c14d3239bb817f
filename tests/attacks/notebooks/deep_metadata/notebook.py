from books import DOUBLE, QUADRUPLE, book

HONEST = book(DOUBLE, QUADRUPLE)
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
DATA = HONEST.replace(b'"metadata": {}, "cells"', b'"metadata": ' + DEEP + b', "cells"', 1)
assert DEEP in DATA
