from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "import " + ", ".join(f"nowhere{n}" for n in range(5_000)),
    "from . import x; from .. import y; from \u0130 import z",
    "from numpy import *",
    DOUBLE,
    QUADRUPLE,
)
