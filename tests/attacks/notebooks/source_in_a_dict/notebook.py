import json

from books import DOUBLE, QUADRUPLE, code

DATA = json.dumps({"cells": [code({"__reduce__": DOUBLE}), code(QUADRUPLE)]}).encode()
