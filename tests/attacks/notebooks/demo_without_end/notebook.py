from books import DOUBLE, QUADRUPLE, book

DATA = book(
    DOUBLE,
    "if __name__ == '__main__':\n    while True: pass",
    "import time; time.sleep(10**6)",
    "input('?')",
    "exit()",
    "raise SystemExit",
    "import os; os._exit(0)",
    QUADRUPLE,
)
