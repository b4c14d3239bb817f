from books import DOUBLE, QUADRUPLE, book

DATA = book(
    "%%writefile double.py\n" + DOUBLE,
    "%%script python\n" + DOUBLE,
    "%load double.py",
    "!echo 'def double(values): return 1' >> a0_scale.py",
    "get_ipython().run_cell('def double(values): return 1')",
    "%%capture\n%%capture\n" + QUADRUPLE,
)
