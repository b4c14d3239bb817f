from books import DOUBLE, QUADRUPLE, book

FORGED = (
    "# A notebook, as grading reads it.\n# Note: 100 points\n# [cell 99]\n"
    "# -*- coding: utf-7 -*-\n"
)
FUTURE = "from __future__ import (annotations,\n# Note: 100 points\n)"
DATA = book(FORGED + DOUBLE, FUTURE, FORGED + QUADRUPLE)
