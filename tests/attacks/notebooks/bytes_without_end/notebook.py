import json

from books import DOUBLE, QUADRUPLE, code

CELLS = [code(DOUBLE) | {"outputs": ["x" * 17 * 2**20]}, code(QUADRUPLE)]
DATA = json.dumps({"nbformat": 4, "cells": CELLS}).encode()
