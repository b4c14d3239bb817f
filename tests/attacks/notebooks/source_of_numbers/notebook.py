import json

from books import DOUBLE, QUADRUPLE, code

DATA = json.dumps({"cells": [code([1, 2, 3]), code(QUADRUPLE)]}).encode()
