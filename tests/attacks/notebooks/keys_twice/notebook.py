import json

from books import DOUBLE, QUADRUPLE, code

WRONG = json.dumps([code("def double(values): return values")])
CELL = json.dumps(code(DOUBLE)).replace('"source"', '"source": "1 / 0", "source"')
DATA = f'{{"cells": {WRONG}, "cells": [{CELL}, {json.dumps(code(QUADRUPLE))}]}}'.encode()
