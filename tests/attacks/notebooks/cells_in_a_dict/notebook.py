import json

from books import DOUBLE, QUADRUPLE, code

DATA = json.dumps({"cells": {"0": code(DOUBLE), "1": code(QUADRUPLE)}}).encode()
