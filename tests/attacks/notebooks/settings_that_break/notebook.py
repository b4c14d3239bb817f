from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "import sys\nimport numpy as np",
    "sys.setrecursionlimit(5)",
    "np.seterr(all='raise')",
    DOUBLE,
    QUADRUPLE,
)
